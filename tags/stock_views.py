"""The maker's view of all tags."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provenance.desk import for_makers
from provenance.models.maker import Maker
from tags.patterns import advice_on
from tags.services import overview

ON_A_PAGE = 24


@never_cache
@require_safe
@for_makers
def workshop_tags(request: HttpRequest, maker: Maker) -> HttpResponse:
    """What is worth a look, what is on pieces, what lies in the drawer."""
    page = Paginator(overview.tags_on_pieces(maker), ON_A_PAGE).get_page(request.GET.get("page"))
    unusual = overview.watched(overview.unusual_tags(maker))
    facts = {
        "page": page,
        "rows": overview.watched(page.object_list),
        "unusual": [(each.tag, advice_on(each.seen)) for each in unusual],
        "drawers": overview.drawers_of(maker),
    }
    return render(request, "tags/workshop_tags.html", facts)

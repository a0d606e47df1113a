"""A tag at the maker's desk: how it stands, and pausing, lifting, replacing and retiring it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from provenance.desk import for_makers, one_of, see_other
from provenance.models.maker import Maker
from tags import codes
from tags.forms import LiftTagForm, PauseTagForm, ReplaceTagForm, RetireTagForm
from tags.life import Act, TagState, may
from tags.models.tag import Tag, TagKind
from tags.services import binding
from tags.services.moves import TagStateError

MOST_SHOWN = 200
PAUSED = "It is paused. Every reading says so from now on."
LIFTED = "The pause is lifted. The tag speaks for its piece again."
REPLACED = "It is replaced. What is left of the old one says so."
RETIRED = "It is retired. Whoever reads it is told so."


@dataclass(frozen=True)
class Acts:
    """What may be done with a tag as it stands."""

    pause: bool
    lift: bool
    replace: bool
    retire: bool


@never_cache
@require_safe
@for_makers
def workshop_tag(request: HttpRequest, maker: Maker, tag: str) -> HttpResponse:
    """One tag: where it sits, how it stands, and what may be done with it."""
    found = _tag_on_desk(maker, tag)
    acts = Acts(
        pause=may(Act.SUSPEND, found.state),
        lift=may(Act.LIFT, found.state),
        replace=may(Act.REPLACE, found.state),
        retire=may(Act.RETIRE, found.state),
    )
    facts = {"tag": found, "code": codes.show_code(found.code), "acts": acts}
    return render(request, "tags/workshop_tag.html", facts)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def pause_tag(request: HttpRequest, maker: Maker, tag: str) -> HttpResponse:
    found = _tag_on_desk(maker, tag)
    form = PauseTagForm(request.POST or None)

    def act() -> None:
        binding.suspend_tag(tag=found, by=maker.user, **form.cleaned_data)

    return _asked(request, found, form, "tags/pause_tag.html", Act.SUSPEND, act, PAUSED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def lift_tag(request: HttpRequest, maker: Maker, tag: str) -> HttpResponse:
    found = _tag_on_desk(maker, tag)
    form = LiftTagForm(request.POST or None)

    def act() -> None:
        binding.lift_tag(tag=found, by=maker.user, **form.cleaned_data)

    return _asked(request, found, form, "tags/lift_tag.html", Act.LIFT, act, LIFTED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def replace_tag(request: HttpRequest, maker: Maker, tag: str) -> HttpResponse:
    """A printed code gives way to a new one, every other tag to one that was tried."""
    found = _tag_on_desk(maker, tag)
    if found.kind == TagKind.QR:
        return _replace_printed_code(request, maker, found)
    tried = Tag.objects.in_stock_of(maker).filter(state=TagState.VERIFIED)
    ready = list(tried.order_by("pk")[:MOST_SHOWN])
    photographs = list(found.piece.photographs.all()) if found.piece else []
    form = ReplaceTagForm(request.POST or None, tags=ready, photographs=photographs)

    def act() -> None:
        chosen = form.cleaned_data
        binding.replace_tag(
            tag=found,
            by_tag=chosen["tag"],
            reason=chosen["reason"],
            by=maker.user,
            photograph=chosen["photograph"],
        )

    return _asked(request, found, form, "tags/replace_tag.html", Act.REPLACE, act, REPLACED)


def _replace_printed_code(request: HttpRequest, maker: Maker, tag: Tag) -> HttpResponse:
    form = RetireTagForm(request.POST or None)

    def act() -> None:
        reason = form.cleaned_data["reason"]
        binding.replace_printed_code(tag=tag, reason=reason, by=maker.user)

    return _asked(request, tag, form, "tags/replace_code.html", Act.REPLACE, act, REPLACED)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def retire_tag(request: HttpRequest, maker: Maker, tag: str) -> HttpResponse:
    found = _tag_on_desk(maker, tag)
    form = RetireTagForm(request.POST or None)

    def act() -> None:
        binding.retire_tag(tag=found, reason=form.cleaned_data["reason"], by=maker.user)

    return _asked(request, found, form, "tags/retire_tag.html", Act.RETIRE, act, RETIRED)


def _tag_on_desk(maker: Maker, tag: str) -> Tag:
    return one_of(Tag.objects.of_maker(maker).select_related("piece__maker", "maker"), tag)


def _asked(
    request: HttpRequest,
    tag: Tag,
    form: Form,
    page: str,
    wanted: Act,
    act: Callable[[], None],
    done: str,
) -> HttpResponse:
    """Ask for the reason, or act and say what is so now; whoever was first is named calmly."""
    if not may(wanted, tag.state):
        return _refused(request, tag)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except TagStateError:
            # What was undone in the database still stands in the object.
            tag.refresh_from_db()
            if "tag" not in form.fields or not may(wanted, tag.state):
                return _refused(request, tag)
            form.add_error("tag", "This tag is not ready any more. Choose another one.")
        else:
            messages.info(request, done)
            return see_other("tags:workshop_tag", tag.public_id)
    facts = {"tag": tag, "form": form, "code": codes.show_code(tag.code)}
    return render(request, page, facts, status=400 if form.is_bound else 200)


def _refused(request: HttpRequest, tag: Tag) -> HttpResponse:
    """Another act came first: said on the page of the tag, where the present state stands."""
    messages.warning(request, f"This tag is {tag.get_state_display()}. Nothing has changed.")
    return see_other("tags:workshop_tag", tag.public_id)

"""Tags that a vendor writes, at the maker's desk: the archive out, the table of results back."""

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from provenance.desk import for_makers, see_other
from provenance.models.maker import Maker
from tags import codes
from tags.errors import MalformedLinkError, UnreadableTableError
from tags.forms import ResultsForm
from tags.services import vendor
from tags.services.vendor import NothingToWriteError, Outcome
from tags.vendor_results import LARGEST_TABLE, Results, read_results, text_of

ARCHIVE: Final = "touchmark-tags.zip"
NOTHING_WAITS: Final = "Nothing waits to be written. Set tags aside first."


@require_safe
@never_cache
@for_makers
def vendor_export(request: HttpRequest, maker: Maker) -> HttpResponse:
    """The archive for whoever writes the tags that wait. It holds no key."""
    try:
        archive = vendor.export_reserved(maker=maker)
    except (NothingToWriteError, MalformedLinkError):
        messages.warning(request, NOTHING_WAITS)
        return see_other("tags:write_tags")
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{ARCHIVE}"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
@for_makers
def vendor_results(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Look at a table of results first; then, sent once more, it is put on record."""
    if request.method != "POST":
        return _ask(request, ResultsForm())
    text = request.POST.get("text")
    if text is not None:
        return _brought(request, maker, text.encode(), is_agreed=True)
    form = ResultsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, form)
    table = form.cleaned_data["table"]
    if table.size > LARGEST_TABLE:
        form.add_error("table", "The table is too large. Bring it in parts.")
        return _ask(request, form)
    return _brought(request, maker, table.read(), is_agreed=False)


def _ask(request: HttpRequest, form: ResultsForm, *, problem: str = "") -> HttpResponse:
    context = {"form": form, "problem": problem}
    status = 400 if form.is_bound or problem else 200
    return render(request, "tags/results.html", context, status=status)


@sensitive_variables()
def _brought(
    request: HttpRequest, maker: Maker, content: bytes, *, is_agreed: bool
) -> HttpResponse:
    try:
        results = read_results(content)
    except UnreadableTableError as problem:
        return _ask(request, ResultsForm(), problem=_sentence(str(problem)))
    put = vendor.record_results if is_agreed else vendor.try_results
    outcomes = put(maker=maker, results=results.rows, by=maker.user)
    context = _told(results, outcomes) | {
        "is_agreed": is_agreed,
        # Sent back with the button, so that nothing of it is kept here meanwhile.
        "text": "" if is_agreed else text_of(content),
    }
    return render(request, "tags/results_told.html", context)


def _told(results: Results, outcomes: Sequence[Outcome]) -> dict[str, object]:
    faults = [*results.faults, *(each.fault for each in outcomes if each.fault)]
    return {
        "faults": sorted(faults, key=lambda fault: fault.row),
        "good": [
            {"row": each.row, "code": codes.show_code(each.code), "words": each.words}
            for each in outcomes
            if not each.fault
        ],
    }


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."

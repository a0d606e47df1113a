"""Seasons at the maker's desk: brought as a table, looked through, fixed row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from provenance import limits, season_pictures, season_work
from provenance.desk import for_makers, see_other
from provenance.forms.season_page import CellForm, PhotographsForm, SeasonForm
from provenance.models.maker import Maker
from provenance.models.season import CARDS_IN_A_PACK, RowState, Season, SeasonRow, SeasonState
from provenance.season_columns import USUAL
from provenance.season_file import MOST_BYTES, Fault, SeasonFileError, read_season, write_season
from provenance.season_pictures import Received
from provenance.season_zip import SeasonZipError
from provenance.services import season as seasons
from provenance.views.drafts import wants_json
from provenance.views.photographs import too_many
from provenance.views.season_words import named_few, progress_of, standing_of, told_of
from tags.labels import LABELS_ON_A_SHEET

ON_A_PAGE = 50
# No more of it is signed, and what was signed is printed.
ENDED = [SeasonState.DONE, SeasonState.ABANDONED]
TAKES_NO_MORE = "It takes no photographs any more, so these were not kept."
SHOWN = {
    "wrong": "To fix",
    "ready": "Right",
    "skipped": "Left out",
    "signed": "Signed",
    "all": "All",
}


# -- bringing -----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_seasons(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Every season of the maker, and the form that brings another."""
    if request.method != "POST":
        return _seasons(request, maker, SeasonForm())
    if not limits.allows(request, "upload", subject=f"maker {maker.pk}"):
        return too_many(request)
    form = SeasonForm(request.POST, request.FILES)
    if not form.is_valid():
        return _seasons(request, maker, form)
    try:
        received = _received(maker, form.cleaned_data)
    except seasons.SeasonKnownError as problem:
        messages.info(request, str(problem))
        if form.cleaned_data["photographs"]:
            messages.warning(request, TAKES_NO_MORE)
        return _led_to(request, problem.season)
    except seasons.SeasonMovedOnError as problem:
        form.add_error("table", str(problem))
        return _seasons(request, maker, form)
    except SeasonFileError as problem:
        return _seasons(request, maker, form, faults=problem.faults)
    except SeasonZipError as problem:
        form.add_error("photographs", str(problem))
        return _seasons(request, maker, form)
    if received.brought:
        messages.info(request, str(seasons.SeasonKnownError(received.season)))
        messages.info(request, told_of(received.brought))
    return _led_to(request, received.season)


@require_safe
@for_makers
def season_headings(request: HttpRequest, maker: Maker) -> HttpResponse:
    """A table to begin with: the usual columns, and no row yet."""
    return _csv(write_season(USUAL, []), "season")


def _csv(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _received(maker: Maker, brought: Mapping[str, Any]) -> Received:
    table = brought["table"]
    if table.size > MOST_BYTES:
        sentence = f"This file is larger than {MOST_BYTES // 1024**2} MB."
        raise SeasonFileError([Fault(1, "", sentence)])
    file = read_season(table.read())
    return season_pictures.receive_season(
        maker=maker, name=brought["name"], file=file, photographs=brought["photographs"]
    )


def _led_to(request: HttpRequest, season: Season) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"to": reverse("provenance:workshop_season", args=[season.public_id])})
    return see_other("provenance:workshop_season", season.public_id)


def _seasons(
    request: HttpRequest, maker: Maker, form: SeasonForm, faults: tuple[Fault, ...] = ()
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    facts = {"form": form, "faults": faults}
    if wants_json(request):
        return _refused(facts)
    listed = Season.objects.made_by(maker)
    facts |= {"seasons": [(each, standing_of(each, seasons.counts_of(each))) for each in listed]}
    return render(request, "provenance/workshop/seasons.html", facts, status=status)


def _refused(facts: Mapping[str, Any]) -> JsonResponse:
    refused = render_to_string("provenance/workshop/_season_refused.html", facts)
    return JsonResponse({"code": "season_refused", "refused": refused}, status=400)


# -- one season ---------------------------------------------------------------------------------


def season_on_desk(maker: Maker, season: str) -> Season:
    """One of the maker's seasons as it stands now; Http404 for every other."""
    mine = Season.objects.made_by(maker).select_related("maker__user", "key")
    found: Season = get_object_or_404(mine, public_id=season)
    if seasons.miss_key(found):
        found.refresh_from_db()
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_season(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """One season with its rows, and the form that brings photographs it misses."""
    found = season_on_desk(maker, season)
    if request.method != "POST":
        return _season(request, found, PhotographsForm())
    if not limits.allows(request, "upload", subject=f"maker {maker.pk}"):
        return too_many(request)
    form = PhotographsForm(request.POST, request.FILES)
    try:
        if form.is_valid():
            _bring(request, found, form)
    except SeasonZipError as problem:
        form.add_error("photographs", str(problem))
    if not form.errors:
        return _led_to(request, found)
    return _refused({"form": form}) if wants_json(request) else _season(request, found, form)


def _bring(request: HttpRequest, season: Season, form: PhotographsForm) -> None:
    try:
        brought = season_pictures.add_photographs(season=season, **form.cleaned_data)
    except seasons.SeasonMovedOnError:
        messages.warning(request, TAKES_NO_MORE)
    else:
        messages.info(request, told_of(brought))


def _season(request: HttpRequest, found: Season, form: PhotographsForm) -> HttpResponse:
    counts = seasons.counts_of(found)
    wanted = request.GET.get("show", "")
    show = wanted if wanted in SHOWN else _usual(counts)
    rows = found.rows.all() if show == "all" else found.rows.filter(state=show)
    page = Paginator(rows.select_related("piece"), ON_A_PAGE).get_page(request.GET.get("page"))
    is_asked = found.state == SeasonState.CHECKED and counts[RowState.WRONG]
    facts = {
        "season": found,
        "standing": standing_of(found, counts),
        "progress": progress_of(found, counts),
        "counts": counts,
        "tabs": [(name, label, counts[name]) for name, label in SHOWN.items() if counts[name]],
        "show": show,
        "page": page,
        "rows": [_shown(row) for row in page],
        "keep": f"&show={show}",
        "packs": _packs(counts[RowState.SIGNED]),
        "labels_on_a_sheet": LABELS_ON_A_SHEET,
        "can_print": found.state in ENDED and counts[RowState.SIGNED],
        "can_abandon": found.state in seasons.ABANDONABLE,
        "missing": named_few(season_pictures.missing_from(found)) if is_asked else "",
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "provenance/workshop/season.html", facts, status=status)


def _packs(many: int) -> list[tuple[int, int]]:
    """The first and the last card of each pack."""
    firsts = range(1, many + 1, CARDS_IN_A_PACK)
    return [(first, min(first + CARDS_IN_A_PACK - 1, many)) for first in firsts]


def _usual(counts: Mapping[str, int]) -> str:
    return next((name for name in SHOWN if counts[name]), "all")


@dataclass(frozen=True)
class Wrong:
    """A cell that needs another look."""

    column: str
    cell: str
    sentence: str

    @property
    def is_long(self) -> bool:
        return "\n" in self.cell or len(self.cell) > 60


@dataclass(frozen=True)
class ShownRow:
    row: SeasonRow
    title: str
    wrong: tuple[Wrong, ...]


def _shown(row: SeasonRow) -> ShownRow:
    wrong = (Wrong(column, row.cells.get(column, ""), sentence) for column, sentence in row.errors)
    return ShownRow(row, row.cells.get("title", ""), tuple(wrong))


@never_cache
@require_safe
@for_makers
def season_progress(request: HttpRequest, maker: Maker, season: str) -> JsonResponse:
    """How far it is, for the page's own script."""
    found = season_on_desk(maker, season)
    progress = progress_of(found, seasons.counts_of(found))
    return JsonResponse({"state": found.state, **vars(progress)})


@require_safe
@never_cache
@for_makers
def season_table(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """The rows as they stand, as the CSV they came in."""
    found = season_on_desk(maker, season)
    rows = found.rows.values_list("cells", flat=True)
    return _csv(write_season(found.columns, rows), slugify(found.name) or "season")


# -- its rows -----------------------------------------------------------------------------------


@require_POST
@for_makers
def season_rows(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """Fix a cell, leave rows out, or take one in again."""
    found = season_on_desk(maker, season)
    sent = request.POST
    try:
        if "skip_wrong" in sent:
            many = seasons.skip_rows(season=found)
            messages.info(request, f"{many} left out.")
        elif "skip" in sent:
            season_work.leave_out(season=found, position=_position(sent["skip"]))
        elif "take" in sent:
            season_work.take_in(season=found, position=_position(sent["take"]))
        else:
            _fix(request, found)
    except (seasons.SeasonMovedOnError, SeasonRow.DoesNotExist):
        messages.warning(request, "This was changed meanwhile. Look at it again.")
    return see_other("provenance:workshop_season", season)


def _position(told: str) -> int:
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 0


def _fix(request: HttpRequest, season: Season) -> None:
    form = CellForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "This cell cannot hold that. Nothing was changed.")
        return
    cell = form.cleaned_data
    row = season_work.fix_cell(
        season=season, position=cell["position"], column=cell["column"], text=cell["text"]
    )
    if row.state == RowState.NEW:
        return
    if row.state == RowState.WRONG:
        messages.warning(request, f"Row {row.position} still needs another look.")
    else:
        messages.success(request, f"Row {row.position} is right now.")


@require_POST
@for_makers
def season_abandon(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    found = season_on_desk(maker, season)
    try:
        seasons.abandon_season(season=found)
    except seasons.SeasonMovedOnError:
        messages.warning(request, "This was changed meanwhile. Look at it again.")
        return see_other("provenance:workshop_season", season)
    if found.state == SeasonState.WAITING_FOR_KEY:
        messages.info(request, "What was signed stays signed. The rest is not.")
    return see_other("provenance:workshop_seasons")

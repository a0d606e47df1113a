"""The keeper's desk: the pieces kept, and the page behind each of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from memories import media_source
from memories.errors import MontageError
from memories.forms import PageForm
from memories.models.chapter import Chapter
from memories.models.gift import Gift
from memories.models.item import Item, ItemKind, ItemState
from memories.models.montage import Montage, MontageLevel
from memories.services import arrange, chapters, versions
from memories.views.keepers import account_of, for_keepers, montage_on_desk
from memories.views.viewer import heading_of
from provenance.desk import see_other
from provenance.models.keeping import Custody, Keeper
from provenance.models.piece import Photograph, PhotographRole

DESK_PICTURE = "480.webp"


@dataclass(frozen=True)
class Kept:
    """One piece on the desk: its picture, and how its memories stand."""

    custody: Custody
    picture: str
    state: str


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def keep(request: HttpRequest) -> HttpResponse:
    fronts = Photograph.objects.filter(role=PhotographRole.FRONT).exclude(
        source__in=media_source.AI
    )
    custodies = (
        Custody.objects.filter(keeper__user__pk=account_of(request), until__isnull=True)
        .select_related("piece__maker")
        .prefetch_related(Prefetch("piece__photographs", queryset=fronts, to_attr="fronts"))
        .order_by("-since")
    )
    montages = {montage.piece_id: montage for montage in _montages(request)}
    kept = [
        Kept(custody, _picture(custody), _state(montages.get(custody.piece_id)))
        for custody in custodies
    ]
    return render(request, "memories/keep.html", {"kept": kept, "gifts": _gifts(request)})


def _gifts(request: HttpRequest) -> list[Gift]:
    """What this account prepares for others, and nobody claimed yet."""
    prepared = Gift.objects.filter(giver__user__pk=account_of(request), claimed_at__isnull=True)
    return list(prepared.select_related("montage__piece__maker").order_by("-created_at"))


def _montages(request: HttpRequest) -> list[Montage]:
    ready = Count("items", filter=Q(items__state=ItemState.READY))
    return list(
        Montage.objects.filter(keeper__user__pk=account_of(request)).annotate(ready_count=ready)
    )


def _picture(custody: Custody) -> str:
    fronts = vars(custody.piece)["fronts"]
    if not fronts:
        return ""
    names = [custody.piece.public_id, fronts[0].public_id, DESK_PICTURE]
    return reverse("provenance:piece_photo", args=names)


def _state(montage: Montage | None) -> str:
    if montage is not None and montage.seal_binds_keeper and montage.seal:
        return "A gift waits for you."
    if montage is None or not vars(montage)["ready_count"]:
        return "No memories yet."
    return audience(montage)


def audience(montage: Montage) -> str:
    """Who may see a page today, in the words of its keeper's desk."""
    if not montage.is_published:
        return "Draft: only you."
    return f"Open: {MontageLevel(montage.level).label.lower()}."


def audience_to_be(montage: Montage) -> str:
    """Who will see it after "Publish"."""
    if montage.is_published:
        return ""
    if montage.level == MontageLevel.ONLY_ME:
        return "Nobody else is chosen yet."
    return f"After “Publish”: {MontageLevel(montage.level).label.lower()}."


@require_safe
@for_keepers
def keep_piece(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    return show_desk(request, montage_on_desk(keeper, piece))


def show_desk(
    request: HttpRequest, montage: Montage, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    """The page of one piece on the desk, with what could not be done on top."""
    context = {**_desk(montage), "problems": problems or []}
    return render(request, "memories/desk.html", context, status=status)


@dataclass(frozen=True)
class Line:
    """One row of the list: a memory, or the heading of a chapter."""

    item: Item | None
    chapter: Chapter | None
    can_go_up: bool
    can_go_down: bool


def _rows(line: Sequence[chapters.Hung]) -> list[Line]:
    """A memory moves by one row; a heading takes its chapter along, past another one."""
    headings = [each for each in line if isinstance(each, Chapter)]
    rows = []
    for place, each in enumerate(line):
        if isinstance(each, Chapter):
            rows.append(Line(None, each, each != headings[0], each != headings[-1]))
        else:
            rows.append(Line(each, None, place > 0, place < len(line) - 1))
    return rows


def _desk(montage: Montage) -> dict[str, object]:
    line = chapters.whole_line(montage)
    items = [each for each in line if isinstance(each, Item)]
    return {
        "montage": montage,
        "piece": montage.piece,
        "heading": heading_of(montage),
        "rows": _rows(line),
        "can_undo": versions.before(montage) is not None,
        "look": f"{montage.get_template_display()}, {montage.get_theme_display().lower()}",
        "waiting": sum(item.is_waiting for item in items),
        "ready": sum(item.is_ready for item in items),
        "has_music": any(item.kind == ItemKind.MUSIC and not item.refusal for item in items),
        "audience": audience(montage),
        "audience_to_be": audience_to_be(montage),
    }


@require_safe
@for_keepers
def items(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The list alone, which the page asks for again while photographs are being prepared."""
    return render(request, "memories/_items.html", _desk(montage_on_desk(keeper, piece)))


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def words(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """Title, words, who may see it, and what a scan opens with."""
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show_words(request, montage, PageForm.of(montage))
    form = PageForm(request.POST)
    if not form.is_valid():
        return _show_words(request, montage, form, status=400)
    try:
        arrange.describe_page(
            montage=montage, revision=form.cleaned_data["revision"], words=form.said()
        )
    except MontageError as problem:
        form.add_error(None, str(problem))
        now = form.that_differ(PageForm.of(montage))
        return _show_words(
            request, montage, form.at_revision(montage.revision), status=409, now=now
        )
    return see_other("memories:keep_piece", piece)


def _show_words(
    request: HttpRequest,
    montage: Montage,
    form: PageForm,
    *,
    status: int = 200,
    now: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    context = {"montage": montage, "piece": montage.piece, "form": form, "now": now}
    return render(request, "memories/words.html", context, status=status)


@require_POST
@for_keepers
def order(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """A new order: one memory up or down by its button, or the whole list after a drag."""
    montage = montage_on_desk(keeper, piece)
    return act(request, montage, lambda: _order(request, montage))


def _order(request: HttpRequest, montage: Montage) -> None:
    revision = revision_of(request)
    if "order" in request.POST:
        ids = request.POST["order"].split()
        arrange.order_items(montage=montage, revision=revision, order=ids)
    elif "up" in request.POST:
        arrange.move_item(
            montage=montage, revision=revision, item=request.POST["up"], direction="up"
        )
    else:
        item = request.POST.get("down", "")
        arrange.move_item(montage=montage, revision=revision, item=item, direction="down")


@require_POST
@for_keepers
def publish(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    return act(
        request,
        montage,
        lambda: arrange.publish(montage=montage, revision=revision_of(request)),
    )


@require_POST
@for_keepers
def unpublish(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    return act(request, montage, lambda: arrange.unpublish(montage=montage))


def revision_of(request: HttpRequest) -> int:
    """The revision the page showed; without one, none that ever was."""
    said = request.POST.get("revision", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def act(request: HttpRequest, montage: Montage, act: Callable[[], object]) -> HttpResponse:
    """Do it, or say on the desk why not; a script gets the same as JSON."""
    try:
        act()
    except MontageError as problem:
        if wants_json(request):
            return JsonResponse({"code": problem.code, "detail": str(problem)}, status=409)
        return show_desk(request, montage, problems=[str(problem)], status=409)
    if wants_json(request):
        montage.refresh_from_db(fields=["revision"])
        return JsonResponse({"revision": montage.revision})
    return see_other("memories:keep_piece", montage.piece.public_id)


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"

"""Single memories on the desk: adding them, saying what they are, and erasing them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from memories.errors import MontageError, NoChipError, NoPinError
from memories.forms import ItemForm
from memories.models.item import Item
from memories.models.montage import Montage
from memories.services import arrange, invitations, receive
from memories.views.desk import show_desk, wants_json
from memories.views.keepers import for_keepers, item_on_desk, montage_on_desk
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper

NOT_STORED = "That did not reach us. Nothing was lost; try again."
NONE_CHOSEN = "Choose one file or more, then press Add."
NO_MUSIC_CHOSEN = "Choose a piece of music, then press Add the music."


@dataclass(frozen=True)
class Refusal:
    """One file that was not taken, and why."""

    name: str
    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}"


@require_POST
@for_keepers
def upload(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """Take photographs: all of a form's, or one at a time from a script that shows progress."""
    montage = montage_on_desk(keeper, piece)
    if not limits.allows(request, "upload", subject=str(keeper.pk)):
        return render(request, "429.html", {"minutes": 60}, status=429)
    files = request.FILES.getlist("photographs")
    refusals = [refusal for file in files if (refusal := _receive(montage, file))]
    if not files:
        refusals = [Refusal("Nothing was chosen", "none_chosen", NONE_CHOSEN)]
    if wants_json(request):
        return _told(len(files), refusals)
    if refusals:
        problems = [str(refusal) for refusal in refusals]
        return show_desk(request, montage, problems=problems, status=400)
    return see_other("memories:keep_piece", piece)


@require_POST
@for_keepers
def music(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """Take the one piece of music that plays behind the page."""
    montage = montage_on_desk(keeper, piece)
    if not limits.allows(request, "upload", subject=str(keeper.pk)):
        return render(request, "429.html", {"minutes": 60}, status=429)
    file = request.FILES.get("music")
    if file is None:
        return show_desk(request, montage, problems=[NO_MUSIC_CHOSEN], status=400)
    has_rights = request.POST.get("rights") == "yes"
    try:
        receive.receive_music(montage=montage, upload=file, has_rights=has_rights)
    except MontageError as problem:
        return show_desk(request, montage, problems=[str(problem)], status=400)
    except OSError:
        return show_desk(request, montage, problems=[NOT_STORED], status=400)
    return see_other("memories:keep_piece", piece)


def _receive(montage: Montage, file: "UploadedFile[bytes]") -> Refusal | None:
    try:
        receive.receive_file(montage=montage, upload=file)
    except MontageError as problem:
        return Refusal(file.name or "", problem.code, str(problem))
    except OSError:
        return Refusal(file.name or "", "not_stored", NOT_STORED)
    return None


def _told(count: int, refusals: list[Refusal]) -> JsonResponse:
    answer = {"received": count - len(refusals), "refused": [vars(each) for each in refusals]}
    return JsonResponse(answer, status=400 if refusals else 201)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def item(request: HttpRequest, keeper: Keeper, piece: str, item: str) -> HttpResponse:
    """One memory: caption, date, what can be seen, and who may see it."""
    memory = item_on_desk(montage_on_desk(keeper, piece), item)
    chapters = list(memory.montage.chapters.all())
    saved = ItemForm.of(memory, chapters)
    if request.method != "POST":
        return _show(request, memory, saved)
    form = ItemForm(request.POST, chapters=chapters)
    if not form.is_valid():
        return _show(request, memory, form, status=400)
    revision = form.cleaned_data["revision"]
    try:
        arrange.describe_item(
            item=memory, revision=revision, words=form.said(), placing=form.placed(memory)
        )
    except (NoPinError, NoChipError) as problem:
        form.add_error("level", str(problem))
        return _show(request, memory, form, status=400)
    except MontageError as problem:
        form.add_error(None, str(problem))
        now = form.that_differ(saved)
        form.at_revision(memory.montage.revision)
        return _show(request, memory, form, status=409, now=now)
    return see_other("memories:keep_piece", piece)


def _show(
    request: HttpRequest,
    memory: Item,
    form: ItemForm,
    *,
    status: int = 200,
    now: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    context = {"item": memory, "piece": memory.montage.piece, "form": form, "now": now}
    return render(request, "memories/item.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def erase(request: HttpRequest, keeper: Keeper, piece: str, item: str) -> HttpResponse:
    """Ask once, then erase everywhere."""
    memory = item_on_desk(montage_on_desk(keeper, piece), item)
    if request.method != "POST":
        context = {"item": memory, "piece": memory.montage.piece}
        return render(request, "memories/erase.html", context)
    arrange.erase_item(item=memory)
    return see_other("memories:keep_piece", piece)


@require_POST
@for_keepers
def let_in(request: HttpRequest, keeper: Keeper, piece: str, item: str) -> HttpResponse:
    """Show what a guest brought."""
    invitations.let_in(item_on_desk(montage_on_desk(keeper, piece), item))
    return see_other("memories:keep_piece", piece)

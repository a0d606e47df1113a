"""Chapters on the desk: begun, renamed, and taken away again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from memories.errors import MontageError
from memories.forms import ChapterForm
from memories.models.chapter import Chapter
from memories.models.montage import Montage
from memories.services import editing
from memories.views.keepers import for_keepers, montage_on_desk
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def begin(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show(request, montage, ChapterForm(initial={"revision": montage.revision}))
    form = ChapterForm(request.POST)
    if not form.is_valid():
        return _show(request, montage, form, status=400)
    said = form.cleaned_data
    try:
        editing.begin_chapter(montage=montage, revision=said["revision"], title=said["title"])
    except MontageError as problem:
        form.add_error(None, str(problem))
        return _show(request, montage, form.at_revision(montage.revision), status=409)
    return see_other("memories:keep_piece", piece)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def chapter(request: HttpRequest, keeper: Keeper, piece: str, chapter: str) -> HttpResponse:
    """Another title; or, by its own button, no heading there any more."""
    montage = montage_on_desk(keeper, piece)
    found = get_object_or_404(montage.chapters.all(), public_id=chapter)
    found.montage = montage
    if request.method != "POST":
        return _show(request, montage, ChapterForm.of(found), found)
    is_away = "away" in request.POST
    form = ChapterForm({**request.POST.dict(), **({"title": found.title} if is_away else {})})
    if not form.is_valid():
        return _show(request, montage, form, found, status=400)
    try:
        _write(found, form, is_away=is_away)
    except MontageError as problem:
        form.add_error(None, str(problem))
        return _show(request, montage, form.at_revision(montage.revision), found, status=409)
    return see_other("memories:keep_piece", piece)


def _write(found: Chapter, form: ChapterForm, *, is_away: bool) -> None:
    revision, title = form.cleaned_data["revision"], form.cleaned_data["title"]
    if is_away:
        editing.take_chapter_away(chapter=found, revision=revision)
    else:
        editing.name_chapter(chapter=found, revision=revision, title=title)


def _show(
    request: HttpRequest,
    montage: Montage,
    form: ChapterForm,
    chapter: Chapter | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    saved = ChapterForm.of(chapter) if chapter and status == 409 else None
    context = {
        "piece": montage.piece,
        "form": form,
        "chapter": chapter,
        "now": form.that_differ(saved) if saved else [],
    }
    return render(request, "memories/chapter.html", context, status=status)

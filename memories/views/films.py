"""Films of a page: wanted, watched, shared and erased on the desk; the bytes through the policy."""

import hashlib

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from memories import ffmpeg, film
from memories.errors import FfmpegMissingError, MontageError
from memories.film import Shape
from memories.models.film import FilmJob, FilmShape
from memories.models.montage import Montage, MontageLevel
from memories.services import films, opening
from memories.services.films import Wish
from memories.views import sending
from memories.views.keepers import for_keepers, montage_on_desk
from memories.views.media import LONGEST_STALE_SECONDS
from memories.views.visitors import asker_of, visitor_of
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper


class FilmForm(forms.Form):
    """What film a keeper wants."""

    seconds = forms.TypedChoiceField(
        label="How long",
        coerce=int,
        choices=[(each, f"{each} seconds") for each in film.LENGTHS],
        widget=forms.RadioSelect,
    )
    shape = forms.ChoiceField(label="For what", choices=FilmShape.choices, widget=forms.RadioSelect)
    music = forms.BooleanField(label="With the music of the page", required=False)

    def wish(self) -> Wish:
        said = self.cleaned_data
        return Wish(said["seconds"], Shape(said["shape"]), said["music"])


FIRST_WISH = {"seconds": film.LENGTHS[0], "shape": Shape.TALL.value, "music": True}


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def films_page(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The films of a page, and the form that wants another."""
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show(request, montage, FilmForm(initial=FIRST_WISH))
    form = FilmForm(request.POST)
    if not form.is_valid():
        return _show(request, montage, form, status=400)
    if not limits.allows(request, "film", subject=str(keeper.pk)):
        return render(request, "429.html", {"minutes": 60}, status=429)
    try:
        films.ask_for(montage=montage, wish=form.wish())
    except MontageError as problem:
        return _show(request, montage, form, problem=str(problem), status=409)
    return see_other("memories:films", piece)


def _show(
    request: HttpRequest,
    montage: Montage,
    form: FilmForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    cast = films.cast_of(montage)
    why_not = _what_is_missing() or films.why_nothing(montage)
    context = {
        **_standing(montage),
        "form": form,
        "problem": "" if problem == why_not else problem,
        "why_not": why_not,
        "pictures": len(cast.roles),
        "has_music": cast.music is not None,
    }
    return render(request, "memories/films.html", context, status=status)


def _what_is_missing() -> str:
    try:
        ffmpeg.find(settings.FFMPEG_PATH)
    except FfmpegMissingError as missing:
        return str(missing)
    return ""


def _standing(montage: Montage) -> dict[str, object]:
    """The films as they are now; one of an older page is erased before it is shown."""
    for job in montage.films.all():
        job.montage = montage
        films.is_current(job)
    jobs = list(montage.films.all())
    return {
        "montage": montage,
        "piece": montage.piece,
        "jobs": jobs,
        "waiting": sum(job.is_waiting for job in jobs),
        "file_name": _file_name(montage),
        "audiences": {level.value: level.label for level in MontageLevel},
    }


def _file_name(montage: Montage) -> str:
    """What a film of this page is called where it is kept, without length, shape and ending."""
    return slugify(films.title_of(montage)) or "film"


@require_safe
@for_keepers
def films_now(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The list alone, which the page asks for again while a film is being made."""
    return render(request, "memories/_films.html", _standing(montage_on_desk(keeper, piece)))


@require_POST
@for_keepers
def erase(request: HttpRequest, keeper: Keeper, piece: str, film: str) -> HttpResponse:
    """Erase a film, or stop its making."""
    films.erase(_on_desk(montage_on_desk(keeper, piece), film))
    return see_other("memories:films", piece)


@require_POST
@for_keepers
def share(request: HttpRequest, keeper: Keeper, piece: str, film: str) -> HttpResponse:
    """Put a film on the page for whoever may see all that is in it, or take it away again."""
    job = _on_desk(montage_on_desk(keeper, piece), film)
    films.share(job, is_shared=request.POST.get("shared") == "yes")
    return see_other("memories:films", piece)


def _on_desk(montage: Montage, public_id: str) -> FilmJob:
    found: FilmJob = get_object_or_404(montage.films.all(), public_id=public_id)
    found.montage = montage
    return found


@require_safe
def watch(request: HttpRequest, film: str) -> HttpResponseBase:
    """The bytes of a film, if the policy lets this visitor see it and the page is still like it."""
    asker_of(request)
    standing = Montage.objects.standing().values("pk")
    job: FilmJob = get_object_or_404(
        FilmJob.objects.select_related("montage__keeper", "montage__piece"),
        public_id=film,
        montage__in=standing,
    )
    job.montage.stands = True
    decision = opening.decide_film(job=job, viewer=visitor_of(request, job.montage))
    if not decision.is_allowed or not films.is_current(job):
        raise Http404
    answer = sending.send(
        request,
        job.file,
        etag=f'"{hashlib.sha256(job.file.encode()).hexdigest()[:32]}"',
        content_type="video/mp4",
    )
    # A browser believes this name before the one of the link that was pressed.
    name = f"{_file_name(job.montage)}-{job.seconds}s-{job.shape}.mp4"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    patch_cache_control(answer, private=True, max_age=LONGEST_STALE_SECONDS)
    return answer

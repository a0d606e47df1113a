"""Confirming a season: what will be signed is told once, then it is signed without asking again."""

from collections import Counter

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from provenance import season_work
from provenance.assurance import WORKING_DAY, has_passkey, proven_within
from provenance.desk import for_makers, see_other
from provenance.forms.keys import UnlockForm
from provenance.identity import key_level_meaning, key_level_words, level_words
from provenance.keys import Signer
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.models.season import RowState, Season, SeasonState
from provenance.services import maker_keys, season_twins
from provenance.services import season as seasons
from provenance.services.authorise import NotAuthorisedError
from provenance.views.keys import unlocked
from provenance.views.season import season_on_desk
from provenance.views.season_words import pieces, rows

CHANGED = "This was changed meanwhile. Look at it again, then confirm."
NOT_ALLOWED = "Your passkey did not allow this. Nothing was signed; try again."


@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
@proven_within(WORKING_DAY)
@sensitive_variables("form", "signer")
def season_confirm(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    found = season_on_desk(maker, season)
    if found.state != SeasonState.CHECKED or found.rows.filter(state=RowState.WRONG).exists():
        return see_other("provenance:workshop_season", season)
    key = maker_keys.key_in_use(maker)
    is_held = key is not None and key.level == KeyLevel.HELD
    form = UnlockForm(request.POST or None) if is_held else None
    if request.method != "POST":
        return _asked(request, found, key, form)
    signer = unlocked(request, maker, form) if form and form.is_valid() else None
    if form and signer is None:
        return _confirmation(request, found, key, form, status=400)
    try:
        return _confirm(request, found, signer)
    except NotAuthorisedError:
        return _confirmation(request, found, key, form, error=NOT_ALLOWED, status=403)


def _asked(
    request: HttpRequest, season: Season, key: SigningKey | None, form: UnlockForm | None
) -> HttpResponse:
    """What will be signed; nobody types a passphrase for what was signed elsewhere meanwhile."""
    try:
        is_changed = seasons.find_out_alike(season=season) > 0
    except seasons.SeasonMovedOnError:
        is_changed = True
    if not is_changed:
        return _confirmation(request, season, key, form)
    messages.warning(request, CHANGED)
    return see_other("provenance:workshop_season", season.public_id)


@sensitive_variables("signer")
def _confirm(request: HttpRequest, season: Season, signer: Signer | None) -> HttpResponse:
    try:
        confirmed = seasons.confirm_season(
            season=season,
            shown=request.POST.get("shown", ""),
            by=season.maker.user,
            holds_key=signer is not None,
        )
    except (seasons.SeasonMovedOnError, seasons.SeasonChangedError, seasons.SeasonNotReadyError):
        messages.warning(request, CHANGED)
    except (maker_keys.MakerKeyLockedError, maker_keys.MakerSignsElsewhereError):
        messages.warning(request, "The workshop’s key changed meanwhile. Confirm again.")
        return see_other("provenance:season_confirm", season.public_id)
    else:
        if signer:
            season_work.start_signing(confirmed, signer)
    return see_other("provenance:workshop_season", season.public_id)


def _confirmation(
    request: HttpRequest,
    season: Season,
    key: SigningKey | None,
    form: UnlockForm | None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    ready = season.rows.filter(state=RowState.READY)
    labels = ready.values("label").annotate(many=Count("pk")).order_by("-many", "label")
    level, maker = str(key.level) if key else "recorded", season.maker
    facts = {
        "season": season,
        "many": pieces(ready.count()),
        "twins": _twins(season),
        "skipped": season.rows.filter(state=RowState.SKIPPED).count(),
        "labels": [(each["label"], pieces(each["many"])) for each in labels],
        "shown": seasons.what_is_confirmed(season),
        "level": level_words(maker.identity_level, has_mark=bool(maker.sponsors_mark)),
        "key_words": key_level_words(level),
        "key_meaning": key_level_meaning(level),
        "signs_elsewhere": level == KeyLevel.OWN,
        "asks_passkey": level == KeyLevel.HELD and has_passkey(request.user),
        "error": error,
        "form": form,
    }
    return render(request, "provenance/workshop/season_confirm.html", facts, status=status)


def _twins(season: Season) -> list[tuple[Season, str]]:
    """The other seasons that hold rows of this one and may be signed, with how many they hold."""
    found = Counter(row.season for row in season_twins.open_twins(season))
    return [(other, rows(many)) for other, many in found.items()]


@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
@proven_within(WORKING_DAY)
@sensitive_variables("form", "signer")
def season_unlock(request: HttpRequest, maker: Maker, season: str) -> HttpResponse:
    """The process that had the key open is gone: open it again, and the rest is signed."""
    found = season_on_desk(maker, season)
    if found.state != SeasonState.WAITING_FOR_KEY:
        return see_other("provenance:workshop_season", season)
    form = UnlockForm(request.POST or None)
    signer = unlocked(request, maker, form) if form.is_bound and form.is_valid() else None
    if signer is None:
        left = pieces(found.rows.filter(state=RowState.READY).count())
        facts = {"season": found, "form": form, "left": left}
        status = 400 if form.is_bound else 200
        return render(request, "provenance/workshop/season_unlock.html", facts, status=status)
    if held := seasons.hold_key(season=found):
        season_work.start_signing(held, signer)
    return see_other("provenance:workshop_season", season)

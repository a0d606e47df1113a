"""Signing: what will be signed is shown once more, then it is signed, once."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from provenance import jewelry_words
from provenance.assurance import WORKING_DAY, has_passkey, proven_within
from provenance.desk import draft_on_desk, for_makers, piece_on_desk, see_other
from provenance.errors import BadKeyError, KeyLockedError
from provenance.forms.keys import UnlockForm
from provenance.identity import key_level_meaning, key_level_words, level_words
from provenance.keys import Signer
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import authorise, drafting, issue, maker_keys, register
from provenance.services.facts import facts_of
from provenance.services.lineage import newest_of
from provenance.services.making import alterations_of
from provenance.views.bench import pictures_of
from provenance.views.dock import dock_of
from provenance.views.keys import unlocked
from provenance.views.showing import draft_context
from provenance.views.signed import already_signed
from provenance.views.step_rows import planned_steps, signed_steps
from tags.services import issuing as tag_services

NOT_ALLOWED = "Your passkey did not allow this. Nothing was signed; your draft is safe."
CHANGED = "This draft was changed meanwhile. Look at it again, then sign."


@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
@proven_within(WORKING_DAY)
def workshop_issue(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    if found.is_issued:
        return already_signed(request, found)
    problems = drafting.problems_of(found, now=timezone.now())
    if problems:
        messages.warning(request, " ".join(each.sentence for each in problems))
        return see_other("provenance:workshop_piece", piece)
    key = maker_keys.key_in_use(maker)
    if request.method != "POST":
        return _confirmation(request, found, key)
    if key is None or key.level == KeyLevel.OWN:
        return _sign(request, found, key)
    return _open_and_sign(request, found, key)


@sensitive_variables("form", "signer")
def _open_and_sign(request: HttpRequest, piece: Piece, key: SigningKey) -> HttpResponse:
    """With the maker's key kept here: the passphrase opens it for this one act."""
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return _confirmation(request, piece, key, form, status=400)
    signer = unlocked(request, piece.maker, form)
    if signer is None:
        return _confirmation(request, piece, key, form, status=400)
    return _sign(request, piece, key, signer)


def _sign(
    request: HttpRequest, piece: Piece, key: SigningKey | None, signer: Signer | None = None
) -> HttpResponse:
    # A sender who saw nothing signs nothing.
    shown, by = request.POST.get("shown") or "nothing", piece.maker.user
    try:
        if key and key.level == KeyLevel.OWN:
            tag_services.prepare_with_code(piece=piece, by=by, shown=shown)
            return see_other("provenance:workshop_prepared", piece.public_id)
        tag_services.issue_with_code(piece=piece, by=by, shown=shown, maker_signer=signer)
    except issue.AlreadyIssuedError:
        return already_signed(request, piece)
    except issue.NotReadyError as problem:
        messages.warning(request, str(problem))
    except authorise.NotAuthorisedError:
        return _confirmation(request, piece, key, error=NOT_ALLOWED, status=403)
    except (
        register.StaleDraftError,
        maker_keys.MakerKeyLockedError,
        maker_keys.MakerSignsElsewhereError,
        maker_keys.NoKeyInUseError,
    ):
        messages.warning(request, CHANGED)
        return see_other("provenance:workshop_issue", piece.public_id)
    except (BadKeyError, KeyLockedError):
        sentence = "This site cannot sign just now. Nothing was signed; your draft is safe."
        return _confirmation(request, piece, key, error=sentence, status=503)
    return see_other("provenance:workshop_piece", piece.public_id)


def _confirmation(
    request: HttpRequest,
    piece: Piece,
    key: SigningKey | None,
    form: UnlockForm | None = None,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    stated, now = facts_of(piece), timezone.now()
    level = str(key.level) if key else "recorded"
    facts = {
        "piece": piece,
        "before": newest_of(piece.revises) if piece.revises else None,
        "line": jewelry_words.printed_line(stated),
        "stones": [jewelry_words.stone_line(stone) for stone in stated.stones],
        "dock": dock_of(drafting.derivation_of(piece, now=now)),
        "steps": signed_steps(piece, now=now),
        "planned": planned_steps(piece),
        "works": [
            (date.fromisoformat(str(work["on"])), work["reason"]) for work in alterations_of(piece)
        ],
        "shown": drafting.shown_digest(piece),
        "pictures": pictures_of(piece),
        "level": level_words(piece.maker.identity_level, has_mark=bool(piece.maker.sponsors_mark)),
        "error": error,
        "key_words": key_level_words(level),
        "key_meaning": key_level_meaning(level),
        "signs_elsewhere": level == KeyLevel.OWN,
        "form": (form or UnlockForm()) if level == KeyLevel.HELD else None,
        "asks_passkey": level == KeyLevel.HELD and has_passkey(request.user),
    }
    return render(request, "provenance/workshop/sign.html", facts, status=status)


@never_cache
@require_safe
@for_makers
def workshop_preview(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """The page a buyer will see, as signing now would make it."""
    return render(request, "provenance/piece.html", draft_context(draft_on_desk(maker, piece)))

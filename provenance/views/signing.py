"""Signing: what will be signed is shown once more, then it is signed, once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from provenance import jewelry
from provenance.desk import draft_on_desk, for_makers, piece_on_desk, see_other
from provenance.errors import BadKeyError, KeyLockedError
from provenance.identity import level_words
from provenance.making import LABEL_WITHOUT_RECORD
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import issue, register
from provenance.services.facts import facts_of
from provenance.views.bench import pictures_of
from provenance.views.showing import draft_context
from provenance.views.signed import already_signed
from tags import services as tag_services

CHANGED = "This draft was changed meanwhile. Look at it again, then sign."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_issue(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    if found.is_issued:
        return already_signed(request, found)
    problems = issue.problems_of(found, now=timezone.now())
    if problems:
        messages.warning(request, " ".join(each.sentence for each in problems))
        return see_other("provenance:workshop_piece", piece)
    if request.method != "POST":
        return _confirmation(request, found)
    if request.POST.get("revision") != str(found.revision):
        messages.warning(request, CHANGED)
        return see_other("provenance:workshop_issue", piece)
    return _sign(request, maker, found)


def _sign(request: HttpRequest, maker: Maker, piece: Piece) -> HttpResponse:
    try:
        tag_services.issue_with_code(piece=piece, by=maker.user)
    except issue.AlreadyIssuedError:
        return already_signed(request, piece)
    except issue.NotReadyError as problem:
        messages.warning(request, str(problem))
    except register.StaleDraftError:
        messages.warning(request, CHANGED)
        return see_other("provenance:workshop_issue", piece.public_id)
    except (BadKeyError, KeyLockedError):
        sentence = "This site cannot sign just now. Nothing was signed; your draft is safe."
        return _confirmation(request, piece, error=sentence, status=503)
    return see_other("provenance:workshop_piece", piece.public_id)


def _confirmation(
    request: HttpRequest, piece: Piece, *, error: str = "", status: int = 200
) -> HttpResponse:
    stated = facts_of(piece)
    facts = {
        "piece": piece,
        "line": jewelry.printed_line(stated),
        "stones": [jewelry.stone_line(stone) for stone in stated.stones],
        "label": LABEL_WITHOUT_RECORD,
        "pictures": pictures_of(piece),
        "level": level_words(piece.maker.identity_level, has_mark=bool(piece.maker.sponsors_mark)),
        "error": error,
    }
    return render(request, "provenance/workshop/sign.html", facts, status=status)


@never_cache
@require_safe
@for_makers
def workshop_preview(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """The page a buyer will see, as signing now would make it."""
    return render(request, "provenance/piece.html", draft_context(draft_on_desk(maker, piece)))

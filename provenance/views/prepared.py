"""A certificate that waits for its maker's own proof: taken along as a file, and brought back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.errors import (
    BadKeyError,
    BadProofError,
    KeyLockedError,
    MalformedError,
    OutOfSubsetError,
    TooLargeError,
)
from provenance.forms.keys import ProofForm
from provenance.models.keys import PendingCertificate
from provenance.models.maker import Maker
from provenance.services import issue, prepare, register
from provenance.views.signed import already_signed
from tags.services import issuing as tag_services

OUT_OF_USE = "The key that this was prepared for is out of use. Look at it again, then sign it."
GONE = "This waited too long, or the draft was changed. Look at it again, then prepare it anew."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_prepared(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    if found.is_issued:
        return already_signed(request, found)
    waiting = PendingCertificate.objects.select_related("key", "status_batch", "piece__maker")
    pending = waiting.filter(piece=found).first()
    if pending is None:
        return see_other("provenance:workshop_issue", piece)
    if not pending.key.is_in_use:
        return _look_again(request, pending, OUT_OF_USE)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _complete(request, maker, pending, form)
    return _page(request, pending, form)


def _complete(
    request: HttpRequest, maker: Maker, pending: PendingCertificate, form: ProofForm
) -> HttpResponse:
    try:
        tag_services.complete_with_code(pending=pending, proof=form.content(), by=maker.user)
    except issue.AlreadyIssuedError:
        return already_signed(request, pending.piece)
    except prepare.KeyOutOfUseError:
        return _look_again(request, pending, OUT_OF_USE)
    except (prepare.PreparationGoneError, register.StaleDraftError):
        return _look_again(request, pending, GONE)
    except (BadKeyError, KeyLockedError):
        form.add_error(None, "This site cannot sign just now. Nothing was signed; try again.")
        return _page(request, pending, form, status=503)
    except (BadProofError, MalformedError, OutOfSubsetError, TooLargeError) as problem:
        form.add_error(form.source, f"This proof does not fit: {problem}.")
        return _page(request, pending, form)
    return see_other("provenance:workshop_piece", pending.piece.public_id)


def _look_again(request: HttpRequest, pending: PendingCertificate, why: str) -> HttpResponse:
    messages.warning(request, why)
    return see_other("provenance:workshop_issue", pending.piece.public_id)


def _page(
    request: HttpRequest, pending: PendingCertificate, form: ProofForm, *, status: int = 0
) -> HttpResponse:
    facts = {"form": form, "pending": pending, "piece": pending.piece}
    status = status or (400 if form.is_bound else 200)
    return render(request, "provenance/workshop/prepared.html", facts, status=status)


@never_cache
@require_safe
@for_makers
def prepared_body(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """Exactly the bytes that are signed."""
    pending = get_object_or_404(PendingCertificate, piece__maker=maker, piece__public_id=piece)
    response = HttpResponse(bytes(pending.body), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="body.json"'
    return response

"""A signed piece at the maker's desk: its code and its print, and the way to withdraw it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance import jewelry
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.workshop import WithdrawForm
from provenance.models.certificate import Actor, Certificate
from provenance.models.keeping import ClaimCode
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import revoke
from provenance.services.facts import facts_of
from provenance.views.bench import pictures_of
from provenance.views.workshop import state_of
from tags import codes
from tags.models import Tag


def signed_page(request: HttpRequest, piece: Piece) -> HttpResponse:
    tag = Tag.objects.standing().filter(piece=piece).first()
    card = ClaimCode.objects.filter(piece=piece, voided_at__isnull=True).first()
    facts = {
        "piece": piece,
        "certificate": certificate_of(piece),
        "state": state_of(piece, now=timezone.now()),
        "line": jewelry.printed_line(facts_of(piece)),
        "pictures": pictures_of(piece),
        "code": codes.show_code(tag.code) if tag else "",
        "is_kept": piece.custodies.exists(),
        "card": card,
    }
    return render(request, "provenance/workshop/signed.html", facts)


def already_signed(request: HttpRequest, piece: Piece) -> HttpResponse:
    """Another device signed it first: nothing was signed twice, and here it is."""
    facts = {"piece": piece, "certificate": certificate_of(piece)}
    return render(request, "provenance/workshop/already_signed.html", facts, status=409)


def certificate_of(piece: Piece) -> Certificate:
    found: Certificate = get_object_or_404(Certificate.objects.current(), piece=piece)
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_revoke(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece)
    certificate = certificate_of(found)
    if certificate.revoked_at:
        messages.info(request, "This certificate was withdrawn before. The first reason stands.")
        return see_other("provenance:workshop_piece", piece)
    form = WithdrawForm(request.POST or None, title=found.title)
    if request.method == "POST" and form.is_valid():
        return _withdraw(request, maker, certificate, form.cleaned_data["reason"])
    facts = {"form": form, "piece": found, "certificate": certificate}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/withdraw.html", facts, status=status)


def _withdraw(
    request: HttpRequest, maker: Maker, certificate: Certificate, reason: str
) -> HttpResponse:
    try:
        revoke.revoke_certificate(
            certificate=certificate, reason=reason, actor=Actor.MAKER, by=maker.user
        )
    except revoke.AlreadyRevokedError:
        messages.info(request, "This certificate was withdrawn before. The first reason stands.")
    return see_other("provenance:workshop_piece", certificate.piece.public_id)

"""A signed piece at the maker's desk: its code and its print, and the way to withdraw it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance import jewelry_words
from provenance.desk import for_makers, piece_on_desk, see_other
from provenance.forms.step_words import is_by_hand, step_title, who_words
from provenance.forms.workshop import WithdrawForm
from provenance.models.certificate import Actor, Certificate
from provenance.models.keeping import ClaimCode
from provenance.models.maker import Maker
from provenance.models.making import Alteration, Control
from provenance.models.piece import Piece
from provenance.services import alterations, revoke, supersede, suspend
from provenance.services.facts import facts_of
from provenance.steps import StepFacts, planned_steps
from provenance.views.bench import pictures_of
from provenance.views.workshop import state_of
from tags import codes
from tags.models.tag import Tag, TagKind


def signed_page(request: HttpRequest, piece: Piece) -> HttpResponse:
    certificate = certificate_of(piece)
    tags = list(Tag.objects.standing().filter(piece=piece).order_by("bound_at", "pk"))
    code = next((codes.show_code(tag.code) for tag in tags if tag.kind == TagKind.QR), "")
    card = ClaimCode.objects.filter(piece=piece, voided_at__isnull=True).first()
    facts = {
        "piece": piece,
        "certificate": certificate,
        "pause": suspend.suspension_of(certificate),
        "correction": supersede.revision_of(piece),
        "earlier": _earlier(certificate),
        "state": state_of(piece, now=timezone.now()),
        "line": jewelry_words.printed_line(facts_of(piece)),
        "pictures": pictures_of(piece),
        "code": code,
        "tags": tags,
        "is_kept": piece.custodies.exists(),
        "card": card,
        "later": later_work_of(piece),
    }
    return render(request, "provenance/workshop/signed.html", facts)


def _earlier(certificate: Certificate) -> list[Certificate]:
    """The certificates this one has replaced, the newest first."""
    line = Certificate.objects.filter(piece=certificate.piece, version__lt=certificate.version)
    return list(line.only("public_id", "version", "valid_from").order_by("-version"))


@dataclass(frozen=True)
class LaterWork:
    """Work on a signed piece as its maker reads it, with the label it left."""

    ident: str
    on: date
    reason: str
    steps: str
    replaced: str
    label: str


@dataclass(frozen=True)
class Later:
    """All of it in the order of its days, and the label of all of it."""

    works: tuple[LaterWork, ...]
    text: str


def later_work_of(piece: Piece) -> Later:
    since = alterations.work_since(piece)
    return Later(
        works=tuple(_later_work(row, derivation.label) for row, derivation in since),
        text=alterations.altered_label(piece).text,
    )


def _later_work(row: Alteration, label: str) -> LaterWork:
    steps = planned_steps(row.steps, parts=[step["part"] for step in row.steps], taken=())
    return LaterWork(
        ident=row.public_id,
        on=row.on,
        reason=row.reason,
        steps=" ".join(f"{_step_line(step)}." for step in steps),
        replaced=" and ".join(part.replace("-", " ") for part in row.replaced),
        label=label,
    )


def _step_line(step: StepFacts) -> str:
    """What was done, how where no hand did it, and who where the maker did not."""
    how = "" if is_by_hand(step) or step.control == "bought_in" else Control(step.control).label
    return ", ".join(filter(None, (step_title(step), how, who_words(step.actor))))


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

"""The certificate: its page, and the files that verify without us."""

from dataclasses import replace

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from provenance import comparison, jewelry
from provenance.bundle import HOW_TO_VERIFY, build_bundle
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import subject_of
from provenance.making import LABEL_WITHOUT_RECORD
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.services import platform
from provenance.services.standing import file_of, standing_of
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import Headline, TagAnswer
from provenance.views.files import CREDENTIAL, FOREVER, public_file
from provenance.views.pictures import MIDDLE, Picture, cover_of, in_order, picture_of
from provenance.views.showing import maker_card

_SHORT = "public, max-age=60"


@require_safe
def certificate(request: HttpRequest, certificate: str) -> HttpResponse:
    """The certificate as it was signed, and how it stands now."""
    found = _found(certificate)
    checked = standing_of(found, now=timezone.now())
    context = _printed(found) | {
        "headline": _slim(checked.headline),
        "checks": checked.verdict.checks,
        "checked_at": checked.at,
        "record": reverse("provenance:piece", args=[found.piece.public_id]),
        "withdrawal": found if found.revoked_at else None,
    }
    response = render(request, "provenance/certificate.html", context)
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def certificate_json(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The certificate with its proofs: the bytes as they were signed and stored."""
    found = _found(certificate)
    name = _file_name(found.piece, "certificate")
    return public_file(request, file_of(found), kind=CREDENTIAL, cache=_SHORT, name=name)


@require_safe
def certificate_body(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The canonical body without proofs: its SHA-256 is the certificate's digest."""
    found = _found(certificate)
    name = _file_name(found.piece, "body")
    body = bytes(found.body)
    return public_file(request, body, kind="application/json", cache=FOREVER, name=name)


@require_safe
def certificate_bundle(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """All that a laptop without network needs to check it, as of now."""
    found, now = _found(certificate), timezone.now()
    lists = platform.status_lists_of(found.status_batch, now=now)
    bundle = build_bundle(
        certificate=parse_object(file_of(found)),
        did_documents=[platform.did_document()],
        status_lists=[parse_object(signed) for signed in lists.values()],
        as_of=now,
    )
    name = _file_name(found.piece, "bundle")
    kind = "application/json"
    return public_file(request, canonical_bytes(bundle), kind=kind, cache=_SHORT, name=name)


def _found(public_id: str) -> Certificate:
    certificates: QuerySet[Certificate] = Certificate.objects.all()
    return get_object_or_404(
        certificates.select_related("piece__maker", "status_batch"), public_id=public_id
    )


def _slim(spoken: Headline) -> Headline:
    """The ribbon of one line: whoever reads a certificate asks first whether it is current."""
    if spoken.answer is not TagAnswer.NOT_SCANNED:
        return spoken
    return replace(spoken, title="Certificate current. No tag was read.")


def _file_name(piece: Piece, what: str) -> str:
    return f"{slugify(piece.title)[:40] or 'piece'}-{what}.json"


def _printed(certificate: Certificate) -> dict[str, object]:
    """What the paper says, from the signed bytes alone; only the pictures come from rows."""
    subject = subject_of(parse_object(bytes(certificate.body)))
    facts = piece_of(subject)
    return {
        "certificate": certificate.public_id,
        "version": certificate.version,
        "signed_at": certificate.valid_from,
        "title": facts.title,
        "line": jewelry.printed_line(facts),
        "edition": comparison.edition_line(facts.edition),
        "pictures": _pictures(certificate.piece),
        "maker": maker_card(certificate.piece.maker, maker_of(subject)),
        "signed_level": maker_of(subject).identity_level,
        "label": LABEL_WITHOUT_RECORD,
        "parts": [(part, jewelry.metal_line(part)) for part in facts.parts],
        "stones": [jewelry.stone_line(stone) for stone in facts.stones],
        "size": comparison.size_line(facts),
        "measures": comparison.measures_line(facts),
        "marks": comparison.struck(facts),
        "facts": facts,
        "is_demonstration": is_demonstration(subject),
        "digest": bytes(certificate.digest).hex(),
        "fingerprint": platform.fingerprint(),
        "how_to_verify": [line.partition(" ")[2] for line in HOW_TO_VERIFY],
    }


def _pictures(piece: Piece) -> list[Picture]:
    photographs = in_order(piece.photographs.all())
    chosen = dict.fromkeys([cover_of(photographs), *photographs])
    shown = [picture_of(each, piece.public_id, size=MIDDLE) for each in chosen]
    return [picture for picture in shown if picture][:3]

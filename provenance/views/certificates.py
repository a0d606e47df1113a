"""The certificate: its page, and the files that verify without us."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from provenance import comparison, jewelry, jewelry_words
from provenance.canonical import JSON, JSONObject, parse_object
from provenance.credentials import read_time, subject_of
from provenance.identity import key_level_words
from provenance.making_told import making_told
from provenance.models.certificate import Certificate
from provenance.models.piece import Photograph, Piece
from provenance.paper import fingerprint_of
from provenance.phrases import joined
from provenance.services.bundles import bundle_of
from provenance.services.standing import Checked, file_of, standing_of
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import CertificateAnswer, Headline, TagAnswer
from provenance.verdict_facts import loss_explained, lost_key_of
from provenance.verdict_unreliable import LostKey
from provenance.views.files import CREDENTIAL, FOREVER, SHORT, open_to_all, public_file
from provenance.views.linked_data import linked_data
from provenance.views.made import making_context
from provenance.views.pictures import MIDDLE, Picture, cover_of, in_order, picture_of
from provenance.views.showing import how_to_verify, maker_card

PAGE, PDF = "text/html", "application/pdf"


def certificate_page(request: HttpRequest, found: Certificate) -> HttpResponse:
    """The certificate as it was signed, and how it stands now."""
    checked = standing_of(found, now=timezone.now())
    body = parse_object(bytes(found.body))
    photographs = _photographs(found.piece, piece_of(subject_of(body)))
    making = making_told(subject_of(body), issued=read_time(body.get("validFrom")))
    context = _printed(found, body) | {
        **making_context(making, found.piece),
        "pictures": _pictures(found.piece, photographs),
        "linked_data": linked_data(body, making, photographs, answer=checked.verdict.answer),
        # Of the key that signed this certificate, which may not be the one of today.
        "fingerprint": checked.verdict.fingerprint or fingerprint_of(parse_object(file_of(found))),
        "headline": _slim(checked.headline),
        "checks": checked.verdict.checks,
        "checked_at": checked.at,
        "record": reverse("provenance:piece", args=[found.piece.public_id]),
        "cause": checked.cause,
        "unreliable": _why_unreliable(checked),
        "key_is_lost": lost_key_of(checked.verdict) is LostKey.PLATFORM,
    }
    return render(request, "provenance/certificate.html", context)


@open_to_all
def certificate_json(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The certificate with its proofs: the bytes as they were signed and stored."""
    found = certificate_found(certificate)
    name = _file_name(found.piece, "certificate")
    response = public_file(request, file_of(found), kind=CREDENTIAL, cache=SHORT, name=name)
    response["Link"] = forms_of(certificate)
    return response


@open_to_all
def certificate_body(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The canonical body without proofs: its SHA-256 is the certificate's digest."""
    found = certificate_found(certificate)
    name = _file_name(found.piece, "body")
    body = bytes(found.body)
    return public_file(request, body, kind="application/json", cache=FOREVER, name=name)


@open_to_all
def certificate_bundle(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """All that a laptop without network needs to check it, the same bytes while nothing changes."""
    found = certificate_found(certificate)
    bundle = bundle_of(found, now=timezone.now()).content
    name = _file_name(found.piece, "bundle")
    return public_file(request, bundle, kind="application/json", cache=SHORT, name=name)


def certificate_found(public_id: str) -> Certificate:
    """A certificate with all that its page and its papers ask of it; Http404 for others."""
    certificates: QuerySet[Certificate] = Certificate.objects.all()
    return get_object_or_404(
        certificates.select_related("piece__maker", "maker", "status_batch"), public_id=public_id
    )


def forms_of(public_id: str) -> str:
    """Every form of a certificate, as a `Link` names them (RFC 8288)."""
    names = ("certificate", "certificate_json", "certificate_pdf", "certificate_bundle")
    page, file, paper, bundle = (reverse(f"provenance:{name}", args=[public_id]) for name in names)
    links = (
        f'<{page}>; rel="alternate"; type="{PAGE}"',
        f'<{file}>; rel="alternate"; type="{CREDENTIAL}"',
        f'<{paper}>; rel="alternate"; type="{PDF}"',
        # It holds more than the certificate, so it is no other form of it.
        f'<{bundle}>; rel="related"; type="application/json"; title="bundle"',
    )
    return ", ".join(links)


def _why_unreliable(checked: Checked) -> str:
    if checked.headline.answer is not CertificateAnswer.UNRELIABLE:
        return ""
    return joined([checked.headline.line, loss_explained(checked.verdict)])


def _slim(spoken: Headline) -> Headline:
    """The ribbon of one line: whoever reads a certificate asks first whether it is current."""
    if spoken.answer is not TagAnswer.NOT_SCANNED:
        return spoken
    return replace(spoken, title="Certificate current. No tag was read.")


def _file_name(piece: Piece, what: str) -> str:
    return f"{slugify(piece.title)[:40] or 'piece'}-{what}.json"


def _printed(certificate: Certificate, body: JSONObject) -> dict[str, object]:
    """What the paper says, from the signed bytes alone."""
    subject = subject_of(body)
    facts = piece_of(subject)
    return {
        "certificate": certificate.public_id,
        "version": certificate.version,
        "supersedes": _superseded(subject),
        "signed_at": certificate.valid_from,
        "title": facts.title,
        "noun": certificate.piece.noun,
        "line": jewelry_words.printed_line(facts),
        "edition": comparison.edition_line(facts.edition),
        "years": comparison.years_line(facts),
        "maker": maker_card(certificate.piece.maker, maker_of(subject)),
        "key_words": key_level_words(maker_of(subject).key_level),
        "parts": [(part, jewelry_words.metal_line(part)) for part in facts.parts],
        "stones": [_stone(stone) for stone in facts.stones],
        "sourcing": [jewelry_words.sourcing_line(claim, facts) for claim in facts.sourcing],
        "care": jewelry_words.care_lines(facts),
        "size": comparison.size_line(facts),
        "measures": comparison.measures_line(facts),
        "marks": comparison.struck(facts),
        "facts": facts,
        "is_demonstration": is_demonstration(subject),
        "digest": bytes(certificate.digest).hex(),
        "how_to_verify": how_to_verify(),
    }


@dataclass(frozen=True)
class PrintedStone:
    """A stone as the paper prints it; a report is a link to what a laboratory says."""

    line: str
    details: tuple[str, ...]
    reports: tuple[tuple[str, str], ...]


def _stone(stone: jewelry.Stone) -> PrintedStone:
    reports = tuple((jewelry_words.report_line(each), each.url) for each in stone.reports)
    return PrintedStone(
        jewelry_words.stone_line(stone), jewelry_words.stone_details(stone), reports
    )


def _superseded(subject: JSONObject) -> dict[str, JSON] | None:
    """The certificate whose place this one takes, with its page here."""
    stated = subject.get("supersedes")
    if not isinstance(stated, dict):
        return None
    public_id = str(stated.get("id")).rpartition("/")[2]
    return {**stated, "page": reverse("provenance:certificate", args=[public_id])}


def _photographs(piece: Piece, facts: jewelry.Piece) -> list[Photograph]:
    """Those the certificate names, which a newer one may have replaced."""
    named = [photo.sha256 for photo in facts.photographs]
    return in_order(Photograph.ever.filter(piece=piece, sha256__in=named))


def _pictures(piece: Piece, photographs: Sequence[Photograph]) -> list[Picture]:
    chosen = dict.fromkeys([cover_of(photographs), *photographs])
    shown = [picture_of(each, piece.public_id, size=MIDDLE) for each in chosen]
    return [picture for picture in shown if picture][:3]

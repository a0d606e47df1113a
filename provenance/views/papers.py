"""What can be printed of a certificate: the paper to frame, and the report of one check."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from provenance import limits
from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.identity import level_words
from provenance.models.certificate import Certificate
from provenance.models.piece import CAPTURED, Photograph, PhotographSource
from provenance.paper import Paper, cover_of, paper_of
from provenance.phrases import joined
from provenance.services import platform
from provenance.services.bundles import bundle_of
from provenance.services.standing import Checked, file_of, standing_of
from provenance.subject import maker_of, piece_of
from provenance.verdict import CertificateAnswer
from provenance.verdict_facts import loss_explained, lost_key_of
from provenance.verdict_unreliable import LostKey
from provenance.views.certificates import PDF, certificate_found, forms_of
from provenance.views.files import SHORT, open_to_all, opened
from provenance.views.pictures import LARGE
from tags import capabilities, papers
from tags.errors import PrintError, TextTooLongError
from tags.print_views import print_fonts
from tags.typesetting import PAGES, press

_OWN = "private, no-store"
_CODE_OPENED = (
    "This browser opened the code of this piece at some time in the last 180 days. That it was "
    "read from the piece itself, or today, is not known."
)
_NO_TAG = "No tag was read for this check."


@open_to_all
def certificate_pdf(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The certificate to frame, with its bundle inside: the same bytes while nothing changes."""
    found, now = certificate_found(certificate), timezone.now()
    printed = _Printed(
        paper=paper_of(parse_object(file_of(found))),
        plate=_plate(found),
        notice=_notice(standing_of(found, now=now)),
        enclosed=_enclosed(found, now),
    )
    # Known before anything is set: what is printed by the same press is the same bytes.
    etag = f'"{hashlib.sha256(f"{printed!r} {_press()}".encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag) or _certificate(request, found, printed)
    if response.status_code in (200, 304):
        # A withdrawal stands on the paper as soon as the other files tell of it.
        opened(response, etag=etag, cache=SHORT)
        response["Link"] = forms_of(certificate)
    return response


@require_safe
def report_pdf(request: HttpRequest, certificate: str) -> HttpResponseBase:
    """The report of a check made now, with what was judged inside: the visitor's own."""
    found, now = certificate_found(certificate), timezone.now().replace(microsecond=0)
    if not limits.allows(request, "print"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    checked = standing_of(found, now=now)
    report = papers.Report(
        at=now,
        headline=checked.headline,
        checks=checked.verdict.checks,
        limit=checked.limit,
        tag=_CODE_OPENED if capabilities.holds_code(request, found.piece) else _NO_TAG,
        level=_level_of(found),
        cause=_reason(checked),
        # Whoever asks again has to trust the key that vouches for what became of the other one.
        key_today=platform.fingerprint() if _key_is_lost(checked) else "",
    )
    paper, enclosed = paper_of(parse_object(file_of(found))), _enclosed(found, now)
    try:
        content = papers.report_pdf(paper, report, enclosed=enclosed, fonts=print_fonts())
    except (PrintError, TextTooLongError):
        return _no_print(request, found)
    response = _pdf(content, found, "check")
    response["Cache-Control"] = _OWN
    return response


@dataclass(frozen=True)
class _Printed:
    """All that the paper of a certificate shows and holds."""

    paper: Paper
    plate: papers.Plate | None
    notice: papers.Notice | None
    enclosed: papers.Enclosed


def _certificate(request: HttpRequest, found: Certificate, printed: _Printed) -> HttpResponse:
    if not limits.allows(request, "print"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    try:
        content = papers.certificate_pdf(
            printed.paper,
            plate=printed.plate,
            notice=printed.notice,
            enclosed=printed.enclosed,
            fonts=print_fonts(),
        )
    except (PrintError, TextTooLongError):
        return _no_print(request, found)
    return _pdf(content, found, "certificate")


def _notice(checked: Checked) -> papers.Notice | None:
    """What stands against it, and in whose words; None while nothing does."""
    spoken = checked.headline
    if checked.verdict.answer is CertificateAnswer.CURRENT:
        return None
    line = joined([spoken.line, loss_explained(checked.verdict)])
    return papers.Notice(
        spoken.title, line, str(spoken.ribbon), _reason(checked), _key_is_lost(checked)
    )


def _key_is_lost(checked: Checked) -> bool:
    return lost_key_of(checked.verdict) is LostKey.PLATFORM


def _level_of(found: Certificate) -> str:
    """How well its maker is known today, beside the mark that it was signed with."""
    stated = maker_of(subject_of(parse_object(bytes(found.body))))
    return level_words(found.maker.identity_level, has_mark=bool(stated.sponsors_mark))


def _reason(checked: Checked) -> str:
    """The words given for it, which have more room on paper than in a headline."""
    cause = checked.cause
    return cause.reason if cause and cause.answer is checked.verdict.answer else ""


def _plate(found: Certificate) -> papers.Plate | None:
    """The photograph that was signed, if the file on record is still that one, byte for byte."""
    signed = cover_of(piece_of(subject_of(parse_object(bytes(found.body)))))
    # A newer certificate may have replaced it on the piece; this one still names it.
    ever = Photograph.ever.filter(piece=found.piece)
    row = ever.filter(sha256=signed.sha256).first() if signed else None
    if signed is None or row is None:
        return None
    note = "" if signed.source in CAPTURED else str(PhotographSource(signed.source).label)
    alt = row.alt or row.get_role_display().capitalize()
    try:
        return _plate_from(row.renditions[LARGE]["file"], signed.sha256, alt, note)
    except OSError:
        return None


# A certificate that is printed once is printed again: a plate takes longer than its page.
@lru_cache(maxsize=32)
def _plate_from(file: str, sha256: str, alt: str, note: str) -> papers.Plate:
    with storages["private"].open(file) as opened:
        content: bytes = opened.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileNotFoundError("the file on record is not the one that was signed")
    return papers.plate_of(content, alt=alt, note=note)


def _enclosed(found: Certificate, now: datetime) -> papers.Enclosed:
    bundled = bundle_of(found, now=now)
    return papers.Enclosed(bundled.content, bundled.as_of)


@lru_cache(maxsize=1)
def _press() -> str:
    pages = hashlib.sha256(b"".join(page.read_bytes() for page in sorted(PAGES.glob("*.typ"))))
    return f"{press(print_fonts())} {pages.hexdigest()}"


def _pdf(content: bytes, found: Certificate, what: str) -> HttpResponse:
    response = HttpResponse(content, content_type=PDF)
    name = slugify(found.piece.title)[:40] or "piece"
    response["Content-Disposition"] = f'inline; filename="{name}-{what}.pdf"'
    return response


def _no_print(request: HttpRequest, found: Certificate) -> HttpResponse:
    context = {"certificate": found.public_id, "title": found.piece.title}
    response = render(request, "provenance/no_paper.html", context, status=503)
    response["Cache-Control"] = _OWN
    return response

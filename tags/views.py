"""What a scanned or typed code opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from provenance import limits
from provenance.case import TagRead
from provenance.models.certificate import Certificate
from provenance.phrases import joined, say, sentence
from provenance.services.standing import TagShown
from provenance.verdict import (
    CertificateAnswer,
    Facts,
    TagAnswer,
    headline,
    limit_words,
)
from provenance.views.pieces import answer_piece, open_record
from provenance.views.records import Record, record_in
from tags import capabilities, codes, visits
from tags.answers import OF_STATE, day_of, notes_on_code
from tags.errors import MalformedCodeError
from tags.life import TagState
from tags.services import openings


class OpenedTag(NamedTuple):
    """The row of a tag as far as opening its code asks about it."""

    pk: int
    public_id: str
    epoch: int
    kind: str
    state: str
    since: datetime
    bound_at: datetime
    tampered_at: datetime | None
    ended_at: datetime | None
    times_opened: int
    most_networks: int


@dataclass(frozen=True)
class Scan:
    """What a code led to: the record, what its tag proved, and the tag as capabilities name it."""

    record: Record
    shown: TagShown
    tag: OpenedTag


_COLUMNS: Final = (*(f"piece__tags__{each}" for each in OpenedTag._fields), "valid_from")


@require_safe
@gzip_page
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind a code, at its own address: a phone shows what it scanned."""
    scan = _scan_of(code)
    response = _opened(request, scan) if scan else _unknown(request)
    if scan and not visits.only_looks(request):
        openings.count(scan.tag.pk, limits.address_of(request), visits.country_of(request))
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def find_code(request: HttpRequest) -> HttpResponse:
    """A code typed by hand: its address, or what is wrong with it beside the field."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return render(request, "tags/find.html")
    try:
        code = codes.read_code(typed)
    except MalformedCodeError as problem:
        return _ask_again(request, typed, problem)
    return redirect("tags:code", code)


def _scan_of(text: str) -> Scan | None:
    """The tag with this code and the record of its piece, if both stand, in one query."""
    try:
        code = codes.read_code(text)
    except MalformedCodeError:
        return None
    certificates: QuerySet[Certificate] = Certificate.objects.current()
    found = record_in(certificates.filter(piece__tags__code=code), *_COLUMNS)
    if found is None:
        return None
    record, columns = found
    *of_tag, signed_at = columns
    tag = OpenedTag(*of_tag)
    # Named in the certificate, or bound to the piece by an act after it was signed.
    read = TagRead(kind=tag.kind, id=tag.public_id, is_bound_since=tag.bound_at > signed_at)
    shown = TagShown(
        answer=OF_STATE.get(TagState(tag.state), TagAnswer.IDENTIFIED),
        read=read,
        since=day_of(
            tag.state, since=tag.since, tampered_at=tag.tampered_at, ended_at=tag.ended_at
        ),
        notes=notes_on_code(tag.times_opened, tag.most_networks),
    )
    return Scan(record, shown, tag)


def _opened(request: HttpRequest, scan: Scan) -> HttpResponse:
    if scan.shown.answer is not TagAnswer.IDENTIFIED:
        return answer_piece(request, scan.record, tag=scan.shown)
    response = open_record(request, scan.record, tag=scan.shown, holds_code=True)
    capabilities.grant(response, request, scan.tag)
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, mistyped and unbound codes, so that it tells nothing of ours."""
    if not limits.allows(request, "code_miss"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    spoken = headline(TagAnswer.NOT_SCANNED, CertificateAnswer.UNKNOWN, facts=Facts())
    context = {"headline": spoken, "limit": limit_words(spoken.answer, Facts())}
    return render(request, "tags/unknown.html", context, status=404)


def _ask_again(request: HttpRequest, typed: str, problem: MalformedCodeError) -> HttpResponse:
    wrong = joined([sentence(problem.args[0]), say("Look at it again.")])
    context = {"typed": typed[:100], "error": wrong}
    if _is_claim_code(typed):
        # The keeper's secret is not repeated on a page.
        context = {
            "error": say("This code claims the piece: keep it to yourself. Type the other one.")
        }
    return render(request, "tags/find.html", context, status=400)


def _is_claim_code(typed: str) -> bool:
    try:
        codes.read_claim_code(typed)
    except MalformedCodeError:
        return False
    return True

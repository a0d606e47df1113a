"""Issuing by the hundred: the same certificates as one by one, in one transaction together."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance import jewelry, keys
from provenance.canonical import JSONObject
from provenance.credentials import create_proofs
from provenance.models.certificate import Certificate, CertificateFile, CertificateProof
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import drafting, issue, making, proofs
from provenance.services.events import Act, record_all
from provenance.services.insert import Columns, insert_all, insert_columns
from provenance.statement import TagStatement

# A durable commit takes milliseconds and a certificate less than one, so many share a commit.
CHUNK = 200

Tags = Mapping[int, Sequence[TagStatement]]


class NotAllReadyError(issue.NotReadyError):
    """One of the pieces breaks laws that a signed piece must keep; none of them was signed."""

    code = "not_all_ready"

    def __init__(self, piece: Piece, problems: Sequence[jewelry.Problem]) -> None:
        super().__init__(problems)
        self.piece = piece


@dataclass(frozen=True)
class Draft:
    """A draft and its facts."""

    piece: Piece
    facts: jewelry.Piece


@dataclass(frozen=True)
class _Written:
    """What is signed of a draft, before it is in the database."""

    certificate: Certificate
    proofs: list[Columns]
    file: Columns


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing in a chunk is garbage yet, and the collector would look at all of it, often."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@transaction.atomic
@_uncollected()
def issue_many(
    *,
    maker: Maker,
    drafts: Sequence[Draft],
    tags: Tags,
    by: User,
    maker_signer: keys.Signer | None = None,
) -> list[Certificate]:
    """Sign these drafts of one maker, all or none; `tags` are theirs by the key of their row.

    They were registered in the transaction at hand, so that nobody else changes them; a few
    hundred at a time. Raises what `issue_certificate` does, with NotAllReadyError for the first
    piece that breaks a law. A correction is signed by itself.
    """
    now = timezone.now().replace(microsecond=0)
    signing = issue.signing_of(maker, maker_signer)
    _take(maker, [draft.piece for draft in drafts], now=now)
    # One after the other, each from its facts to its bytes: what is at hand stays in the cache.
    written = [
        _written(each, tags.get(each.piece.pk, ()), place, signing, now=now)
        for each, place in zip(drafts, proofs.take_places(len(drafts)), strict=True)
    ]
    signed = _store(written)
    record_all("certificate.issued", map(_act, signed), by=by, at=now)
    return signed


def _take(maker: Maker, pieces: Sequence[Piece], *, now: datetime) -> None:
    """Make the drafts signed; one that is none any more, or another maker's, refuses them all."""
    mine = Piece.objects.made_by(maker).drafts().filter(revises__isnull=True)
    drafts = mine.filter(pk__in=[piece.pk for piece in pieces])
    if drafts.update(issued_at=now, changed_at=now) != len(pieces):
        raise issue.AlreadyIssuedError("one of these pieces already has its certificate")
    for piece in pieces:
        piece.maker, piece.issued_at = maker, now
    making.read_steps(pieces)


def _subject(
    draft: Draft, tags: Sequence[TagStatement], key: SigningKey | None, *, now: datetime
) -> JSONObject:
    """What is signed of a draft, which breaks no law."""
    piece, facts = draft.piece, draft.facts
    stated = drafting.stated_subject(piece, facts, tags=tags, nonce=issue.new_nonce(), key=key)
    if found := drafting.Reading(piece, facts, stated, now).problems:
        raise NotAllReadyError(piece, found)
    return making.with_making(stated, piece, now=now)


def _written(
    draft: Draft,
    tags: Sequence[TagStatement],
    place: proofs.Place,
    signing: issue.Signing,
    *,
    now: datetime,
) -> _Written:
    """A certificate with its proofs and its file: what is in no table yet."""
    subject = _subject(draft, tags, signing.key, now=now)
    document = issue.body_of(subject, place=place, now=now)
    certificate = proofs.certificate_row(draft.piece, document, place=place, valid_from=now)
    digest = bytes(certificate.digest)
    made = create_proofs(document, signers=signing.signers, created=now, digest=digest)
    rows = [proofs.proof_columns(proof, now) for proof in made]
    return _Written(certificate, rows, proofs.file_columns(document, made, now))


def _store(written: Sequence[_Written]) -> list[Certificate]:
    """Write them table by table."""
    signed = [each.certificate for each in written]
    insert_all(Certificate, signed)
    for each in written:
        for columns in (*each.proofs, each.file):
            columns["certificate_id"] = each.certificate.pk
    insert_columns(CertificateProof, [columns for each in written for columns in each.proofs])
    insert_columns(CertificateFile, [each.file for each in written])
    return signed


def _act(certificate: Certificate) -> Act:
    facts = {"certificate": certificate.public_id}
    return Act(certificate.maker, certificate.piece, facts, bytes(certificate.digest))

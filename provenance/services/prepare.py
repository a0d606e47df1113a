"""Certificates of makers who sign with a key of their own: prepared here, signed elsewhere."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance.canonical import JSON, JSONObject, canonical_bytes, parse_object
from provenance.credentials import create_proof, maker_of, method_of, read_time, subject_of
from provenance.errors import BadProofError, ProvenanceError
from provenance.models.certificate import Certificate
from provenance.models.keys import KeyLevel, PendingCertificate, SigningKey
from provenance.models.piece import Piece
from provenance.services import drafting, issue, maker_keys, platform, supersede
from provenance.services.proofs import Place, store_certificate, take_places
from provenance.services.register import StaleDraftError
from provenance.statement import TagStatement

LIFETIME = timedelta(hours=24)
_CLOCK_SKEW = timedelta(seconds=300)


class PreparationGoneError(ProvenanceError):
    """The prepared certificate ran out, was prepared anew, or is signed already."""

    code = "preparation_gone"


class KeyOutOfUseError(ProvenanceError):
    """The key that this was prepared for was retired or reported stolen since."""

    code = "key_out_of_use"


@transaction.atomic
def prepare_certificate(
    *, piece: Piece, tags: Sequence[TagStatement], shown: str = ""
) -> PendingCertificate:
    """Write down what the maker is to sign, for a day; what was prepared before is forgotten.

    A day, so that the body can be carried to a machine that is nowhere near a network. Its date is
    that of preparing; when we saw the proof is written beside it (`CertificateProof.created_at`).

    Raises AlreadyIssuedError, StaleDraftError and NotReadyError as issuing does, and
    NoKeyInUseError for a workshop without a key of its own.
    """
    now = timezone.now().replace(microsecond=0)
    key = _own_key(piece)
    if not Piece.objects.drafts().filter(pk=piece.pk, revision=piece.revision).exists():
        raise issue.why_not_issued(piece)
    if shown and shown != drafting.shown_digest(piece):
        raise StaleDraftError(issue.CHANGED_MEANWHILE)
    if found := drafting.problems_of(piece, now=now):
        raise issue.NotReadyError(found)
    (place,) = take_places(1)
    document = issue.unsigned_certificate(piece, tags=tags, now=now, place=place, key=key)
    PendingCertificate.objects.filter(piece=piece).delete()
    return PendingCertificate.objects.create(
        piece=piece,
        key=key,
        public_id=str(document["id"]).rpartition("/")[2],
        body=canonical_bytes(document),
        status_batch=place.batch,
        status_index=place.index,
        prepared_at=now,
        expires_at=now + LIFETIME,
    )


@transaction.atomic
def complete_certificate(*, pending: PendingCertificate, proof: bytes, by: User) -> Certificate:
    """Issue what was prepared, once: the maker's proof has come, and the platform adds its own.

    Raises BadProofError and MalformedError for the proof, PreparationGoneError when it comes too
    late or twice, KeyOutOfUseError when its key was retired or stolen since, StaleDraftError when
    the draft changed since.
    """
    now = timezone.now().replace(microsecond=0)
    _take(pending, now)
    document = parse_object(bytes(pending.body))
    own = maker_keys.read_proof(proof)
    _check(pending, document, own, now=now)
    piece = issue.take_draft(Piece.objects.get(pk=pending.piece_id), now=now)
    _check_unchanged(piece, document, pending)
    ours = create_proof(document, signer=platform.issuing_signer(), created=now)
    certificate = store_certificate(
        piece,
        document,
        [ours, own],
        place=Place(pending.status_batch, pending.status_index),
        valid_from=pending.prepared_at,
        now=now,
    )
    issue.record_issue(certificate, by=by, now=now)
    supersede.settle(piece, certificate, by=by, now=now)
    return certificate


def _own_key(piece: Piece) -> SigningKey:
    key = maker_keys.key_in_use(piece.maker)
    if key is None or key.level != KeyLevel.OWN:
        raise maker_keys.NoKeyInUseError("this workshop has no key of its own")
    return key


def _take(pending: PendingCertificate, now: datetime) -> None:
    """Whoever deletes the row may finish it, in time, and while its key is the one in use."""
    key = maker_keys.hold_key_in_use(pending.piece.maker)
    if key != pending.key:
        raise KeyOutOfUseError("the key this was prepared for is out of use; prepare it anew")
    if not pending.prepared_at <= now < pending.expires_at:
        raise PreparationGoneError("this waited too long; prepare it anew")
    deleted, _ = PendingCertificate.objects.filter(pk=pending.pk).delete()
    if not deleted:
        raise PreparationGoneError("this was signed already, or prepared anew")


def _check(
    pending: PendingCertificate, document: JSONObject, proof: JSONObject, *, now: datetime
) -> None:
    if method_of(proof) != maker_of(document).get("key"):
        raise BadProofError("the proof is by another key than the certificate names")
    created = read_time(proof.get("created"))
    if not pending.prepared_at - _CLOCK_SKEW <= created <= now + _CLOCK_SKEW:
        raise BadProofError("the proof's moment is not between preparing and now")
    maker_keys.check_own_proof(document, proof, bytes(pending.key.public_key))


def _check_unchanged(piece: Piece, document: JSONObject, pending: PendingCertificate) -> None:
    """The draft would make the very same subject again, or somebody changed it since."""
    signed = subject_of(document)
    today = drafting.draft_subject(
        piece,
        tags=_tags_of(signed.get("tags")),
        nonce=str(signed.get("nonce")),
        now=pending.prepared_at,
        key=pending.key,
    )
    if canonical_bytes(today) != canonical_bytes(signed):
        raise StaleDraftError(issue.CHANGED_MEANWHILE)


def _tags_of(stated: JSON) -> list[TagStatement]:
    tags = [tag for tag in (stated if isinstance(stated, list) else []) if isinstance(tag, dict)]
    return [TagStatement(str(tag["kind"]), str(tag["id"]), str(tag["bound"])) for tag in tags]

"""Proof rows: a certificate with its set of proofs, and the file that is served with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from provenance.canonical import JSONObject, canonical_bytes, rewritten_bytes, sha256
from provenance.credentials import attach_proofs, controller_of, method_of
from provenance.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateProof,
    ProofKind,
    StatusBatch,
)
from provenance.models.piece import Piece
from provenance.services import keyring
from provenance.services.lineage import lineage_of
from provenance.statuslist import LENGTH, scattered_index


@dataclass(frozen=True)
class Place:
    """A certificate's place in the three lists of a batch."""

    batch: StatusBatch
    index: int


def take_places(many: int) -> list[Place]:
    """Draw the next indexes, of the newest batch that has room, under its row lock."""
    places: list[Place] = []
    while len(places) < many:
        places += _places_in(_batch_with_room(), many - len(places))
    return places


def _batch_with_room() -> StatusBatch:
    batch = StatusBatch.objects.select_for_update().order_by("-pk").first()
    if batch is None or batch.used >= LENGTH:
        return StatusBatch.objects.create()
    return batch


def _places_in(batch: StatusBatch, many: int) -> list[Place]:
    first, last = batch.used, min(batch.used + many, LENGTH)
    batch.used = last
    batch.save(update_fields=["used"])
    seed = bytes(batch.seed)
    return [Place(batch, scattered_index(each, seed=seed)) for each in range(first, last)]


def store_certificate(
    piece: Piece,
    document: JSONObject,
    proofs: Sequence[JSONObject],
    *,
    place: Place,
    valid_from: datetime,
    now: datetime,
) -> Certificate:
    """Write a signed certificate: its body, each proof, and the bytes that are served."""
    certificate = certificate_row(piece, document, place=place, valid_from=valid_from)
    certificate.save(force_insert=True)
    CertificateProof.objects.bulk_create(proof_row(certificate, proof, now) for proof in proofs)
    file_row(certificate, document, proofs, now).save()
    return certificate


def certificate_row(
    piece: Piece, document: JSONObject, *, place: Place, valid_from: datetime
) -> Certificate:
    body = canonical_bytes(document)
    return Certificate(
        public_id=str(document["id"]).rpartition("/")[2],
        **lineage_of(piece),
        maker=piece.maker,
        body=body,
        # The digest of an unsigned document is that of its canonical bytes.
        digest=sha256(body),
        valid_from=valid_from,
        status_batch=place.batch,
        status_index=place.index,
    )


def proof_row(certificate: Certificate, proof: JSONObject, now: datetime) -> CertificateProof:
    return CertificateProof(certificate=certificate, **proof_columns(proof, now))


def proof_columns(proof: JSONObject, now: datetime) -> dict[str, object]:
    """All but whose proof it is."""
    is_ours = controller_of(proof) == keyring.did()
    return {
        "kind": ProofKind.PLATFORM if is_ours else ProofKind.MAKER,
        "verification_method": method_of(proof),
        "proof": rewritten_bytes(proof),
        "created_at": now,
    }


def file_row(
    certificate: Certificate, document: JSONObject, proofs: Sequence[JSONObject], now: datetime
) -> CertificateFile:
    return CertificateFile(certificate=certificate, **file_columns(document, proofs, now))


def file_columns(
    document: JSONObject, proofs: Sequence[JSONObject], now: datetime
) -> dict[str, object]:
    """All but whose file it is."""
    return {"content": rewritten_bytes(attach_proofs(document, proofs)), "created_at": now}

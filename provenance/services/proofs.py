"""Proof rows: a certificate with its set of proofs, and the file that is served with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.db.models.sql.compiler import SQLCompiler

from provenance.canonical import JSONObject, canonical_bytes, rewritten_bytes, sha256
from provenance.credentials import attach_proofs, controller_of, method_of
from provenance.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateProof,
    CertificateQuerySet,
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


def served_without(
    certificates: CertificateQuerySet, methods: Iterable[str]
) -> CertificateQuerySet:
    """Those whose newest file, which is the one that is served, has no proof by these methods."""
    files = CertificateFile.objects.filter(certificate=OuterRef("pk")).order_by("-pk")
    served = Subquery(files.values("content")[:1])
    for method in methods:
        # As canonical JSON writes it; nothing that is quoted within a text looks so.
        named = Value(canonical_bytes({"verificationMethod": method})[1:-1])
        certificates = certificates.filter(Exact(Coalesce(_Place(served, named), 0), 0))
    return certificates


class _Place(Func):
    """Where bytes stand in other bytes, counted from 1; 0 where they do not."""

    function = "INSTR"
    output_field = IntegerField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        turned = self.copy()
        turned.set_source_expressions(self.get_source_expressions()[::-1])
        template = "POSITION(%(expressions)s)"
        return turned.as_sql(compiler, connection, template=template, arg_joiner=" IN ", **context)

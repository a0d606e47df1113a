"""Signing again after a theft: many to a durable commit, and memory that does not grow."""

import resource
import secrets
import time

from django.db import transaction
from django.utils import timezone

from bench.site import open_site
from bench.table import Row, print_table
from provenance.models.certificate import Certificate, CertificateProof
from provenance.models.keys import SigningKey
from provenance.models.piece import Piece
from provenance.services import key_life, reproof
from provenance.services.proofs import Place, take_places
from tests.factories import make_certificate, make_mira

LEAST_TIMES = 10
MOST_MEGABYTES = 200
MANY, FEW, ALONE = 10_000, 2_000, 40


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise, on the scratch database of the run."""
    open_site()
    many = FEW if quick else MANY
    _certificates(many + ALONE)
    _lose_the_key()
    alone = _rate(ALONE, batch=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    together = _rate(many, batch=reproof.BATCH)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Row(
            f"sign again, {reproof.BATCH} to a commit",
            together,
            "/s",
            "one to a commit",
            alone,
            together / alone,
            f">= {LEAST_TIMES} times",
        ),
        Row(f"memory grown over {many:,} of them", grown, "MB", promise=f"< {MOST_MEGABYTES} MB"),
    ]


def _certificates(many: int) -> None:
    """Copies of one certificate under other ids: signing again reads body, proofs and dates."""
    first = make_certificate(make_mira("mira-of-the-thefts"))
    proof = first.proofs.get()
    pieces = Piece.objects.bulk_create(
        (_piece_like(first.piece) for _ in range(many)), batch_size=500
    )
    with transaction.atomic():
        places = take_places(many)
    copies = Certificate.objects.bulk_create(
        (_copy(first, *each) for each in zip(pieces, places, strict=True)), batch_size=500
    )
    CertificateProof.objects.bulk_create(
        (
            CertificateProof(
                certificate=copy,
                kind=proof.kind,
                verification_method=proof.verification_method,
                proof=proof.proof,
                created_at=proof.created_at,
            )
            for copy in copies
        ),
        batch_size=500,
    )


def _piece_like(piece: Piece) -> Piece:
    kept = {
        field.attname: getattr(piece, field.attname)
        for field in Piece._meta.concrete_fields
        if field.name not in {"id", "public_id"}
    }
    return Piece(**kept)


def _copy(first: Certificate, piece: Piece, place: Place) -> Certificate:
    return Certificate(
        piece=piece,
        maker=first.maker,
        body=first.body,
        digest=secrets.token_bytes(32),
        valid_from=first.valid_from,
        status_batch=place.batch,
        status_index=place.index,
    )


def _lose_the_key() -> None:
    key = SigningKey.objects.of_platform().in_use().get()
    # Everything so far is older than the theft, which has happened when it is told.
    time.sleep(2)
    at = timezone.now().replace(microsecond=0)
    key_life.report_platform_compromise(key=key, at=at, reason="Measured.")


def _rate(many: int, *, batch: int) -> float:
    began, signed = time.perf_counter(), 0
    for count in reproof.reproof(batch=batch):
        signed += count
        if signed >= many:
            break
    return signed / (time.perf_counter() - began)


if __name__ == "__main__":
    print_table(measure())

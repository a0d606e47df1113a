"""Issuing: from a draft to a signed certificate, exactly once."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance import jewelry, keys, statement
from provenance.canonical import JSONObject, canonical_bytes, digest_of
from provenance.credentials import (
    StatusEntry,
    StatusRefs,
    attach_proofs,
    build_certificate,
    create_proof,
)
from provenance.errors import ProvenanceError
from provenance.identifiers import new_public_id
from provenance.models.certificate import (
    Certificate,
    CertificateFile,
    CertificateProof,
    ProofKind,
    StatusBatch,
)
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import platform
from provenance.services.events import record
from provenance.services.facts import facts_of
from provenance.services.register import StaleDraftError
from provenance.statuslist import LENGTH, scattered_index
from provenance.wording import lint
from provenance.wording_data import metals_of, stones_of


class NotReadyError(ProvenanceError):
    """The piece breaks laws that a signed piece must keep; `problems` lists them."""

    code = "not_ready"

    def __init__(self, problems: Sequence[jewelry.Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = tuple(problems)


class AlreadyIssuedError(ProvenanceError):
    """Another device signed this piece first."""

    code = "already_issued"


@dataclass(frozen=True)
class _Place:
    """A certificate's place in the three lists of a batch."""

    batch: StatusBatch
    index: int


def problems_of(piece: Piece, *, now: datetime) -> tuple[jewelry.Problem, ...]:
    """What still stands between this draft and its certificate."""
    facts = facts_of(piece)
    return (
        *jewelry.problems_of(facts, year_now=now.year, admits_computer_images=settings.DEMO),
        *_claims_without_record(piece),
    )


def _claims_without_record(piece: Piece) -> list[jewelry.Problem]:
    """Words of the title and the description that no record of this piece grants (rule W1)."""
    subject = draft_subject(piece, tags=(), nonce="")
    stones, metals = stones_of(subject), metals_of(subject)
    return [
        jewelry.Problem(path, "wording_refused", f"{found.why}. Allowed here: {found.best}.")
        for path, text in (("title", piece.title), ("description", piece.description))
        for found in lint(text, granted=(), stones=stones, metals=metals)
    ]


@transaction.atomic
def issue_certificate(
    *, piece: Piece, tags: Sequence[statement.TagStatement], by: User
) -> Certificate:
    """Sign a draft: one certificate, whatever else asks for it at the same moment.

    Raises NotReadyError with every law it breaks, AlreadyIssuedError for the second asker, and
    StaleDraftError when the facts changed since `piece` was read: nobody signs what they did not
    see.
    """
    now = timezone.now().replace(microsecond=0)
    # The database settles the race: one update finds the draft, the other finds none.
    seen = Piece.objects.drafts().filter(pk=piece.pk, revision=piece.revision)
    if not seen.update(issued_at=now, changed_at=now):
        raise _why_not_issued(piece)
    piece = Piece.objects.select_related("maker").get(pk=piece.pk)
    found = problems_of(piece, now=now)
    if found:
        raise NotReadyError(found)
    certificate = _sign(piece, tags=tags, now=now)
    record(
        "certificate.issued",
        by=by,
        maker=piece.maker,
        piece=piece,
        facts={"certificate": certificate.public_id},
        digest=bytes(certificate.digest),
        at=now,
    )
    return certificate


def _why_not_issued(piece: Piece) -> ProvenanceError:
    if Piece.objects.drafts().filter(pk=piece.pk).exists():
        return StaleDraftError("this draft was changed on another device; look at it again")
    return AlreadyIssuedError("this piece already has its certificate")


def draft_subject(
    piece: Piece, *, tags: Sequence[statement.TagStatement], nonce: str
) -> JSONObject:
    """The subject that signing this piece now would sign; for the preview too."""
    maker = piece.maker
    frame = statement.SubjectFrame(
        url=f"{settings.SITE_URL}/p/{piece.public_id}",
        maker=maker_statement(maker),
        tags=tuple(tags),
        nonce=nonce,
        is_demonstration=settings.DEMO,
    )
    return statement.subject_of(facts_of(piece), frame)


def maker_statement(maker: Maker) -> statement.MakerStatement:
    """What a certificate says of its maker; every key is the platform's until makers hold one."""
    return statement.MakerStatement(
        did=keys.did_web(settings.SITE_URL, "j", maker.slug),
        name=f"{maker.name}, {maker.town}",
        person=maker.person,
        identity_level=maker.identity_level,
        country=maker.country,
        key_level="recorded",
        sponsors_mark=maker.sponsors_mark,
    )


def _sign(piece: Piece, *, tags: Sequence[statement.TagStatement], now: datetime) -> Certificate:
    public_id, place = new_public_id(), _take_place()
    document = build_certificate(
        site_url=settings.SITE_URL,
        public_id=public_id,
        issuer_name=settings.SITE_NAME,
        valid_from=now,
        status=_status_refs(place),
        subject=draft_subject(piece, tags=tags, nonce=_nonce()),
    )
    signer = platform.signer()
    proof = create_proof(document, signer=signer, created=now)
    certificate = Certificate.objects.create(
        public_id=public_id,
        piece=piece,
        maker=piece.maker,
        body=canonical_bytes(document),
        digest=digest_of(document),
        valid_from=now,
        status_batch=place.batch,
        status_index=place.index,
    )
    CertificateProof.objects.create(
        certificate=certificate,
        kind=ProofKind.PLATFORM,
        verification_method=signer.verification_method,
        proof=canonical_bytes(proof),
        created_at=now,
    )
    CertificateFile.objects.create(
        certificate=certificate,
        content=canonical_bytes(attach_proofs(document, [proof])),
        created_at=now,
    )
    return certificate


def _take_place() -> _Place:
    """Draw the next index of the newest batch that has room, under its row lock."""
    batch = StatusBatch.objects.select_for_update().order_by("-pk").first()
    if batch is None or batch.used >= LENGTH:
        batch = StatusBatch.objects.create()
    position = batch.used
    batch.used += 1
    batch.save(update_fields=["used"])
    return _Place(batch, scattered_index(position, seed=bytes(batch.seed)))


def _status_refs(place: _Place) -> StatusRefs:
    return StatusRefs(
        **{
            purpose: StatusEntry(platform.list_number(place.batch, purpose), place.index)
            for purpose in platform.PURPOSES
        }
    )


def _nonce() -> str:
    """128 random bits as base64url, so that no digest of the body can be guessed."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")

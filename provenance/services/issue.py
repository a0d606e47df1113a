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
from provenance.canonical import JSONObject
from provenance.credentials import StatusEntry, StatusRefs, build_certificate, create_proofs
from provenance.errors import ProvenanceError
from provenance.identifiers import new_public_id
from provenance.models.authorisation import Act, Authorisation
from provenance.models.certificate import Certificate
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services import lineage, maker_keys, platform, supersede
from provenance.services.authorise import allow_key_use
from provenance.services.drafting import draft_subject, problems_of, shown_digest
from provenance.services.events import record
from provenance.services.proofs import Place, store_certificate, take_places
from provenance.services.register import StaleDraftError

CHANGED_MEANWHILE = "this draft was changed on another device; look at it again"


class NotReadyError(ProvenanceError):
    """The piece breaks laws that a signed piece must keep; `problems` lists them."""

    code = "not_ready"

    def __init__(self, problems: Sequence[jewelry.Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = tuple(problems)


class AlreadyIssuedError(ProvenanceError):
    """Another device signed this piece first."""

    code = "already_issued"


@transaction.atomic
def issue_certificate(
    *,
    piece: Piece,
    tags: Sequence[statement.TagStatement],
    by: User,
    shown: str = "",
    maker_signer: keys.Signer | None = None,
) -> Certificate:
    """Sign a draft: one certificate, whatever else asks for it at the same moment.

    The certificate of a correction takes the place of the one before it.

    `shown` is the `shown_digest` of what the signer looked at, where somebody did;
    `maker_signer` is the maker's key that `maker_keys.unlock` opened, where one is kept here.

    Raises NotReadyError with every law it breaks, AlreadyIssuedError for the second asker,
    StaleDraftError when the facts changed since `piece` was read: nobody signs what they did not
    see; MakerKeyLockedError and MakerSignsElsewhereError when the maker's proof would be missing;
    NotAuthorisedError when a key kept here signs and the passkey of `by` did not allow it;
    CertificateSuspendedError and WithdrawnByPlatformError for a correction that may not be.
    """
    now = timezone.now().replace(microsecond=0)
    piece = take_draft(piece, now=now)
    seen = shown_digest(piece)
    if shown and shown != seen:
        raise StaleDraftError(CHANGED_MEANWHILE)
    found = problems_of(piece, now=now)
    if found:
        raise NotReadyError(found)
    certificate = _sign(piece, tags=tags, now=now, maker_signer=maker_signer)
    allowed = _allowed(by, seen, now) if maker_signer else None
    record_issue(certificate, by=by, now=now, allowed=allowed)
    supersede.settle(piece, certificate, by=by, now=now)
    return certificate


def take_draft(piece: Piece, *, now: datetime) -> Piece:
    """Make the draft signed, in the transaction at hand; the database settles the race.

    Raises AlreadyIssuedError, StaleDraftError for another revision than was read, and the errors
    of `lineage.check_may_follow` for a correction.
    """
    # One update finds the draft, the other finds none.
    seen = Piece.objects.drafts().filter(pk=piece.pk, revision=piece.revision)
    if not seen.update(issued_at=now, changed_at=now):
        raise why_not_issued(piece)
    taken = Piece.objects.select_related("maker", "revises").get(pk=piece.pk)
    if taken.revises:
        lineage.check_may_follow(taken.revises)
    return taken


def _allowed(by: User, shown: str, now: datetime) -> Authorisation | None:
    digest = bytes.fromhex(shown)
    return allow_key_use(by=by, act=Act.SIGN_PIECE, digest=digest, now=now)


def record_issue(
    certificate: Certificate, *, by: User, now: datetime, allowed: Authorisation | None = None
) -> None:
    piece, facts = certificate.piece, {"certificate": certificate.public_id}
    if allowed:
        facts["authorisation"] = allowed.public_id
    record(
        "certificate.issued",
        by=by,
        maker=piece.maker,
        piece=piece,
        facts=facts,
        digest=bytes(certificate.digest),
        at=now,
    )


def why_not_issued(piece: Piece) -> ProvenanceError:
    if Piece.objects.drafts().filter(pk=piece.pk).exists():
        return StaleDraftError(CHANGED_MEANWHILE)
    return AlreadyIssuedError("this piece already has its certificate")


def _sign(
    piece: Piece,
    *,
    tags: Sequence[statement.TagStatement],
    now: datetime,
    maker_signer: keys.Signer | None,
) -> Certificate:
    signing = signing_of(piece.maker, maker_signer)
    (place,) = take_places(1)
    document = unsigned_certificate(piece, tags=tags, now=now, place=place, key=signing.key)
    proofs = create_proofs(document, signers=signing.signers, created=now)
    return store_certificate(piece, document, proofs, place=place, valid_from=now, now=now)


@dataclass(frozen=True)
class Signing:
    """Who signs for a maker now: the platform, and beside it `key`, the maker's that is in use."""

    signers: tuple[keys.Signer, ...]
    key: SigningKey | None


def signing_of(maker: Maker, maker_signer: keys.Signer | None) -> Signing:
    """Asked in the transaction that signs.

    Raises MakerKeyLockedError and MakerSignsElsewhereError when the maker's proof would be missing.
    """
    key = maker_keys.key_in_use(maker)
    return Signing((platform.issuing_signer(), *_beside(key, maker_signer)), key)


def _beside(key: SigningKey | None, signer: keys.Signer | None) -> list[keys.Signer]:
    """The maker's signer, where a key of theirs is kept here; it must be opened, and be theirs."""
    if key is None:
        return []
    if key.level == KeyLevel.OWN:
        raise maker_keys.MakerSignsElsewhereError("this workshop signs with a key of its own")
    if signer is None or signer.public_key != bytes(key.public_key):
        raise maker_keys.MakerKeyLockedError("the workshop's key must be opened to sign")
    return [signer]


def unsigned_certificate(
    piece: Piece,
    *,
    tags: Sequence[statement.TagStatement],
    now: datetime,
    place: Place,
    key: SigningKey | None,
) -> JSONObject:
    """The body that this draft makes at this moment, with a new id and nonce."""
    subject = draft_subject(piece, tags=tags, nonce=new_nonce(), now=now, key=key)
    return body_of(subject, place=place, now=now)


def body_of(subject: JSONObject, *, place: Place, now: datetime) -> JSONObject:
    """A certificate of this subject, unsigned, with a new id."""
    return build_certificate(
        site_url=settings.SITE_URL,
        public_id=new_public_id(),
        issuer_name=settings.SITE_NAME,
        valid_from=now,
        status=_status_refs(place),
        subject=subject,
    )


def _status_refs(place: Place) -> StatusRefs:
    return StatusRefs(
        **{
            purpose: StatusEntry(platform.list_number(place.batch, purpose), place.index)
            for purpose in platform.PURPOSES
        }
    )


def new_nonce() -> str:
    """128 random bits as base64url, so that no digest of the body can be guessed."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")

"""The acts on evidence: files put behind the steps of a draft, and taken away again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.core import signing
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.identifiers import new_public_id
from provenance.models.making import CredentialState, EvidenceKind, MakingStep, StepEvidence
from provenance.models.piece import AI_MADE, Piece
from provenance.services import making
from provenance.services.events import record
from provenance.services.register import SafePhotograph, SignedPieceError, store_picture

# Others, such as one design file, rightly stand in the record of every piece made from them.
SHOWS_ONE_PIECE = frozenset({EvidenceKind.PHOTO, EvidenceKind.VIDEO})
# How long a camera opened in the page stays open.
CAMERA_SECONDS = 15 * 60
_SALT = "provenance.camera"


class AIEvidenceError(ProvenanceError):
    """An AI image shows nothing of how a piece was made (rule A1)."""

    code = "ai_image_is_no_evidence"


class RepeatedEvidenceError(ProvenanceError):
    """The same file is evidence of this record already."""

    code = "evidence_repeated"


class EvidenceElsewhereError(ProvenanceError):
    """The same photograph or film is evidence for another piece (rule X2)."""

    code = "evidence_used_elsewhere"


class CameraClosedError(ProvenanceError):
    """A picture says it was taken in the page, but no camera was open for this step."""

    code = "camera_closed"


@dataclass(frozen=True)
class Shown:
    """A file that shows a step, as it came in.

    `original_sha256`: 64 hex digits of the bytes as they came. `captured_at`: by a signing
    camera, or by our own clock when `is_in_app`. `picture` is None for what is only kept: then
    `content` is those bytes.
    """

    kind: str
    original_sha256: str
    source: str = ""
    picture: SafePhotograph | None = None
    content: "File[bytes] | None" = None
    name: str = ""
    captured_at: datetime | None = None
    is_in_app: bool = False
    c2pa_state: str = CredentialState.UNREAD
    c2pa_says: str = ""


def add_evidence(*, step: MakingStep, shown: Shown, by: User) -> StepEvidence:
    """Put a file behind a step of a draft, with an event that says since when it is on record.

    Raises AIEvidenceError, RepeatedEvidenceError, EvidenceElsewhereError or SignedPieceError;
    nothing is kept then.
    """
    piece = step.piece
    if shown.source in AI_MADE:
        raise AIEvidenceError("An AI image is no photograph of this work, so it shows nothing.")
    digest = shown.picture.largest.sha256 if shown.picture else shown.original_sha256
    _check_single(piece, shown, digest)
    columns = _columns_of_file(piece, shown)
    with transaction.atomic():
        # The row lock of this update orders us against a signing on another device.
        if not Piece.objects.drafts().filter(pk=piece.pk).update(changed_at=timezone.now()):
            raise SignedPieceError("this piece is signed; its record no longer changes")
        _check_single(piece, shown, digest)
        evidence = StepEvidence.objects.create(
            step=step,
            piece=piece,
            kind=shown.kind,
            sha256=digest,
            original_sha256=shown.original_sha256,
            source=shown.source,
            captured_at=shown.captured_at,
            is_in_app=shown.is_in_app,
            c2pa_state=shown.c2pa_state,
            c2pa_says=shown.c2pa_says,
            name=shown.name[:120],
            **columns,
        )
        record(
            "evidence.recorded",
            by=by,
            maker=piece.maker,
            piece=piece,
            facts={"step": step.ident, "evidence": evidence.public_id, "sha256": digest},
            digest=bytes.fromhex(digest),
            at=evidence.recorded_at,
        )
    return evidence


def remove_evidence(*, evidence: StepEvidence) -> None:
    with transaction.atomic():
        draft = Piece.objects.drafts().filter(pk=evidence.piece_id)
        if not draft.update(changed_at=timezone.now()):
            raise SignedPieceError("this piece is signed; its record no longer changes")
        evidence.delete()


def _check_single(piece: Piece, shown: Shown, digest: str) -> None:
    digests = [digest, shown.original_sha256]
    mine = piece.evidence.filter(sha256=digest) | piece.evidence.filter(
        original_sha256=shown.original_sha256
    )
    if mine.exists():
        raise RepeatedEvidenceError("This file stands behind a step of this piece already.")
    if shown.kind not in SHOWS_ONE_PIECE:
        return
    if other := making.evidence_elsewhere(piece, digests):
        name = making.called(other, beside=piece)
        raise EvidenceElsewhereError(f"This file was also used for piece {name}. Take another.")


def _columns_of_file(piece: Piece, shown: Shown) -> dict[str, object]:
    if shown.picture:
        return {
            "width": shown.picture.largest.width,
            "height": shown.picture.largest.height,
            "placeholder": shown.picture.placeholder,
            "renditions": store_picture(piece, shown.picture),
        }
    if shown.content is None:
        return {}
    # Its own name could hold anything; we keep it under one of ours.
    place = f"pieces/{piece.public_id}/evidence/{new_public_id()}"
    return {"file": storages["private"].save(place, shown.content)}


# -- capture in the page ------------------------------------------------------------------------


def open_camera(*, step: MakingStep, now: datetime) -> str:
    """A ticket for pictures taken in the page from now on, for this step alone."""
    facts = {"step": step.pk, "at": now.timestamp()}
    return signing.dumps(facts, salt=_SALT, compress=True)


def captured_in_page(*, ticket: str, step: MakingStep, after: timedelta, now: datetime) -> datetime:
    """When a picture was taken: `after` the camera opened, by our clock and never by the phone's.

    Raises CameraClosedError for a ticket that is not ours, too old, of another step, or a time
    that has not come.
    """
    try:
        facts = signing.loads(ticket, salt=_SALT, max_age=CAMERA_SECONDS)
    except signing.BadSignature as problem:
        raise CameraClosedError(
            "The camera was closed meanwhile. Take the picture again."
        ) from problem
    opened = datetime.fromtimestamp(facts["at"], tz=now.tzinfo)
    captured = opened + after
    if facts["step"] != step.pk or not opened <= captured <= now:
        raise CameraClosedError("The camera was closed meanwhile. Take the picture again.")
    return captured

"""Files that show a step, as they come in: their digest, their size, and whether it is a film."""

import hashlib
import re
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from memories.errors import EmptyFileError
from memories.media_plan import MEGABYTE
from provenance.errors import ProvenanceError
from provenance.films import HEAD, film_kind
from provenance.models.making import MakingStep

DIGEST: Final = re.compile(r"^[0-9a-f]{64}\Z")
MOST_FOR_A_STEP = 20


class DigestMismatchError(ProvenanceError):
    """What arrived is not what was sent: the page and the site count different digests."""

    code = "digest_mismatch"


class FileTooLargeError(ProvenanceError):
    """A film or file of evidence has more bytes than this site keeps."""

    code = "file_too_large"


class TooMuchEvidenceError(ProvenanceError):
    """There is as much evidence behind this step as a record holds."""

    code = "evidence_full"


def digest_of(upload: "UploadedFile[bytes]", *, told: str = "") -> str:
    """The SHA-256 of the bytes as they came; DigestMismatchError if the page told another."""
    if not upload.size:
        raise EmptyFileError("This file is empty. Choose it again.")
    counted = hashlib.sha256()
    for chunk in upload.chunks():
        counted.update(chunk)
    if told and told != counted.hexdigest():
        raise DigestMismatchError(
            "This file changed on its way to us, so nothing was kept. Send it again."
        )
    return counted.hexdigest()


def is_film(upload: "UploadedFile[bytes]") -> bool:
    """Whether the content, whatever its name says, is an MP4, QuickTime or WebM film."""
    upload.seek(0)
    start = upload.read(HEAD)
    upload.seek(0)
    return film_kind(start) is not None


def check_film(upload: "UploadedFile[bytes]") -> None:
    most = settings.UPLOAD_FILM_MAX_BYTES
    if (upload.size or 0) > most:
        raise FileTooLargeError(
            f"This film is larger than {most // MEGABYTE} MB, the most we take. "
            "Trim it, or choose another."
        )


def check_file(upload: "UploadedFile[bytes]") -> None:
    most = settings.UPLOAD_FILE_MAX_BYTES
    if (upload.size or 0) > most:
        raise FileTooLargeError(
            f"This file is larger than {most // MEGABYTE} MB, the most we take."
        )


def check_room(step: MakingStep) -> None:
    if step.evidence.count() >= MOST_FOR_A_STEP:
        raise TooMuchEvidenceError(
            f"A step holds {MOST_FOR_A_STEP} photographs, films and files. Take one out first."
        )

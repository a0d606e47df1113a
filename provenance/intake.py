"""Photographs coming in at the desk or through the API: made safe before anything keeps them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from memories import media, media_source
from memories.errors import PictureTooLargeError
from memories.media_credentials import Credentials, State
from memories.media_plan import MEGABYTE, RECORD
from provenance.models.making import EvidenceKind
from provenance.services.evidence import Shown
from provenance.services.register import SafePhotograph, SafeRendition


@dataclass(frozen=True)
class Incoming:
    """A picture made safe, how it says it came about, and what signs for that."""

    picture: SafePhotograph
    declared: str | None
    credentials: Credentials

    def source(self, said: str) -> str:
        """How it came about: of the file's word and the person's the one that discloses more."""
        return media_source.strongest((self.declared, said)) or said

    def as_evidence(self, said: str) -> dict[str, object]:
        """The members of an item of evidence in a making record that the file itself fills."""
        return {"digitalSourceType": self.source(said), **self.credentials.as_evidence()}


def shown_by(
    incoming: Incoming,
    *,
    digest: str,
    said: str,
    captured_at: datetime | None = None,
    is_in_app: bool = False,
) -> Shown:
    """A photograph made safe, as evidence; `digest` is of its bytes as they came.

    Our own clock dates what was taken in the page. Where a camera signed when it took the picture,
    that counts and no other word on it: a claim beside it must not lift a step to E2.
    """
    credentials = incoming.credentials
    is_by_camera = credentials.state is State.CAPTURE and not is_in_app
    return Shown(
        kind=EvidenceKind.PHOTO,
        original_sha256=digest,
        source=incoming.source(said),
        picture=incoming.picture,
        captured_at=credentials.captured_at if is_by_camera else captured_at,
        is_in_app=is_in_app,
        c2pa_state="" if credentials.state is State.UNREAD else str(credentials.state),
        c2pa_says=credentials.told[:300],
    )


@contextmanager
def safe_photograph(upload: "UploadedFile[bytes]", *, said: str) -> Iterator[Incoming]:
    """Make an upload safe; its renditions stand on disk until the block ends.

    `said` is how it came about as the person says: what is no photograph by the person's word or
    by the file's is marked so for machines. Raises a child of UnsafeUploadError with the sentence
    for the person, or MediaUnavailableError when this site cannot read photographs just now.
    """
    if (upload.size or 0) > settings.UPLOAD_PHOTO_MAX_BYTES:
        most = settings.UPLOAD_PHOTO_MAX_BYTES // MEGABYTE
        raise PictureTooLargeError(f"This file is larger than {most} MB, the most we take.")
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        source = Path(folder) / "upload"
        with source.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        made = Path(folder) / "made"
        made.mkdir()
        yield _incoming(media.make_safe(source, into=made, plan=RECORD, said=said))


def _incoming(made: media.SafePicture) -> Incoming:
    picture = SafePhotograph(
        width=made.width,
        height=made.height,
        placeholder=made.placeholder,
        renditions={
            each.name: SafeRendition(each.path, each.width, each.height, each.sha256)
            for each in made.variants
        },
    )
    return Incoming(picture, made.digital_source_type, made.credentials)

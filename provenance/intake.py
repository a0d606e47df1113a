"""Photographs coming in at the desk or through the API: made safe before anything keeps them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from memories import media
from memories.errors import PictureTooLargeError
from memories.media_plan import MEGABYTE, RECORD
from provenance.models.piece import PhotographSource
from provenance.services.register import SafePhotograph, SafeRendition


@dataclass(frozen=True)
class Incoming:
    """A picture made safe, and how it says it came about."""

    picture: SafePhotograph
    declared: str | None

    def source(self, said: str) -> str:
        """How it came about: what a person says, unless the file itself says a model made it."""
        return self.declared if self.declared in PhotographSource.values else said


@contextmanager
def safe_photograph(upload: "UploadedFile[bytes]") -> Iterator[Incoming]:
    """Make an upload safe; its renditions stand on disk until the block ends.

    Raises a child of UnsafeUploadError with the sentence for the person, or
    MediaUnavailableError when this site cannot read photographs just now.
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
        yield _incoming(media.make_safe(source, into=made, plan=RECORD))


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
    return Incoming(picture, made.digital_source_type)

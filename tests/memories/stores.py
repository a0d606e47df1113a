"""A storage like S3: objects under names, no folders, no paths, no appending, nothing to seek."""

import io
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils import timezone

OBJECTS: dict[str, tuple[bytes, datetime]] = {}


class ObjectStore(Storage):
    """All instances look into one bucket, as those of a service do."""

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb" or name not in OBJECTS:
            raise FileNotFoundError(name)
        return File(io.BytesIO(OBJECTS[name][0]), name)

    def _save(self, name: str, content: File) -> str:
        OBJECTS[name] = (b"".join(content.chunks()), timezone.now())
        return name

    def delete(self, name: str) -> None:
        OBJECTS.pop(name, None)

    def exists(self, name: str) -> bool:
        return name in OBJECTS

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """A prefix that nothing begins with is empty, and never missing."""
        inside = [name.removeprefix(f"{path}/") for name in OBJECTS if name.startswith(f"{path}/")]
        folders = {name.partition("/")[0] for name in inside if "/" in name}
        return sorted(folders), sorted(name for name in inside if "/" not in name)

    def size(self, name: str) -> int:
        return len(OBJECTS[name][0])

    def get_modified_time(self, name: str) -> datetime:
        return OBJECTS[name][1]

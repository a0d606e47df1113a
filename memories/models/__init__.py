"""Django looks for models here; the classes are imported from their own modules."""

from memories.models import (
    access,
    chapter,
    gift,
    item,
    montage,
    originals,
    upload,
    version,
    worker,
)

__all__ = [
    "access",
    "chapter",
    "gift",
    "item",
    "montage",
    "originals",
    "upload",
    "version",
    "worker",
]

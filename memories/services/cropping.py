"""Cropping: what was cut away stays in the sealed original, and nowhere else."""

import tempfile
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from memories import media
from memories.errors import CannotCropError
from memories.framing import Frame
from memories.media_plan import Variant
from memories.models.item import Item, ItemKind, ItemState
from memories.services import originals, storage
from memories.services.arrange import take_turn

WHOLE_PICTURE = Variant("whole.webp", 1080, "webp", 78)


@transaction.atomic
def crop(*, item: Item, revision: int, frame: Frame) -> None:
    """Leave only this of a photograph; a worker makes all its files anew from the original.

    The old files go at once, and until the new ones stand nobody sees the photograph. A worker
    that is at it just now loses its lease, so that nothing of the old frame can arrive later.
    Raises CannotCropError, ChangedElsewhereError.
    """
    take_turn(item.montage, revision)
    if item.kind != ItemKind.PHOTOGRAPH or not item.upload_file:
        raise CannotCropError("Only a photograph whose original we still keep can be cut.")
    now = timezone.now()
    files = list(item.renditions.values_list("file", flat=True))
    item.renditions.all().delete()
    Item.objects.filter(pk=item.pk).update(
        crop_left=frame.left,
        crop_top=frame.top,
        crop_width=frame.width,
        crop_height=frame.height,
        state=ItemState.WANTED,
        placeholder="",
        refusal="",
        is_refined=False,
        attempts=0,
        due_at=now,
        leased_until=None,
    )
    transaction.on_commit(partial(_let_go, files))


def _let_go(files: list[str]) -> None:
    for name in files:
        storage.private().delete(name)


def whole_picture(item: Item) -> bytes:
    """The photograph as it was taken, made safe anew, for its keeper alone; kept nowhere.

    Raises CannotCropError when there is no original, and what `media.make_safe` raises.
    """
    if item.kind != ItemKind.PHOTOGRAPH or not item.upload_file:
        raise CannotCropError("The original of this photograph is no longer here.")
    with tempfile.TemporaryDirectory() as bench:
        source = Path(bench) / "original"
        source.write_bytes(b"".join(originals.read(item)))
        into = Path(bench) / "made"
        into.mkdir()
        picture = media.make_safe(source, into=into, plan=[WHOLE_PICTURE])
        return picture.variants[0].path.read_bytes()

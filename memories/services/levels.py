"""Levels: which of them make sense for a page and its memories."""

from memories.errors import NoChipError, NoPinError
from memories.models.montage import Montage, MontageLevel
from provenance.models.piece import Piece
from tags.models.tag import Tag, TagKind

NO_PIN = "Choose a PIN of six digits first: without one nobody could open what it guards."
NO_CHIP = "This piece has no chip that can answer a tap. Choose another way."


def check(montage: Montage, level: str, *, has_pin: bool) -> None:
    """Refuse a level that would let nobody in. Raises NoPinError, NoChipError."""
    if level == MontageLevel.PIN and not has_pin:
        raise NoPinError(NO_PIN)
    if level == MontageLevel.TAP and not has_chip(montage.piece):
        raise NoChipError(NO_CHIP)


def has_chip(piece: Piece) -> bool:
    """Whether a tap can be asked for: a chip whose answers differ each time is on the piece."""
    return Tag.objects.standing().filter(piece=piece, kind=TagKind.NTAG424).exists()

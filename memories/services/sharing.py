"""Sharing: who may see a page, and the PIN that some must type."""

from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from memories.models.montage import Montage, MontageLevel
from memories.montage import Level
from memories.services import levels
from memories.services.arrange import take_turn
from memories.services.epochs import end_access


@dataclass(frozen=True)
class Choice:
    """Who may see a page. `pin` is six digits for a new one, "" to leave it as it is."""

    level: MontageLevel
    pin: str = ""


@transaction.atomic
def choose(*, montage: Montage, revision: int, choice: Choice) -> Montage:
    """Set who may see; a tighter level or a new PIN ends every access given so far.

    Raises NoPinError, NoChipError, ChangedElsewhereError.
    """
    current = take_turn(montage, revision)
    levels.check(current, choice.level, has_pin=current.has_pin or choice.pin != "")
    is_tighter = _rank(choice.level) < _rank(current.level)
    current.level = choice.level
    if choice.pin:
        current.pin_hash = make_password(choice.pin)
    # Nobody but the keeper may see the new level, so "published" would be a word without a page.
    if choice.level == MontageLevel.ONLY_ME:
        current.published_at = None
    current.save(update_fields=["level", "pin_hash", "published_at"])
    if is_tighter or choice.pin:
        end_access(current)
    return current


def is_pin(montage: Montage, typed: str) -> bool:
    """Whether these are its six digits; takes as long for wrong ones as for right ones."""
    return montage.has_pin and check_password(typed, montage.pin_hash)


def _rank(level: str) -> Level:
    return Level[level.upper()]

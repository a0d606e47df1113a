"""The site's key for originals, as the settings hold it."""

from typing import Final

from django.conf import settings

from memories import sealing
from memories.errors import MemoriesKeyError

MISSING: Final = (
    "This site cannot keep memories yet: its key for originals, MEMORIES_KEY, is not set. "
    "Nothing was lost; please tell whoever runs the site."
)


def site_key() -> bytes:
    """The 32 bytes of MEMORIES_KEY. Raises MemoriesKeyError."""
    try:
        key = bytes.fromhex(settings.MEMORIES_KEY)
    except ValueError as problem:
        raise MemoriesKeyError(MISSING) from problem
    # One byte again and again is what somebody types who wants to be done with it.
    if len(key) != sealing.KEY_BYTES or len(set(key)) == 1:
        raise MemoriesKeyError(MISSING)
    return key


def is_ready() -> bool:
    """Whether this site has a key under which originals are kept."""
    try:
        site_key()
    except MemoriesKeyError:
        return False
    return True

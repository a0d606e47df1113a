"""Public names: 128 random bits in base62, unguessable and never a primary key."""

import re
import secrets
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 22  # 62^22 > 2^128
_PAIRS = [high + low for high in ALPHABET for low in ALPHABET]
PATTERN = re.compile(r"[0-9A-Za-z]{22}")


def new_public_id() -> str:
    """22 letters of base62 that carry 128 random bits."""
    number = secrets.randbits(128)
    pairs = []
    for _ in range(LENGTH // 2):
        number, rest = divmod(number, 62 * 62)
        pairs.append(_PAIRS[rest])
    return "".join(reversed(pairs))

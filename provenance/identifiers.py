"""Public names: 128 random bits in base62, unguessable and never a primary key."""

import re
import secrets
import string

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
LENGTH = 22  # 62^22 > 2^128
PATTERN = re.compile(r"[0-9A-Za-z]{22}")


def new_public_id() -> str:
    """22 letters of base62 that carry 128 random bits."""
    number = secrets.randbits(128)
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 62)
        letters.append(ALPHABET[rest])
    return "".join(reversed(letters))

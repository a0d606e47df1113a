"""The codes people read, type and engrave: public codes, and the claim code under the fold.

Both are random characters of Crockford's base32 alphabet and one check character of the same
alphabet. The check is frozen, for it stands on metal: number the characters c_0, c_1, ... from
left to right, the check character last, take each as an element of
GF(32) = GF(2)[x] / (x^5 + x^2 + 1) with alpha = x; a code is whole when

    sum of alpha^i * c_i = 0.

As alpha has the order 31, all weights of a code of up to 31 characters differ: one wrong
character, or two neighbours swapped, can never leave the sum at zero.
"""

import hashlib
import secrets
from functools import reduce
from typing import NewType

from provenance.phrases import say
from tags.errors import MalformedCodeError

PublicCode = NewType("PublicCode", str)
ClaimCode = NewType("ClaimCode", str)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PUBLIC_GROUPS = (4, 4, 5)
CLAIM_GROUPS = (4, 4, 4, 5)

_REDUCTION = 0b100101  # x^5 + x^2 + 1
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_LETTERS = {
    **{letter: letter for letter in ALPHABET},
    **{letter.lower(): letter for letter in ALPHABET},
    **dict.fromkeys("IiLl", "1"),
    **dict.fromkeys("Oo", "0"),
}
# Hyphens and spaces of every width: a code is copied from mails, cards and tables.
_SEPARATORS = dict.fromkeys(
    map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2212 \t\r\n\u00a0\u2009\u202f")
)
_LONGEST_TEXT = 100


def new_code() -> PublicCode:
    """Draw a public code: 60 random bits in 12 characters, and their check character."""
    return PublicCode(_draw(sum(PUBLIC_GROUPS)))


def read_code(text: str) -> PublicCode:
    """Read a public code as people type it: O is 0, I and L are 1, dashes and case do not matter.

    Raises MalformedCodeError when it has not 13 characters, holds a letter we never use
    (U among them) or fails its check.

    >>> read_code("k7qm-2xra-9ft84")
    'K7QM2XRA9FT84'
    """
    return PublicCode(_read(text, length=sum(PUBLIC_GROUPS)))


def show_code(code: str) -> str:
    """Group a public code for the eye.

    >>> show_code("K7QM2XRA9FT84")
    'K7QM-2XRA-9FT84'
    """
    return _grouped(code, PUBLIC_GROUPS)


def new_claim_code() -> ClaimCode:
    """Draw a claim code: 80 random bits in 16 characters, and their check character."""
    return ClaimCode(_draw(sum(CLAIM_GROUPS)))


def read_claim_code(text: str) -> ClaimCode:
    """Read a claim code as people type it; raises MalformedCodeError as `read_code` does."""
    return ClaimCode(_read(text, length=sum(CLAIM_GROUPS)))


def show_claim_code(code: str) -> str:
    """Group a claim code for the eye: 4-4-4-5."""
    return _grouped(code, CLAIM_GROUPS)


def claim_hash(code: ClaimCode) -> bytes:
    """The 32 bytes by which a claim code is known once its card is printed: SHA-256.

    80 random bits need no slow hash and no key; the words before the code keep this use apart.
    """
    return hashlib.sha256(b"touchmark claim code\x00" + code.encode("ascii")).digest()


def _draw(length: int) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + _check_character(body)


def _check_character(body: str) -> str:
    # Each of the 32 letters adds another term, so exactly one brings the sum to zero.
    return next(letter for letter in ALPHABET if _residue(body + letter) == 0)


def _residue(code: str) -> int:
    """The sum of alpha^i * c_i, by Horner's rule from the right."""
    return reduce(lambda total, letter: _times_alpha(total) ^ _VALUES[letter], reversed(code), 0)


def _times_alpha(element: int) -> int:
    doubled = element << 1
    return doubled ^ _REDUCTION if doubled & 0b100000 else doubled


def _read(text: str, *, length: int) -> str:
    if len(text) > _LONGEST_TEXT:
        raise MalformedCodeError(say("this is too long to be a code"))
    letters = [_LETTERS.get(letter) for letter in text.translate(_SEPARATORS)]
    code = "".join(letter for letter in letters if letter is not None)
    if len(code) != len(letters):
        raise MalformedCodeError(say("a code has only digits and letters, and never a U"))
    if len(code) != length:
        raise MalformedCodeError(
            say("this code has %(right)s characters, not %(typed)s", right=length, typed=len(code))
        )
    if _residue(code) != 0:
        raise MalformedCodeError(say("a character is wrong, or two stand in the wrong order"))
    return code


def _grouped(code: str, groups: tuple[int, ...]) -> str:
    starts = [sum(groups[:place]) for place in range(len(groups))]
    return "-".join(code[start : start + size] for start, size in zip(starts, groups, strict=True))

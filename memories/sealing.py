"""Seal files so that nobody reads, shortens, reorders or swaps them without the key.

AES-256-GCM (NIST SP 800-38D) in chunks, after the STREAM construction (Hoang, Reyhanitabar,
Rogaway, Vizar: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015):
the nonce of a chunk holds a prefix drawn for the file, the number of the chunk, and whether it is
the last one. What the file belongs to is authenticated with every chunk.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from memories.errors import BadSealError

KEY_BYTES: Final = 32
CHUNK: Final = 64 * 1024
TAG: Final = 16
MAGIC: Final = b"TMS1"
PREFIX: Final = 7
HEADER: Final = len(MAGIC) + PREFIX
NONCE: Final = 12
MOST_CHUNKS: Final = 2**32
FINGERPRINT_DIGITS: Final = 16


class Readable(Protocol):
    """An open file, wherever it lies."""

    def read(self, size: int, /) -> bytes: ...


def new_key() -> bytes:
    """A data key: 32 random bytes."""
    return AESGCM.generate_key(bit_length=256)


def fingerprint(key: bytes) -> str:
    """A name for a key that tells nothing of it: 16 hexadecimal digits."""
    return hashlib.sha256(b"touchmark memories key\x00" + key).hexdigest()[:FINGERPRINT_DIGITS]


def wrap(data_key: bytes, *, site_key: bytes, bound_to: bytes) -> bytes:
    """A data key that only the site key opens, and only for what it is bound to; 60 bytes."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(site_key).encrypt(nonce, data_key, bound_to)


def unwrap(wrapped: bytes, *, site_key: bytes, bound_to: bytes) -> bytes:
    """The data key again. Raises BadSealError for another site key or another owner."""
    try:
        return AESGCM(site_key).decrypt(wrapped[:NONCE], wrapped[NONCE:], bound_to)
    except (InvalidTag, ValueError) as problem:
        raise BadSealError("the data key does not open") from problem


def seal(content: Iterable[bytes], *, key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """Seal a file given in pieces of any size; `bound_to` names what it belongs to.

    >>> len(b"".join(seal([b"a", b"b"], key=bytes(32), bound_to=b"x"))) - HEADER - TAG
    2
    """
    cipher, prefix = AESGCM(key), secrets.token_bytes(PREFIX)
    header = MAGIC + prefix
    yield header
    held = next(chunks := _chunks(content), b"")
    number = 0
    for chunk in chunks:
        yield cipher.encrypt(_nonce(prefix, number, is_last=False), held, header + bound_to)
        held, number = chunk, number + 1
    yield cipher.encrypt(_nonce(prefix, number, is_last=True), held, header + bound_to)


def unseal(sealed: Readable, *, key: bytes, bound_to: bytes) -> Iterator[bytes]:
    """What was sealed, chunk by chunk, each authenticated before it is given.

    Raises BadSealError where something was changed, moved, added or cut off; what was given
    until then is not the whole and must not be used.
    """
    header = sealed.read(HEADER)
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise BadSealError("this is no sealed file")
    cipher, prefix = AESGCM(key), header[len(MAGIC) :]
    held = sealed.read(CHUNK + TAG)
    for number in range(MOST_CHUNKS):
        following = sealed.read(CHUNK + TAG)
        nonce = _nonce(prefix, number, is_last=not following)
        try:
            yield cipher.decrypt(nonce, held, header + bound_to)
        except (InvalidTag, ValueError) as problem:
            raise BadSealError("a sealed file was changed or cut short") from problem
        if not following:
            return
        held = following


def _nonce(prefix: bytes, number: int, *, is_last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([is_last])


def _chunks(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of CHUNK, the last one shorter."""
    waiting = bytearray()
    for piece in content:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)

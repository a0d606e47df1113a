"""Bitstring status lists: one bit per certificate, published by the hundred thousand."""

import base64
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable
from datetime import datetime

from provenance.canonical import JSONObject
from provenance.credentials import CREDENTIALS_V2, write_time
from provenance.errors import BadStatusListError

# The least the standard allows (Bitstring Status List 1.0, section 6.1), so that a visitor who
# asks for a list does not tell whose certificate he looks at.
LENGTH = 131_072
MAXIMUM_BYTES = 1024 * 1024
_ENCODED_LIMIT = 2 * MAXIMUM_BYTES
_BASE64URL = re.compile(r"u[A-Za-z0-9_-]+")
_GZIP = 31  # zlib's number for "a gzip header, and the largest window"
_ROUNDS = 8


def encode_list(set_indexes: Iterable[int], length: int = LENGTH) -> str:
    """Write a list with these bits set: `u`, then base64url of gzip, the same bytes every time.

    Index 0 is the most significant bit of the first byte. BadStatusListError for an index
    outside the list.
    """
    bits = bytearray(length // 8)
    for index in set_indexes:
        if not 0 <= index < length:
            raise BadStatusListError("an index lies outside the status list")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")


def decode_list(
    encoded: str, *, minimum: int = LENGTH, maximum_bytes: int = MAXIMUM_BYTES
) -> bytes:
    """Read a list back to its bits; at least `minimum` of them, at most `maximum_bytes` bytes.

    Raises BadStatusListError, and never unpacks more than it was allowed.
    """
    bits = _unpack(_packed(encoded), maximum_bytes)
    if len(bits) * 8 < minimum:
        raise BadStatusListError(f"the status list is shorter than {minimum} entries")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """Tell one bit; BadStatusListError for an index outside the list."""
    if not 0 <= index < len(bits) * 8:
        raise BadStatusListError("the index lies outside the status list")
    return bool(bits[index >> 3] & (0x80 >> (index & 7)))


def build_status_list(
    *,
    url: str,
    issuer: str,
    purpose: str,
    set_indexes: Iterable[int],
    valid_from: datetime,
    valid_until: datetime,
) -> JSONObject:
    """Write a status list credential, unsigned; `issuer` is a DID, the moments are aware."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": write_time(valid_from),
        "validUntil": write_time(valid_until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_list(set_indexes),
        },
    }


def scattered_index(position: int, *, seed: bytes, length: int = LENGTH) -> int:
    """Draw the `position`-th index of a list: each exactly once, in an order only `seed` knows.

    A Feistel network over the next even number of bits, walked until it lands inside the list
    (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002): no table, and the last
    index costs what the first did. `seed` has at most 64 bytes.
    """
    if not 0 <= position < length:
        raise BadStatusListError("the status list is full")
    half = ((length - 1).bit_length() + 1) // 2
    index = _feistel(position, half, seed)
    while index >= length:
        index = _feistel(index, half, seed)
    return index


def _packed(encoded: str) -> bytes:
    if len(encoded) > _ENCODED_LIMIT:
        raise BadStatusListError("the status list is larger than any we read")
    if not _BASE64URL.fullmatch(encoded) or len(encoded) % 4 == 2:
        raise BadStatusListError("the status list is not base64url with its u in front")
    text = encoded[1:]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _unpack(packed: bytes, maximum_bytes: int) -> bytes:
    reader = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = reader.decompress(packed, maximum_bytes + 1)
    except zlib.error as problem:
        raise BadStatusListError("the status list does not unpack") from problem
    if len(bits) > maximum_bytes:
        raise BadStatusListError("the status list unpacks to more than any we read")
    if not reader.eof or reader.unused_data:
        raise BadStatusListError("the status list is cut short, or something hangs on it")
    return bits


def _feistel(number: int, half: int, seed: bytes) -> int:
    mask = (1 << half) - 1
    left, right = number >> half, number & mask
    keyed = hashlib.blake2b(key=seed, digest_size=4)
    for turn in range(_ROUNDS):
        # A copy has taken in the key already.
        word = keyed.copy()
        word.update(turn.to_bytes(1, "big") + right.to_bytes(4, "big"))
        left, right = right, left ^ (int.from_bytes(word.digest(), "big") & mask)
    return left << half | right

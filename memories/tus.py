"""The words of tus 1.0, the protocol of resumable uploads: headers read, never believed.

https://tus.io/protocols/resumable-upload, core protocol and the extensions EXTENSIONS.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from memories.errors import TusRequestError

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,creation-with-upload,expiration,termination,checksum"
CHECKSUMS: Final = ("sha1", "sha256")
BODY_TYPE: Final = "application/offset+octet-stream"
LONGEST_METADATA: Final = 2_000
MOST_DIGITS: Final = 15

_KEY = re.compile(r"[!-+\--~]{1,60}")


@dataclass(frozen=True)
class Checksum:
    """A digest that a body must have. tus knows no other use of sha1 than to find slips."""

    algorithm: str
    digest: bytes

    def fits(self, body: bytes) -> bool:
        return hashlib.new(self.algorithm, body, usedforsecurity=False).digest() == self.digest


def read_number(name: str, value: str | None) -> int:
    """A length or an offset in bytes. Raises TusRequestError where it is none."""
    if value is None or not (value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS):
        raise TusRequestError(f"{name} is not a number of bytes.")
    return int(value)


def read_metadata(value: str) -> dict[str, str]:
    """The pairs of Upload-Metadata: keys, and their values as text whatever bytes they were.

    >>> read_metadata("filename c2VhLmpwZw==,music")
    {'filename': 'sea.jpg', 'music': ''}
    """
    if len(value) > LONGEST_METADATA:
        raise TusRequestError("Upload-Metadata is too long.")
    pairs = [each.strip().partition(" ") for each in value.split(",")] if value.strip() else []
    read = {}
    for key, _, spelled in pairs:
        if not _KEY.fullmatch(key) or key in read:
            raise TusRequestError("Upload-Metadata has a key that is none.")
        read[key] = _decode(spelled).decode("utf-8", "replace")
    return read


def read_checksum(value: str | None) -> Checksum | None:
    """The digest the next body has, if one was sent. Raises TusRequestError."""
    if value is None:
        return None
    algorithm, _, spelled = value.partition(" ")
    if algorithm not in CHECKSUMS:
        raise TusRequestError("Upload-Checksum names an algorithm that is not known here.")
    return Checksum(algorithm, _decode(spelled))


def _decode(spelled: str) -> bytes:
    try:
        return base64.b64decode(spelled.strip(), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise TusRequestError("This is not Base64.") from problem


def method_of(method: str, headers: Mapping[str, str]) -> str:
    """The method that is meant: some networks let nothing but GET and POST through."""
    override = headers.get("X-HTTP-Method-Override", "").upper()
    return override if method == "POST" and override in {"PATCH", "DELETE", "HEAD"} else method

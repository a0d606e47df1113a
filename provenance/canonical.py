"""One value, one sequence of bytes: strict JSON in, canonical JSON out."""

import hashlib
import json
import re
import unicodedata
from typing import NoReturn, TypeAlias

import orjson
import rfc8785

from provenance.errors import MalformedError, OutOfSubsetError, ProvenanceError, TooLargeError

JSON: TypeAlias = dict[str, "JSON"] | list["JSON"] | str | int | float | bool | None
JSONObject: TypeAlias = dict[str, JSON]

CERTIFICATE_LIMIT = 256 * 1024
BUNDLE_LIMIT = 2 * 1024 * 1024
DEPTH_LIMIT = 32

# Strings are dropped first, so that a bracket inside a name is not taken for structure. An
# unclosed string runs to the end: the parser refuses it a moment later.
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
_SCALARS = frozenset({int, bool, type(None)})
# RFC 7493 section 2.2: beyond 2^53-1 a double, and so JavaScript, rounds in silence.
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


def parse_json(data: bytes, *, limit: int = CERTIFICATE_LIMIT) -> JSON:
    """Read JSON from outside; size (`limit` bytes) and depth (32) are judged before parsing.

    Raises TooLargeError; MalformedError for anything that is not UTF-8 JSON (a byte order mark
    and NaN are not, RFC 8259 sections 6 and 8.1); OutOfSubsetError for a key that stands twice.

    >>> parse_json(b'{"kind": "ring"}')
    {'kind': 'ring'}
    """
    if len(data) > limit:
        raise TooLargeError(f"it is larger than {limit // 1024} KiB")
    if (value := _read_canonical(data)) is not None:
        return value
    _check_depth(data)
    try:
        return _read(data.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise MalformedError("it is not UTF-8 text") from problem
    except (ValueError, RecursionError) as problem:
        raise MalformedError("it is not JSON") from problem


def parse_object(data: bytes, *, limit: int = CERTIFICATE_LIMIT) -> JSONObject:
    """Read a JSON object with the rules and errors of `parse_json`."""
    value = parse_json(data, limit=limit)
    if not isinstance(value, dict):
        raise MalformedError("it is JSON, but not an object")
    return value


def check_subset(value: object) -> None:
    """Refuse what two programs could canonicalise differently, with OutOfSubsetError.

    Allowed: objects with ASCII keys, lists, NFC text without lone surrogates, integers within
    +-(2^53-1), true, false, null; nested at most 32 deep (TooLargeError).
    """
    canonical_bytes(value)


def canonical_bytes(value: object) -> bytes:
    """Write a value of the subset as RFC 8785 says, in UTF-8.

    Raises the errors of `check_subset`. On the subset a sorted orjson dump *is* RFC 8785: ASCII
    keys sort alike as bytes and as UTF-16, and there is no number but integers.

    >>> canonical_bytes({"b": 1, "a": "x"})
    b'{"a":"x","b":1}'
    """
    _check_kinds(value)
    try:
        written = rewritten_bytes(value)
    except orjson.JSONEncodeError as problem:
        raise OutOfSubsetError(
            "a key is not text, a text holds half a character, or an integer lies beyond 2^53-1"
        ) from problem
    if not written.isascii():
        _check_texts(value)
    return written


def rewritten_bytes(value: object) -> bytes:
    """Write again, as RFC 8785 says, what is made of nothing but values `canonical_bytes` wrote.

    It looks at nothing twice, so it must never meet a value that was not looked at once.
    """
    return orjson.dumps(value, option=_SORTED)


def jcs_bytes(value: JSON) -> bytes:
    """Write any JSON value as RFC 8785 says: slower, for documents that are not ours.

    Raises OutOfSubsetError for what RFC 8785 cannot write: NaN, infinities, lone surrogates,
    integers that a double does not hold.
    """
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as problem:
        raise OutOfSubsetError("RFC 8785 has no form for this value") from problem


def digest_of(document: JSONObject) -> bytes:
    """Name a certificate: SHA-256 (32 bytes) of the canonical document without its `proof`."""
    return sha256(canonical_bytes(without_proof(document)))


def sha256(data: bytes) -> bytes:
    """Hash bytes to 32 bytes (FIPS 180-4)."""
    return hashlib.sha256(data).digest()


def without_proof(document: JSONObject) -> JSONObject:
    """Return the document as it was before anyone signed it."""
    return {key: value for key, value in document.items() if key != "proof"}


def _check_depth(data: bytes) -> None:
    depth = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        if depth > DEPTH_LIMIT:
            raise TooLargeError(f"it is nested deeper than {DEPTH_LIMIT} levels")


def _read(text: str) -> JSON:
    value: JSON = json.loads(
        text, object_pairs_hook=_unique_members, parse_constant=_refuse_constant
    )
    return value


def _unique_members(pairs: list[tuple[str, JSON]]) -> JSONObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise OutOfSubsetError("a key stands twice in one object")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedError(f"{name} is not JSON")


def _read_canonical(data: bytes) -> JSON:
    """Read what is canonical already, as all we publish is; None leaves it to the slow road."""
    try:
        value: JSON = orjson.loads(data)
        # The fast parser keeps the last of two equal keys in silence, but then the value
        # is not written back as it came.
        return value if canonical_bytes(value) == data else None
    except (orjson.JSONDecodeError, ProvenanceError):
        return None


def _check_kinds(value: object) -> None:
    level = [value]
    for _ in range(DEPTH_LIMIT):
        level = _inside(level)
        if not level:
            return
    _inside(level)
    if any(isinstance(innermost, dict | list) for innermost in level):
        raise TooLargeError(f"it is nested deeper than {DEPTH_LIMIT} levels")


def _inside(level: list[object]) -> list[object]:
    """Check the kinds of one level, and return the values one level below."""
    below: list[object] = []
    for value in level:
        if type(value) is str:  # most values are: the first question must be the cheapest
            continue
        if type(value) is dict:
            below += value.values()
        elif type(value) is list:
            below += value
        elif type(value) not in _SCALARS:
            kind = type(value).__name__
            raise OutOfSubsetError(f"a {kind} cannot be signed; write it as text")
    return below


def _check_texts(value: object) -> None:
    if isinstance(value, str):
        if not unicodedata.is_normalized("NFC", value):
            raise OutOfSubsetError("a text is not in Unicode normal form C")
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)
    elif isinstance(value, dict):
        if not "".join(value).isascii():
            raise OutOfSubsetError("a key is not plain ASCII")
        for item in value.values():
            _check_texts(item)

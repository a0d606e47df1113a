"""The bundle: a certificate and all that is needed to check it without any network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from provenance.canonical import (
    BUNDLE_LIMIT,
    CERTIFICATE_LIMIT,
    JSON,
    JSONObject,
    canonical_bytes,
    parse_object,
)
from provenance.credentials import read_time, write_time
from provenance.errors import BadKeyError, MalformedError, OutOfSubsetError, TooLargeError
from provenance.trust import DidDocument, read_did_document

BUNDLE_TYPE = "TouchmarkBundle"
BUNDLE_VERSION = 1
MOST_PARTS = 16
HOW_TO_VERIFY = (
    "1. Take the fingerprint of the issuer's key from the card, not from this file.",
    '2. Run: python -m provenance verify FILE --trust-key "FINGERPRINT"',
    "3. Eleven questions are answered: passed, failed, or not checked, each with its reason.",
    "4. Without the fingerprint the file proves only that it is whole, not who made it.",
    "5. Whether it still stands is known as of the dates of the status lists inside.",
)


@dataclass(frozen=True)
class Bundle:
    """What a bundle brings; nothing in it is believed because it is in it."""

    certificate: JSONObject
    did_documents: tuple[JSONObject, ...]
    status_lists: Mapping[str, JSONObject]


def build_bundle(
    *,
    certificate: JSONObject,
    did_documents: Sequence[JSONObject],
    status_lists: Sequence[JSONObject],
    as_of: datetime,
) -> JSONObject:
    """Put a signed certificate together with what its verifier needs, as of an aware moment."""
    return {
        "type": BUNDLE_TYPE,
        "version": BUNDLE_VERSION,
        "certificate": certificate,
        "didDocuments": [*did_documents],
        "statusLists": [*status_lists],
        "asOf": write_time(as_of),
        "howToVerify": [*HOW_TO_VERIFY],
    }


def is_bundle(value: JSONObject) -> bool:
    """Tell a bundle from a certificate."""
    return value.get("type") == BUNDLE_TYPE


def read_bundle(value: JSONObject) -> Bundle:
    """Take a bundle apart; MalformedError when a part is missing or of another shape.

    TooLargeError when its certificate is larger than one alone may be.
    """
    version = value.get("version")
    if not is_bundle(value) or version != BUNDLE_VERSION or type(version) is not int:
        raise MalformedError("it is not a bundle of a version known here")
    certificate = value.get("certificate")
    if not isinstance(certificate, dict):
        raise MalformedError("the bundle holds no certificate")
    _check_size(certificate)
    read_time(value.get("asOf"))
    lists = {str(part.get("id")): part for part in _parts(value, "statusLists")}
    return Bundle(certificate, _parts(value, "didDocuments"), lists)


def _check_size(certificate: JSONObject) -> None:
    """A certificate is no larger for being in a bundle; TooLargeError where it is."""
    try:
        size = len(canonical_bytes(certificate))
    except OutOfSubsetError:
        return  # the first check says what is wrong with it
    if size > CERTIFICATE_LIMIT:
        raise TooLargeError(f"a certificate has at most {CERTIFICATE_LIMIT // 1024} KiB")


def documents_in(bundle: Bundle) -> tuple[DidDocument, ...]:
    """Read the DID documents a bundle brings, with the errors of `read_did_document`.

    A bad key in a stranger's file is a fault of the file, MalformedError, never of a key of ours.
    """
    try:
        return tuple(read_did_document(document) for document in bundle.did_documents)
    except BadKeyError as problem:
        raise MalformedError(f"a key in didDocuments of the bundle: {problem}") from problem


def parse_bundle(data: bytes) -> Bundle:
    """Read a bundle of at most 2 MiB from outside, with the errors of `parse_json` too."""
    return read_bundle(parse_object(data, limit=BUNDLE_LIMIT))


def _parts(value: JSONObject, name: str) -> tuple[JSONObject, ...]:
    parts: JSON = value.get(name)
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise MalformedError(f"{name} of the bundle is not a list of at most {MOST_PARTS}")
    if not all(isinstance(part, dict) for part in parts):
        raise MalformedError(f"{name} of the bundle holds something that is not an object")
    return tuple(part for part in parts if isinstance(part, dict))

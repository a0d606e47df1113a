"""Whom a verifier believes: keys it already holds, and keys that merely came with a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.canonical import JSON, JSONObject
from provenance.errors import MalformedError
from provenance.keys import read_multikey

LOG_SERVICE = "TransparencyLog"


@dataclass(frozen=True)
class DidDocument:
    """What a DID document says to a verifier: its keys by verification method, in 32 bytes."""

    did: str
    keys: Mapping[str, bytes]
    current: frozenset[str]
    log: str | None


def read_did_document(document: JSON) -> DidDocument:
    """Read what somebody else published; MalformedError or BadKeyError when it makes no sense."""
    if not isinstance(document, dict) or not isinstance(did := document.get("id"), str):
        raise MalformedError("it is not a DID document")
    keys = dict(_read_method(did, method) for method in _list(document, "verificationMethod"))
    current = [method for method in _list(document, "assertionMethod") if isinstance(method, str)]
    return DidDocument(did, keys, frozenset(current) & keys.keys(), _log_of(document))


def _read_method(did: str, method: JSON) -> tuple[str, bytes]:
    if not isinstance(method, dict) or method.get("controller") != did:
        raise MalformedError("the DID document holds a key of somebody else")
    name, key = method.get("id"), method.get("publicKeyMultibase")
    if not isinstance(name, str) or not name.startswith(f"{did}#") or not isinstance(key, str):
        raise MalformedError("the DID document holds a key without its name or value")
    return name, read_multikey(key)


def _list(document: JSONObject, name: str) -> list[JSON]:
    value = document.get(name, [])
    if not isinstance(value, list):
        raise MalformedError(f"{name} of the DID document is not a list")
    return value


def _log_of(document: JSONObject) -> str | None:
    for service in _list(document, "service"):
        if isinstance(service, dict) and service.get("type") == LOG_SERVICE:
            endpoint = service.get("serviceEndpoint")
            return endpoint if isinstance(endpoint, str) else ""
    return None

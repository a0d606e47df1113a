"""Whom a verifier believes: keys it already holds, and keys that merely came with a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.canonical import JSON, JSONObject
from provenance.errors import BadKeyError, MalformedError
from provenance.keys import fingerprint, read_multikey

# A DID document that names such a service promises that every certificate is in a public log.
LOG_SERVICE = "TransparencyLog"


@dataclass(frozen=True)
class DidDocument:
    """What a DID document says to a verifier: its keys by verification method, in 32 bytes."""

    did: str
    keys: Mapping[str, bytes]
    current: frozenset[str]
    log: str | None


@dataclass(frozen=True)
class KnownKey:
    """A key found for a verification method, and what is known of it."""

    public_key: bytes
    is_trusted: bool
    is_current: bool

    @property
    def fingerprint(self) -> str:
        """The key as it is printed on the card."""
        return fingerprint(self.public_key)


@dataclass(frozen=True)
class Trust:
    """What a verifier holds: documents and fingerprints it believes, documents it was handed.

    `fingerprints` are in the form of `keys.fingerprint`.
    """

    documents: tuple[DidDocument, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    supplied: tuple[DidDocument, ...] = ()

    def document_of(self, did: str) -> DidDocument | None:
        """Return the believed document of a DID, if there is one."""
        return next((document for document in self.documents if document.did == did), None)

    def key_of(self, method: str) -> KnownKey | None:
        """Find the key a verification method names; None when nobody says what it is.

        A believed document alone decides for its DID. Without one, a supplied document or the
        method's own Multikey gives the key, and only its fingerprint can make it trusted.
        """
        did = method.partition("#")[0]
        believed = self.document_of(did)
        if believed:
            return _listed(believed, method, is_trusted=True)
        return self._untold_key(did, method)

    def _untold_key(self, did: str, method: str) -> KnownKey | None:
        handed = next((document for document in self.supplied if document.did == did), None)
        found = _listed(handed, method, is_trusted=False) if handed else None
        found = found or _spelled_out(method)
        if found and found.fingerprint in self.fingerprints:
            return KnownKey(found.public_key, is_trusted=True, is_current=found.is_current)
        return found


def read_did_document(document: JSON) -> DidDocument:
    """Read what somebody else published; MalformedError or BadKeyError when it makes no sense."""
    if not isinstance(document, dict) or not isinstance(did := document.get("id"), str):
        raise MalformedError("it is not a DID document")
    keys = dict(_read_method(did, method) for method in _list(document, "verificationMethod"))
    current = [method for method in _list(document, "assertionMethod") if isinstance(method, str)]
    return DidDocument(did, keys, frozenset(current) & keys.keys(), _log_of(document))


def _listed(document: DidDocument, method: str, *, is_trusted: bool) -> KnownKey | None:
    key = document.keys.get(method)
    return KnownKey(key, is_trusted, method in document.current) if key else None


def _spelled_out(method: str) -> KnownKey | None:
    try:
        key = read_multikey(method.partition("#")[2])
    except BadKeyError:
        return None
    return KnownKey(key, is_trusted=False, is_current=True)


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

"""Whom a verifier believes: keys it already holds, and keys that merely came with a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from provenance.canonical import JSON, JSONObject
from provenance.credentials import controller_of, method_of, proofs_of, read_time, verify_proof
from provenance.errors import BadKeyError, MalformedError, ProvenanceError, UnsoundKeyError
from provenance.keys import fingerprint, read_multikey

# A DID document that names such a service promises that every certificate is in a public log.
LOG_SERVICE = "TransparencyLog"
# As long as a status list: whoever was told yesterday which keys are good must ask again today,
# or a key that was stolen since would live on in what was said before the theft.
_VOUCHED_FOR = timedelta(hours=24)
_CLOCK_SKEW = timedelta(seconds=300)
# Keys of a lifetime; each costs a test of its point, so a flood of them is refused.
MOST_KEYS = 256


@dataclass(frozen=True)
class DidDocument:
    """What a DID document says to a verifier: its keys by verification method, in 32 bytes.

    `current` are the methods that may assert; `revoked` says of the stolen ones since when
    nothing of theirs may be believed; `source` is the document as it was read.
    """

    did: str
    keys: Mapping[str, bytes]
    current: frozenset[str]
    log: str | None
    revoked: Mapping[str, datetime] = field(default_factory=dict)
    source: JSONObject = field(default_factory=dict)


@dataclass(frozen=True)
class KnownKey:
    """A key found for a verification method, and what is known of it.

    `revoked` is the moment from which nothing signed with it may be believed, if it was stolen.
    """

    public_key: bytes
    is_trusted: bool
    is_current: bool
    revoked: datetime | None = None

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
        """Return a believed document of a DID, if there is one."""
        return next(iter(self.documents_of(did)), None)

    def documents_of(self, did: str) -> tuple[DidDocument, ...]:
        """Return every believed document of a DID: an old one and a newer one may both be."""
        return tuple(document for document in self.documents if document.did == did)

    def key_of(self, method: str) -> KnownKey | None:
        """Find the key a verification method names; None when nobody says what it is.

        Believed documents alone decide for their DID, and the worst that one of them says of a
        key counts. Without one, a supplied document or the method's own Multikey gives the key,
        and only its fingerprint can make it trusted; whatever else such a document says of it,
        for it or against it, is a stranger's word. Raises UnsoundKeyError for a method that
        spells out a weak or impossible key.
        """
        did = method.partition("#")[0]
        believed = self.documents_of(did)
        if believed:
            return _listed(believed, method)
        return self._untold_key(did, method)

    def _untold_key(self, did: str, method: str) -> KnownKey | None:
        handed = (document.keys for document in self.supplied if document.did == did)
        listed = next((keys[method] for keys in handed if method in keys), None)
        found = _unvouched(listed) if listed else spelled_out(method)
        if found and found.fingerprint in self.fingerprints:
            return replace(found, is_trusted=True)
        return found

    def vouched_by(self, issuer: str, *, now: datetime) -> "Trust":
        """Believe also the supplied documents that a trusted key of this issuer signed of late.

        Its own, so that a key known from an old card leads to the keys that followed it, and
        those of the names beneath it. Who holds a trusted key could sign any certificate with
        it, so nothing is lost by letting it name its successor.
        """
        trust, waiting = self, [each for each in self.supplied if each.did == issuer]
        while found := trust.first_signed(issuer, waiting, now):
            waiting.remove(found)
            trust = replace(trust, documents=(*trust.documents, found))
        beneath = [
            each
            for each in self.supplied
            if each.did.startswith(f"{issuer}:") and trust.has_signed(issuer, each, now)
        ]
        return replace(trust, documents=(*trust.documents, *beneath))

    def first_signed(
        self, issuer: str, documents: Iterable[DidDocument], now: datetime
    ) -> DidDocument | None:
        """Find the first of these documents that `has_signed` is true of."""
        return next((each for each in documents if self.has_signed(issuer, each, now)), None)

    def has_signed(self, issuer: str, document: DidDocument, now: datetime) -> bool:
        """Tell whether a trusted key of the issuer, not a stolen one, signed this of late."""
        try:
            proofs = proofs_of(document.source)
        except ProvenanceError:
            return False
        return any(self._is_signed(issuer, document.source, proof, now) for proof in proofs)

    def _is_signed(
        self, issuer: str, document: JSONObject, proof: JSONObject, now: datetime
    ) -> bool:
        try:
            if controller_of(proof) != issuer or not _is_of_late(proof, now):
                return False
            key = self.key_of(method_of(proof))
            if key is None or not key.is_trusted or not key.is_current:
                return False
            verify_proof(document, proof, public_key=key.public_key)
        except ProvenanceError:
            return False
        return True


def read_did_document(document: JSON) -> DidDocument:
    """Read what somebody else published; MalformedError or BadKeyError when it makes no sense."""
    if not isinstance(document, dict) or not isinstance(did := document.get("id"), str):
        raise MalformedError("it is not a DID document")
    methods = _list(document, "verificationMethod")
    if len(methods) > MOST_KEYS:
        raise MalformedError(f"the DID document holds more than {MOST_KEYS} keys")
    keys = dict(_read_method(did, method) for method in methods)
    asserting = [method for method in _list(document, "assertionMethod") if isinstance(method, str)]
    revoked = dict(_read_revocations(methods))
    current = frozenset(asserting) & keys.keys() - revoked.keys()
    return DidDocument(did, keys, current, _log_of(document), revoked, document)


def spelled_out(method: str) -> KnownKey | None:
    """Read the key from the name of a verification method, where that name is a Multikey.

    Raises UnsoundKeyError where it is one of a weak or impossible key.
    """
    try:
        return _unvouched(read_multikey(method.partition("#")[2]))
    except UnsoundKeyError:
        raise
    except BadKeyError:
        return None


def _unvouched(key: bytes) -> KnownKey:
    return KnownKey(key, is_trusted=False, is_current=True)


def _is_of_late(proof: JSONObject, now: datetime) -> bool:
    created = read_time(proof.get("created"))
    return now - _VOUCHED_FOR - _CLOCK_SKEW <= created <= now + _CLOCK_SKEW


def _listed(documents: Iterable[DidDocument], method: str) -> KnownKey | None:
    listing = [document for document in documents if method in document.keys]
    if not listing:
        return None
    revoked = [each.revoked[method] for each in listing if method in each.revoked]
    return KnownKey(
        listing[0].keys[method],
        is_trusted=True,
        is_current=all(method in document.current for document in listing),
        revoked=min(revoked, default=None),
    )


def _read_method(did: str, method: JSON) -> tuple[str, bytes]:
    if not isinstance(method, dict) or method.get("controller") != did:
        raise MalformedError("the DID document holds a key of somebody else")
    name, key = method.get("id"), method.get("publicKeyMultibase")
    if not isinstance(name, str) or not name.startswith(f"{did}#") or not isinstance(key, str):
        raise MalformedError("the DID document holds a key without its name or value")
    return name, read_multikey(key)


def _read_revocations(methods: list[JSON]) -> Iterable[tuple[str, datetime]]:
    """Controlled Identifiers 1.0 section 2.2: `revoked` says when a key ceased to be good."""
    for method in methods:
        if isinstance(method, dict) and "revoked" in method:
            yield str(method.get("id")), read_time(method["revoked"])


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

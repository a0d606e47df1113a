"""Whom a verifier believes: keys it already holds, and keys that merely came with a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from provenance.canonical import JSON, JSONObject
from provenance.credentials import (
    CLOCK_SKEW,
    controller_of,
    method_of,
    proofs_of,
    read_time,
    verify_proof,
)
from provenance.errors import BadKeyError, MalformedError, ProvenanceError, UnsoundKeyError
from provenance.keys import fingerprint, read_multikey

# A DID document that names such a service promises that every certificate is in a public log.
LOG_SERVICE = "TransparencyLog"
# As long as a status list: whoever was told yesterday which keys are good must ask again today,
# or a key that was stolen since would live on in what was said before the theft.
_VOUCHED_FOR = timedelta(hours=24)
# By so many of its keys a document may be signed, the newest of the platform's.
MOST_VOUCHERS = 32
# Keys of a lifetime; each costs a test of its point, so a flood of them is refused.
MOST_KEYS = 256


@dataclass(frozen=True)
class Loss:
    """A key, in 32 bytes, that is good no longer for its DID; `since` when, if it was stolen."""

    did: str
    key: bytes
    since: datetime | None


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

    @cached_property
    def lost(self) -> frozenset[Loss]:
        """The keys that may assert no longer."""
        return frozenset(
            Loss(self.did, key, self.revoked.get(method))
            for method, key in self.keys.items()
            if method not in self.current
        )

    @cached_property
    def unwarned(self) -> "DidDocument":
        """The document without what it says against its keys."""
        return replace(self, current=frozenset(self.keys), revoked={})


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

    `fingerprints` are in the form of `keys.fingerprint`; `lost` are keys somebody believed has
    warned of.
    """

    documents: tuple[DidDocument, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    supplied: tuple[DidDocument, ...] = ()
    lost: frozenset[Loss] = frozenset()

    def document_of(self, did: str) -> DidDocument | None:
        """Return a believed document of a DID, if there is one."""
        return next(iter(self.documents_of(did)), None)

    def documents_of(self, did: str) -> tuple[DidDocument, ...]:
        """Return every believed document of a DID: an old one and a newer one may both be."""
        return tuple(document for document in self.documents if document.did == did)

    def key_of(self, method: str) -> KnownKey | None:
        """Find the key a verification method names; None when nobody says what it is.

        Believed documents decide for their DID, and beside them the fingerprints. Without them the
        method's own Multikey or a supplied document gives the key, and only its fingerprint can
        make it trusted; whatever else such a document says of it, for it or against it, is a
        stranger's word. The worst that anybody believed says of a key counts, by whatever name.
        Raises UnsoundKeyError for a method that spells out a weak or impossible key.
        """
        did = method.partition("#")[0]
        believed = self.documents_of(did)
        listed = next((each.keys[method] for each in believed if method in each.keys), None)
        found = _vouched(listed) if listed else self._untold_key(did, method)
        if found is None or (believed and not found.is_trusted):
            return None
        losses = [
            loss.since
            for loss in self.lost.union(*(each.lost for each in believed))
            if (loss.did, loss.key) == (did, found.public_key)
        ]
        revoked = min((since for since in losses if since), default=None)
        return replace(found, is_current=not losses, revoked=revoked)

    def _untold_key(self, did: str, method: str) -> KnownKey | None:
        if spelled := spelled_out(method):
            found = [spelled]
        else:
            handed = (document.keys for document in self.supplied if document.did == did)
            found = [_unvouched(keys[method]) for keys in handed if method in keys]
        for key in found:
            if key.fingerprint in self.fingerprints:
                return replace(key, is_trusted=True)
        return found[0] if found else None

    def vouched_by(self, issuer: str, *, now: datetime) -> "Trust":
        """Believe also the supplied documents that a trusted key of this issuer signed of late.

        Its own, so that a key known from an old card leads to the keys that followed it, and
        those of the names beneath it. Who holds a trusted key could sign any certificate with
        it, so nothing is lost by letting it name its successor, until its theft is known: then
        what it named falls with it. The order of the documents decides nothing.
        """
        handed = [each for each in self.supplied if each.did == issuer]
        # Whoever can be reached may warn; only then is asked whom to believe.
        reached = self._chain(issuer, [each.unwarned for each in handed], now)
        warned = {loss for each in handed if each.unwarned in reached for loss in each.lost}
        wary = replace(self, lost=self.lost | warned)
        trust = replace(wary, documents=(*self.documents, *wary._chain(issuer, handed, now)))
        beneath = [
            each
            for each in self.supplied
            if each.did.startswith(f"{issuer}:") and trust.has_signed(issuer, each, now)
        ]
        return replace(trust, documents=(*trust.documents, *beneath))

    def _chain(
        self, issuer: str, handed: list[DidDocument], now: datetime
    ) -> tuple[DidDocument, ...]:
        """Those of the issuer's documents that are signed by a key believed before or in them."""
        trust, waiting = self, [*handed]
        while found := trust.first_signed(issuer, waiting, now):
            waiting.remove(found)
            trust = replace(trust, documents=(*trust.documents, found))
        return trust.documents[len(self.documents) :]

    def first_signed(
        self, issuer: str, documents: Iterable[DidDocument], now: datetime
    ) -> DidDocument | None:
        """Find the first of these documents that `has_signed` is true of."""
        return next((each for each in documents if self.has_signed(issuer, each, now)), None)

    def has_signed(self, issuer: str, document: DidDocument, now: datetime) -> bool:
        """Tell whether a trusted key of the issuer, not a stolen one, signed this of late."""
        try:
            proofs = proofs_of(document.source, most=MOST_VOUCHERS)
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


def _vouched(key: bytes) -> KnownKey:
    return KnownKey(key, is_trusted=True, is_current=True)


def _unvouched(key: bytes) -> KnownKey:
    return KnownKey(key, is_trusted=False, is_current=True)


def _is_of_late(proof: JSONObject, now: datetime) -> bool:
    created = read_time(proof.get("created"))
    return now - _VOUCHED_FOR - CLOCK_SKEW <= created <= now + CLOCK_SKEW


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

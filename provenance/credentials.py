"""The certificate: build its body, sign it, read its proofs, check that each one holds."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from provenance.canonical import JSON, JSONObject, canonical_bytes, sha256, without_proof
from provenance.errors import BadProofError, MalformedError
from provenance.keys import Signer, base58_decode, base58_encode, did_web, verify_signature

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CERTIFICATE_TYPES = ("VerifiableCredential", "JewelryCertificate")
CRYPTOSUITE = "eddsa-jcs-2022"
PURPOSES = ("revocation", "suspension", "refresh")
STATUS_ENTRY = "BitstringStatusListEntry"
# Platform and maker today, co-signers later: enough, and no work for a flood of them.
MOST_PROOFS = 8
# As far as the clocks of two honest machines may differ.
CLOCK_SKEW = timedelta(seconds=300)

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True)
class StatusEntry:
    """One place in one status list: the number of the list, and the index of the bit in it."""

    list_number: int
    index: int


@dataclass(frozen=True)
class StatusRefs:
    """The three places where a certificate's fate is published."""

    revocation: StatusEntry
    suspension: StatusEntry
    refresh: StatusEntry


def context_url(site_url: str) -> str:
    """Say where a site explains the words of its certificates."""
    return f"{site_url}/contexts/jewelry/v1"


def certificate_url(site_url: str, public_id: str) -> str:
    """Say where a certificate stands; this is its `id`."""
    return f"{site_url}/c/{public_id}"


def status_url(site_url: str, list_number: int) -> str:
    """Say where a status list stands."""
    return f"{site_url}/status/{list_number}"


def build_certificate(
    *,
    site_url: str,
    public_id: str,
    issuer_name: str,
    valid_from: datetime,
    status: StatusRefs,
    subject: Mapping[str, JSON],
) -> JSONObject:
    """Write the body of a certificate, unsigned (W3C Verifiable Credentials Data Model 2.0).

    `site_url` has no slash at its end; `valid_from` is aware; `subject` is the piece.
    """
    return {
        "@context": [CREDENTIALS_V2, context_url(site_url)],
        "id": certificate_url(site_url, public_id),
        "type": [*CERTIFICATE_TYPES],
        "issuer": {"id": did_web(site_url), "name": issuer_name},
        "validFrom": write_time(valid_from),
        "credentialStatus": [
            _status_entry(site_url, purpose, getattr(status, purpose)) for purpose in PURPOSES
        ],
        "credentialSubject": dict(subject),
    }


def create_proof(document: JSONObject, *, signer: Signer, created: datetime) -> JSONObject:
    """Sign a document (vc-di-eddsa section 3.3.1); any proofs it carries are left out.

    `created` is aware. Raises OutOfSubsetError or MalformedError for a document that cannot be
    signed.
    """
    return create_proofs(document, signers=[signer], created=created)[0]


def create_proofs(
    document: JSONObject,
    *,
    signers: Sequence[Signer],
    created: datetime,
    digest: bytes | None = None,
) -> list[JSONObject]:
    """Sign one document by several, canonicalised once: a proof set, not a chain.

    `digest` is the document's own digest (`canonical.digest_of`) where it is known already.
    """
    if "@context" not in document:
        raise MalformedError("a document without its contexts cannot be signed")
    document_hash = digest or _document_hash(document)
    moment = write_time(created)
    return [_sign(document, document_hash, signer, moment) for signer in signers]


def attach_proofs(document: JSONObject, proofs: Sequence[JSONObject]) -> JSONObject:
    """Return the document with exactly these proofs: an object when one, a list when several."""
    if not proofs:
        raise MalformedError("a certificate carries at least one proof")
    proof: JSON = proofs[0] if len(proofs) == 1 else [*proofs]
    return {**without_proof(document), "proof": proof}


def proofs_of(document: JSONObject, *, most: int = MOST_PROOFS) -> list[JSONObject]:
    """List the proofs a document carries; MalformedError for none, too many, or not objects."""
    carried = document.get("proof")
    proofs = carried if isinstance(carried, list) else [carried]
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        raise MalformedError("it carries no proof")
    if len(proofs) > most:
        raise MalformedError(f"it carries more than {most} proofs")
    return [proof for proof in proofs if isinstance(proof, dict)]


def verify_proof(document: JSONObject, proof: JSONObject, *, public_key: bytes) -> None:
    """Check one proof of a document with a 32-byte key (vc-di-eddsa section 3.3.2).

    Raises BadProofError when it does not hold, BadKeyError for a weak key, OutOfSubsetError
    for a document that nobody could have signed. Says nothing about whose key it is.
    """
    signature = _signature_of(proof)
    _check_options(document, proof)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    # The hash of the options comes first: vc-di-eddsa section 3.3.4.
    signed = sha256(canonical_bytes(options)) + _document_hash(document)
    verify_signature(public_key, signature, signed)


def text_of(document: JSONObject, name: str, inner: str | None = None) -> str:
    """Read one text of a document, or of an object in it; MalformedError if it is not there."""
    value = document.get(name)
    if inner:
        value = value.get(inner) if isinstance(value, dict) else None
    if not isinstance(value, str):
        raise MalformedError(f"its {inner or name} is missing")
    return value


def issuer_of(document: JSONObject) -> str:
    """Return the DID of a document's issuer, whether written as text or as an object."""
    issuer = document.get("issuer")
    return issuer if isinstance(issuer, str) else text_of(document, "issuer", "id")


def subject_of(document: JSONObject) -> JSONObject:
    """Return what a document is about; an empty object if it does not say."""
    subject = document.get("credentialSubject")
    return subject if isinstance(subject, dict) else {}


def maker_of(document: JSONObject) -> JSONObject:
    """Return the maker a certificate names; an empty object if it names none."""
    maker = subject_of(document).get("maker")
    return maker if isinstance(maker, dict) else {}


def names_its_places(document: JSONObject) -> bool:
    """Whether a certificate names one place in a list for each purpose, and nothing else."""
    entries = document.get("credentialStatus")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return False
    places = [entry for entry in entries if isinstance(entry, dict)]
    purposes = sorted(str(place.get("statusPurpose")) for place in places)
    kinds = {str(place.get("type")) for place in places}
    return purposes == sorted(PURPOSES) and kinds == {STATUS_ENTRY}


def method_of(proof: JSONObject) -> str:
    """Return the name of the key that made a proof."""
    return text_of(proof, "verificationMethod")


def controller_of(proof: JSONObject) -> str:
    """Return the DID whose key made a proof."""
    return method_of(proof).partition("#")[0]


def write_time(moment: datetime) -> str:
    """Write an aware moment as we sign it: UTC, to the second.

    >>> write_time(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    '2026-11-20T09:30:00Z'
    """
    if moment.tzinfo is None:
        raise MalformedError("a moment without its time zone cannot be signed")
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"


def read_time(value: JSON) -> datetime:
    """Read an RFC 3339 timestamp with its offset; MalformedError for anything else."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise MalformedError("a date is not written as RFC 3339 says")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise MalformedError("a date does not exist") from problem


def _status_entry(site_url: str, purpose: str, entry: StatusEntry) -> JSONObject:
    url = status_url(site_url, entry.list_number)
    return {
        "id": f"{url}#{entry.index}",
        "type": STATUS_ENTRY,
        "statusPurpose": purpose,
        "statusListIndex": str(entry.index),
        "statusListCredential": url,
    }


def _document_hash(document: JSONObject) -> bytes:
    return sha256(canonical_bytes(without_proof(document)))


def _sign(document: JSONObject, document_hash: bytes, signer: Signer, created: str) -> JSONObject:
    options: JSONObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created,
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
        "@context": document["@context"],
    }
    signature = signer.sign(sha256(canonical_bytes(options)) + document_hash)
    return {**options, "proofValue": "z" + base58_encode(signature)}


def _signature_of(proof: JSONObject) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z"):
        raise BadProofError("the proof value is not base58 text with its z in front")
    try:
        return base58_decode(value[1:])
    except MalformedError as problem:
        raise BadProofError("the proof value is not base58") from problem


def _check_options(document: JSONObject, proof: JSONObject) -> None:
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", CRYPTOSUITE):
        raise BadProofError(f"the proof is not of the kind {CRYPTOSUITE}")
    if proof.get("proofPurpose") != "assertionMethod":
        raise BadProofError("the proof was made for another purpose")
    if "previousProof" in proof:
        raise BadProofError("the proof hangs on another proof, and we have no proof chains")
    if "@context" in proof and proof["@context"] != document.get("@context"):
        # The standard allows a prefix; then a stranger could append a context that gives our
        # words another meaning, and the signature would still hold.
        raise BadProofError("the proof was made under other contexts than the document names")

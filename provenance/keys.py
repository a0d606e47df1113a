"""Ed25519 signing keys: make, keep, load, name and publish them, and judge their signatures."""

import hashlib
import ipaddress
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from provenance.canonical import JSON, JSONObject
from provenance.errors import (
    BadKeyError,
    BadProofError,
    KeyExistsError,
    KeyLockedError,
    MalformedError,
    ProvenanceError,
    UnsoundKeyError,
)
from provenance.points import ORDER, is_on_curve, is_sound

DID_CONTEXT = "https://www.w3.org/ns/did/v1"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Decoding costs the square of the length; a signature has 88 digits and a key 48.
BASE58_LONGEST = 256
_DIGIT = {digit: value for value, digit in enumerate(BASE58)}
_PAIR = 58 * 58
_PAIRS = [high + low for high in BASE58 for low in BASE58]

_MULTICODEC = b"\xed\x01"  # ed25519-pub, as a varint (Multikey, Data Integrity section 2.1.1)
_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_DID = re.compile(r"did:web:([a-z0-9.-]{1,253})(?:%3A([0-9]{1,5}))?((?::[A-Za-z0-9._-]{1,128})*)")
_SEGMENT = re.compile(r"[A-Za-z0-9._-]{1,128}")
_PRIVATE = [
    ipaddress.ip_network(block)
    for block in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")  # RFC 1918
]


class Signer(Protocol):
    """Whoever can sign: a file key today, a smart card or a key service tomorrow."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the public key."""

    @property
    def verification_method(self) -> str:
        """The name under which the public key is published."""

    def sign(self, data: bytes) -> bytes:
        """Return the 64 bytes of a pure Ed25519 signature (RFC 8032 section 5.1.6)."""


class MemorySigner:
    """A signer whose private key lives in this process and shows itself to nobody."""

    def __init__(
        self, private_key: Ed25519PrivateKey, verification_method_of: Callable[[bytes], str]
    ) -> None:
        self._private_key = private_key
        self.public_key = private_key.public_key().public_bytes_raw()
        self.verification_method = verification_method_of(self.public_key)

    @classmethod
    def from_seed(
        cls, seed: bytes, *, verification_method_of: Callable[[bytes], str]
    ) -> "MemorySigner":
        """Make the signer of a 32-byte secret seed (RFC 8032 section 5.1.5)."""
        if len(seed) != 32:
            raise BadKeyError("a private key has 32 bytes")
        return cls(Ed25519PrivateKey.from_private_bytes(seed), verification_method_of)

    def sign(self, data: bytes) -> bytes:
        """Sign, as `Signer.sign` promises."""
        return self._private_key.sign(data)

    def __repr__(self) -> str:
        return f"<MemorySigner {self.verification_method}>"


def write_key_file(path: Path, *, passphrase: bytes) -> bytes:
    """Make a new key, keep it encrypted (PKCS#8, mode 0600), return its 32 public bytes.

    Raises KeyExistsError rather than overwrite, and BadKeyError for an empty passphrase and a
    folder that cannot be written.
    """
    if not passphrase:
        raise BadKeyError("a key file needs a passphrase")
    private_key = Ed25519PrivateKey.generate()
    sealed = _seal(private_key, passphrase)
    del passphrase
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise KeyExistsError("there is a key file already; it is never overwritten") from problem
    except OSError as problem:
        raise BadKeyError("the key file cannot be written") from problem
    with os.fdopen(handle, "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    return private_key.public_key().public_bytes_raw()


def load_signer(
    path: Path, *, passphrase: bytes, verification_method_of: Callable[[bytes], str]
) -> MemorySigner:
    """Open an encrypted key file; `verification_method_of` names its 32-byte public key.

    Raises BadKeyError when the file is missing, open to group or others, spoilt, not encrypted or
    not Ed25519; KeyLockedError when the passphrase does not open it.
    """
    # Whoever reports an error may show what its frames hold, so this one forgets the passphrase.
    try:
        sealed = _read_private(path)
    except BadKeyError:
        del passphrase
        raise
    private_key = _open(sealed, passphrase)
    del passphrase
    if isinstance(private_key, ProvenanceError):
        raise private_key
    if not isinstance(private_key, Ed25519PrivateKey):
        raise BadKeyError("the key file does not hold an Ed25519 key")
    return MemorySigner(private_key, verification_method_of)


@lru_cache(maxsize=1024)
def multikey(public_key: bytes) -> str:
    """Write a 32-byte public key as a Multikey; BadKeyError if it must not be used."""
    check_public_key(public_key)
    return "z" + base58_encode(_MULTICODEC + public_key)


def read_multikey(text: str) -> bytes:
    """Read a Multikey back to 32 bytes; BadKeyError for anything but a sound Ed25519 key.

    UnsoundKeyError where it is the Multikey of an Ed25519 key, and that key is not sound.
    """
    try:
        raw = base58_decode(text[1:])
    except MalformedError as problem:
        raise BadKeyError("the key is not base58") from problem
    if text[:1] != "z" or raw[:2] != _MULTICODEC:
        raise BadKeyError("the key is not an Ed25519 Multikey")
    check_public_key(raw[2:])
    return raw[2:]


def check_public_key(raw: bytes) -> None:
    """Refuse, with UnsoundKeyError, a public key under which signatures prove nothing.

    32 bytes, canonically encoded (RFC 8032 section 5.1.3), on the curve, not of small order.
    """
    _public_key(raw)


def verify_signature(public_key: bytes, signature: bytes, data: bytes) -> None:
    """Check a pure Ed25519 signature strictly; BadProofError, or BadKeyError for the key.

    64 bytes; S below the group order (RFC 8032 section 5.1.7, or a stranger could change a
    signature that still holds); R canonical and not of small order.
    """
    key = _public_key(public_key)
    if len(signature) != 64:
        raise BadProofError("a signature has 64 bytes")
    if int.from_bytes(signature[32:], "little") >= ORDER or not is_sound(signature[:32]):
        raise BadProofError("the signature is not in the one form a signer makes")
    try:
        key.verify(signature, data)
    except InvalidSignature as problem:
        raise BadProofError("the signature does not match the document and the key") from problem


def fingerprint(public_key: bytes) -> str:
    """Write a key for people: the first 128 bits of its SHA-256, in 8 groups of 4 hex digits.

    >>> fingerprint(bytes(32))
    '6668 7aad f862 bd77 6c8f c18b 8e9f 8e20'
    """
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def read_fingerprint(text: str) -> str:
    """Read a fingerprint as people type it, in the form of `fingerprint`; BadKeyError if none.

    >>> read_fingerprint("66687AAD-F862BD77-6C8FC18B-8E9F8E20")
    '6668 7aad f862 bd77 6c8f c18b 8e9f 8e20'
    """
    digits = re.sub(r"[\s:-]", "", text).lower()
    if not _FINGERPRINT.fullmatch(digits):
        raise BadKeyError("a fingerprint has 32 hex digits, in 8 groups of 4")
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def base58_encode(data: bytes) -> str:
    """Write bytes in base58btc (draft-msporny-base58-03 section 3).

    >>> base58_encode(b"Hello World!")
    '2NEpo7TZRRrLZSi2U'
    """
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        # Ten digits at a time leave numbers that the machine divides at once.
        number, ten = divmod(number, 58**10)
        high, low = divmod(ten, 58**6)
        middle, low = divmod(low, _PAIR)
        digits = (
            f"{_PAIRS[high // _PAIR]}{_PAIRS[high % _PAIR]}"
            f"{_PAIRS[middle // _PAIR]}{_PAIRS[middle % _PAIR]}{_PAIRS[low]}{digits}"
        )
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits.lstrip("1")


def base58_decode(text: str) -> bytes:
    """Read base58btc of at most 256 digits; MalformedError for anything else."""
    if len(text) > BASE58_LONGEST:
        raise MalformedError("the base58 text is longer than any key or signature")
    number = 0
    try:
        for value in map(_DIGIT.__getitem__, text):
            number = number * 58 + value
    except KeyError as problem:
        raise MalformedError("the text holds a character that base58 lacks") from problem
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


@lru_cache(maxsize=1024)
def did_web(site_url: str, *path: str) -> str:
    """Name a site, or somebody on it; MalformedError if the address cannot carry a did:web.

    >>> did_web("http://localhost:8000", "j", "tidewell-bench")
    'did:web:localhost%3A8000:j:tidewell-bench'
    """
    try:
        url = urlsplit(site_url)
        host, port = url.hostname or "", url.port
    except ValueError as problem:
        raise MalformedError("the site's address is not a URL") from problem
    if url.path.strip("/") or not _HOST.fullmatch(host):
        raise MalformedError("the site's address must be a plain host, with a port at most")
    if not all(_SEGMENT.fullmatch(part) for part in path):
        raise MalformedError("a part of the name holds a character did:web cannot carry")
    return ":".join([f"did:web:{host}" + (f"%3A{port}" if port else ""), *path])


def did_web_url(did: str) -> str:
    """Say where the DID document stands (did:web method, section Read).

    >>> did_web_url("did:web:touchmark.example:j:tidewell-bench")
    'https://touchmark.example/j/tidewell-bench/did.json'
    """
    _, path = _split(did)
    return origins_of(did)[-1] + "/" + "/".join([*(path or [".well-known"]), "did.json"])


def origins_of(did: str) -> tuple[str, ...]:
    """List the web origins a did:web may speak for: https, and http last where the host is local.

    >>> origins_of("did:web:touchmark.example")
    ('https://touchmark.example',)
    """
    host, _ = _split(did)
    secure = f"https://{host}"
    return (secure, f"http://{host}") if _is_local(host.partition(":")[0]) else (secure,)


def is_site(did: str) -> bool:
    """Whether a DID names a site itself, and not somebody on it; MalformedError for no did:web.

    >>> is_site("did:web:touchmark.example"), is_site("did:web:touchmark.example:j:mira")
    (True, False)
    """
    return not _split(did)[1]


def did_document(
    did: str, *, keys: Sequence[bytes], revoked: Mapping[bytes, str] | None = None
) -> JSONObject:
    """Publish the keys of a DID for ever: all but the revoked ones may assert.

    `keys` are 32-byte Ed25519 public keys, those no longer in use among them; `revoked` gives
    for the stolen ones the RFC 3339 moment from which nothing may be believed. Follows W3C DID
    1.0 section 5 and Controlled Identifiers 1.0 section 2.2; BadKeyError for an unusable key.
    """
    stolen = revoked or {}
    methods: list[JSON] = [_method(did, key) for key in keys]
    methods += [_method(did, key) | {"revoked": since} for key, since in stolen.items()]
    return {
        "@context": [DID_CONTEXT, MULTIKEY_CONTEXT],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [verification_method(did, key) for key in keys],
    }


def verification_method(did: str, public_key: bytes) -> str:
    """Name one key of a DID: the DID, `#`, and the key itself as a Multikey."""
    return f"{did}#{multikey(public_key)}"


def _split(did: str) -> tuple[str, list[str]]:
    found = _DID.fullmatch(did)
    if not found or not _HOST.fullmatch(found[1]):
        raise MalformedError("the name is not a did:web")
    return found[1] + (f":{found[2]}" if found[2] else ""), found[3].split(":")[1:]


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.IPv4Address(host)
    except ValueError:
        return host == "localhost"
    return any(address in block for block in _PRIVATE)


def _method(did: str, key: bytes) -> JSONObject:
    return {
        "id": verification_method(did, key),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey(key),
    }


@lru_cache(maxsize=1024)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    if len(raw) != 32:
        raise UnsoundKeyError("a public key has 32 bytes")
    if not is_sound(raw) or not is_on_curve(raw):
        raise UnsoundKeyError("the public key is a weak or impossible point")
    return Ed25519PublicKey.from_public_bytes(raw)


def _seal(private_key: Ed25519PrivateKey, passphrase: bytes) -> bytes:
    # PKCS#8 with PBES2 (RFC 8018): the library offers no other strength for this format, so the
    # passphrase itself must be long.
    return private_key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)
    )


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # Asked of the open file, so that it cannot be swapped between question and reading.
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise BadKeyError("others can read the key file; its mode must be 0600")
            return file.read(64 * 1024)
    except OSError as problem:
        raise BadKeyError("the key file cannot be read") from problem


def _open(sealed: bytes, passphrase: bytes) -> object:
    """The private key; or the error, for no frame that it leaves may hold the passphrase."""
    if b"BEGIN ENCRYPTED PRIVATE KEY" not in sealed:
        return BadKeyError("the key file is not an encrypted PKCS#8 key")
    if not passphrase:
        return KeyLockedError("the key file needs its passphrase")
    try:
        return load_pem_private_key(sealed, passphrase)
    except ValueError:
        return KeyLockedError("the passphrase does not open the key file")
    except (InternalError, UnsupportedAlgorithm):
        return BadKeyError("the key file is spoilt: what it holds is no key that is known")

"""Passkey assertions over a digest: what a device signs when its owner authorises one act."""

import hashlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
)

from provenance.errors import ProvenanceError

# Nothing else that is ever signed here begins like this.
_DOMAIN = b"touchmark authorisation v1\0"


class BadAssertionError(ProvenanceError):
    """A passkey's answer that does not authorise this act."""

    code = "bad_assertion"


@dataclass(frozen=True)
class Party:
    """Who asks: the site's origin. Its passkeys belong to the host in it."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class Assertion:
    """What a passkey answered, as bytes, with the credential it answered by.

    `credential` is the attested credential data of WebAuthn level 3 section 6.5.2: AAGUID, id and
    COSE public key. With it the assertion can be checked after the passkey was taken away.
    """

    credential: bytes
    authenticator_data: bytes
    client_data: bytes
    signature: bytes

    @property
    def credential_id(self) -> bytes:
        return AttestedCredentialData(self.credential).credential_id


def passkeys_work(origin: str) -> bool:
    """Whether browsers make passkeys at this origin: https with a name, or localhost.

    >>> passkeys_work("https://touchmark.example"), passkeys_work("http://192.168.1.5:8000")
    (True, False)
    """
    parts = urlsplit(origin)
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https"
    return False


def challenge_of(*, act: str, digest: bytes, nonce: bytes) -> bytes:
    """The 32 bytes a passkey signs to authorise `act` on what has this digest (32 bytes).

    The nonce (16 random bytes) makes each challenge one that was never asked before.
    """
    parts = (act.encode(), digest, nonce)
    framed = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return hashlib.sha256(_DOMAIN + framed).digest()


def read_assertion(
    answer: Mapping[str, Any], *, challenge: bytes, party: Party, credentials: Sequence[bytes]
) -> Assertion:
    """Check a browser's answer to `challenge` (WebAuthn level 3 section 7.2).

    1. It can be read.                      4. The person was there and was verified.
    2. It answers this challenge, as get.   5. The credential is one of `credentials`.
    3. It was given to this origin.         6. The signature is by that credential.

    Raises BadAssertionError for each.
    """
    try:
        response = AuthenticationResponse.from_dict(answer)
        known = [AttestedCredentialData(each) for each in credentials]
        used = _server(party).authenticate_complete(_state(challenge), known, response)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadAssertionError("the passkey's answer does not authorise this") from problem
    return Assertion(
        credential=bytes(used),
        authenticator_data=bytes(response.response.authenticator_data),
        client_data=bytes(response.response.client_data),
        signature=bytes(response.response.signature),
    )


def check_assertion(assertion: Assertion, *, challenge: bytes, party: Party) -> None:
    """Check once more what `read_assertion` returned. Raises BadAssertionError."""
    ident = websafe_encode(assertion.credential_id)
    answer = {
        "id": ident,
        "rawId": ident,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(assertion.client_data),
            "authenticatorData": websafe_encode(assertion.authenticator_data),
            "signature": websafe_encode(assertion.signature),
        },
    }
    read_assertion(answer, challenge=challenge, party=party, credentials=[assertion.credential])


def _server(party: Party) -> Fido2Server:
    # The library would also believe sub-domains of the host; an authorisation is asked at one.
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=party.host, name=party.host),
        verify_origin=lambda origin: origin == party.origin,
    )


def _state(challenge: bytes) -> dict[str, str]:
    return {"challenge": websafe_encode(challenge), "user_verification": "required"}

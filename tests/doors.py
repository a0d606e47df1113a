"""Ways in: a passkey made of Python, an authenticator app, and staff who came in properly."""

import hashlib
import json
import secrets
import time

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.contrib.auth.models import User
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.factories import PASSWORD

ORIGIN = "https://touchmark.example"
HERE = {"HTTP_HOST": "touchmark.example", "wsgi.url_scheme": "https"}
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Passkey:
    """A device that holds one passkey and says yes to everything, unless told otherwise."""

    def __init__(self, origin: str = ORIGIN, host: str = "touchmark.example") -> None:
        self.origin = origin
        self.host_hash = hashlib.sha256(host.encode()).digest()
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.ident = secrets.token_bytes(16)

    @property
    def credential(self) -> AttestedCredentialData:
        public_key = ES256.from_cryptography_key(self.key.public_key())
        return AttestedCredentialData.create(bytes(16), self.ident, public_key)

    def made(self, challenge: bytes) -> dict[str, object]:
        """What the browser tells after `navigator.credentials.create`."""
        flags = PRESENT | VERIFIED | ATTESTED
        known = AuthenticatorData.create(self.host_hash, flags, 0, bytes(self.credential))
        told = AttestationObject.create("none", known, {})
        said = CollectedClientData.create("webauthn.create", challenge, self.origin)
        return self._credential(clientDataJSON=said, attestationObject=told)

    def answers(
        self, challenge: bytes, *, user: User | None = None, flags: int = PRESENT | VERIFIED
    ) -> dict[str, object]:
        """What the browser tells after `navigator.credentials.get`."""
        said = CollectedClientData.create("webauthn.get", challenge, self.origin)
        known = AuthenticatorData.create(self.host_hash, flags, 1)
        signature = self.key.sign(bytes(known) + said.hash, ec.ECDSA(SHA256()))
        handle = {"userHandle": user_pk_to_url_str(user).encode()} if user else {}
        return self._credential(
            clientDataJSON=said, authenticatorData=known, signature=signature, **handle
        )

    def belongs_to(self, user: User, *, name: str = "Phone") -> Authenticator:
        """Put it on record as a passkey of this account."""
        data = {"name": name, "credential": self.made(secrets.token_bytes(32))}
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    def _credential(self, **response: bytes) -> dict[str, object]:
        ident = websafe_encode(self.ident)
        return {
            "id": ident,
            "rawId": ident,
            "type": "public-key",
            "response": {name: websafe_encode(value) for name, value in response.items()},
            "clientExtensionResults": {},
        }


class App:
    """An authenticator app set up for an account; each code it shows is used once, two at most."""

    def __init__(self, user: User) -> None:
        self.secret = totp.generate_totp_secret()
        totp.TOTP.activate(user, self.secret)
        self._next = int(time.time()) // 30

    def code(self) -> str:
        shown = totp.format_hotp_value(totp.hotp_value(self.secret, self._next))
        self._next += 1
        return shown


def at_the_door(client: Client) -> Client:
    """Let this client come by the site's own address, as a browser does."""
    client.defaults.update(HERE)
    return client


def enter_by_password(client: Client, user: User) -> None:
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})


def enter_with_app(client: Client, user: User, app: App | None = None) -> App:
    """Password, then the app's code."""
    app = app or App(user)
    enter_by_password(client, user)
    answer = client.post("/accounts/2fa/authenticate/", {"code": app.code()})
    assert answer.status_code == 302, answer.content.decode()
    return app


def enter_with_passkey(client: Client, user: User, passkey: Passkey) -> None:
    """No password at all: the passkey says who it is."""
    at_the_door(client)
    client.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = passkey.answers(challenge_in(client.session), user=user)
    client.post("/accounts/2fa/webauthn/login/", as_json(answer))


def challenge_in(session: dict[str, object]) -> bytes:
    """What the site asked last, as it stands in the session."""
    state = session["mfa.webauthn.state"]
    return websafe_decode(state["challenge"])


def as_json(credential: dict[str, object]) -> dict[str, str]:
    return {"credential": json.dumps(credential)}

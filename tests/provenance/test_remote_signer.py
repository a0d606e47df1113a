"""The interface of a signer is small enough for a key that lives in a card or a key service."""

from dataclasses import dataclass, field

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provenance.canonical import parse_object
from provenance.credentials import create_proof, proofs_of, verify_proof
from provenance.models.keys import SigningKey
from provenance.services import maker_keys
from tests.factories import make_held_certificate, make_mira
from tests.provenance.makings import ISSUED, make_body


@dataclass
class KeyService:
    """A fake of a key service: it signs raw messages by the name of a key, and shows no key."""

    keys: dict[str, Ed25519PrivateKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def make(self, name: str) -> bytes:
        self.keys[name] = Ed25519PrivateKey.generate()
        return self.keys[name].public_key().public_bytes_raw()

    def sign(self, *, key_id: str, message: bytes, message_type: str) -> dict[str, bytes]:
        self.asked.append(key_id)
        assert message_type == "RAW"
        return {"Signature": self.keys[key_id].sign(message)}


@dataclass(frozen=True)
class RemoteSigner:
    """All that a signer needs to be."""

    service: KeyService
    key_id: str
    public_key: bytes
    verification_method: str

    def sign(self, data: bytes) -> bytes:
        return self.service.sign(key_id=self.key_id, message=data, message_type="RAW")["Signature"]


def test_a_key_service_signs_a_certificate_without_giving_its_key_away():
    service = KeyService()
    signer = RemoteSigner(
        service, "alias/touchmark", service.make("alias/touchmark"), "did:web:x#1"
    )
    body = make_body()

    proof = create_proof(body, signer=signer, created=ISSUED)

    verify_proof(body, proof, public_key=signer.public_key)
    assert service.asked == ["alias/touchmark"]


@pytest.mark.django_db
def test_a_makers_key_may_live_in_a_service_too():
    mira, service = make_mira(), KeyService()
    public_key = service.make("mira")
    SigningKey.objects.create(maker=mira, public_key=public_key, level="held", file="alias/mira")
    method = maker_keys.method_named(mira, public_key)

    certificate = make_held_certificate(mira, RemoteSigner(service, "mira", public_key, method))

    document = parse_object(bytes(certificate.files.get().content))
    verify_proof(document, proofs_of(document)[1], public_key=public_key)

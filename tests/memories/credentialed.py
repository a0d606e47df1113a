"""Pictures with content credentials, signed here by a camera that exists only in these tests."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from memories.media_source import NEWSCODES
from tests.memories import pictures

NEEDS_C2PA = "needs the library that reads content credentials: make setup"
CAMERA = "Test camera 7, Tidewell Bench"
TAKEN = "2026-05-04T10:11:12Z"
FIRST_DAY, LAST_DAY = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
# A library that signs looks back at what it wrote, and would fetch it from where it says it is.
SIGNING = {"verify": {"verify_after_sign": False}, "builder": {"thumbnail": {"enabled": False}}}


def library() -> Any:
    """The C2PA library; without it the test is skipped, with the command that provides it."""
    return pytest.importorskip("c2pa", reason=NEEDS_C2PA)


@dataclass(frozen=True)
class Ingredient:
    """A picture that went into another: as the same picture before, or as a part of it."""

    content: bytes
    relationship: str = "componentOf"


def created(term: str, *, when: str = TAKEN, **more: Any) -> dict[str, Any]:
    """A manifest whose first action says how the picture came about."""
    action = {"action": "c2pa.created", "digitalSourceType": NEWSCODES + term} | more
    if when:
        action["when"] = when
    return manifest_of(action)


def edited() -> dict[str, Any]:
    """A manifest of a picture that was opened, and into which another was laid."""
    return manifest_of(
        {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parentOf"]}},
        {"action": "c2pa.placed", "parameters": {"ingredientIds": ["componentOf"]}},
    )


def manifest_of(*actions: dict[str, Any], extra: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "claim_generator_info": [{"name": "Touchmark tests", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}, *extra],
    }


def sign(
    manifest: dict[str, Any],
    content: bytes | None = None,
    *,
    kind: str = "jpeg",
    ingredients: tuple[Ingredient, ...] = (),
    remote: str = "",
    embed: bool = True,
) -> bytes:
    """Sign a picture: with its manifest inside, or elsewhere at the address `remote`."""
    c2pa = library()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", *chain(), None))
    # A library that signs may look back at what it wrote; it asks no server for that either.
    settings = {
        "verify": {"verify_after_sign": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    builder = c2pa.Builder(manifest, context=c2pa.Context.from_dict(settings))
    for each in ingredients:
        stated = {"title": "part", "relationship": each.relationship, "label": each.relationship}
        builder.add_ingredient(stated, "image/jpeg", io.BytesIO(each.content))
    if remote:
        builder.set_remote_url(remote)
    if not embed:
        builder.set_no_embed()
    signed = io.BytesIO()
    builder.sign(signer, f"image/{kind}", io.BytesIO(content or pictures.make_jpeg()), signed)
    return signed.getvalue()


@cache
def chain() -> tuple[bytes, bytes]:
    """A camera's certificate under a root of these tests, and the camera's key, both as PEM."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = (
        _certificate("Test root", "Test root", root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = (
        _certificate(CAMERA, "Test root", key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf.public_bytes(pem) + root.public_bytes(pem), secret


def _certificate(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST_DAY)
        .not_valid_after(LAST_DAY)
    )


def _name(common: str) -> x509.Name:
    house = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tests of Touchmark")
    return x509.Name([house, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )

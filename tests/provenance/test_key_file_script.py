"""A maker's key file in the browser: what make-key wrote is opened, and nothing else; in Node."""

import base64
import hashlib
import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from provenance import keys
from provenance.canonical import canonical_bytes
from provenance.credentials import create_proof
from tests.provenance.makings import ISSUED, MIRA, make_body
from tests.provenance.signing_script import in_node, proof_in

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
]

PASSPHRASE = "under the third bench peg"
KEY = Ed25519PrivateKey.from_private_bytes(bytes([6]) * 32)
SIGNER = keys.MemorySigner(KEY, lambda key: keys.verification_method(MIRA, key))
BODY = make_body(maker={"keyLevel": "own", "key": SIGNER.verification_method})
CREATED = "2026-11-20T09:30:00Z"

PBES2, PBKDF2 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12"
SHA1, SHA256, SHA512 = (f"1.2.840.113549.2.{last}" for last in (7, 9, 11))
AES128, AES192, AES256 = (f"2.16.840.1.101.3.4.1.{last}" for last in (2, 22, 42))
SCRYPT, DES3 = "1.3.6.1.4.1.11591.4.11", "1.2.840.113549.3.7"
PBES1 = "1.2.840.113549.1.5.10"
HASH = {SHA1: "sha1", SHA256: "sha256", SHA512: "sha512", None: "sha1"}
SIZE = {AES128: 16, AES192: 24, AES256: 32}
SALT, IV = bytes(range(16)), bytes(range(16, 32))
INSIDE = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


# -- DER, written by hand -----------------------------------------------------------------------


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])
    if 128 <= size < 256:
        length = bytes([0x81, size])
    return bytes([tag]) + length + content


def seq(*parts):
    return der(0x30, *parts)


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    content = bytes([first * 40 + second])
    for number in rest:
        digits = [number & 127]
        while number := number >> 7:
            digits.insert(0, number & 127 | 128)
        content += bytes(digits)
    return der(0x06, content)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content):
    return der(0x04, content)


NULL = der(0x05)


def pem(content, kind="ENCRYPTED PRIVATE KEY"):
    return (
        f"-----BEGIN {kind}-----\n".encode()
        + base64.encodebytes(content)
        + f"-----END {kind}-----\n".encode()
    )


def sealed(
    *,
    inside=INSIDE,
    scheme=PBES2,
    kdf=PBKDF2,
    prf=SHA256,
    cipher=AES256,
    rounds=2048,
    told_rounds=None,
    salt=SALT,
    iv=IV,
    told_length=b"",
    more=b"",
    passphrase=PASSPHRASE,
):
    """A key file that is right unless told otherwise."""
    size = SIZE.get(cipher, 32)
    secret = hashlib.pbkdf2_hmac(HASH[prf], passphrase.encode(), salt, rounds, size)
    padder = PKCS7(128).padder()
    padded = padder.update(inside) + padder.finalize()
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(IV)).encryptor()
    ciphertext = encryptor.update(padded) + encryptor.finalize()
    named_prf = b"" if prf is None else seq(oid(prf), NULL)
    stretching = seq(octets(salt), told_rounds or integer(rounds), told_length, named_prf)
    parameters = seq(seq(oid(kdf), stretching), seq(oid(cipher), octets(iv)))
    return pem(seq(seq(oid(scheme), parameters), octets(ciphertext), more))


def of_library(key, kind=PrivateFormat.PKCS8, seal=None):
    seal = seal or BestAvailableEncryption(PASSPHRASE.encode())
    return key.private_bytes(Encoding.PEM, kind, seal)


def asked(key, passphrase=PASSPHRASE):
    return {
        "body": canonical_bytes(BODY),
        "key": key,
        "passphrase": passphrase,
        "created": CREATED,
    }


# -- what opens ---------------------------------------------------------------------------------

GOOD = {
    "as make-key writes it": of_library(KEY),
    "written by hand": sealed(),
    "SHA-1": sealed(prf=SHA1),
    "no hash named, which is SHA-1": sealed(prf=None),
    "AES-128": sealed(cipher=AES128),
    "SHA-1 and AES-128": sealed(prf=SHA1, cipher=AES128),
    "its length named": sealed(told_length=integer(32)),
    "the fewest rounds": sealed(rounds=1000),
    "many rounds": sealed(rounds=600_000),
    "a short salt": sealed(salt=bytes(8)),
    "lines of another machine": of_library(KEY).replace(b"\n", b"\r\n"),
    "blank lines around": b"\n\n" + of_library(KEY) + b"\n \n",
    "no line end at its end": of_library(KEY).rstrip(),
}


def test_every_form_of_her_key_file_opens_and_signs_as_the_program_does():
    answers = in_node(asked(key) for key in GOOD.values())

    wanted = create_proof(BODY, signer=SIGNER, created=ISSUED)
    for name, answer in zip(GOOD, answers, strict=True):
        assert proof_in(answer) == wanted, name


@pytest.mark.parametrize("passphrase", ["jar 🫙 of émail", " spaces at its ends ", "x" * 1000])
def test_a_passphrase_is_taken_exactly_as_it_was_typed(tmp_path, passphrase):
    keys.write_key_file(tmp_path / "key.pem", passphrase=passphrase.encode())
    key = (tmp_path / "key.pem").read_bytes()

    right, wrong = in_node([asked(key, passphrase), asked(key, passphrase[:-1])])

    assert right["code"] == "another_key"  # it opened: BODY names KEY
    assert wrong["code"] == "key_locked"


def test_the_key_cannot_be_read_once_it_is_open():
    (answer,) = in_node([asked(of_library(KEY))])

    assert answer["readable"] is False


# -- what does not ------------------------------------------------------------------------------

# The same bytes in every run, so that no test hangs on a salt.
CUT = sealed()
RAW = base64.b64decode(b"".join(CUT.splitlines()[1:-1]))
OPEN = NoEncryption()
RSA = rsa.generate_private_key(65537, 2048)
NOT_A_KEY_FILE = {
    "nothing": b"",
    "text": b"my key",
    "the bytes alone": RAW,
    "a public key": KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "cut in its text": CUT[:-60],
    "cut in its bytes": pem(RAW[:-1]),
    "cut in its head": pem(RAW[:40]),
    "a byte after": pem(RAW + b"\0"),
    "a member after": sealed(more=NULL),
    "words before": b"my key:\n" + CUT,
    "words after": CUT + b"-",
    "two keys": CUT + CUT,
    "no base64": CUT.replace(b"M", b"*", 1),
    "padded base64": CUT.replace(b"\n-----END", b"==\n-----END"),
    "a length in another form": pem(b"\x30\x82\x00" + RAW[2:3] + RAW[3:]),
    "a length without an end": pem(b"\x30\x80" + RAW[3:] + b"\0\0"),
    "a length of four bytes": pem(b"\x30\x84\x00\x00\x00" + RAW[2:3] + RAW[3:]),
    "a list for a name": pem(seq(seq(seq()), octets(bytes(64)))),
    "a padded number": sealed(told_rounds=der(0x02, b"\0\0\x08\0")),
    "a number below nothing": sealed(told_rounds=der(0x02, b"\x88\0")),
    "no number": sealed(told_rounds=der(0x02, b"")),
    "a number beyond 2^31": sealed(told_rounds=integer(2**31)),
    "a short salt": sealed(salt=bytes(7)),
    "a long salt": sealed(salt=bytes(65)),
    "a short vector": sealed(iv=bytes(15)),
    "a long vector": sealed(iv=bytes(17)),
    "another length named": sealed(told_length=integer(16)),
    "too large": CUT + b"\n" * 16 * 1024,
}
ANOTHER_KIND = {
    "PBES1": sealed(scheme=PBES1),
    "scrypt": sealed(kdf=SCRYPT),
    "SHA-512": sealed(prf=SHA512),
    "AES-192": sealed(cipher=AES192),
    "triple DES": sealed(cipher=DES3),
    "no rounds": sealed(told_rounds=integer(0)),
    "few rounds": sealed(rounds=999),
    "a bomb of rounds": sealed(told_rounds=integer(2**31 - 1)),
    "a round too many": sealed(told_rounds=integer(10_000_001)),
    "RSA": of_library(RSA),
    "a curve of NIST": of_library(ec.generate_private_key(ec.SECP256R1())),
    "Ed448": of_library(ed448.Ed448PrivateKey.generate()),
    "a block too many": sealed(inside=INSIDE + bytes(16)),
    "a byte too few": sealed(inside=INSIDE[:-1]),
}
NOT_ENCRYPTED = {
    "PKCS #8": of_library(KEY, seal=OPEN),
    "RSA": of_library(RSA, PrivateFormat.TraditionalOpenSSL, OPEN),
    "OpenSSH": of_library(KEY, PrivateFormat.OpenSSH, OPEN),
}
LOCKED = {
    "another passphrase": sealed(passphrase="under the second bench peg"),
    "a key for agreeing": of_library(x25519.X25519PrivateKey.generate()),
    "no key inside": sealed(inside=b"Ed25519" * 7),
    "its last block changed": pem(RAW[:-1] + bytes([RAW[-1] ^ 1])),
}


@pytest.mark.parametrize(
    ("code", "files"),
    [
        ("not_a_key_file", NOT_A_KEY_FILE),
        ("another_kind", ANOTHER_KIND),
        ("key_not_encrypted", NOT_ENCRYPTED),
        ("key_locked", LOCKED),
    ],
)
def test_any_other_file_is_refused_and_its_maker_is_told_why(code, files):
    answers = in_node(asked(key) for key in files.values())

    told = {name: answer.get("code") for name, answer in zip(files, answers, strict=True)}
    assert told == dict.fromkeys(files, code)


def test_no_bit_of_a_key_file_can_be_flipped_into_another_key():
    """It is refused, or nothing changed: the file is sealed by no checksum but its padding."""
    files = [
        pem(RAW[:at] + bytes([RAW[at] ^ (1 << bit)]) + RAW[at + 1 :])
        for at in range(len(RAW))
        for bit in (0, 4, 7)
    ]

    answers = in_node(map(asked, files))

    wanted = create_proof(BODY, signer=SIGNER, created=ISSUED)
    assert all("code" in answer or proof_in(answer) == wanted for answer in answers)


def test_a_key_file_may_end_anywhere_and_never_opens_before_its_end():
    files = [pem(RAW[:end]) for end in range(len(RAW))]

    answers = in_node(map(asked, files))

    assert {answer["code"] for answer in answers} == {"not_a_key_file"}


def test_no_guess_at_the_passphrase_opens_anything():
    """One in 256 ends in a padding that looks right; then what is inside is no key."""
    key = of_library(KEY)

    answers = in_node(asked(key, f"guess {number}") for number in range(600))

    assert {answer["code"] for answer in answers} == {"key_locked"}

"""Keys: strictly judged, never overwritten, never shown, and named so that people can compare."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from provenance import keys
from provenance.errors import (
    BadKeyError,
    BadProofError,
    KeyExistsError,
    KeyLockedError,
    MalformedError,
)
from tests.provenance.makings import MIRA, PLATFORM, PLATFORM_SIGNER, make_signer

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
PASSPHRASE = b"three short words make one long one"
BEGIN, END = (b"-----%s ENCRYPTED PRIVATE KEY-----\n" % word for word in (b"BEGIN", b"END"))
AES = bytes.fromhex("6086480165030401")  # 2.16.840.1.101.3.4.1, in the sealed key's head
SMALL_ORDER_HEX = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]
NON_CANONICAL_HEX = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def method_of_platform(key: bytes) -> str:
    return keys.verification_method(PLATFORM, key)


def open_file(path, passphrase=PASSPHRASE):
    return keys.load_signer(path, passphrase=passphrase, verification_method_of=method_of_platform)


def keep(path, content: bytes):
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("encoded", SMALL_ORDER_HEX + NON_CANONICAL_HEX)
def test_a_weak_public_key_is_refused(encoded):
    with pytest.raises(BadKeyError):
        keys.check_public_key(bytes.fromhex(encoded))


def test_the_weak_keys_are_refused_for_a_reason():
    """Under the identity point OpenSSL accepts a signature made without any private key."""
    identity = bytes.fromhex(SMALL_ORDER_HEX[0])
    forged = identity + bytes(32)

    Ed25519PublicKey.from_public_bytes(identity).verify(forged, b"a ring nobody certified")

    with pytest.raises(BadKeyError):
        keys.verify_signature(identity, forged, b"a ring nobody certified")


def test_the_list_of_weak_keys_is_complete():
    """Adding the point of order eight to itself visits all eight, and every one is listed."""
    point, visited = torsion_point(), set()
    current = point
    for _ in range(8):
        visited.add(encode(current))
        current = add(current, point)

    assert visited == {bytes.fromhex(encoded) for encoded in SMALL_ORDER_HEX}


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_public_key_of_another_length_is_refused(length):
    with pytest.raises(BadKeyError):
        keys.check_public_key(bytes(length))


def test_a_number_that_is_no_point_of_the_curve_is_no_key():
    with pytest.raises(BadKeyError):
        keys.check_public_key((2).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32))
def test_every_honest_key_is_accepted(seed):
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    keys.check_public_key(public)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_what_a_signer_signs_verifies(seed, data):
    signer = keys.MemorySigner.from_seed(seed, verification_method_of=method_of_platform)

    keys.verify_signature(signer.public_key, signer.sign(data), data)


def test_a_malleated_signature_is_refused():
    signature = PLATFORM_SIGNER.sign(b"ring")
    other = int.from_bytes(signature[32:], "little") + ORDER
    malleated = signature[:32] + other.to_bytes(32, "little")

    with pytest.raises(BadProofError):
        keys.verify_signature(PLATFORM_SIGNER.public_key, malleated, b"ring")


@pytest.mark.parametrize("encoded", SMALL_ORDER_HEX + NON_CANONICAL_HEX)
def test_a_signature_that_begins_with_a_weak_point_is_refused(encoded):
    signature = bytes.fromhex(encoded) + PLATFORM_SIGNER.sign(b"ring")[32:]

    with pytest.raises(BadProofError, match="one form"):
        keys.verify_signature(PLATFORM_SIGNER.public_key, signature, b"ring")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_refused(length):
    signature = (PLATFORM_SIGNER.sign(b"ring") * 2)[:length]

    with pytest.raises(BadProofError):
        keys.verify_signature(PLATFORM_SIGNER.public_key, signature, b"ring")


def test_a_signature_for_other_words_is_refused():
    with pytest.raises(BadProofError):
        keys.verify_signature(
            PLATFORM_SIGNER.public_key, PLATFORM_SIGNER.sign(b"ring"), b"another ring"
        )


def test_a_key_file_opens_again_with_its_passphrase(tmp_path):
    public = keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)

    signer = open_file(tmp_path / "key.pem")

    assert signer.public_key == public
    keys.verify_signature(public, signer.sign(b"ring"), b"ring")


def test_a_key_file_is_never_overwritten(tmp_path):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)
    before = (tmp_path / "key.pem").read_bytes()

    with pytest.raises(KeyExistsError):
        keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)

    assert (tmp_path / "key.pem").read_bytes() == before


def test_a_new_key_file_is_for_its_owner_alone(tmp_path):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)

    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o666])
def test_a_key_file_that_others_can_reach_is_refused(tmp_path, mode):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)
    (tmp_path / "key.pem").chmod(mode)

    with pytest.raises(BadKeyError):
        open_file(tmp_path / "key.pem")


def test_a_wrong_passphrase_leaves_the_key_locked(tmp_path):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)

    with pytest.raises(KeyLockedError):
        open_file(tmp_path / "key.pem", b"sesame")


def test_a_key_without_a_passphrase_is_not_written(tmp_path):
    with pytest.raises(BadKeyError):
        keys.write_key_file(tmp_path / "key.pem", passphrase=b"")


def test_a_folder_that_is_not_there_is_named_and_no_traceback(tmp_path):
    with pytest.raises(BadKeyError, match="cannot be written"):
        keys.write_key_file(tmp_path / "nowhere" / "key.pem", passphrase=PASSPHRASE)

    assert not (tmp_path / "key.pem").exists()


def test_a_key_file_that_anybody_could_open_is_refused(tmp_path):
    bare = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )

    with pytest.raises(BadKeyError):
        open_file(keep(tmp_path / "key.pem", bare))


def test_a_key_of_another_kind_is_refused(tmp_path):
    other = X25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE)
    )

    with pytest.raises(BadKeyError):
        open_file(keep(tmp_path / "key.pem", other))


def test_a_missing_key_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(BadKeyError):
        open_file(tmp_path / "none.pem")


def test_a_damaged_key_file_is_refused_by_name(tmp_path):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)
    whole = (tmp_path / "key.pem").read_bytes()

    with pytest.raises(KeyLockedError):
        open_file(
            keep(tmp_path / "key.pem", whole[:-60] + b"\n-----END ENCRYPTED PRIVATE KEY-----")
        )


@pytest.mark.parametrize("flip", [0x01, 0x40, 0xFF])
def test_a_spoilt_key_file_is_refused_by_name_wherever_it_is_spoilt(tmp_path, flip):
    path = tmp_path / "key.pem"
    keys.write_key_file(path, passphrase=PASSPHRASE)
    der = base64.b64decode(b"".join(path.read_bytes().splitlines()[1:-1]))
    # The kind of key is sealed in the first block, which whoever changes what stands here changes.
    cipher = der.index(AES)
    for spot in range(cipher, cipher + 30):
        spoilt = bytes(byte ^ (flip if at == spot else 0) for at, byte in enumerate(der))
        keep(path, BEGIN + base64.encodebytes(spoilt) + END)

        with pytest.raises((BadKeyError, KeyLockedError)):
            open_file(path)


def test_a_key_file_that_says_another_kind_of_key_once_opened_is_spoilt(tmp_path):
    path = tmp_path / "key.pem"
    keys.write_key_file(path, passphrase=PASSPHRASE)
    der = bytearray(base64.b64decode(b"".join(path.read_bytes().splitlines()[1:-1])))
    der[der.index(AES) + 20] ^= 0x01
    keep(path, BEGIN + base64.encodebytes(bytes(der)) + END)

    with pytest.raises(BadKeyError, match="spoilt"):
        open_file(path)


def test_a_key_file_without_a_passphrase_asks_for_it(tmp_path):
    keys.write_key_file(tmp_path / "key.pem", passphrase=PASSPHRASE)

    with pytest.raises(KeyLockedError, match="needs its passphrase"):
        open_file(tmp_path / "key.pem", b"")


def whole(path):
    keys.write_key_file(path, passphrase=PASSPHRASE)


def open_to_all(path):
    whole(path)
    path.chmod(0o644)


@pytest.mark.parametrize("make", [whole, open_to_all, lambda path: None])
def test_no_frame_that_an_error_leaves_holds_the_passphrase(tmp_path, make):
    make(tmp_path / "key.pem")
    guess = b"a guess that nobody may read"

    with pytest.raises((BadKeyError, KeyLockedError)) as refused:
        keys.load_signer(
            tmp_path / "key.pem", passphrase=guess, verification_method_of=method_of_platform
        )

    frames = [frame for frame in refused.traceback if frame.path.name == "keys.py"]
    assert frames
    assert all(guess not in frame.frame.f_locals.values() for frame in frames)
    assert refused.value.__context__ is None or isinstance(refused.value.__cause__, OSError)


def test_a_signer_does_not_show_its_private_key():
    assert repr(PLATFORM_SIGNER) == f"<MemorySigner {PLATFORM_SIGNER.verification_method}>"


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(BadKeyError):
        keys.MemorySigner.from_seed(bytes(31), verification_method_of=method_of_platform)


def test_a_multikey_reads_back_and_begins_as_they_all_do():
    text = keys.multikey(PLATFORM_SIGNER.public_key)

    assert text.startswith("z6Mk")
    assert keys.read_multikey(text) == PLATFORM_SIGNER.public_key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z6Mk0",
        "m" + keys.multikey(PLATFORM_SIGNER.public_key)[1:],
        keys.multikey(PLATFORM_SIGNER.public_key)[:-1],
        "z" + keys.base58_encode(b"\x80\x26" + PLATFORM_SIGNER.public_key),
        "z" + keys.base58_encode(b"\xed\x01" + bytes.fromhex(SMALL_ORDER_HEX[4])),
        "z" + "1" * 300,
    ],
)
def test_what_is_not_a_sound_multikey_is_refused(text):
    with pytest.raises(BadKeyError):
        keys.read_multikey(text)


@given(st.binary(max_size=70))
def test_base58_reads_back_what_it_wrote(data):
    assert keys.base58_decode(keys.base58_encode(data)) == data


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "abc+", "1" * 257])
def test_what_is_not_base58_is_refused(text):
    with pytest.raises(MalformedError):
        keys.base58_decode(text)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_a_fingerprint_is_read_as_people_type_it(typed):
    printed = keys.fingerprint(PLATFORM_SIGNER.public_key)

    assert keys.read_fingerprint(typed.format(printed)) == printed
    assert keys.read_fingerprint(typed.format(printed.upper().replace(" ", ""))) == printed
    assert keys.read_fingerprint(typed.format(printed.replace(" ", "-"))) == printed


@pytest.mark.parametrize("typed", ["", "24aa", "g" * 32, "2" * 31, "2" * 33])
def test_what_is_not_a_fingerprint_is_refused(typed):
    with pytest.raises(BadKeyError):
        keys.read_fingerprint(typed)


@pytest.mark.parametrize(
    ("site", "path", "did"),
    [
        ("https://touchmark.example", (), "did:web:touchmark.example"),
        ("https://Touchmark.example/", (), "did:web:touchmark.example"),
        ("http://localhost:8000", (), "did:web:localhost%3A8000"),
        ("https://touchmark.example", ("j", "tidewell-bench"), MIRA),
    ],
)
def test_a_site_and_its_people_have_did_web_names(site, path, did):
    assert keys.did_web(site, *path) == did


@pytest.mark.parametrize(
    ("site", "path"),
    [
        ("", ()),
        ("not a site", ()),
        ("https://touchmark.example/shop", ()),
        ("https://[::1]:8000", ()),
        ("https://touchmark.example:port", ()),
        ("https://touchmark.example", ("j", "a:b")),
        ("https://touchmark.example", ("",)),
        ("https://touchmark.example", ("../x",)),
    ],
)
def test_an_address_that_cannot_be_a_did_web_is_refused(site, path):
    with pytest.raises(MalformedError):
        keys.did_web(site, *path)


@pytest.mark.parametrize(
    ("did", "url"),
    [
        (PLATFORM, "https://touchmark.example/.well-known/did.json"),
        (MIRA, "https://touchmark.example/j/tidewell-bench/did.json"),
        ("did:web:localhost%3A8000", "http://localhost:8000/.well-known/did.json"),
        ("did:web:192.168.1.20%3A8000", "http://192.168.1.20:8000/.well-known/did.json"),
    ],
)
def test_a_did_document_stands_where_the_method_says(did, url):
    assert keys.did_web_url(did) == url


@pytest.mark.parametrize("did", ["", "did:key:z6Mk", "did:web:", "did:web:-", "did:web:a%3Ab"])
def test_what_is_not_a_did_web_has_no_address(did):
    with pytest.raises(MalformedError):
        keys.origins_of(did)


@pytest.mark.parametrize(
    "host", ["touchmark.example", "8.8.8.8", "172.32.0.1", "localhost.example"]
)
def test_only_a_local_host_may_do_without_https(host):
    assert keys.origins_of(f"did:web:{host}") == (f"https://{host}",)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "10.1.2.3", "172.16.0.1"])
def test_a_local_host_may_do_without_https(host):
    assert keys.origins_of(f"did:web:{host}") == (f"https://{host}", f"http://{host}")


def test_a_did_document_lets_every_key_assert_that_was_not_stolen():
    stolen, retired = make_signer(seed=9).public_key, make_signer(seed=8).public_key

    document = keys.did_document(
        PLATFORM,
        keys=[PLATFORM_SIGNER.public_key, retired],
        revoked={stolen: "2027-10-01T00:00:00Z"},
    )

    assert document["@context"][0] == "https://www.w3.org/ns/did/v1"
    assert document["assertionMethod"] == [
        PLATFORM_SIGNER.verification_method,
        keys.verification_method(PLATFORM, retired),
    ]
    assert [
        (method["publicKeyMultibase"], method.get("revoked"))
        for method in document["verificationMethod"]
    ] == [
        (keys.multikey(PLATFORM_SIGNER.public_key), None),
        (keys.multikey(retired), None),
        (keys.multikey(stolen), "2027-10-01T00:00:00Z"),
    ]


def add(one, two):
    """Add two points of edwards25519 (RFC 8032 section 5.1.4)."""
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    (x1, y1), (x2, y2) = one, two
    product = d * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, FIELD)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, FIELD)
    return x % FIELD, y % FIELD


def torsion_point():
    """The point of order eight whose y is the smaller: x^2 = (y^2-1)/(dy^2+1)."""
    d = -121665 * pow(121666, -1, FIELD) % FIELD
    y = int.from_bytes(bytes.fromhex(SMALL_ORDER_HEX[6]), "little")
    square = (y * y - 1) * pow(d * y * y + 1, -1, FIELD) % FIELD
    root = pow(square, (FIELD + 3) // 8, FIELD)
    if root * root % FIELD != square:
        root = root * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    return root, y


def encode(point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")

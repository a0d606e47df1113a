"""The primitives under a tap: AES, its CMAC, derived keys, and the leakage-resilient primitive."""

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import BadKeyError
from tags import aes
from tags.aes import Key
from tags.diversification import chip_key, diversified, purpose_of
from tags.lrp import LrpKey

UID = bytes.fromhex("04782E21801D80")
SECRET = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
# NIST SP 800-38B, appendix D.1: the key, and CMACs of 0, 16 and 40 bytes of one message.
NIST_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
NIST_MESSAGE = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
)
NIST_CMACS = {
    0: "bb1d6929e95937287fa37d129b756746",
    16: "070a16b46b4d4144f79bdd9dd04a287c",
    40: "dfa66747de9ae63030ca32611497c827",
}

blocks = st.binary(min_size=16, max_size=16)


def plain_cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


@pytest.mark.parametrize(("length", "mac"), NIST_CMACS.items())
def test_cmac_is_the_cmac_of_nist(length, mac):
    message = NIST_MESSAGE[:length]

    assert aes.cmac(NIST_KEY, message).hex() == mac
    assert Key(NIST_KEY).cmac(message).hex() == mac


def test_the_subkeys_are_those_of_the_derivation_example():
    # AN10922 section 2.2.1, steps 2 to 4.
    zeros = Key(SECRET).encrypt_block(bytes(16))

    whole, padded = aes.subkeys(zeros)

    assert zeros.hex().upper() == "FDE4FBAE4A09E020EFF722969F83832B"
    assert f"{whole:032X}" == "FBC9F75C9413C041DFEE452D3F0706D1"
    assert f"{padded:032X}" == "F793EEB928278083BFDC8A5A7E0E0D25"


@given(key=blocks, vector=blocks, message=st.binary(max_size=70))
def test_a_session_mac_is_a_cmac_under_a_cmac(key, vector, message):
    expected = plain_cmac(plain_cmac(key, vector), message)

    assert aes.cmac_by_cmac(key, vector, message) == expected


@given(message=st.binary(min_size=16, max_size=31))
def test_a_long_derivation_is_a_plain_cmac(message):
    assert diversified(Key(SECRET), message) == plain_cmac(SECRET, b"\x01" + message)


@given(message=st.binary(min_size=1, max_size=15))
def test_a_short_derivation_is_not_a_plain_cmac(message):
    """AN10922 section 2.2: 0x01 || M is padded to two blocks, and K2 is added to the second."""
    key = Key(SECRET)
    padded = (b"\x01" + message + b"\x80").ljust(32, b"\0")
    _, subkey = aes.subkeys(key.encrypt_block(bytes(16)))
    first = int.from_bytes(key.encrypt_block(padded[:16]))
    last = first ^ int.from_bytes(padded[16:]) ^ subkey

    made = diversified(key, message)

    assert made == key.encrypt_block(last.to_bytes(16))
    assert made != plain_cmac(SECRET, b"\x01" + message)


@pytest.mark.parametrize("message", [b"", bytes(32), bytes(64)])
def test_a_derivation_takes_1_to_31_bytes(message):
    with pytest.raises(BadKeyError):
        diversified(Key(SECRET), message)


@given(slot=st.integers(0, 4), system_id=st.binary(min_size=1, max_size=16))
def test_the_key_of_a_chip_is_derived_from_uid_application_slot_and_system(slot, system_id):
    message = UID + bytes.fromhex("D2760000850101") + bytes([slot]) + system_id

    made = chip_key(Key(SECRET), UID, purpose_of(slot, system_id))

    assert made == diversified(Key(SECRET), message)


def test_keys_of_other_slots_and_systems_differ():
    made = {
        chip_key(Key(SECRET), UID, purpose_of(slot, system_id))
        for slot in range(5)
        for system_id in (b"a", b"a\0", b"a\x80", b"b", b"b" * 16)
    }

    assert len(made) == 25


@given(key=blocks, data=st.binary(max_size=3), counter=st.binary(min_size=4, max_size=8))
def test_what_lrp_encrypts_it_decrypts(key, data, counter):
    blocks_of_data = data.ljust(48, b"\0")

    hidden = LrpKey(key).encrypt(blocks_of_data, counter=counter, number=1)

    assert LrpKey(key).decrypt(hidden, counter=counter, number=1) == blocks_of_data
    assert hidden[:16] != hidden[16:32]


def test_the_counter_of_lrp_wraps():
    key, block = LrpKey(SECRET), bytes(16)

    around = key.encrypt(2 * block, counter=b"\xff" * 6)

    assert around[16:] == key.encrypt(block, counter=bytes(6))


def test_a_mac_and_what_a_session_encrypts_use_different_keys():
    key = LrpKey(SECRET)

    assert key.encrypt(bytes(16), counter=bytes(6)) != key.encrypt(
        bytes(16), counter=bytes(6), number=1
    )

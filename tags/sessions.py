"""What a chip hides and signs in one tap, in the two modes of the NTAG 424 DNA.

Both directions stand side by side, the chip's and the reader's. Section numbers are of the data
sheet NT4H2421Gx.
"""

import secrets
from functools import lru_cache

from tags import aes
from tags.aes import BLOCK, Key
from tags.diversification import UID_BYTES
from tags.lrp import LrpKey
from tags.profiles import Crypto

COUNTER_BYTES = 3

_LRP = Crypto.LRP  # looking a member up costs more than comparing it
_AES_MAC_VECTOR = bytes.fromhex("3CC300010080")
_AES_ENCRYPTION_VECTOR = bytes.fromhex("C33C00010080")
_LRP_VECTOR, _LRP_VECTOR_END = bytes.fromhex("00010080"), bytes.fromhex("1EE1")
_LRP_COUNTER_END = bytes(3)
_LRP_RANDOM = 8  # bytes before the cipher text of PICCData


def mac_of(crypto: Crypto, key: bytes, names: bytes, window: bytes) -> bytes:
    """The MAC that a chip with this file key writes: every second byte of a CMAC (section 9.3.8).

    `names` are 10 bytes that tell this tap from all others (section 9.3.9): the UID, then the
    counter with its least significant byte first. Zeros at the end take the place of what a chip
    does not mirror. `window` is the text that the MAC is over.
    """
    if crypto is _LRP:
        return _lrp_session(key, names).cmac(window)[1::2]
    return aes.cmac_by_cmac(key, _AES_MAC_VECTOR + names, window)[1::2]


def decrypt_file(crypto: Crypto, key: bytes, names: bytes, data: bytes) -> bytes:
    """The file data that a chip encrypted, in whole blocks of 16 bytes (section 9.3.6)."""
    if crypto is _LRP:
        counter = names[UID_BYTES:] + _LRP_COUNTER_END
        return _lrp_session(key, names).decrypt(data, counter=counter, number=1)
    session_key = aes.cmac(key, _AES_ENCRYPTION_VECTOR + names)
    return aes.cbc_decrypt(session_key, _aes_start(session_key, names), data)


def encrypt_file(crypto: Crypto, key: bytes, names: bytes, data: bytes) -> bytes:
    """File data as a chip encrypts it."""
    if crypto is _LRP:
        counter = names[UID_BYTES:] + _LRP_COUNTER_END
        return _lrp_session(key, names).encrypt(data, counter=counter, number=1)
    session_key = aes.cmac(key, _AES_ENCRYPTION_VECTOR + names)
    return aes.cbc_encrypt(session_key, _aes_start(session_key, names), data)


def open_picc(crypto: Crypto, key: Key, data: bytes) -> bytes:
    """PICCData in the clear, one block (section 9.3.4): any key opens anything, it proves nothing.

    `data` has 16 bytes with AES, which is CBC from zero; with LRP 24: 8 random ones, and a block
    that has them as its counter.
    """
    if crypto is not _LRP:
        return key.decrypt_block(data)
    return _lrp_key(key).decrypt(data[_LRP_RANDOM:], counter=data[:_LRP_RANDOM])


def hide_picc(crypto: Crypto, key: bytes, data: bytes) -> bytes:
    """PICCData as a chip hides it: `data` of up to 16 bytes, filled with random ones."""
    block = data + secrets.token_bytes(BLOCK - len(data))
    if crypto is not _LRP:
        return aes.encrypt_block(key, block)
    random = secrets.token_bytes(_LRP_RANDOM)
    return random + LrpKey(key).encrypt(block, counter=random)


def _aes_start(session_key: bytes, names: bytes) -> bytes:
    return aes.encrypt_block(session_key, names[UID_BYTES:].ljust(BLOCK, b"\0"))


def _lrp_session(key: bytes, names: bytes) -> LrpKey:
    """One session key for both: updated key 0 makes the MAC, updated key 1 encrypts."""
    return LrpKey(LrpKey(key).cmac(_LRP_VECTOR + names + _LRP_VECTOR_END))


@lru_cache(maxsize=64)
def _lrp_key(key: Key) -> LrpKey:
    return LrpKey(key.secret)

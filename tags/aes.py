"""AES-128 as the chips use it: a key with its ciphers at hand, single blocks, CBC and CMAC."""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from provenance.errors import BadKeyError

BLOCK = 16  # bytes, of a key too

_ECB = modes.ECB()  # nosec B305: single blocks, chained by what stands above
_POLYNOMIAL = 0x87  # NIST SP 800-38B section 5.3: R_128
_LAST_BIT = 1 << 127
_LOW_128_BITS = (1 << 128) - 1


class Key:
    """A key that stays in memory, such as a master key, with its ciphers made once.

    16 bytes. Raises BadKeyError for any other length and for the all-zero key, which every chip
    leaves the factory with and everybody knows. It prints no byte of itself.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != BLOCK:
            raise BadKeyError(f"a key has {BLOCK} bytes, not {len(secret)}")
        if hmac.compare_digest(secret, bytes(BLOCK)):
            raise BadKeyError("a key of zeros is the one every chip leaves the factory with")
        self._take(secret)

    @classmethod
    def of_the_factory(cls) -> "Key":
        """The all-zero key of a blank chip: for known answers and virtual tags, for no site."""
        key = cls.__new__(cls)
        key._take(bytes(BLOCK))
        return key

    def _take(self, secret: bytes) -> None:
        self.secret = secret
        cipher = Cipher(AES(secret), _ECB)
        # One call with one whole block leaves no state behind, so threads may share them.
        self.encrypt_block = cipher.encryptor().update
        self.decrypt_block = cipher.decryptor().update
        self._cmac = CMAC(AES(secret))

    def cmac(self, message: bytes) -> bytes:
        """AES-CMAC under this key: 16 bytes."""
        mac = self._cmac.copy()
        mac.update(message)
        return mac.finalize()

    def __repr__(self) -> str:
        return "<Key>"


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """One block under a key that is used once."""
    return Cipher(AES(key), _ECB).encryptor().update(block)


def decrypt_block(key: bytes, block: bytes) -> bytes:
    return Cipher(AES(key), _ECB).decryptor().update(block)


def cmac(key: bytes, message: bytes) -> bytes:
    """AES-CMAC (NIST SP 800-38B, RFC 4493) under a key that is used once: 16 bytes."""
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def cmac_by_cmac(key: bytes, vector: bytes, message: bytes) -> bytes:
    """The CMAC of a message under a session key, which is itself the CMAC of a vector."""
    derivation = CMAC(AES(key))
    derivation.update(vector)
    mac = CMAC(AES(derivation.finalize()))
    if message:
        mac.update(message)
    return mac.finalize()


def cbc_encrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    """Whole blocks in CBC from the starting value `start`, without padding."""
    return Cipher(AES(key), modes.CBC(start)).encryptor().update(data)


def cbc_decrypt(key: bytes, start: bytes, data: bytes) -> bytes:
    return Cipher(AES(key), modes.CBC(start)).decryptor().update(data)


def subkeys(encrypted_zeros: bytes) -> tuple[int, int]:
    """The two subkeys of CMAC, as numbers: for a last block that is whole, and one that is padded.

    NIST SP 800-38B section 6.1: a block of zeros under the key, times x and times x^2.
    """
    whole = _doubled(int.from_bytes(encrypted_zeros))
    return whole, _doubled(whole)


def _doubled(element: int) -> int:
    shifted = (element << 1) & _LOW_128_BITS
    return shifted ^ _POLYNOMIAL if element & _LAST_BIT else shifted

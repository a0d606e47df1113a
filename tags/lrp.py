"""The leakage-resilient primitive (NXP AN12304): AES used so that no key does much work."""

from collections.abc import Callable, Iterator

from tags.aes import BLOCK, decrypt_block, encrypt_block, subkeys

_NIBBLE_VALUES = 16
_UPDATED_KEYS = 2  # number 0 for MACs and PICCData, number 1 for what a session encrypts
_STEP = b"\x55" * BLOCK
_EMIT = b"\xaa" * BLOCK
_ZEROS = bytes(BLOCK)


class LrpKey:
    """A base key of 16 bytes with the secret plaintexts and updated keys that follow from it."""

    def __init__(self, key: bytes) -> None:
        self.plaintexts = list(_chain(encrypt_block(key, _STEP), _NIBBLE_VALUES))
        self.updated_keys = list(_chain(encrypt_block(key, _EMIT), _UPDATED_KEYS))

    def evaluate(self, data: bytes, *, number: int = 0, final: bool = True) -> bytes:
        """Walk through the nibbles of `data` from an updated key (AN12304 algorithm 3)."""
        value = self.updated_keys[number]
        for nibble in data.hex():
            value = encrypt_block(value, self.plaintexts[int(nibble, 16)])
        return encrypt_block(value, _ZEROS) if final else value

    def encrypt(self, data: bytes, *, counter: bytes, number: int = 0) -> bytes:
        """LRICB over whole blocks, without padding (AN12304 algorithm 4).

        The counter counts blocks up and wraps: after FF..FF comes 00..00.
        """
        return self._each_block(encrypt_block, data, counter, number)

    def decrypt(self, data: bytes, *, counter: bytes, number: int = 0) -> bytes:
        """What `encrypt` made, read again (AN12304 algorithm 5)."""
        return self._each_block(decrypt_block, data, counter, number)

    def cmac(self, message: bytes) -> bytes:
        """CMAC_LRP (AN12304 algorithm 6): CMAC with LRP in the place of AES, 16 bytes."""
        whole, padded = subkeys(self.evaluate(_ZEROS))
        *earlier, last = _blocks(message) or [b""]
        value = 0
        for block in earlier:
            value = int.from_bytes(self.evaluate(_bytes(value ^ int.from_bytes(block))))
        if len(last) == BLOCK:
            end = int.from_bytes(last) ^ whole
        else:
            end = int.from_bytes((last + b"\x80").ljust(BLOCK, b"\0")) ^ padded
        return self.evaluate(_bytes(value ^ end))

    def _each_block(
        self, act: Callable[[bytes, bytes], bytes], data: bytes, counter: bytes, number: int
    ) -> bytes:
        first, wraps_at = int.from_bytes(counter), 1 << (8 * len(counter))
        return b"".join(
            act(
                self.evaluate(((first + place) % wraps_at).to_bytes(len(counter)), number=number),
                block,
            )
            for place, block in enumerate(_blocks(data))
        )


def _chain(seed: bytes, length: int) -> Iterator[bytes]:
    """AN12304 algorithms 1 and 2: what both derive from their seeds, one after the other."""
    for _ in range(length):
        yield encrypt_block(seed, _EMIT)
        seed = encrypt_block(seed, _STEP)


def _blocks(data: bytes) -> list[bytes]:
    return [data[start : start + BLOCK] for start in range(0, len(data), BLOCK)]


def _bytes(value: int) -> bytes:
    return value.to_bytes(BLOCK)

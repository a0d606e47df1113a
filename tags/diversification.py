"""One key per chip, from a master key and what is printed in the chip (NXP AN10922)."""

from provenance.errors import BadKeyError
from tags.aes import BLOCK, Key, subkeys

LONGEST_SYSTEM_ID = 16
UID_BYTES = 7

# NT4H2421Gx section 8.2.2: the name of the one application of an NTAG 424 DNA.
_APPLICATION = bytes.fromhex("D2760000850101")
_AES_128 = b"\x01"  # AN10922 section 2.2: the constant of an AES-128 key


def chip_key(master: Key, uid: bytes, purpose: bytes) -> bytes:
    """The 16 bytes that belong into a key slot of the chip with this UID of 7 bytes.

    `purpose` is what `purpose_of` makes of the slot and the system id. M = UID || purpose has
    16 bytes at least, where the derivation of `diversified` is a plain CMAC.
    """
    return master.cmac(_AES_128 + uid + purpose)


def purpose_of(slot: int, system_id: bytes) -> bytes:
    """What keeps the keys of one chip apart: application || slot || system id (1 to 16 bytes)."""
    return _APPLICATION + slot.to_bytes() + system_id


def diversified(master: Key, message: bytes) -> bytes:
    """AN10922 section 2.2: a CMAC over 0x01 || M that always takes in two blocks.

    That is a plain CMAC as long as M has 16 bytes and more. A shorter M is padded beyond its own
    block, and the second subkey marks that it was. Raises BadKeyError unless M has 1 to 31 bytes.
    """
    data = _AES_128 + message
    if not 1 < len(data) <= 2 * BLOCK:
        raise BadKeyError("a key is derived from 1 to 31 bytes")
    if len(data) > BLOCK:
        return master.cmac(data)
    _, padded_subkey = subkeys(master.encrypt_block(bytes(BLOCK)))
    first = master.encrypt_block((data + b"\x80").ljust(BLOCK, b"\0")[:BLOCK])
    marker = 0x80 << 120 if len(data) == BLOCK else 0
    last = int.from_bytes(first) ^ padded_subkey ^ marker
    return master.encrypt_block(last.to_bytes(BLOCK))

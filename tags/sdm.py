"""Secure dynamic messaging of the NTAG 424 DNA: whether a tap comes from a chip with our key.

A tap goes through `profiles.parse_tap`, `read_picc`, whatever the site knows of that UID, then
`file_key` and `verify`. Known chip or not, the work is the same.
"""

from binascii import unhexlify
from enum import StrEnum
from hmac import compare_digest
from struct import Struct
from typing import NamedTuple

from provenance.errors import BadKeyError
from tags.aes import Key
from tags.diversification import chip_key
from tags.errors import InvalidTapError, Refusal
from tags.profiles import Profile, TapQuery
from tags.sessions import COUNTER_BYTES, decrypt_file, mac_of, open_picc

HIGHEST_COUNTER = (1 << 24) - 1

# NT4H2421Gx section 9.3.4, the PICCDataTag: bit 7 says that the UID follows, bit 6 that the
# counter does, the low half is the length of the UID. Chips write these three and no other.
BOTH_MIRRORED, UID_MIRRORED, COUNTER_MIRRORED = 0xC7, 0x87, 0x40
# The tag, the UID, and a number whose low three bytes are the counter; the rest is random.
_UNPACK = Struct("<B7sL4x").unpack
# What the constructor of a NamedTuple calls; its own frame costs as much as a block of AES.
_NEW = tuple.__new__
_REFUSAL_OF_TAG = {UID_MIRRORED: Refusal.NO_COUNTER, COUNTER_MIRRORED: Refusal.NO_UID}


class Seal(StrEnum):
    """What a TagTamper chip says of its wire; a wire that broke once stays opened for ever."""

    INTACT = "intact"
    OPENED = "opened"
    NOT_ENABLED = "not_enabled"


# NT4H2421Tx section 9.3.5: first what the chip remembers, then what it measures now: closed,
# open or invalid. Open in either place means that the seal was opened.
SEAL_OF_LETTERS = {
    "CC": Seal.INTACT,
    "CO": Seal.OPENED,
    "OO": Seal.OPENED,
    "OC": Seal.OPENED,
    "II": Seal.NOT_ENABLED,
}


class PiccData(NamedTuple):
    """Which chip speaks, and how often it was read. Nobody has checked it yet: `verify` does."""

    uid: bytes  # 7 bytes
    counter: int  # 0 to 2^24 - 1

    def __repr__(self) -> str:
        return "<PiccData>"


class Reading(NamedTuple):
    """What a chip that holds our key said in one tap."""

    uid: bytes
    counter: int
    file_data: bytes
    seal: Seal | None  # None when tags of this profile watch no seal

    def __repr__(self) -> str:
        return "<Reading>"


def read_picc(profile: Profile, meta_key: Key | None, query: TapQuery) -> PiccData:
    """Read which chip a tap speaks of; both UID and counter are needed.

    `meta_key` opens {picc} and may be None for a profile that mirrors in the clear. A link
    without a counter would hold for ever, so it is refused whatever its MAC. Raises
    InvalidTapError, and BadKeyError when a needed key is missing.
    """
    shape = profile.shape
    if not profile.is_encrypted:
        return PiccData(unhexlify(query[shape.uid]), int(query[shape.counter], 16))
    if meta_key is None:
        raise BadKeyError("the key that opens UID and counter of this profile is missing")
    data = open_picc(profile.crypto, meta_key, unhexlify(query[shape.picc]))
    tag, uid, number = _UNPACK(data)
    if tag != BOTH_MIRRORED:
        raise InvalidTapError(_REFUSAL_OF_TAG.get(tag, Refusal.BAD_TAG))
    return _NEW(PiccData, (uid, number & HIGHEST_COUNTER))


def file_key(profile: Profile, master: Key, uid: bytes) -> bytes:
    """The 16 bytes of the file key of one chip: derived, or the master key itself."""
    if profile.purpose is None:
        return master.secret
    return chip_key(master, uid, profile.purpose)


def verify(profile: Profile, query: TapQuery, picc: PiccData, key: bytes) -> Reading:
    """Check the MAC of a tap in constant time, and only then read what the chip wrote.

    `key` is the file key of this chip. Raises InvalidTapError.
    """
    shape = profile.shape
    uid, counter = picc
    names = uid + counter.to_bytes(COUNTER_BYTES, "little")
    window = shape.window_before + query[shape.window].encode("ascii")
    if not compare_digest(mac_of(profile.crypto, key, names, window), unhexlify(query[shape.mac])):
        raise InvalidTapError(Refusal.BAD_MAC)
    file_data = b""
    if profile.file_bytes:
        file_data = decrypt_file(profile.crypto, key, names, unhexlify(query[shape.file]))
    seal = _seal(profile, query, file_data) if profile.watches_seal else None
    return _NEW(Reading, (uid, counter, file_data, seal))


def _seal(profile: Profile, query: TapQuery, file_data: bytes) -> Seal:
    letters = (
        file_data[:2].decode("latin-1") if profile.tamper_in_file else query[profile.shape.tamper]
    )
    if letters not in SEAL_OF_LETTERS:
        raise InvalidTapError(Refusal.BAD_TAMPER)
    return SEAL_OF_LETTERS[letters]

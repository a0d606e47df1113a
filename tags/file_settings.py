"""The settings of a chip's NDEF file: who may read it, and where the chip writes its mirrors."""

from dataclasses import dataclass, fields

from tags.errors import BadProfileError, MalformedNdefError
from tags.ndef import HEADER_BYTES, bytes_before, ndef_file
from tags.profiles import SLOTS, Profile

FREE = 0xE  # NT4H2421Gx table 6: no key needed
_OFFSET_BYTES = 3

# NT4H2421Gx table 69 and NT4H2421Tx: the data of ChangeFileSettings. Bit 6 of the first byte
# turns the mirrors on, its low bits 00 leave reading plain. Reading is free, writing and
# changing need key 0: E, 0, 0, 0, the low byte first.
_MIRRORS_ON = 0x40
_ACCESS = bytes((0x00, FREE << 4))
_UID, _COUNTER, _FILE, _SEAL, _ASCII = 0x80, 0x40, 0x10, 0x08, 0x01
_UNUSED = 0xF


@dataclass(frozen=True, kw_only=True)
class FileSettings:
    """Where the mirrors begin, in bytes of the NDEF file, and the key slots behind them.

    The offsets stand in the order in which the chip wants them; None is a mirror that is off.
    With `picc` the UID and the counter are hidden under the key in `meta_slot`; without they
    stand in the clear, and `meta_slot` is FREE. `window` is where the text of the MAC begins.
    """

    meta_slot: int
    file_slot: int
    uid: int | None = None
    counter: int | None = None
    picc: int | None = None
    seal: int | None = None
    window: int
    file: int | None = None
    file_length: int | None = None
    mac: int

    def written(self) -> bytes:
        """The data of the command ChangeFileSettings, as AN12196 (rev 2.0, table 18) sends it."""
        counter_slot = self.file_slot  # who may ask for the counter: whoever may check the MAC
        slots = bytes((_UNUSED << 4 | counter_slot, self.meta_slot << 4 | self.file_slot))
        offsets = (getattr(self, name) for name in _OFFSETS)
        return (
            bytes((_MIRRORS_ON,))
            + _ACCESS
            + bytes((self._options(),))
            + slots
            + b"".join(
                each.to_bytes(_OFFSET_BYTES, "little") for each in offsets if each is not None
            )
        )

    def _options(self) -> int:
        return (
            (_UID | _COUNTER | _ASCII)
            | (_FILE if self.file is not None else 0)
            | (_SEAL if self.seal is not None else 0)
        )


_OFFSETS = tuple(
    each.name for each in fields(FileSettings) if each.name not in {"meta_slot", "file_slot"}
)


def settings_of(profile: Profile) -> FileSettings:
    """The settings for a tag of this profile, whose file is `ndef_file(profile.filled())`.

    Raises MalformedNdefError when its address is too long for the chip, BadProfileError when
    the MAC window begins within what the file abbreviates.
    """
    address = profile.filled()
    ndef_file(address)
    shift = bytes_before(address)
    places = {name: place.start + shift for name, place in profile.places().items()}
    window = places["mac"] - profile.window_length
    if window < HEADER_BYTES:
        raise BadProfileError("the MAC window begins within what the file abbreviates")
    file = places.get("file")
    return FileSettings(
        meta_slot=profile.meta_slot if profile.is_encrypted else FREE,
        file_slot=profile.file_slot,
        uid=places.get("uid"),
        counter=places.get("counter"),
        picc=places.get("picc"),
        seal=file if profile.tamper_in_file else places.get("tamper"),
        window=window,
        file=file,
        file_length=None if file is None else profile.width("file"),
        mac=places["mac"],
    )


def read_settings(data: bytes) -> FileSettings:
    """Read what `FileSettings.written` wrote. Raises MalformedNdefError for any other settings."""
    if len(data) < 6 or data[0] != _MIRRORS_ON or data[1:3] != _ACCESS:
        raise MalformedNdefError("these are no settings of a file with mirrors")
    options, _, high = data[3:6]
    is_plain = high >> 4 == FREE
    wanted = {
        "uid": is_plain,
        "counter": is_plain,
        "picc": not is_plain,
        "seal": options & _SEAL,
        "window": True,
        "file": options & _FILE,
        "file_length": options & _FILE,
        "mac": True,
    }
    names = [name for name in _OFFSETS if wanted[name]]
    if len(data) != 6 + _OFFSET_BYTES * len(names):
        raise MalformedNdefError("there are more or fewer offsets than the settings announce")
    offsets = {
        name: int.from_bytes(data[start : start + _OFFSET_BYTES], "little")
        for name, start in zip(names, range(6, len(data), _OFFSET_BYTES), strict=True)
    }
    settings = FileSettings(meta_slot=high >> 4, file_slot=high & 0xF, **offsets)
    slots = {settings.file_slot} if is_plain else {settings.file_slot, settings.meta_slot}
    if settings.written() != data or not slots <= SLOTS:
        raise MalformedNdefError("these settings are not ours")
    return settings

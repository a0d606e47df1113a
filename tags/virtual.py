"""A tag made of Python: a public test tool that answers as an NTAG 424 DNA does when it is read.

It holds what the chip holds, a file, its settings, five keys and a counter, and completes the
file as the settings say. So it tries what we write into chips as much as what we read from them.
"""

from tags.aes import BLOCK, Key
from tags.diversification import UID_BYTES
from tags.errors import TagError
from tags.file_settings import FileSettings, read_settings, settings_of
from tags.ndef import ndef_file, read_ndef_file
from tags.profiles import SLOTS, Crypto, Profile
from tags.sdm import BOTH_MIRRORED, HIGHEST_COUNTER, file_key
from tags.sessions import COUNTER_BYTES, encrypt_file, hide_picc, mac_of

INTACT, OPENED, CLOSED_AGAIN = "CC", "OO", "OC"


class VirtualTag:
    """One chip. It is blank, with factory keys, until `encode` makes a tag of a profile of it.

    >>> tag = VirtualTag(uid=bytes.fromhex("04DE5F1EACC040"))
    >>> tag.encode(
    ...     Profile(
    ...         name="ring",
    ...         crypto=Crypto.AES,
    ...         template="https://touchmark.example/s/ring?u={uid}&n={counter}&c={mac}",
    ...     ),
    ...     meta_key=None,
    ...     master=Key.of_the_factory(),
    ... )
    >>> tag.tap()
    'https://touchmark.example/s/ring?u=04DE5F1EACC040&n=000001&c=EA2BEDD5DDB4F744'
    """

    def __init__(self, *, uid: bytes) -> None:
        if len(uid) != UID_BYTES:
            raise TagError(f"a chip has a UID of {UID_BYTES} bytes")
        self.uid = uid
        self.seal = INTACT
        self.counter = 0
        self.crypto = Crypto.AES
        self._keys = dict.fromkeys(SLOTS, bytes(BLOCK))
        self._file = ndef_file("https://")
        self._settings: FileSettings | None = None

    def encode(
        self, profile: Profile, *, meta_key: Key | None, master: Key, file_data: str = ""
    ) -> None:
        """Become a tag of this profile, or become one anew under other keys.

        `file_data` is what the chip will encrypt, cut or filled with zeros to its length. The
        counter begins again, as a chip's does whenever its settings are written.
        """
        keys = {profile.file_slot: file_key(profile, master, self.uid)}
        if meta_key is not None:
            keys[profile.meta_slot] = meta_key.secret
        text = file_data.ljust(profile.width("file"), "0")[: profile.width("file")]
        self.write(
            ndef_file(profile.filled(file=text)),
            settings_of(profile).written(),
            keys=keys,
            crypto=profile.crypto,
        )

    def write(
        self, file: bytes, settings: bytes, *, keys: dict[int, bytes], crypto: Crypto = Crypto.AES
    ) -> None:
        """Take the bytes that a writer sends: the NDEF file, its settings, keys by their slot."""
        if self.crypto is Crypto.LRP and crypto is Crypto.AES:
            raise TagError("a chip that was switched to LRP never goes back")
        self._file, self._settings, self.crypto = file, read_settings(settings), crypto
        self._keys |= keys
        self.counter = 0

    def tap(self) -> str:
        """The address a phone opens."""
        return read_ndef_file(self.read())

    def read(self) -> bytes:
        """The NDEF file as a phone reads it. A chip with mirrors counts first, then mirrors.

        Raises TagError when the counter has reached its end.
        """
        if self._settings is None:
            return self._file
        if self.counter == HIGHEST_COUNTER:
            raise TagError("the counter of this chip has reached its end")
        self.counter += 1
        return self._mirrored(self._settings)

    def open_seal(self) -> None:
        """Break the wire of a TagTamper chip."""
        self.seal = OPENED

    def close_seal(self) -> None:
        """Mend the wire: the chip measures it, and still remembers."""
        self.seal = CLOSED_AGAIN if self.seal == OPENED else self.seal

    def _mirrored(self, settings: FileSettings) -> bytes:
        file = bytearray(self._file)
        counter = self.counter.to_bytes(COUNTER_BYTES, "little")
        session = (self.crypto, self._keys[settings.file_slot], self.uid + counter)
        if settings.picc is not None:
            _put(file, settings.picc, self._picc_data(settings.meta_slot, counter))
        if settings.uid is not None:
            _put(file, settings.uid, self.uid)
        if settings.counter is not None:
            _put(file, settings.counter, counter[::-1])
        if settings.seal is not None:
            file[settings.seal : settings.seal + len(self.seal)] = self.seal.encode()
        if settings.file is not None and settings.file_length is not None:
            plain = file[settings.file : settings.file + settings.file_length // 2]
            _put(file, settings.file, encrypt_file(*session, bytes(plain)))
        _put(file, settings.mac, mac_of(*session, bytes(file[settings.window : settings.mac])))
        return bytes(file)

    def _picc_data(self, slot: int, counter: bytes) -> bytes:
        return hide_picc(
            self.crypto, self._keys[slot], bytes((BOTH_MIRRORED,)) + self.uid + counter
        )


def _put(file: bytearray, offset: int, value: bytes) -> None:
    text = value.hex().upper().encode()
    file[offset : offset + len(text)] = text

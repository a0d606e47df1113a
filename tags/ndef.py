"""The NDEF file of a Type 4 Tag: one address, abbreviated as the NFC Forum says, and back."""

import struct

from tags.errors import MalformedNdefError

FILE_BYTES = 256  # NT4H2421Gx section 8.2.3.1: as much as the NDEF file of the chip holds
HEADER_BYTES = 7  # before the address: length of the file, head of the record, abbreviation

# NFC Forum URI Record Type Definition 1.0, table 3; the longest fits first.
_ABBREVIATIONS = {
    0x02: "https://www.",
    0x01: "http://www.",
    0x04: "https://",
    0x03: "http://",
}
# NFC Forum NDEF 1.0 section 3.2: the one record of its message, short, of a well-known type.
_ONE_SHORT_RECORD = 0xD1
_HEADER = struct.Struct(">HBBBcB")  # length, flags, length of type, of payload, type, code
_RECORD_HEAD = 4


def ndef_file(address: str) -> bytes:
    """The bytes of the file that holds this web address: their number, then one URI record.

    Raises MalformedNdefError when it is no web address in printable ASCII, or too long.
    """
    code, abbreviated = _abbreviation_of(address)
    rest = address[len(abbreviated) :]
    if not (rest.isascii() and rest.isprintable()):
        raise MalformedNdefError("an address is written in printable ASCII")
    if HEADER_BYTES + len(rest) > FILE_BYTES:
        raise MalformedNdefError("the address is too long for the chip")
    payload = 1 + len(rest)
    header = _HEADER.pack(_RECORD_HEAD + payload, _ONE_SHORT_RECORD, 1, payload, b"U", code)
    return header + rest.encode("ascii")


def read_ndef_file(data: bytes) -> str:
    """The address in such a file; zeros may follow where the file is longer than its content.

    Raises MalformedNdefError for anything but the one short URI record that `ndef_file` writes.
    """
    if not HEADER_BYTES <= len(data) <= FILE_BYTES:
        raise MalformedNdefError("this is no NDEF file of such a chip")
    length, flags, type_length, payload, kind, code = _HEADER.unpack_from(data)
    if (flags, type_length, kind) != (_ONE_SHORT_RECORD, 1, b"U"):
        raise MalformedNdefError("the file holds something else than one address")
    end = 2 + length
    if length != _RECORD_HEAD + payload or payload < 1 or end > len(data) or any(data[end:]):
        raise MalformedNdefError("the lengths in the file do not agree")
    rest = data[HEADER_BYTES:end].decode("latin-1")
    if code not in _ABBREVIATIONS or not (rest.isascii() and rest.isprintable()):
        raise MalformedNdefError("the record holds no web address in printable ASCII")
    return _ABBREVIATIONS[code] + rest


def bytes_before(address: str) -> int:
    """How far the characters of an address stand behind their place in the file.

    The character at `i` of the address is the byte at `i + bytes_before(address)` of the file,
    if it is not abbreviated.

    >>> bytes_before("https://touchmark.example/s/ring")
    -1
    """
    _, abbreviated = _abbreviation_of(address)
    return HEADER_BYTES - len(abbreviated)


def _abbreviation_of(address: str) -> tuple[int, str]:
    for code, beginning in _ABBREVIATIONS.items():
        if address.startswith(beginning):
            return code, beginning
    raise MalformedNdefError("a tag carries an http or https address")

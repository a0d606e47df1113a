"""The type of the print is unpacked from the site's own fonts, whole or not at all."""

import struct
import zlib
from pathlib import Path

import pytest
import typst

from tags import fonts
from tags.errors import MalformedFontError

PACKAGES = Path(__file__).resolve().parents[2] / "node_modules" / "@fontsource"
WOFF = PACKAGES / "brygada-1918/files/brygada-1918-latin-500-normal.woff"

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm"),
]


@pytest.fixture(scope="module")
def packed():
    return WOFF.read_bytes()


def directory(font: bytes) -> dict[bytes, tuple[int, int, int]]:
    """Tag -> checksum, offset, length, read apart from the code under test."""
    count = struct.unpack_from(">H", font, 4)[0]
    entries = [struct.unpack_from(">4s3I", font, 12 + 16 * place) for place in range(count)]
    return {tag: (checksum, offset, length) for tag, checksum, offset, length in entries}


def words_sum(data: bytes) -> int:
    padded = data + bytes(-len(data) % 4)
    words = (int.from_bytes(padded[at : at + 4], "big") for at in range(0, len(padded), 4))
    return sum(words) & 0xFFFFFFFF


def test_every_table_comes_out_as_it_went_in_but_its_name(packed):
    font = fonts.sfnt_from_woff(packed, family="Print Serif latin")

    count = struct.unpack_from(">H", packed, 12)[0]
    entries = [struct.unpack_from(">4s4I", packed, 44 + 20 * place) for place in range(count)]
    stored = {tag: checksum for tag, _, _, _, checksum in entries}
    found = {tag: checksum for tag, (checksum, _, _) in directory(font).items()}
    assert found.keys() == stored.keys()
    assert {tag for tag in stored if found[tag] != stored[tag]} == {b"name"}


def test_the_checksums_of_the_font_are_right(packed):
    font = fonts.sfnt_from_woff(packed, family="Print Serif latin")

    for tag, (checksum, offset, length) in directory(font).items():
        assert offset % 4 == 0
        if tag != b"head":
            assert words_sum(font[offset : offset + length]) == checksum
    assert words_sum(font) == 0xB1B0AFBA


def test_the_typesetter_knows_every_face_by_its_script(tmp_path):
    fonts.unpack_fonts(PACKAGES, into=tmp_path)

    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(tmp_path)]
    ).fonts()

    faces = {(font.family, font.style, font.weight) for font in known}
    assert ("Print Serif latin", "normal", 500) in faces
    assert ("Print Serif cyrillic", "italic", 400) in faces
    assert ("Print Sans latin-ext", "normal", 600) in faces
    assert len(faces) == len(list(tmp_path.iterdir()))


def test_unpacking_again_writes_the_same_bytes(tmp_path):
    fonts.unpack_fonts(PACKAGES, into=tmp_path)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    fonts.unpack_fonts(PACKAGES, into=tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda woff: b"",
        lambda woff: woff[:43],
        lambda woff: woff[:-1],
        lambda woff: b"wOF2" + woff[4:],
        lambda woff: woff[:12] + b"\xff\xff" + woff[14:],
        lambda woff: woff[:5000] + bytes(2000) + woff[7000:],
        lambda woff: woff[:56] + b"\xff\xff\xff\xff" + woff[60:],
    ],
    ids=["empty", "header", "cut", "woff2", "tables", "zeroes", "huge"],
)
def test_a_damaged_font_is_refused(packed, damage):
    with pytest.raises(MalformedFontError):
        fonts.sfnt_from_woff(damage(packed), family="Print Serif latin")


def test_a_table_that_unpacks_past_its_size_is_refused(packed):
    bomb = zlib.compress(bytes(3_000_000))
    header = struct.pack(">4s4sIHHI28x", b"wOFF", b"OTTO", 64 + len(bomb), 1, 0, 0)
    entry = struct.pack(">4s4I", b"head", 64, len(bomb), len(bomb) + 1, 0)

    with pytest.raises(MalformedFontError):
        fonts.sfnt_from_woff(header + entry + bomb, family="Print Serif latin")

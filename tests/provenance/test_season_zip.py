"""ZIPs of photographs: what a stranger may pack into one, and what is refused unopened."""

import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from provenance.models.season import SeasonPicture
from provenance.season_zip import (
    LONGEST_NAME,
    LONGEST_PATH,
    MOST_MEMBERS,
    SeasonZipError,
    key_of,
    members_of,
    unpack,
)

MEGABYTE = 1024**2
LARGEST, MOST = 2 * MEGABYTE, 6 * MEGABYTE


def zipped(*members: tuple[str, bytes], **options) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file


def names(file: io.BytesIO) -> list[str]:
    return [member.name for member in members_of(file, largest=LARGEST, most=MOST).values()]


def refusal(file: io.BytesIO) -> str:
    with pytest.raises(SeasonZipError) as refused:
        members_of(file, largest=LARGEST, most=MOST)
    return str(refused.value)


def unpacked(file: io.BytesIO) -> dict[str, bytes | None]:
    """What comes of each file when all is unpacked; None for one that is refused."""
    came: dict[str, bytes | None] = {}
    for member in members_of(file, largest=LARGEST, most=MOST).values():
        into = io.BytesIO()
        try:
            unpack(file, member.path, into, largest=LARGEST)
            came[member.name] = into.getvalue()
        except SeasonZipError:
            came[member.name] = None
    return came


def changed(file: io.BytesIO, mark: bytes, offset: int, value: bytes) -> io.BytesIO:
    """The ZIP with other bytes at this offset from the last such mark."""
    content = bytearray(file.getvalue())
    place = content.rindex(mark) + offset
    content[place : place + len(value)] = value
    return io.BytesIO(bytes(content))


LOCAL, LISTED, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def test_photographs_are_found_by_their_name_whatever_folder_they_lie_in():
    file = zipped(("spring/IMG_1.JPG", b"one"), ("IMG_2.jpg", b"two"), ("spring/", b""))

    assert names(file) == ["IMG_1.JPG", "IMG_2.jpg"]
    assert "img_1.jpg" in members_of(file, largest=LARGEST, most=MOST)


def test_the_shadows_a_mac_packs_are_passed_over():
    file = zipped(("a.jpg", b"x"), ("__MACOSX/._a.jpg", b"y"), (".DS_Store", b"z"))

    assert names(file) == ["a.jpg"]


@pytest.mark.parametrize(
    "name", ["Thumbs.db", "ehthumbs.db", ".DS_Store", "desktop.ini", "Desktop.ini", "Icon\r"]
)
def test_what_a_system_lays_into_every_folder_is_passed_over(name):
    shadows = (("a/__MACOSX/b.jpg", b"-"), ("c/__MACOSX/b.jpg", b"-"))
    file = zipped(("a/b.jpg", b"x"), (f"a/{name}", b"-"), (f"c\\{name}", b"-"), *shadows)

    assert names(file) == ["b.jpg"]


def unflagged(path: bytes) -> io.BytesIO:
    """A ZIP whose only file has this name, without a word on how it is written."""
    file = zipped(("x" * len(path), b"pixels"))
    return io.BytesIO(file.getvalue().replace(b"x" * len(path), path))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Frühling/Ring é.jpg".encode(), "Ring é.jpg"),
        ("Ring e\u0301.jpg".encode(), "Ring é.jpg"),
        ("指輪.jpg".encode(), "指輪.jpg"),
        ("Ring é.jpg".encode("cp437"), "Ring é.jpg"),
        (b"plain.jpg", "plain.jpg"),
    ],
)
def test_a_name_in_utf8_is_read_even_where_the_zip_does_not_say_so(path, name):
    file = unflagged(path)

    assert names(file) == [name]
    assert unpacked(file) == {name: b"pixels"}


@pytest.mark.parametrize(
    "path", ["n" * (LONGEST_NAME + 1), "ß" * 130, "f/" * (LONGEST_PATH // 2) + "a.jpg"]
)
def test_a_name_that_is_too_long_to_keep_is_refused(path):
    assert "too long a name" in refusal(zipped((path, b"x")))


def test_the_longest_names_are_those_that_are_kept():
    key, path = (SeasonPicture._meta.get_field(name) for name in ("key", "path"))

    assert (key.max_length, path.max_length) == (LONGEST_NAME, LONGEST_PATH)
    assert names(zipped(("n" * LONGEST_NAME, b"x"))) == ["n" * LONGEST_NAME]
    assert len(key_of("ß" * 128)) > LONGEST_NAME


@pytest.mark.parametrize("path", ["../../a.jpg", "/etc/a.jpg", "a/../../b.jpg", "C:\\a\\b.jpg"])
def test_a_path_that_leaves_the_folder_is_refused(path):
    assert "leave its folder" in refusal(zipped((path, b"x")))


def test_two_files_of_one_name_are_refused():
    assert "Two files" in refusal(zipped(("a/IMG.jpg", b"x"), ("b/img.JPG", b"y")))


def test_a_bomb_is_refused_before_it_goes_off():
    bomb = zipped(("a.jpg", bytes(MEGABYTE)), compression=zipfile.ZIP_DEFLATED)

    assert "far more" in refusal(bomb)


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_of_whole_blocks_is_refused_by_the_way_it_is_packed(way):
    bomb = zipped(("a.jpg", bytes(MEGABYTE)), compression=way)

    assert "packed in a way we do not open" in refusal(bomb)
    with pytest.raises(SeasonZipError, match="packed in a way"):
        unpack(bomb, "a.jpg", io.BytesIO(), largest=LARGEST)


def test_a_file_that_is_too_large_is_refused():
    assert "larger than 2 MB" in refusal(zipped(("a.jpg", bytes(LARGEST + 1))))


def test_files_that_are_too_large_together_are_refused():
    assert "together" in refusal(zipped(*((f"{n}.jpg", bytes(LARGEST)) for n in range(4))))


def test_a_link_is_no_photograph():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("a.jpg")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")

    assert "is a link" in refusal(file)


def test_a_locked_zip_is_refused():
    content = bytearray(zipped(("a.jpg", b"x")).getvalue())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    assert "password" in refusal(io.BytesIO(bytes(content)))


def test_a_list_of_too_many_files_is_refused_unread():
    content = bytearray(zipped(("a.jpg", b"x")).getvalue())
    end = content.rindex(b"PK\x05\x06")
    content[end + 10 : end + 12] = (60_000).to_bytes(2, "little")

    assert "more than 8000" in refusal(io.BytesIO(bytes(content)))


@pytest.mark.parametrize("stated", [1, 0, MOST_MEMBERS])
def test_a_list_is_counted_itself_whatever_the_end_of_the_file_says(stated):
    file = zipped(*((f"{n}.jpg", b"") for n in range(MOST_MEMBERS + 1)))

    lying = changed(file, END, 8, struct.pack("<HH", stated, stated))

    assert "more than 8000" in refusal(lying)


TWO = zipped(("a.jpg", b"first pixels"), ("b.jpg", b"other pixels"))
SHRUNK = zipped(("a.jpg", b"pixels " * 40), compression=zipfile.ZIP_DEFLATED)
ZIP64 = struct.pack("<HHQQQ", 1, 24, 2**63, 2**63, 2**64 - 1)


def with_extra(extra: bytes, **listed: int) -> io.BytesIO:
    """A ZIP whose list says more of its file than it should."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", b"pixels")
        info = archive.getinfo("a.jpg")
        info.extra = extra
        for name, value in listed.items():
            setattr(info, name, value)
    return file


HOSTILE: dict[str, Callable[[], io.BytesIO]] = {
    "the sum is wrong": lambda: changed(TWO, LISTED, 16, b"\0\0\0\0"),
    "it is cut short": lambda: io.BytesIO(TWO.getvalue()[20:]),
    "two files share their bytes": lambda: changed(TWO, LISTED, 42, b"\0\0\0\0"),
    "it lies behind the list": lambda: changed(TWO, LISTED, 42, struct.pack("<I", 300)),
    "it is said to be longer": lambda: changed(TWO, LISTED, 20, struct.pack("<II", 99, 99)),
    "it unpacks to more": lambda: changed(TWO, LISTED, 24, struct.pack("<I", 4000)),
    "it unpacks to less": lambda: changed(TWO, LISTED, 24, struct.pack("<I", 3)),
    "it is shrunk to more": lambda: changed(SHRUNK, LISTED, 24, struct.pack("<I", 4000)),
    "its bytes are no deflate": lambda: changed(SHRUNK, LOCAL, 36, b"\xff" * 8),
    "the list calls it shrunk": lambda: changed(TWO, LISTED, 10, b"\x08\0"),
    "the list calls it LZMA": lambda: changed(TWO, LISTED, 10, b"\x0e\0"),
    "the list calls it packed as nothing": lambda: changed(TWO, LISTED, 10, b"\x63\0"),
    "it is locked": lambda: changed(TWO, LISTED, 8, b"\x01\0"),
    "it is locked strongly": lambda: changed(TWO, LISTED, 8, b"\x40\0"),
    "it is a patch": lambda: changed(TWO, LISTED, 8, b"\x20\0"),
    "its name is no UTF-8": lambda: changed(
        changed(TWO, LISTED, 8, b"\x00\x08"), LISTED, 46, b"\xff"
    ),
    "it has two names": lambda: changed(TWO, LOCAL, 30, b"c.jpg"),
    "its own name is no UTF-8": lambda: changed(
        changed(TWO, LOCAL, 6, b"\x00\x08"), LOCAL, 30, b"\xff"
    ),
    "its own name never ends": lambda: changed(TWO, LOCAL, 26, b"\xff\xff"),
    "its mark is another": lambda: changed(TWO, LOCAL, 0, b"PK\x03\x05"),
    "it needs a newer reader": lambda: changed(TWO, LISTED, 6, b"\xff\0"),
    "its name is empty": lambda: changed(TWO, LISTED, 46, b"\0"),
    "its sizes have 64 bits": lambda: with_extra(
        ZIP64, file_size=0xFFFFFFFF, compress_size=0xFFFFFFFF, header_offset=0xFFFFFFFF
    ),
    "its offset has 64 bits": lambda: with_extra(
        struct.pack("<HHQ", 1, 8, 2**64 - 1), header_offset=0xFFFFFFFF
    ),
    "its sizes should have 64 bits": lambda: with_extra(
        struct.pack("<HHH", 1, 2, 7), file_size=0xFFFFFFFF
    ),
    "more is said than there is": lambda: with_extra(struct.pack("<HH", 1, 60)),
    "the list begins elsewhere": lambda: changed(TWO, END, 16, b"\xff\xff\0\0"),
    "the list is shorter": lambda: changed(TWO, END, 12, struct.pack("<I", 50)),
    "the list is on another disk": lambda: changed(TWO, END, 4, b"\x01\0\x01\0"),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_zip_is_refused_and_ends_no_worker(make):
    try:
        came = unpacked(make())
    except SeasonZipError as refused:
        came = {}
        assert refused.code == "season_zip_refused"

    whole = {b"first pixels", b"other pixels", b"pixels", b"pixels " * 40}
    assert {content for content in came.values() if content is not None} <= whole


@pytest.mark.parametrize("seed", range(40))
def test_no_byte_of_a_zip_can_be_changed_so_that_it_ends_a_worker(seed):
    chance = random.Random(seed)
    content = bytearray(chance.choice([TWO, SHRUNK]).getvalue())
    for _ in range(chance.randrange(1, 6)):
        content[chance.randrange(len(content))] = chance.choice([0, 1, 0x80, 0xFF])

    try:
        unpacked(io.BytesIO(bytes(content)))
    except SeasonZipError as refused:
        assert str(refused)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x05\x06", bytes(100_000)])
def test_what_is_no_zip_is_refused(content):
    assert "no ZIP" in refusal(io.BytesIO(content))


def test_a_zip_that_is_cut_short_is_refused():
    content = zipped(("a.jpg", b"x" * 5000)).getvalue()

    with pytest.raises(SeasonZipError, match="damaged"):
        unpack(io.BytesIO(content[3000:]), "a.jpg", io.BytesIO(), largest=LARGEST)


def test_a_photograph_is_unpacked():
    into = io.BytesIO()

    unpack(zipped(("a/b.jpg", b"pixels")), "a/b.jpg", into, largest=LARGEST)

    assert into.getvalue() == b"pixels"


def test_a_damaged_photograph_is_refused():
    content = zipped(("b.jpg", b"pixels")).getvalue().replace(b"pixels", b"pixelz")

    with pytest.raises(SeasonZipError, match="damaged"):
        unpack(io.BytesIO(content), "b.jpg", io.BytesIO(), largest=LARGEST)


def test_no_more_is_unpacked_than_was_allowed():
    with pytest.raises(SeasonZipError, match="more than we take"):
        unpack(zipped(("b.jpg", bytes(5000))), "b.jpg", io.BytesIO(), largest=4000)

"""ZIPs of photographs: what a stranger may pack into one, and what is refused unopened."""

import io
import zipfile

import pytest

from provenance.season_zip import SeasonZipError, members_of, unpack

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


def test_photographs_are_found_by_their_name_whatever_folder_they_lie_in():
    file = zipped(("spring/IMG_1.JPG", b"one"), ("IMG_2.jpg", b"two"), ("spring/", b""))

    assert names(file) == ["IMG_1.JPG", "IMG_2.jpg"]
    assert "img_1.jpg" in members_of(file, largest=LARGEST, most=MOST)


def test_the_shadows_a_mac_packs_are_passed_over():
    file = zipped(("a.jpg", b"x"), ("__MACOSX/._a.jpg", b"y"), (".DS_Store", b"z"))

    assert names(file) == ["a.jpg"]


@pytest.mark.parametrize("path", ["../../a.jpg", "/etc/a.jpg", "a/../../b.jpg", "C:\\a\\b.jpg"])
def test_a_path_that_leaves_the_folder_is_refused(path):
    assert "leave its folder" in refusal(zipped((path, b"x")))


def test_two_files_of_one_name_are_refused():
    assert "Two files" in refusal(zipped(("a/IMG.jpg", b"x"), ("b/img.JPG", b"y")))


def test_a_bomb_is_refused_before_it_goes_off():
    bomb = zipped(("a.jpg", bytes(MEGABYTE)), compression=zipfile.ZIP_DEFLATED)

    assert "far more" in refusal(bomb)


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

"""Parts of a file: what a player asks for, what it gets, and that asking never goes around."""

import pytest

from memories import ranges
from memories.errors import UnsatisfiableRangeError
from memories.services import arrange
from tests.factories import make_memory, make_montage
from tests.memories.test_access import look, media, signed_in

CONTENT = bytes(range(200))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 199),
        ("bytes=10-19", 10, 19),
        ("bytes=199-", 199, 199),
        ("bytes=190-5000", 190, 199),
        ("bytes=-10", 190, 199),
        ("bytes=-5000", 0, 199),
        ("BYTES= 5-6 ", 5, 6),
    ],
)
def test_a_part_is_read_as_the_standard_says(asked, first, last):
    part = ranges.part_of(asked, size=200)

    assert (part.first, part.last, part.length) == (first, last, last - first + 1)
    assert part.content_range == f"bytes {first}-{last}/200"


@pytest.mark.parametrize(
    "asked",
    [
        *(None, "", "bytes", "bytes=", "bytes=-", "bytes=9-2", "bytes=a-b", "items=0-1"),
        *("bytes=0-1,3-4", "bytes=0-1;", "bytes=\u0661-\u0662 ", "bytes=" + "9" * 400 + "-"),
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole(asked):
    assert ranges.part_of(asked, size=200) is None


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ("bytes=200-", 200),
        ("bytes=999-1000", 200),
        ("bytes=-0", 200),
        ("bytes=0-", 0),
        ("bytes=-1", 0),
    ],
)
def test_a_part_beyond_the_end_cannot_be_had(asked, size):
    with pytest.raises(UnsatisfiableRangeError):
        ranges.part_of(asked, size=size)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        (None, True),
        ('"tag"', True),
        ('"other"', False),
        ('W/"tag"', False),
        ("Sat, 01 Jan 2050", False),
    ],
)
def test_only_the_very_same_bytes_are_continued(said, holds):
    assert ranges.still_holds(said, etag='"tag"') is holds


@pytest.fixture
def item(db):
    return make_memory(make_montage(), content=CONTENT)


@pytest.fixture
def otto(item):
    return signed_in(item.montage.keeper.user)


def test_a_player_gets_the_part_it_asked_for(otto, item):
    answer = look(otto, media(item), Range="bytes=10-19")

    assert answer.status_code == 206
    assert answer.bytes == CONTENT[10:20]
    assert answer["Content-Range"] == "bytes 10-19/200"
    assert answer["Content-Length"] == "10"
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "private, max-age=300"


def test_the_whole_says_that_parts_can_be_had(otto, item):
    answer = look(otto, media(item))

    assert (answer.status_code, answer.bytes) == (200, CONTENT)
    assert (answer["Accept-Ranges"], answer["Content-Length"]) == ("bytes", "200")


def test_a_part_beyond_the_end_is_answered_with_the_size(otto, item):
    answer = look(otto, media(item), Range="bytes=200-")

    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */200")


def test_a_part_of_another_file_is_answered_with_the_whole(otto, item):
    etag = look(otto, media(item))["ETag"]

    same = look(otto, media(item), Range="bytes=0-4", **{"If-Range": etag})
    other = look(otto, media(item), Range="bytes=0-4", **{"If-Range": '"older"'})

    assert (same.status_code, same.bytes) == (206, CONTENT[:5])
    assert (other.status_code, other.bytes) == (200, CONTENT)


def test_an_unchanged_file_is_not_sent_in_parts_either(otto, item):
    etag = look(otto, media(item))["ETag"]

    answer = look(otto, media(item), Range="bytes=0-4", **{"If-None-Match": etag})

    assert (answer.status_code, answer.bytes) == (304, b"")


def test_head_tells_the_size_of_the_whole_and_sends_nothing(otto, item):
    answer = otto.head(media(item), headers={"Range": "bytes=0-4"})

    assert (answer.status_code, answer["Content-Length"]) == (200, "200")
    assert b"".join(answer.streaming_content) == b""


def test_a_file_that_is_gone_is_not_there_in_parts_either(otto, item):
    item.renditions.update(file="memories/gone/480.webp")

    assert look(otto, media(item), Range="bytes=0-4").status_code == 404


def test_after_erasing_no_part_and_no_held_tag_finds_anything(otto, item):
    etag = look(otto, media(item))["ETag"]
    address = media(item)
    arrange.erase_item(item=item)

    answers = [
        look(otto, address),
        look(otto, address, Range="bytes=0-4"),
        look(otto, address, **{"If-None-Match": etag}),
        look(otto, address, Range="bytes=0-4", **{"If-Range": etag}),
    ]

    assert {answer.status_code for answer in answers} == {404}

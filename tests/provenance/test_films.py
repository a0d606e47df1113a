"""Films: told by their first bytes, whatever their name says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.films import HEAD, film_kind


def box(kind, brand, size=32):
    return size.to_bytes(4, "big") + kind + brand + bytes(16)


WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (box(b"ftyp", b"isom"), "mp4"),
        (box(b"ftyp", b"mp42"), "mp4"),
        (box(b"ftyp", b"M4V "), "mp4"),
        (box(b"ftyp", b"3gp4"), "mp4"),
        (box(b"ftyp", b"qt  "), "mov"),
        (box(b"wide", b"\0\0\0\0", 8), "mov"),
        (WEBM, "webm"),
    ],
)
def test_a_film_is_known_by_its_first_bytes(head, kind):
    assert film_kind(head) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0\0\0\x20ftyp",
        box(b"ftyp", b"heic"),
        box(b"ftyp", b"avif"),
        box(b"ftyp", b"M4A "),
        box(b"ftyp", b"isom", size=8),
        WEBM.replace(b"webm", b"matr"),
        b"<html><video src=a.mp4>",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
    ],
)
def test_what_begins_otherwise_is_no_film(head):
    assert film_kind(head) is None


@given(st.binary(max_size=HEAD))
def test_any_bytes_are_answered(head):
    assert film_kind(head) in {None, "mp4", "mov", "webm"}

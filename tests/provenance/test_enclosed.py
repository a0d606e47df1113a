"""The bundle inside a PDF: found where our papers have it, and never guessed."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from provenance.bundle import parse_bundle
from provenance.canonical import BUNDLE_LIMIT, canonical_bytes
from provenance.enclosed import MOST_FILES, PDF_LIMIT, bundle_in, is_pdf
from provenance.errors import MalformedError, TooLargeError
from tests.provenance.makings import make_bundle, signed_again

BUNDLE = canonical_bytes(make_bundle())
OTHER = canonical_bytes(make_bundle(signed_again(lambda body: body.update(name="Another"))))


def deflated(content: bytes = BUNDLE, *, more: bytes = b"/Filter/FlateDecode") -> bytes:
    packed = zlib.compress(content)
    head = b"<</Length %d/Type/EmbeddedFile%s>>" % (len(packed), more)
    return b"7 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (head, packed)


def stored(content: bytes = BUNDLE) -> bytes:
    head = b"<< /Type /EmbeddedFile /Length %d >>" % len(content)
    return b"8 0 obj\r\n%s\r\nstream\r\n%s\r\nendstream\r\nendobj\r\n" % (head, content)


def pdf(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"".join(objects) + b"trailer\n<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    "inside",
    [
        deflated(),
        stored(),
        deflated(more=b" /Filter [ /FlateDecode ] /Params << /Size 3 >>"),
        deflated().replace(b"/Length ", b"/Length 99 0 R /Was "),
        deflated() + deflated(),
        deflated(b"a photograph") + deflated(),
        deflated(b'{"type": "something else"}') + stored(),
    ],
    ids=["deflated", "stored", "list", "length elsewhere", "twice", "others", "other json"],
)
def test_the_bundle_comes_out_byte_for_byte(inside):
    assert bundle_in(pdf(inside)) == BUNDLE


def test_a_bundle_is_read_from_it_as_from_any_file():
    assert parse_bundle(bundle_in(pdf(deflated()))).certificate == make_bundle()["certificate"]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (pdf(), "no bundle lies inside"),
        (pdf(deflated(b"nothing")), "no bundle lies inside"),
        (pdf(deflated()[:200]), "no bundle lies inside"),
        (pdf(deflated(more=b"/Filter/LZWDecode")), "no bundle lies inside"),
        (pdf(deflated(more=b"")), "no bundle lies inside"),
        (pdf(deflated().replace(b"/EmbeddedFile", b"/EmbeddedFiles")), "no bundle lies inside"),
        (pdf(b"<</Type/EmbeddedFile/Filter/FlateDecode>>endobj", deflated()[3:][:60]), "no bundle"),
        (pdf(deflated(), deflated(OTHER)), "more than one bundle"),
        (pdf(*[deflated(b"x")] * (MOST_FILES + 1)), "more files than any paper"),
        (pdf(b"<</Encrypt 9 0 R>>", deflated(b"locked")), "this PDF is locked"),
    ],
)
def test_what_holds_no_single_bundle_is_refused_by_name(broken, why):
    with pytest.raises(MalformedError, match=why):
        bundle_in(broken)


def test_a_file_that_grows_without_end_is_left_alone():
    bomb = deflated(b" " * (64 * BUNDLE_LIMIT))

    with pytest.raises(MalformedError, match="no bundle"):
        bundle_in(pdf(bomb))


def test_a_pdf_larger_than_20_mib_is_not_looked_into():
    with pytest.raises(TooLargeError):
        bundle_in(pdf(deflated()) + bytes(PDF_LIMIT))


def test_a_pdf_is_told_from_what_is_none():
    assert is_pdf(pdf())
    assert is_pdf(b"\n" * 100 + pdf())
    assert not is_pdf(BUNDLE)
    assert not is_pdf(b"")


@given(noise=some.binary(max_size=400), at=some.integers(0, len(deflated())))
def test_no_bytes_break_the_reader(noise, at):
    inside = deflated()

    try:
        assert bundle_in(pdf(inside[:at] + noise + inside[at:])) == BUNDLE
    except MalformedError as refusal:
        assert str(refusal)

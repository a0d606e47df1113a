"""Symbols: another decoder reads every one we print, and a reprint is the same print."""

import hashlib
import io
import re

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tags import codes, links, qr
from tags.errors import TextTooLongError

SITE = "https://touchmark.example"
URL = links.code_url(SITE, "K7QM2XRA9FT88")


def decoded(png: bytes) -> str:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    assert len(found) == 1
    return found[0].text


def drawn_modules(svg: str) -> set[tuple[int, int]]:
    """The modules an SVG paints dark, as (column, row)."""
    path = re.findall(r'd="([^"]+)"', svg)[-1]
    strips = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    return {
        (x, int(y)) for left, y, wide, _ in strips for x in range(int(left), int(left) + int(wide))
    }


@pytest.mark.parametrize("ground", qr.Ground)
@pytest.mark.parametrize("module_px", [2, 4, 9])
def test_another_decoder_reads_the_picture(ground, module_px):
    url = links.code_url(SITE, codes.new_code())

    picture = qr.png(url, ground=ground, module_px=module_px)

    assert decoded(picture) == url


@settings(max_examples=60, deadline=None)
@given(st.builds(codes.new_code), st.sampled_from(qr.Ground), st.integers(3, 30))
def test_every_code_of_every_site_is_read(code, ground, host_length):
    url = links.code_url(f"https://{'j' * host_length}.example", code)

    assert decoded(qr.png(url, ground=ground, module_px=3)) == url


@pytest.mark.parametrize("ground", qr.Ground)
def test_the_drawing_and_the_picture_hold_the_same_modules(ground):
    picture = Image.open(io.BytesIO(qr.png(URL, ground=ground, module_px=1)))

    dark = {
        (x, y)
        for x in range(picture.width)
        for y in range(picture.height)
        if picture.getpixel((x, y)) == 0
    }

    assert drawn_modules(qr.svg(URL, ground=ground)) == dark


def test_the_quiet_zone_is_four_modules_wide():
    picture = Image.open(io.BytesIO(qr.png(URL, ground=qr.Ground.PAPER, module_px=1)))

    dark = picture.point(lambda value: 255 - value)

    assert dark.getbbox() == (4, 4, picture.width - 4, picture.height - 4)


@pytest.mark.parametrize(("ground", "level"), [(qr.Ground.METAL, "Q"), (qr.Ground.PAPER, "M")])
def test_metal_carries_more_correction_than_paper(ground, level):
    picture = Image.open(io.BytesIO(qr.png(URL, ground=ground, module_px=4))).convert("L")

    assert zxingcpp.read_barcode(picture).ec_level == level


def test_a_scratch_across_the_metal_is_forgiven():
    picture = Image.open(io.BytesIO(qr.png(URL, ground=qr.Ground.METAL, module_px=6))).convert("L")
    picture.paste(255, (110, 120, 150, 190))

    assert zxingcpp.read_barcode(picture).text == URL


def test_capitals_make_the_symbol_one_version_smaller():
    in_capitals = qr.symbol(URL, ground=qr.Ground.METAL)
    as_typed = qr.symbol(f"{SITE}/t/k7qm2xra9ft88", ground=qr.Ground.METAL)

    assert in_capitals.version == as_typed.version - 1 == 3


@given(st.integers(1, 60), st.sampled_from(qr.Ground))
@settings(deadline=None)
def test_capitals_never_make_the_symbol_larger(host_length, ground):
    url = links.code_url(f"https://{'j' * host_length}.example", "0" * 13)

    assert qr.symbol(url, ground=ground).version <= qr.symbol(url.lower(), ground=ground).version


def test_a_site_outside_the_small_alphabet_still_gets_its_symbol():
    url = links.code_url("https://tidewell_bench.example", "0" * 13)

    assert decoded(qr.png(url, ground=qr.Ground.PAPER, module_px=4)) == url


@pytest.mark.parametrize(
    ("ground", "digest"),
    [
        (qr.Ground.METAL, "5da622476fe769bec75ef28d4a47c07c3a7190549799dd251d643d691de79ee1"),
        (qr.Ground.PAPER, "1ecd573d9e7879c7c56485d76a16035c4fca4d687eb33709589faa5739f3ce09"),
    ],
)
def test_a_reprint_is_the_same_print(ground, digest):
    svg = qr.svg(URL, ground=ground)

    assert svg == qr.svg(URL, ground=ground)
    assert hashlib.sha256(svg.encode()).hexdigest() == digest


def test_on_metal_only_the_marks_are_drawn():
    assert "#fff" not in qr.svg(URL, ground=qr.Ground.METAL)
    assert "#fff" in qr.svg(URL, ground=qr.Ground.PAPER)


def test_a_text_too_long_for_any_symbol_is_refused():
    with pytest.raises(TextTooLongError):
        qr.symbol("x" * 5000, ground=qr.Ground.PAPER)

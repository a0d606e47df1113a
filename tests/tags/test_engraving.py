"""A code in metal: measured before the laser starts, and read whichever way it is marked."""

import hashlib
import io
from decimal import Decimal
from itertools import product

import pytest
import pyvips
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tags import codes, engraving, links, qr
from tags.engraving import Fit, Polarity, Style
from tags.errors import EngravingTooSmallError, TextTooLongError

SITE = "https://touchmark.example"
URL = links.code_url(SITE, "K7QM2XRA9FT88")
VERSION = 3
STYLES = [Style(polarity, mirrored) for polarity, mirrored in product(Polarity, (False, True))]
DOTS_PER_MM = 40


def rendered(svg: str) -> Image.Image:
    """The drawing as another program draws it, black on white, and its size in millimetres."""
    drawn = pyvips.Image.svgload_buffer(svg.encode(), scale=DOTS_PER_MM * 25.4 / 72)
    grey = drawn.flatten(background=255).colourspace("b-w")
    return Image.frombytes("L", (grey.width, grey.height), grey.write_to_memory())


def as_the_eye_sees_it(marks: Image.Image, style: Style) -> Image.Image:
    """The metal: light marks are light, and what is mirrored is seen from behind."""
    seen = ImageOps.invert(marks) if style.polarity is Polarity.LIGHT else marks
    return ImageOps.mirror(seen) if style.is_mirrored else seen


def read(picture: Image.Image, *, is_inverted: bool = False) -> str:
    (found,) = zxingcpp.read_barcodes(picture, try_invert=is_inverted)
    return found.text


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_the_metal_reads_in_every_style(style):
    svg = engraving.drawing(URL, side_mm=Decimal(12), style=style)

    metal = as_the_eye_sees_it(rendered(svg), style)

    assert read(metal) == URL


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_the_marks_alone_read_where_the_laser_leaves_the_other_shade(style):
    svg = engraving.drawing(URL, side_mm=Decimal(12), style=style)

    marks = rendered(svg)

    assert read(ImageOps.mirror(marks) if style.is_mirrored else marks, is_inverted=True) == URL


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_the_picture_holds_the_marks_of_the_drawing(style):
    picture = Image.open(io.BytesIO(engraving.picture(URL, style=style, module_px=8)))

    assert read(as_the_eye_sees_it(picture.convert("L"), style)) == URL


@settings(max_examples=40, deadline=None)
@given(st.builds(codes.new_code), st.sampled_from(STYLES), st.integers(3, 30))
def test_every_code_of_every_site_reads(code, style, host_length):
    url = links.code_url(f"https://{'j' * host_length}.example", code)

    picture = Image.open(io.BytesIO(engraving.picture(url, style=style, module_px=3)))

    assert read(as_the_eye_sees_it(picture.convert("L"), style)) == url


def test_the_drawing_has_the_size_that_was_asked_for():
    svg = engraving.drawing(URL, side_mm=Decimal("8.5"), style=Style())

    assert 'width="8.5mm" height="8.5mm" viewBox="0 0 37 37"' in svg
    assert rendered(svg).size == (340, 340)


def test_light_marks_carry_the_margin_along():
    rows = engraving.marked(qr.symbol(URL, ground=qr.Ground.METAL), Style(Polarity.LIGHT))

    assert all(all(row) for row in (*rows[:4], *rows[-4:]))
    assert all(all(row[:4]) and all(row[-4:]) for row in rows)


def test_metal_is_marked_with_the_correction_of_metal():
    picture = Image.open(io.BytesIO(engraving.picture(URL, style=Style(), module_px=6)))

    assert zxingcpp.read_barcode(picture.convert("L")).ec_level == "Q"


def test_an_engraving_done_again_is_the_same_engraving():
    drawn = [engraving.drawing(URL, side_mm=Decimal(9), style=style) for style in STYLES]

    assert hashlib.sha256("".join(drawn).encode()).hexdigest() == (
        "397e0119bc352f087fcb2059b1ed6449f1980f42566005c280fe59411d381255"
    )


def test_the_module_size_counts_the_quiet_zone():
    # Version 3 has 29 modules, and four on each side around them.
    assert engraving.modules_across(VERSION) == qr.symbol(URL, ground=qr.Ground.METAL).side == 37
    assert engraving.module_mm(VERSION, Decimal("7.4")) == Decimal("0.2")


@pytest.mark.parametrize("length", [1, 20, 40, 60, 90, 130, 200])
def test_every_version_is_as_wide_as_its_symbol(length):
    symbol = qr.symbol("A" * length, ground=qr.Ground.METAL)

    assert engraving.modules_across(symbol.version) == symbol.side


@pytest.mark.parametrize(
    ("side_mm", "fit"),
    [
        ("12", Fit.COMFORTABLE),
        ("7.40", Fit.COMFORTABLE),
        ("7.39", Fit.TIGHT),
        ("5.55", Fit.TIGHT),
    ],
)
def test_an_engraving_is_measured_before_the_laser_starts(side_mm, fit):
    assert engraving.fit(VERSION, Decimal(side_mm)) is fit


def test_an_engraving_no_phone_could_read_is_refused_with_the_size_it_needs():
    with pytest.raises(EngravingTooSmallError, match=r"at least 5\.55 mm") as refusal:
        engraving.fit(VERSION, Decimal("5.54"))

    assert refusal.value.code == "engraving_too_small"


def test_a_drawing_too_small_to_read_is_not_made():
    with pytest.raises(EngravingTooSmallError):
        engraving.drawing(URL, side_mm=Decimal("5.54"), style=Style())


def test_a_text_too_long_for_any_symbol_is_not_drawn():
    with pytest.raises(TextTooLongError):
        engraving.drawing("x" * 5000, side_mm=Decimal(50), style=Style())

"""The sheet to try at the bench: each size and style on it reads, and says how large it is."""

from collections import Counter

import pytest
import zxingcpp

from tags import engraving, links, qr, trial_print
from tags.engraving import SMALLEST_MODULE_MM
from tags.trial_print import TrialPrint
from tests.pdfs import PACKAGES, all_words, pages, size_mm

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm"),
]
TRIAL = TrialPrint("Marlowe ring", "https://touchmark.example", "K7QM2XRA9FT88", False)
URL = links.code_url(TRIAL.site_url, TRIAL.code)
FINE = 600 / 72


def read(page, **asked):
    return zxingcpp.read_barcodes(page.render(scale=FINE).to_pil().convert("L"), **asked)


def test_every_code_on_the_sheet_reads(print_fonts):
    (page,) = pages(trial_print.trial_pdf(TRIAL, fonts=print_fonts))

    found, dark_on_light = read(page), read(page, try_invert=False)

    rows = len(trial_print.sides_mm(3))
    assert {code.text for code in found} == {URL}
    # The decoder tells a mirrored symbol as one that is turned.
    assert Counter(code.orientation for code in found) == {0: 2 * rows, 90: 2 * rows}
    assert Counter(code.orientation for code in dark_on_light) == {0: rows, 90: rows}


def test_each_is_printed_with_its_millimetres(print_fonts):
    pdf = trial_print.trial_pdf(TRIAL, fonts=print_fonts)

    said = all_words(pdf)
    for side in trial_print.sides_mm(3):
        assert f"{side} mm" in said
    assert "Light on dark, mirrored" in said
    assert "tight" in said
    assert size_mm(pages(pdf)[0]) == (210, 297)


def test_a_symbol_is_as_large_on_paper_as_it_says(print_fonts):
    (page,) = pages(trial_print.trial_pdf(TRIAL, fonts=print_fonts))
    dots = FINE * 72 / 25.4

    upright = [code.position for code in read(page) if code.orientation == 0]

    widths = {abs(each.top_right.x - each.top_left.x) / dots for each in upright}
    told = [float(side) * 29 / 37 for side in trial_print.sides_mm(3)]
    assert all(min(abs(width - each) for each in told) < 0.35 for width in widths)


@pytest.mark.parametrize("version", range(1, 9))
def test_no_size_on_the_sheet_is_below_what_a_phone_reads(version):
    sides = trial_print.sides_mm(version)

    assert sides == sorted(set(sides))
    assert all(engraving.module_mm(version, side) >= SMALLEST_MODULE_MM for side in sides)


def test_the_same_sheet_is_the_same_bytes(print_fonts):
    first = trial_print.trial_pdf(TRIAL, fonts=print_fonts)

    assert trial_print.trial_pdf(TRIAL, fonts=print_fonts) == first


def test_a_demonstration_says_so(print_fonts):
    shown = TrialPrint(TRIAL.piece, TRIAL.site_url, TRIAL.code, is_demonstration=True)

    assert "Demonstration" in all_words(trial_print.trial_pdf(shown, fonts=print_fonts))


def test_the_sheet_takes_the_correction_of_metal(print_fonts):
    (page,) = pages(trial_print.trial_pdf(TRIAL, fonts=print_fonts))

    found = read(page)

    assert {code.ec_level for code in found} == {"Q"}
    assert qr.symbol(URL, ground=qr.Ground.METAL).version == 3

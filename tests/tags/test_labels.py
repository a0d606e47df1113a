"""The print: what a buyer holds first. Its pixels scan, its words are the record's words."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tags import codes, labels, links
from tags.errors import MalformedLinkError, PrintError
from tests.pdfs import PACKAGES, pages, scanned, size_mm, words

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm"),
]

CARD = labels.Card(
    piece="Marlowe ring",
    edition="Number 3 of 12, made in 2026",
    metal="18 ct (750) yellow gold and platinum 950",
    maker="Tidewell Bench",
    town="Bristol",
    mark="TWB",
    site_url="https://touchmark.example",
    code="K7QM2XRA9FT88",
    fingerprint="3f9a 77c1 0b52 e8d4 91aa 6c03 d7f5 2e18",
    claim_code="K7QM2XRA9FT85CDEC",
    is_demonstration=False,
)
LABEL = labels.Label(
    piece="Marlowe ring",
    edition="3 of 12",
    serial="",
    mark="TWB",
    site_url="https://touchmark.example",
    code="K7QM2XRA9FT88",
    is_demonstration=False,
)
HOSTILE = (
    '#panic("x") #import "/etc/passwd" $ x $ *b* _i_ @ref ] [ <a> `c` \\u{0} // c /* c */ "q" {1+1}'
)


def test_the_card_is_a6_and_scans_from_its_pixels(print_fonts):
    front, inside = pages(labels.card_pdf(CARD, fonts=print_fonts))

    assert size_mm(front) == size_mm(inside) == (105, 148)
    assert scanned(front) == [links.code_url(CARD.site_url, CARD.code)]


def test_the_front_says_what_it_is_and_who_speaks(print_fonts):
    front = pages(labels.card_pdf(CARD, fonts=print_fonts))[0]

    printed = words(front)

    for said in (CARD.piece, CARD.edition, CARD.metal, CARD.maker, CARD.town, CARD.mark):
        assert said in printed
    assert "K7QM-2XRA-9FT88" in printed
    assert CARD.fingerprint in printed
    assert "Scan to see the record. A printed code can be copied: compare the piece." in printed
    assert "touchmark.example" in printed


def test_the_claim_code_stands_inside_and_nowhere_else(print_fonts):
    front, inside = pages(labels.card_pdf(CARD, fonts=print_fonts))

    assert "K7QM-2XRA-9FT8-5CDEC" in words(inside)
    assert "This code makes the piece yours. It works once. Keep it private until then." in words(
        inside
    )
    assert "5CDEC" not in words(front)
    assert scanned(inside) == []


def test_a_card_without_a_claim_code_has_one_page(print_fonts):
    card = replace(CARD, claim_code=None)

    assert len(pages(labels.card_pdf(card, fonts=print_fonts))) == 1


def test_a_demonstration_says_so_on_every_page(print_fonts):
    card = replace(CARD, is_demonstration=True)
    label = replace(LABEL, is_demonstration=True)

    printed = pages(labels.card_pdf(card, fonts=print_fonts)) + pages(
        labels.label_pdf(label, fonts=print_fonts)
    )

    assert all("Demonstration" in words(page) for page in printed)
    assert "Demonstration" not in words(pages(labels.card_pdf(CARD, fonts=print_fonts))[0])


def test_the_label_fits_a_rat_tail_and_scans_from_its_pixels(print_fonts):
    (page,) = pages(labels.label_pdf(LABEL, fonts=print_fonts))

    assert size_mm(page) == (55, 11)
    assert scanned(page) == [links.code_url(LABEL.site_url, LABEL.code)]
    assert "Marlowe ring K7QM-2XRA-9FT88 TWB · 3 of 12" in words(page)


def test_a_serial_number_tells_a_label_from_its_sisters(print_fonts):
    (page,) = pages(labels.label_pdf(replace(LABEL, serial="0147"), fonts=print_fonts))

    assert "TWB · No. 0147 · 3 of 12" in words(page)


def test_new_codes_scan_from_cards_and_labels(print_fonts):
    for _ in range(5):
        code = codes.new_code()
        url = links.code_url(CARD.site_url, code)

        card = pages(labels.card_pdf(replace(CARD, code=code), fonts=print_fonts))[0]
        label = pages(labels.label_pdf(replace(LABEL, code=code), fonts=print_fonts))[0]

        assert scanned(card) == scanned(label) == [url]


def test_a_long_address_still_scans(print_fonts):
    card = replace(CARD, site_url="https://certificates.a-long-workshop-name.example:8443")

    front = pages(labels.card_pdf(card, fonts=print_fonts))[0]

    assert scanned(front) == [links.code_url(card.site_url, card.code)]


def test_words_that_look_like_the_typesetters_language_are_printed_as_words(print_fonts):
    card = replace(CARD, edition="", metal="", piece=HOSTILE)

    front = pages(labels.card_pdf(card, fonts=print_fonts))[0]

    assert HOSTILE.replace(" ", "") in words(front).replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "",
        " ",
        "x" * 500,
        "word " * 200,
        "\U0001f48d\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u05d8\u05d1\u05e2\u05ea \u05de\u05d0\u05e8\u05dc\u05d5 (750)",
        "\u062e\u0627\u062a\u0645 \u0645\u0627\u0631\u0644\u0648",
        "\u202e\u2066evil\u2069\u202c",
        "\u6307\u8f2a",
        "a\u0301" * 300,
        "line\nline\r\n\tline\x00\x07",
    ],
)
def test_no_name_breaks_the_page_or_hides_the_code(print_fonts, text):
    card = replace(CARD, piece=text, edition=text, metal=text, maker=text, town=text, mark=text)
    label = replace(LABEL, piece=text, edition=text, mark=text)

    front, inside = pages(labels.card_pdf(card, fonts=print_fonts))
    (tail,) = pages(labels.label_pdf(label, fonts=print_fonts))

    assert scanned(front) == scanned(tail) == [links.code_url(CARD.site_url, CARD.code)]
    assert "K7QM-2XRA-9FT88" in words(front)
    assert CARD.fingerprint in words(front)
    assert "K7QM-2XRA-9FT8-5CDEC" in words(inside)


def test_a_name_of_another_script_keeps_the_house_type(print_fonts):
    card = replace(CARD, piece="Łódź, Жемчуг, Ωμέγα")

    pdf = labels.card_pdf(card, fonts=print_fonts)

    assert "Łódź,Жемчуг,Ωμέγα" in words(pages(pdf)[0]).replace(" ", "")
    assert b"Libertinus" not in pdf
    assert b"DejaVu" not in pdf


def test_the_same_card_is_the_same_file(print_fonts):
    first = labels.card_pdf(CARD, fonts=print_fonts)

    labels.card_pdf(replace(CARD, piece="Pendant"), fonts=print_fonts)

    assert labels.card_pdf(CARD, fonts=print_fonts) == first


def test_many_hands_print_at_once(print_fonts):
    cards = [replace(CARD, code=codes.new_code()) for _ in range(12)]

    with ThreadPoolExecutor(4) as hands:
        printed = list(hands.map(lambda card: labels.card_pdf(card, fonts=print_fonts), cards))

    for card, pdf in zip(cards, printed, strict=True):
        assert scanned(pages(pdf)[0]) == [links.code_url(card.site_url, card.code)]


def test_a_site_no_tag_can_name_is_refused(print_fonts):
    with pytest.raises(MalformedLinkError):
        labels.card_pdf(replace(CARD, site_url="https://touchmark.example/shop"), fonts=print_fonts)


def test_text_that_is_no_text_is_refused_by_name(print_fonts):
    with pytest.raises(PrintError) as refusal:
        labels.card_pdf(replace(CARD, piece="\ud800"), fonts=print_fonts)

    assert refusal.value.code == "print"

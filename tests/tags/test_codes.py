"""Codes: what people type is read kindly, and no slip of one hand gets through."""

import hashlib
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tags import codes
from tags.errors import MalformedCodeError

# Frozen: these stand for codes on metal. If one of them stops reading, rings stop scanning.
FROZEN_PUBLIC = [
    "K7QM2XRA9FT84",
    "0123456789AB7",
    "ZYXWVTSRQPNMA",
    "000000000001J",
    "1000000000006",
    "0000000000000",
]
FROZEN_CLAIM = [
    "K7QM2XRA9FT85CDEN",
    "0123456789ABCDEFE",
    "ZYXWVTSRQPNMKJHGP",
]
FROZEN_HASH = "6a3654a7a999bd791adf9203e953359945d506c9d39159731008fca90e035b24"

whole_codes = st.text(codes.ALPHABET, min_size=12, max_size=12).map(
    lambda body: body + codes._check_character(body)
)


@pytest.mark.parametrize("code", FROZEN_PUBLIC)
def test_a_code_engraved_long_ago_still_reads(code):
    assert codes.read_code(code) == code


@pytest.mark.parametrize("code", FROZEN_CLAIM)
def test_a_claim_code_printed_long_ago_still_reads(code):
    assert codes.read_claim_code(code) == code


def test_the_check_is_the_sum_over_gf_32_as_frozen():
    alpha_powers = [1, 2, 4, 8, 16, 5, 10, 20, 13, 26, 17, 7, 14]
    code = codes.new_code()

    values = [codes.ALPHABET.index(letter) for letter in code]
    total = 0
    for weight, value in zip(alpha_powers, values, strict=True):
        total ^= multiplied(weight, value)

    assert total == 0


def multiplied(left: int, right: int) -> int:
    """Carry-less product modulo x^5 + x^2 + 1, written out apart from the code under test."""
    product = 0
    for place in range(5):
        if right >> place & 1:
            product ^= left << place
    for place in range(8, 4, -1):
        if product >> place & 1:
            product ^= 0b100101 << (place - 5)
    return product


@pytest.mark.parametrize(
    ("new", "read", "length"),
    [(codes.new_code, codes.read_code, 13), (codes.new_claim_code, codes.read_claim_code, 17)],
)
def test_a_new_code_reads_as_itself(new, read, length):
    code = new()

    assert read(code) == code
    assert re.fullmatch(f"[0-9A-HJKMNP-TV-Z]{{{length}}}", code)


def test_no_code_is_drawn_twice():
    drawn = {codes.new_code() for _ in range(2000)}

    assert len(drawn) == 2000


@pytest.mark.parametrize(
    "code", ["0000000000000", *(codes.new_code() for _ in range(5))], ids=range(6)
)
def test_every_single_wrong_character_is_caught(code):
    for place in range(len(code)):
        for letter in codes.ALPHABET.replace(code[place], ""):
            with pytest.raises(MalformedCodeError):
                codes.read_code(code[:place] + letter + code[place + 1 :])


@pytest.mark.parametrize("code", [codes.new_claim_code() for _ in range(3)], ids=range(3))
def test_every_single_wrong_character_of_a_claim_code_is_caught(code):
    for place in range(len(code)):
        for letter in codes.ALPHABET.replace(code[place], ""):
            with pytest.raises(MalformedCodeError):
                codes.read_claim_code(code[:place] + letter + code[place + 1 :])


@given(whole_codes)
def test_every_swap_of_neighbours_is_caught(code):
    for place, (left, right) in enumerate(pairwise(code)):
        swapped = code[:place] + right + left + code[place + 2 :]
        if swapped != code:
            with pytest.raises(MalformedCodeError):
                codes.read_code(swapped)


@pytest.mark.parametrize("length", [13, 17])
def test_every_pair_of_neighbours_at_every_place_is_told_from_its_swap(length):
    for place in range(length - 1):
        for left in codes.ALPHABET:
            for right in codes.ALPHABET.replace(left, ""):
                before, after = "0" * place, "0" * (length - place - 2)
                assert codes._residue(before + left + right + after) != codes._residue(
                    before + right + left + after
                )


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM-2X10-9FT8{check}",
        "k7qm-2x10-9ft8{check}",
        " K7QM 2X10 9FT8{check}\n",
        "K7QM\u20112X10\u20139FT8{check}",
        "K7QM-2XIO-9FT8{check}",
        "k7qm-2xlo-9ft8{check}",
    ],
)
def test_a_code_is_read_as_people_type_it(typed):
    check = codes._check_character("K7QM2X109FT8")

    code = codes.read_code(typed.format(check=check))

    assert code == "K7QM2X109FT8" + check


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "13 characters"),
        ("K7QM", "13 characters"),
        ("0" * 12, "13 characters"),
        ("0" * 14, "13 characters"),
        ("0" * 12 + "U", "never a U"),
        ("0" * 12 + "u", "never a U"),
        ("0" * 12 + "\u0131", "never a U"),
        ("0" * 12 + "\uff10", "never a U"),
        ("0" * 12 + "\x00", "never a U"),
        ("0" * 12 + "\U0001f48d", "never a U"),
        ("0" * 12 + "1", "a character is wrong"),
        ("0" * 1_000_000, "too long"),
    ],
)
def test_what_cannot_be_a_code_is_refused_with_its_reason(typed, reason):
    with pytest.raises(MalformedCodeError, match=reason) as refusal:
        codes.read_code(typed)

    assert refusal.value.code == "malformed_code"


@given(st.text())
def test_no_text_breaks_the_reader(text):
    try:
        code = codes.read_code(text)
    except MalformedCodeError:
        return
    assert len(code) == 13


def test_codes_are_shown_in_groups_a_person_can_hold_in_mind():
    assert codes.show_code("0123456789ABC") == "0123-4567-89ABC"
    assert codes.show_claim_code("0123456789ABCDEFG") == "0123-4567-89AB-CDEFG"


@given(whole_codes)
def test_a_shown_code_reads_as_itself(code):
    assert codes.read_code(codes.show_code(code)) == code


def test_a_claim_hash_made_long_ago_is_still_found():
    code = codes.read_claim_code("0123-4567-89AB-CDEFE")

    assert codes.claim_hash(code).hex() == FROZEN_HASH


def test_a_claim_hash_keeps_the_code_apart_from_every_other_hash():
    code = codes.new_claim_code()

    known_as = codes.claim_hash(code)

    assert len(known_as) == 32
    assert known_as == codes.claim_hash(codes.read_claim_code(code.lower()))
    assert known_as != codes.claim_hash(codes.new_claim_code())
    assert known_as != hashlib.sha256(code.encode()).digest()

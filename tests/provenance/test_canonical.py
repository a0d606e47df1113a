"""One value, one sequence of bytes; and nothing that could have two."""

import json
import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from provenance import canonical
from provenance.errors import MalformedError, OutOfSubsetError, TooLargeError

ascii_keys = st.text(st.characters(max_codepoint=127), max_size=8)
nfc_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text)
)
subset = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | nfc_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ascii_keys, inner, max_size=4),
    max_leaves=20,
)


@given(subset)
def test_on_the_subset_the_fast_way_writes_what_rfc_8785_says(value):
    assert canonical.canonical_bytes(value) == rfc8785.dumps(value)


@given(subset)
def test_canonical_bytes_read_back_as_the_same_value(value):
    written = canonical.canonical_bytes(value)

    assert canonical.canonical_bytes(canonical.parse_json(written)) == written


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_our_own_error(data):
    try:
        canonical.parse_json(data)
    except (MalformedError, OutOfSubsetError, TooLargeError) as refused:
        assert refused.code


@given(subset, st.sampled_from([None, 1, 4]))
def test_the_slow_road_reads_what_json_reads(value, indent):
    loose = json.dumps(value, indent=indent).encode()

    assert canonical.parse_json(loose) == value


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(b'{"a":1', MalformedError, id="truncated"),
        pytest.param(b'{"a":"\xff"}', MalformedError, id="not UTF-8"),
        pytest.param('{"a":1}'.encode("utf-16"), MalformedError, id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', MalformedError, id="byte order mark"),
        pytest.param(b'{"a":NaN}', MalformedError, id="NaN"),
        pytest.param(b'{"a":-Infinity}', MalformedError, id="infinity"),
        pytest.param(b"", MalformedError, id="nothing"),
        pytest.param(b"9" * 5000, MalformedError, id="a number of 5000 digits"),
        pytest.param(b'{"a":1,"a":2}', OutOfSubsetError, id="a key twice"),
        pytest.param(b'{"a":1,"\\u0061":2}', OutOfSubsetError, id="a key twice, once escaped"),
        pytest.param(b'{"b":{"a":1,"a":1}}', OutOfSubsetError, id="a key twice, further in"),
        pytest.param(b" " * (1024 * 1024), TooLargeError, id="1 MB"),
        pytest.param(b"[" * 10_000, TooLargeError, id="10,000 levels"),
        pytest.param(b'{"a":' * 33 + b"1" + b"}" * 33, TooLargeError, id="33 levels"),
        pytest.param(b"[" * 33 + b"]" * 33, TooLargeError, id="33 levels, canonical"),
    ],
)
def test_bad_input_is_refused_by_name(data, error):
    with pytest.raises(error):
        canonical.parse_json(data)


def test_32_levels_are_deep_enough_for_anybody():
    data = b"[" * 32 + b"1" + b"]" * 32

    assert canonical.canonical_bytes(canonical.parse_json(data)) == data


def test_brackets_and_quotes_inside_a_name_are_not_structure():
    name = '[{"\\' * 40

    assert canonical.parse_json(json.dumps({"name": name}, indent=1).encode()) == {"name": name}


def test_a_list_is_json_but_not_a_document():
    with pytest.raises(MalformedError):
        canonical.parse_object(b"[]")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"mass": 6.81}, id="a float"),
        pytest.param({"mass": float("nan")}, id="NaN"),
        pytest.param({"n": 2**53}, id="2^53"),
        pytest.param({"n": 2**53 + 1}, id="2^53+1"),
        pytest.param({"n": -(2**53)}, id="-2^53"),
        pytest.param({"n": 2**70}, id="2^70"),
        pytest.param({"é": 1}, id="a key beyond ASCII"),
        pytest.param({"a": [{"é": 1}]}, id="a key beyond ASCII, further in"),
        pytest.param({1: 1}, id="a key that is a number"),
        pytest.param({"a": "e\u0301"}, id="text not in NFC"),
        pytest.param({"a": "\ud800"}, id="half a character"),
        pytest.param({"\ud800": "a"}, id="half a character in a key"),
        pytest.param({"a": (1, 2)}, id="a tuple"),
        pytest.param({"a": b"bytes"}, id="bytes"),
    ],
)
def test_what_two_programs_could_write_differently_is_not_signed(value):
    with pytest.raises(OutOfSubsetError):
        canonical.canonical_bytes(value)


def test_the_largest_integers_of_the_subset_are_written_whole():
    assert canonical.canonical_bytes([2**53 - 1, 1 - 2**53]) == (
        b"[9007199254740991,-9007199254740991]"
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800"])
def test_rfc_8785_has_no_form_for_these(value):
    with pytest.raises(OutOfSubsetError):
        canonical.jcs_bytes([value])


def test_the_digest_of_a_certificate_does_not_change_with_its_proofs():
    body = {"id": "a", "name": "Marlowe ring"}

    digests = {
        canonical.digest_of(body),
        canonical.digest_of({**body, "proof": {"a": 1}}),
        canonical.digest_of({**body, "proof": [{"b": 2}]}),
    }

    assert digests == {canonical.sha256(b'{"id":"a","name":"Marlowe ring"}')}

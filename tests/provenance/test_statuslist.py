"""Status lists: exact bits, bounded reading, and indexes drawn without repetition."""

import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import statuslist
from provenance.errors import BadStatusListError
from tests.provenance.makings import INDEX, ISSUED, LIST_URLS, NOON, PLATFORM


def pack(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits)).decode().rstrip("=")


@given(st.sets(st.integers(0, statuslist.LENGTH - 1), max_size=50))
def test_a_list_reads_back_with_exactly_the_bits_it_was_given(indexes):
    bits = statuslist.decode_list(statuslist.encode_list(indexes))

    assert {
        index
        for byte, value in enumerate(bits)
        if value
        for index in range(byte * 8, byte * 8 + 8)
        if statuslist.is_set(bits, index)
    } == indexes


def test_the_first_index_is_the_most_significant_bit_of_the_first_byte():
    bits = statuslist.decode_list(statuslist.encode_list([0, 15]))

    assert bits[:2] == b"\x80\x01"


def test_the_same_list_is_the_same_bytes():
    assert statuslist.encode_list({3, 1, 2}) == statuslist.encode_list([1, 2, 3])


@pytest.mark.parametrize("index", [-1, statuslist.LENGTH])
def test_an_index_outside_the_list_is_refused(index):
    bits = statuslist.decode_list(statuslist.encode_list([]))

    with pytest.raises(BadStatusListError):
        statuslist.encode_list([index])
    with pytest.raises(BadStatusListError):
        statuslist.is_set(bits, index)


@pytest.mark.parametrize(
    "encoded",
    [
        pytest.param("", id="nothing"),
        pytest.param("u", id="only the prefix"),
        pytest.param(statuslist.encode_list([])[1:], id="no prefix"),
        pytest.param(statuslist.encode_list([]) + "=", id="padding"),
        pytest.param(statuslist.encode_list([]).replace("-", "+"), id="base64, not base64url"),
        pytest.param(statuslist.encode_list([])[:-4], id="cut short"),
        pytest.param(pack(b""), id="empty list"),
        pytest.param(pack(bytes(statuslist.LENGTH // 8 - 1)), id="one byte too short"),
        pytest.param("uAAAA", id="not gzip"),
        pytest.param("uAAAAA", id="a length base64 cannot have"),
        pytest.param("u" + "A" * 3_000_000, id="3 MB"),
        pytest.param(
            "u"
            + base64.urlsafe_b64encode(gzip.compress(bytes(16384)) + b"more").decode().rstrip("="),
            id="something hangs on it",
        ),
    ],
)
def test_what_is_not_a_list_is_refused_by_name(encoded):
    with pytest.raises(BadStatusListError):
        statuslist.decode_list(encoded)


def test_a_decompression_bomb_is_not_unpacked():
    bomb = pack(bytes(64 * 1024 * 1024))

    with pytest.raises(BadStatusListError, match="more than any"):
        statuslist.decode_list(bomb)


@given(st.text(max_size=60))
def test_any_text_is_a_list_or_our_own_error(text):
    with pytest.raises(BadStatusListError):
        statuslist.decode_list("u" + text)


def test_a_status_list_credential_has_the_shape_of_the_standard():
    listed = statuslist.build_status_list(
        url=LIST_URLS["revocation"],
        issuer=PLATFORM,
        purpose="revocation",
        set_indexes=[INDEX],
        valid_from=ISSUED,
        valid_until=NOON,
    )

    assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert listed["credentialSubject"]["id"] == f"{LIST_URLS['revocation']}#list"
    assert listed["credentialSubject"]["statusPurpose"] == "revocation"
    assert listed["validUntil"] == "2026-11-20T12:00:00Z"


@given(st.integers(1, 600), st.binary(min_size=1, max_size=64))
def test_every_index_of_a_list_is_drawn_exactly_once(length, seed):
    drawn = [statuslist.scattered_index(n, seed=seed, length=length) for n in range(length)]

    assert sorted(drawn) == list(range(length))


def test_another_seed_draws_in_another_order():
    one, two = (
        [statuslist.scattered_index(n, seed=seed) for n in range(20)] for seed in (b"a", b"b")
    )

    assert one != two


@pytest.mark.parametrize("position", [-1, statuslist.LENGTH])
def test_a_full_list_says_so(position):
    with pytest.raises(BadStatusListError):
        statuslist.scattered_index(position, seed=b"seed")

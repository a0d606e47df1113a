"""Sealed files: what was changed, cut, moved or swapped does not open, and says so."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories import sealing
from memories.errors import BadSealError
from memories.sealing import CHUNK, HEADER, TAG

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
ITEM = b"item one"


def seal(content, *, key=KEY, bound_to=ITEM):
    return b"".join(sealing.seal([content], key=key, bound_to=bound_to))


def unseal(sealed, *, key=KEY, bound_to=ITEM):
    return b"".join(sealing.unseal(io.BytesIO(sealed), key=key, bound_to=bound_to))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_what_was_sealed_is_found_whole_whatever_its_size(size):
    content = bytes(number % 251 for number in range(size))

    assert unseal(seal(content)) == content


@given(st.lists(st.binary(max_size=300)))
def test_the_pieces_it_came_in_do_not_matter(pieces):
    sealed = b"".join(sealing.seal(pieces, key=KEY, bound_to=ITEM))

    assert unseal(sealed) == b"".join(pieces)


def test_nothing_of_it_can_be_read_in_the_sealed_file_and_no_two_are_alike():
    assert b"CANARY" not in seal(b"CANARY" * 1000)
    assert seal(b"CANARY") != seal(b"CANARY")


@given(st.integers(0, HEADER + TAG + 9), st.integers(1, 255))
def test_attack_a_changed_bit_anywhere_is_noticed(at, flip):
    sealed = bytearray(seal(b"0123456789"))
    sealed[at] ^= flip

    with pytest.raises(BadSealError):
        unseal(bytes(sealed))


def chunks_of(sealed):
    body = sealed[HEADER:]
    return [body[at : at + CHUNK + TAG] for at in range(0, len(body), CHUNK + TAG)]


def test_attack_chunks_that_are_cut_off_repeated_or_put_in_another_order_are_noticed():
    sealed = seal(bytes(3 * CHUNK))
    header, (one, two, three) = sealed[:HEADER], chunks_of(sealed)

    for altered in ([one, two], [one], [], [two, one, three], [one, one, two, three], [one, three]):
        with pytest.raises(BadSealError):
            unseal(header + b"".join(altered))


def test_attack_a_file_given_to_another_item_or_another_key_does_not_open():
    with pytest.raises(BadSealError):
        unseal(seal(b"mine"), bound_to=b"item two")
    with pytest.raises(BadSealError):
        unseal(seal(b"mine"), key=OTHER)
    with pytest.raises(BadSealError):
        unseal(b"not sealed at all")


def test_a_data_key_opens_with_its_site_key_and_for_its_owner_alone():
    wrapped = sealing.wrap(OTHER, site_key=KEY, bound_to=b"montage 1")

    assert sealing.unwrap(wrapped, site_key=KEY, bound_to=b"montage 1") == OTHER
    assert OTHER not in wrapped
    for site_key, owner in ((OTHER, b"montage 1"), (KEY, b"montage 2")):
        with pytest.raises(BadSealError):
            sealing.unwrap(wrapped, site_key=site_key, bound_to=owner)
    with pytest.raises(BadSealError):
        sealing.unwrap(b"", site_key=KEY, bound_to=b"montage 1")


def test_the_name_of_a_key_tells_nothing_of_it():
    assert sealing.fingerprint(KEY) != sealing.fingerprint(OTHER)
    assert sealing.fingerprint(KEY) not in KEY.hex()

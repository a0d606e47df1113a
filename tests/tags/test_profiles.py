"""Kinds of tags that could be copied, or read wrong, are refused before one is written."""

from typing import Any

import pytest

from tags.errors import BadProfileError
from tags.profiles import Crypto, Profile

HOST = "https://touchmark.example/s/ring"
USUAL = HOST + "?e={picc}&c={mac}"
SEALED = HOST + "?e={picc}&t={tamper}&c={mac}"
FILED = HOST + "?e={picc}&d={file}&c={mac}"


def make_profile(**changes: Any) -> Profile:
    return Profile(**{"name": "ring", "crypto": Crypto.AES, "template": USUAL, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"window": "&c="},
        {"window": "{picc}&c="},
        {"window": "touchmark.example/s/ring?e={picc}&c="},
        {"template": SEALED, "window": "{tamper}&c="},
        {"template": FILED, "window": "{file}&c=", "file_bytes": 16},
        {"template": FILED, "window": "d={file}&c=", "file_bytes": 48, "tamper_in_file": True},
        {"template": HOST + "?u={uid}&n={counter}&c={mac}"},
        {"template": HOST + "?m={uid}x{counter}x{mac}"},
        {"template": "http://localhost:8000/s/ring?e={picc}&c={mac}"},
        {"system_id": b"t"},
        {"system_id": b"t" * 16},
        {"meta_slot": 0, "file_slot": 4},
    ],
    ids=str,
)
def test_a_sound_profile_is_made(changes):
    assert make_profile(**changes).name == "ring"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "Ring"},
        {"name": "a/b"},
        {"name": "-ring"},
        {"name": "r" * 33},
        {"template": ""},
        {"template": HOST},
        {"template": HOST + "?"},
        {"template": HOST + "?c={mac}"},
        {"template": HOST + "?e={picc}"},
        {"template": HOST + "?c={mac}&e={picc}"},
        {"template": HOST + "?e={picc}&c={mac}&x=1"},
        {"template": HOST + "?e={picc}&e={picc}&c={mac}"},
        {"template": HOST + "?e={picc}&u={uid}&n={counter}&c={mac}"},
        {"template": HOST + "?u={uid}&c={mac}"},
        {"template": HOST + "?n={counter}&c={mac}"},
        {"template": HOST + "?e={picc}&x={other}&c={mac}"},
        {"template": HOST + "?e={}&c={mac}"},
        {"template": HOST + "?e={picc}&c=%7B{mac}"},
        {"template": HOST + "?e={picc}&n=\u00e4&c={mac}"},
        {"template": HOST + "?e={picc} &c={mac}"},
        {"template": "https://touchmark.example/{picc}?c={mac}"},
        {"template": "https://touchmark.ex\u00e4mple/s/ring?e={picc}&c={mac}"},
        {"template": "ftp://touchmark.example/s/ring?e={picc}&c={mac}"},
        {"template": "touchmark.example/s/ring?e={picc}&c={mac}"},
        {"window": "?e={picc}"},
        {"window": "{picc}"},
        {"window": "x"},
        {"window": "icc}&c="},
        {"window": "}&c="},
        {"window": "https://touchmark.example/s/ring?e={picc}&c="},
        {"template": FILED, "window": "{file}&c="},
        {"template": FILED, "window": "{file}&c=", "file_bytes": 15},
        {"template": FILED, "window": "{file}&c=", "file_bytes": 17},
        {"template": FILED, "window": "{file}&c=", "file_bytes": -16},
        {"file_bytes": 16},
        {"tamper_in_file": True},
        {
            "template": HOST + "?e={picc}&d={file}&t={tamper}&c={mac}",
            "window": "{file}&t={tamper}&c=",
            "file_bytes": 16,
            "tamper_in_file": True,
        },
        {"system_id": b""},
        {"system_id": b"t" * 17},
        {"meta_slot": 5},
        {"file_slot": -1},
    ],
    ids=str,
)
def test_an_unsound_profile_is_refused(changes):
    with pytest.raises(BadProfileError):
        make_profile(**changes)


@pytest.mark.parametrize("window", ["", "&c=", "c="])
def test_a_seal_outside_the_mac_could_be_rewritten_and_is_refused(window):
    with pytest.raises(BadProfileError):
        make_profile(template=SEALED, window=window)


@pytest.mark.parametrize("window", ["", "&c="])
def test_file_data_outside_the_mac_is_refused(window):
    with pytest.raises(BadProfileError):
        make_profile(template=FILED, window=window, file_bytes=16)


def test_a_profile_is_known_by_what_it_states():
    first, second = make_profile(), make_profile()

    assert first == second
    assert hash(first) == hash(second)
    assert first != make_profile(crypto=Crypto.LRP)


def test_the_address_has_room_for_all_that_a_chip_writes():
    aes, lrp = (make_profile(crypto=crypto).filled() for crypto in Crypto)

    assert aes == f"{HOST}?e={'0' * 32}&c={'0' * 16}"
    assert lrp == f"{HOST}?e={'0' * 48}&c={'0' * 16}"

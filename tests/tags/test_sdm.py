"""Taps: a chip with our key is believed, and nothing else in the world is."""

import re
import secrets
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from provenance.errors import BadKeyError
from tags.aes import Key
from tags.errors import InvalidTapError, Refusal
from tags.profiles import LONGEST_QUERY, Crypto, Profile, parse_tap
from tags.sdm import (
    BOTH_MIRRORED,
    COUNTER_MIRRORED,
    HIGHEST_COUNTER,
    UID_MIRRORED,
    Reading,
    Seal,
    file_key,
    read_picc,
    verify,
)
from tags.sessions import COUNTER_BYTES, hide_picc, mac_of
from tags.virtual import VirtualTag

SITE = "touchmark.example/s/ring"
UID = bytes.fromhex("04DE5F1EACC040")
META_KEY = Key(bytes.fromhex("0c3b25d92b38ae443229dd59ad34b85d"))
MASTER = Key(bytes.fromhex("b45775776cb224c75bcde7ca3704e933"))
LAYOUTS: dict[str, dict[str, Any]] = {
    "usual": {"query": "e={picc}&c={mac}"},
    "host signed": {"query": "e={picc}&c={mac}", "window": SITE + "?e={picc}&c="},
    "file": {"query": "e={picc}&d={file}&c={mac}", "window": "{file}&c=", "file_bytes": 32},
    "seal in file": {
        "query": "e={picc}&d={file}&c={mac}",
        "window": "e={picc}&d={file}&c=",
        "file_bytes": 16,
        "tamper_in_file": True,
    },
    "seal in clear": {"query": "e={picc}&t={tamper}&c={mac}", "window": "{tamper}&c="},
    "plain": {"query": "u={uid}&n={counter}&c={mac}"},
    "plain, in one": {"query": "m={uid}x{counter}x{mac}", "window": "s/ring?m={uid}x{counter}x"},
    "plain, all": {
        "query": "u={uid}&n={counter}&d={file}&t={tamper}&c={mac}",
        "window": "{file}&t={tamper}&c=",
        "file_bytes": 16,
    },
}
EVERY_MODE = [(crypto, layout) for crypto in Crypto for layout in LAYOUTS]


def make_profile(crypto: Crypto = Crypto.AES, layout: str = "usual", **changes: Any) -> Profile:
    made = {"name": "ring", "crypto": crypto, "system_id": b"touchmark", **LAYOUTS[layout]}
    template = f"https://{SITE}?{made.pop('query')}"
    return Profile(**{"template": template, **made, **changes})


def make_chip(profile: Profile, *, counter: int = 0, **encoding: Any) -> VirtualTag:
    chip = VirtualTag(uid=UID)
    chip.encode(profile, **{"meta_key": META_KEY, "master": MASTER, **encoding})
    chip.counter = counter
    return chip


def make_query(profile: Profile, **encoding: Any) -> str:
    return make_chip(profile, **encoding).tap().partition("?")[2]


def read(profile: Profile, raw: str, *, meta_key: Key = META_KEY, master: Key = MASTER) -> Reading:
    """A tap as a site reads it."""
    query = parse_tap(profile, raw)
    picc = read_picc(profile, meta_key, query)
    return verify(profile, query, picc, file_key(profile, master, picc.uid))


def refusal(profile: Profile, raw: str, **keys: Key) -> Refusal:
    with pytest.raises(InvalidTapError) as caught:
        read(profile, raw, **keys)
    return caught.value.reason


def hidden_query(profile: Profile, picc_data: bytes, names: bytes) -> str:
    """A link that carries this PICCData, and the MAC of a chip with these names."""
    picc = hide_picc(profile.crypto, META_KEY.secret, picc_data).hex().upper()
    mac = mac_of(profile.crypto, file_key(profile, MASTER, UID), names.ljust(10, b"\0"), b"")
    return f"e={picc}&c={mac.hex().upper()}"


@pytest.mark.parametrize(("crypto", "layout"), EVERY_MODE)
def test_what_a_chip_says_is_read_in_every_mode(crypto, layout):
    profile = make_profile(crypto, layout)

    reading = read(profile, make_query(profile, counter=61))

    assert (reading.uid, reading.counter) == (UID, 62)
    assert len(reading.file_data) == profile.file_bytes
    assert reading.seal is (Seal.INTACT if "seal" in layout or "all" in layout else None)


@pytest.mark.parametrize(("crypto", "layout"), EVERY_MODE)
def test_no_bit_of_a_link_can_be_turned(crypto, layout):
    profile = make_profile(crypto, layout)
    raw = make_query(profile)
    step = 1 if crypto is Crypto.AES else 5  # LRP takes a hundred times as long

    turned = [
        raw[:place] + chr(ord(raw[place]) ^ (1 << bit)) + raw[place + 1 :]
        for place in range(0, len(raw), step)
        for bit in range(7)
    ]

    assert all(isinstance(refusal(profile, each), Refusal) for each in turned)


def test_no_bit_of_the_mac_can_be_turned():
    profile = make_profile()
    raw = make_query(profile)
    mac = int(raw[-16:], 16)

    reasons = {refusal(profile, f"{raw[:-16]}{mac ^ (1 << bit):016X}") for bit in range(64)}

    assert reasons == {Refusal.BAD_MAC}


@pytest.mark.parametrize(("crypto", "layout"), EVERY_MODE)
def test_another_file_key_does_not_hold(crypto, layout):
    profile = make_profile(crypto, layout)

    reason = refusal(profile, make_query(profile), master=Key(secrets.token_bytes(16)))

    assert reason is Refusal.BAD_MAC


@pytest.mark.parametrize("crypto", Crypto)
def test_another_meta_key_does_not_hold(crypto):
    profile = make_profile(crypto)

    reason = refusal(profile, make_query(profile), meta_key=MASTER)

    assert reason in {Refusal.BAD_TAG, Refusal.NO_UID, Refusal.NO_COUNTER, Refusal.BAD_MAC}


@pytest.mark.parametrize(
    "changes",
    [{"system_id": b"touchmarl"}, {"system_id": b"t"}, {"file_slot": 3}, {"system_id": None}],
    ids=str,
)
def test_a_key_derived_for_another_purpose_does_not_hold(changes):
    raw = make_query(make_profile())

    assert refusal(make_profile(**changes), raw) is Refusal.BAD_MAC


def test_two_chips_of_one_master_key_have_different_keys():
    profile = make_profile()

    assert file_key(profile, MASTER, UID) != file_key(profile, MASTER, UID[::-1])
    assert file_key(make_profile(system_id=None), MASTER, UID) == MASTER.secret


@pytest.mark.parametrize("crypto", Crypto)
@pytest.mark.parametrize("counter", [0, 1, 255, 256, 65_535, HIGHEST_COUNTER - 1])
def test_the_counter_is_read_up_to_its_end(crypto, counter):
    profile = make_profile(crypto, "plain" if counter % 2 else "usual")

    reading = read(profile, make_query(profile, counter=counter))

    assert reading.counter == counter + 1


def test_a_counter_of_zero_is_a_counter():
    profile = make_profile()
    names = UID + bytes(COUNTER_BYTES)

    reading = read(profile, hidden_query(profile, b"\xc7" + names, names))

    assert reading.counter == 0


@pytest.mark.parametrize(
    ("crypto", "tags"), [(Crypto.AES, range(256)), (Crypto.LRP, [0, 0x47, 0xC0, 0xC4, 0xE7, 0xF7])]
)
def test_a_tag_byte_that_no_chip_writes_is_refused(crypto, tags):
    profile = make_profile(crypto)
    names = UID + b"\x01\0\0"

    refused = {
        tag
        for tag in set(tags) - {BOTH_MIRRORED, UID_MIRRORED, COUNTER_MIRRORED}
        if refusal(profile, hidden_query(profile, bytes([tag]) + names, names)) is Refusal.BAD_TAG
    }

    assert len(refused) == (253 if crypto is Crypto.AES else 6)


@pytest.mark.parametrize("crypto", Crypto)
def test_a_link_without_a_counter_would_hold_for_ever_and_is_refused(crypto):
    profile = make_profile(crypto)

    reason = refusal(profile, hidden_query(profile, bytes([UID_MIRRORED]) + UID, UID))

    assert reason is Refusal.NO_COUNTER


@pytest.mark.parametrize("crypto", Crypto)
def test_a_link_without_a_uid_names_no_chip_and_is_refused(crypto):
    profile = make_profile(crypto)
    data = bytes([COUNTER_MIRRORED]) + b"\x05\0\0"

    assert refusal(profile, hidden_query(profile, data, b"\x05\0\0")) is Refusal.NO_UID


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("u=04DE5F1EACC040&c=B1EE1FD5DC0D9654", Refusal.NO_COUNTER),
        ("n=000003&c=C288EB1DF43C6A78", Refusal.NO_UID),
        ("c=C288EB1DF43C6A78", Refusal.MALFORMED),
        ("u=&n=000003&c=C288EB1DF43C6A78", Refusal.MALFORMED),
    ],
)
def test_a_plain_link_needs_both_uid_and_counter(raw, reason):
    assert refusal(make_profile(layout="plain"), raw) is reason


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_profile_believes_its_own_mode_alone(layout):
    aes, lrp = (make_profile(crypto, layout) for crypto in Crypto)

    assert isinstance(refusal(lrp, make_query(aes)), Refusal)
    assert isinstance(refusal(aes, make_query(lrp)), Refusal)


@pytest.mark.parametrize("crypto", Crypto)
@pytest.mark.parametrize("layout", ["seal in file", "seal in clear", "plain, all"])
def test_a_seal_that_was_opened_stays_opened(crypto, layout):
    profile = make_profile(crypto, layout)
    chip = make_chip(profile)

    told = [read(profile, chip.tap().partition("?")[2]).seal]
    for change in (chip.open_seal, chip.close_seal):
        change()
        told.append(read(profile, chip.tap().partition("?")[2]).seal)

    assert told == [Seal.INTACT, Seal.OPENED, Seal.OPENED]


@pytest.mark.parametrize(
    ("letters", "seal"), [("CC", "intact"), ("CO", "opened"), ("II", "not_enabled")]
)
def test_a_seal_is_told_as_the_chip_tells_it(letters, seal):
    profile = make_profile(layout="seal in clear")
    chip = make_chip(profile)
    chip.seal = letters

    assert read(profile, chip.tap().partition("?")[2]).seal == seal


@pytest.mark.parametrize("letters", ["CI", "IC", "OI", "XX", "CX"])
@pytest.mark.parametrize("layout", ["seal in file", "seal in clear"])
def test_a_seal_in_letters_of_no_chip_is_refused(layout, letters):
    profile = make_profile(layout=layout)
    chip = make_chip(profile)
    chip.seal = letters

    assert refusal(profile, chip.tap().partition("?")[2]) is Refusal.BAD_TAMPER


def test_an_opened_seal_cannot_be_written_as_intact():
    profile = make_profile(layout="seal in clear")
    chip = make_chip(profile)
    chip.open_seal()

    forged = chip.tap().partition("?")[2].replace("t=OO", "t=CC")

    assert refusal(profile, forged) is Refusal.BAD_MAC


def test_a_link_of_one_host_does_not_hold_on_another():
    profile = make_profile(layout="host signed")
    raw = make_query(profile)
    elsewhere = make_profile(
        layout="host signed",
        template="https://touchmark.invalid/s/ring?e={picc}&c={mac}",
        window="touchmark.invalid/s/ring?e={picc}&c=",
    )

    assert refusal(elsewhere, raw) is Refusal.BAD_MAC


def test_file_data_of_another_tap_does_not_hold():
    profile = make_profile(layout="file")
    chip = make_chip(profile)
    first, second = (chip.tap().partition("?")[2] for _ in range(2))

    mixed = "&".join([first.split("&")[0], second.split("&")[1], first.split("&")[2]])

    assert refusal(profile, mixed) is Refusal.BAD_MAC


def test_what_was_written_as_file_data_comes_back():
    profile = make_profile(layout="file")

    reading = read(profile, make_query(profile, file_data="batch 7, bench 2"))

    assert reading.file_data == b"batch 7, bench 2" + b"0" * 16


E_VALUE, C_VALUE = "EF963FF7828658A599F3041510671E88", "94EED9EE65337086"
GOOD = f"e={E_VALUE}&c={C_VALUE}"
HOSTILE = {
    "nothing": "",
    "question mark": "?" + GOOD,
    "ampersands": "&&&",
    "no value": "e=&c=",
    "names alone": "e&c",
    "no mac": f"e={E_VALUE}",
    "no picc": f"c={C_VALUE}",
    "picc one short": f"e={E_VALUE[:-1]}&c={C_VALUE}",
    "picc one long": f"e={E_VALUE}0&c={C_VALUE}",
    "picc a byte short": f"e={E_VALUE[:-2]}&c={C_VALUE}",
    "picc twice as long": f"e={E_VALUE * 2}&c={C_VALUE}",
    "picc as long as with LRP": f"e={E_VALUE}{C_VALUE}&c={C_VALUE}",
    "mac one short": f"e={E_VALUE}&c={C_VALUE[:-1]}",
    "mac one long": f"e={E_VALUE}&c={C_VALUE}0",
    "mac not truncated": f"e={E_VALUE}&c={C_VALUE * 2}",
    "mac of four bytes": f"e={E_VALUE}&c={C_VALUE[:8]}",
    "small letters": GOOD.lower(),
    "small letters in picc": f"e={E_VALUE.lower()}&c={C_VALUE}",
    "small letters in mac": f"e={E_VALUE}&c={C_VALUE.lower()}",
    "one small letter": f"e={E_VALUE[:-3]}e88&c={C_VALUE}",
    "capital names": f"E={E_VALUE}&C={C_VALUE}",
    "letter G": f"e=G{E_VALUE[1:]}&c={C_VALUE}",
    "letter O for zero": GOOD.replace("0", "O"),
    "hex prefix": f"e=0x{E_VALUE[2:]}&c={C_VALUE}",
    "sign": f"e=+{E_VALUE[1:]}&c={C_VALUE}",
    "underscore": f"e={E_VALUE[:15]}_{E_VALUE[16:]}&c={C_VALUE}",
    "spaces": f"e={E_VALUE[:30]}  &c={C_VALUE}",
    "space before": " " + GOOD,
    "space after": GOOD + " ",
    "plus after": GOOD + "+",
    "newline after": GOOD + "\n",
    "carriage return": GOOD + "\r\n",
    "tab": f"e={E_VALUE[:31]}\t&c={C_VALUE}",
    "NUL after": GOOD + "\0",
    "NUL inside": f"e={E_VALUE[:31]}\0&c={C_VALUE}",
    "NUL before": "\0" + GOOD,
    "wide digits": GOOD.replace("1", "\uff11"),
    "Arabic digits": GOOD.replace("6", "\u0666"),
    "superscript digits": GOOD.replace("3", "\u00b3"),
    "Cyrillic A": GOOD.replace("A", "\u0410"),
    "wide letters": GOOD.replace("E", "\uff25"),
    "combining mark": GOOD + "\u0301",
    "lone surrogate": GOOD + "\udcff",
    "beyond the plane": GOOD + "&x=\U0001f48d",
    "byte order mark": "\ufeff" + GOOD,
    "Latin-1 bytes": GOOD + "&x=\xff\xfe",
    "swapped values": f"e={C_VALUE}&c={E_VALUE}",
    "swapped parameters": f"c={C_VALUE}&e={E_VALUE}",
    "semicolon": f"e={E_VALUE};c={C_VALUE}",
    "encoded digit": f"e=%45{E_VALUE[1:]}&c={C_VALUE}",
    "encoded name": f"%65={E_VALUE}&c={C_VALUE}",
    "encoded ampersand": f"e={E_VALUE}%26c={C_VALUE}",
    "encoded equals sign": f"e%3D{E_VALUE}&c={C_VALUE}",
    "encoded NUL": GOOD + "%00",
    "array name": f"e[]={E_VALUE}&c={C_VALUE}",
    "something between": f"e={E_VALUE}&x=1&c={C_VALUE}",
    "something before": f"x=1&{GOOD}",
    "doubled ampersand": f"e={E_VALUE}&&c={C_VALUE}",
    "doubled equals sign": f"e=={E_VALUE}&c={C_VALUE}",
    "quoted": f"e='{E_VALUE}'&c={C_VALUE}",
    "whole address": f"https://{SITE}?{GOOD}",
    "fragment": GOOD + "#x",
    "format fields": "e={picc}&c={mac}",
}
REPEATED = {
    "same again": f"{GOOD}&e={E_VALUE}",
    "mac again": f"{GOOD}&c={C_VALUE}",
    "another mac": f"{GOOD}&c={'0' * 16}",
    "empty again": f"{GOOD}&c=",
    "name alone": f"{GOOD}&c",
    "behind another": f"{GOOD}&x=1&e=1",
    "encoded name": f"{GOOD}&%65={E_VALUE}",
    "encoded other name": f"{GOOD}&%78=1",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_query_no_chip_writes_is_refused(raw):
    profile = make_profile(system_id=None)

    with pytest.raises(InvalidTapError) as caught:
        read_as_blank(profile, raw)

    assert caught.value.reason is Refusal.MALFORMED


@pytest.mark.parametrize("raw", REPEATED.values(), ids=REPEATED)
def test_a_parameter_that_comes_twice_is_refused(raw):
    with pytest.raises(InvalidTapError) as caught:
        read_as_blank(make_profile(system_id=None), raw)

    assert caught.value.reason is Refusal.REPEATED


@pytest.mark.parametrize("rest", ["", "&", "&fbclid=IwAR0-x_y", "&utm_source=a&utm_medium=b%20c"])
def test_what_a_messenger_appends_is_passed_over(rest):
    reading = read_as_blank(make_profile(system_id=None), GOOD + rest)

    assert reading.counter == 61


@pytest.mark.parametrize("layout", ["usual", "plain"])
def test_a_huge_query_is_refused_before_it_is_looked_at(layout):
    profile = make_profile(layout=layout, system_id=None)

    assert refusal(profile, GOOD + "&" * (LONGEST_QUERY + 1 - len(GOOD))) is Refusal.TOO_LONG
    assert refusal(profile, "0" * 10_000_000) is Refusal.TOO_LONG


def test_the_longest_query_is_read():
    raw = GOOD + "&x=" + "y" * (LONGEST_QUERY - len(GOOD) - 3)

    assert read_as_blank(make_profile(system_id=None), raw).counter == 61


def read_as_blank(profile: Profile, raw: str) -> Reading:
    """The example of AN12196 is a chip with factory keys."""
    return read(profile, raw, meta_key=Key.of_the_factory(), master=Key.of_the_factory())


@given(raw=st.text(max_size=200))
def test_no_text_brings_up_another_error(raw):
    for layout in ("usual", "plain", "seal in file"):
        with pytest.raises(InvalidTapError):
            read(make_profile(layout=layout), raw)


@given(picc=st.binary(min_size=16, max_size=16), mac=st.binary(min_size=8, max_size=8))
def test_nobody_guesses_a_link(picc, mac):
    raw = f"e={picc.hex().upper()}&c={mac.hex().upper()}"

    with pytest.raises(InvalidTapError):
        read(make_profile(), raw)


@hypothesis_settings(max_examples=30)
@given(
    mode=st.sampled_from(EVERY_MODE),
    uid=st.binary(min_size=7, max_size=7),
    counter=st.integers(0, HIGHEST_COUNTER - 1),
    system_id=st.none() | st.binary(min_size=1, max_size=16),
    text=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=32),
)
def test_whatever_a_chip_writes_is_read(mode, uid, counter, system_id, text):
    profile = make_profile(*mode, system_id=system_id)
    chip = VirtualTag(uid=uid)
    chip.encode(profile, meta_key=META_KEY, master=MASTER, file_data=text)
    chip.counter = counter

    reading = read(profile, chip.tap().partition("?")[2])

    assert (reading.uid, reading.counter) == (uid, counter + 1)


def test_every_refusal_says_the_same_outside():
    told = {str(InvalidTapError(reason)) for reason in Refusal}

    assert len(told) == 1
    assert {InvalidTapError(reason).code for reason in Refusal} == {"invalid_tap"}


def test_nothing_of_a_tap_or_a_key_is_printed():
    profile = make_profile()
    query = parse_tap(profile, make_query(profile))
    picc = read_picc(profile, META_KEY, query)
    reading = verify(profile, query, picc, file_key(profile, MASTER, picc.uid))

    printed = f"{query!r} {picc!r} {reading!r} {META_KEY!r} {META_KEY}"

    assert printed == "<TapQuery> <PiccData> <Reading> <Key> <Key>"
    assert not re.search("04de|0c3b|62", printed, re.IGNORECASE)


@pytest.mark.parametrize(
    "secret", [bytes(16), b"", bytes(15), b"\x01" * 15, b"\x01" * 17, bytes(32)]
)
def test_a_key_of_zeros_or_of_another_length_is_refused(secret):
    with pytest.raises(BadKeyError):
        Key(secret)


def test_the_key_of_the_factory_has_to_be_asked_for_by_name():
    assert Key.of_the_factory().secret == bytes(16)


def test_a_missing_meta_key_is_our_fault_and_not_the_visitors():
    profile = make_profile()

    with pytest.raises(BadKeyError):
        read_picc(profile, None, parse_tap(profile, make_query(profile)))


def test_one_key_serves_many_threads():
    profile = make_profile()
    queries = [make_query(profile, counter=number) for number in range(50)]
    failed: list[object] = []

    def read_all() -> None:
        for _ in range(20):
            for number, raw in enumerate(queries):
                reading = read(profile, raw)
                if (reading.uid, reading.counter) != (UID, number + 1):
                    failed.append(reading)

    threads = [threading.Thread(target=read_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed

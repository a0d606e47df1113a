"""The tag made of Python keeps to what a chip of silicon can do."""

import pytest

from tags.aes import Key
from tags.errors import InvalidTapError, MalformedNdefError, TagError
from tags.file_settings import settings_of
from tags.ndef import ndef_file, read_ndef_file
from tags.profiles import Crypto, Profile, parse_tap
from tags.sdm import HIGHEST_COUNTER, Reading, file_key, read_picc, verify
from tags.virtual import VirtualTag

UID = bytes.fromhex("04DE5F1EACC040")
META_KEY, MASTER, NEXT_MASTER = (Key(bytes([number]) * 16) for number in (1, 2, 3))


def make_profile(**changes: object) -> Profile:
    stated = {
        "name": "ring",
        "crypto": Crypto.AES,
        "template": "https://touchmark.example/s/ring?e={picc}&c={mac}",
        "system_id": b"touchmark",
    }
    return Profile(**{**stated, **changes})


def make_chip(profile: Profile | None = None) -> VirtualTag:
    chip = VirtualTag(uid=UID)
    chip.encode(profile or make_profile(), meta_key=META_KEY, master=MASTER)
    return chip


def read(address: str, *, profile: Profile | None = None, master: Key = MASTER) -> Reading:
    profile = profile or make_profile()
    query = parse_tap(profile, address.partition("?")[2])
    picc = read_picc(profile, META_KEY, query)
    return verify(profile, query, picc, file_key(profile, master, picc.uid))


def test_each_tap_counts_one_up():
    chip = make_chip()

    assert [read(chip.tap()).counter for _ in range(3)] == [1, 2, 3]


def test_no_two_taps_look_alike():
    chip = make_chip()

    assert len({chip.tap() for _ in range(50)}) == 50


def test_a_phone_reads_the_file_with_its_mirrors():
    chip = make_chip()

    assert read(read_ndef_file(chip.read())).uid == UID


def test_a_chip_written_by_hand_answers_as_one_that_was_encoded():
    profile = make_profile()
    chip = VirtualTag(uid=UID)

    chip.write(
        ndef_file(profile.filled()),
        settings_of(profile).written(),
        keys={1: file_key(profile, MASTER, UID), 2: META_KEY.secret},
    )

    assert read(chip.tap()).counter == 1


def test_a_blank_chip_neither_counts_nor_mirrors():
    chip = VirtualTag(uid=UID)

    assert chip.tap() == chip.tap() == "https://"
    assert chip.counter == 0


def test_a_chip_with_factory_keys_gives_itself_away():
    chip = VirtualTag(uid=UID)
    profile = make_profile(system_id=None)
    chip.encode(profile, meta_key=META_KEY, master=Key.of_the_factory())

    assert read(chip.tap(), profile=profile, master=Key.of_the_factory()).counter == 1


def test_encoding_anew_changes_the_keys_and_begins_to_count_again():
    chip = make_chip()
    before = [chip.tap() for _ in range(5)][-1]

    chip.encode(make_profile(), meta_key=META_KEY, master=NEXT_MASTER)

    after = chip.tap()
    assert read(after, master=NEXT_MASTER).counter == 1
    for address, master in ((after, MASTER), (before, NEXT_MASTER)):
        with pytest.raises(InvalidTapError):
            read(address, master=master)


def test_a_chip_that_was_switched_to_lrp_never_goes_back():
    chip = make_chip(make_profile(crypto=Crypto.LRP))

    with pytest.raises(TagError):
        chip.encode(make_profile(), meta_key=META_KEY, master=MASTER)


def test_a_chip_at_the_end_of_its_counter_answers_no_more():
    chip = make_chip()
    chip.counter = HIGHEST_COUNTER - 1

    assert read(chip.tap()).counter == HIGHEST_COUNTER
    with pytest.raises(TagError):
        chip.tap()


def test_mending_an_intact_seal_changes_nothing():
    chip = make_chip()

    chip.close_seal()

    assert chip.seal == "CC"


@pytest.mark.parametrize("uid", [b"", UID[:4], UID + b"\0"])
def test_a_chip_has_a_uid_of_seven_bytes(uid):
    with pytest.raises(TagError):
        VirtualTag(uid=uid)


def test_a_chip_refuses_settings_it_does_not_know():
    with pytest.raises(MalformedNdefError):
        make_chip().write(ndef_file("https://a.example"), b"\x00\xe0\xee", keys={})

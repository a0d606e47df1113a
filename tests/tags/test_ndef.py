"""What is written into a chip, byte for byte as NXP's own examples have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tags.errors import BadProfileError, MalformedNdefError
from tags.file_settings import FREE, FileSettings, read_settings, settings_of
from tags.ndef import FILE_BYTES, HEADER_BYTES, ndef_file, read_ndef_file
from tags.profiles import Crypto, Profile

# AN12196 rev 2.0 table 17 writes this address, table 18 (section 5.9) its settings.
CHOOSE = "https://choose.url.com/ntag424?e={picc}&c={mac}"
CHOOSE_FILE = (
    "0051D1014D550463686F6F73652E75726C2E636F6D2F6E7461673432343F653D"
    + "30" * 32
    + "26633D"
    + "30" * 16
)
CHOOSE_SETTINGS = "4000E0C1F121200000430000430000"
# AN12196 rev 1.8 table 8 reads such settings back: SDMOptions, SDMAccessRights, then the offsets,
# with file data and with "https://www." abbreviated.
MY424 = "https://www.my424dna.com/?picc_data={picc}&enc={file}&cmac={mac}"
MY424_OPTIONS = "D1"
MY424_OFFSETS = "1F0000" + "440000" + "440000" + "200000" + "6A0000"


def make_profile(template: str, window: str = "", **changes: object) -> Profile:
    return Profile(name="x", crypto=Crypto.AES, template=template, window=window, **changes)


def make_my424() -> Profile:
    return make_profile(MY424, "{file}&cmac=", file_bytes=16)


def test_the_file_is_that_of_the_example():
    assert ndef_file(make_profile(CHOOSE).filled()).hex().upper() == CHOOSE_FILE


def test_the_settings_are_those_of_the_example():
    assert settings_of(make_profile(CHOOSE)).written().hex().upper() == CHOOSE_SETTINGS


def test_the_settings_with_file_data_are_those_of_the_example():
    written = settings_of(make_my424()).written().hex().upper()

    assert written[6:8] == MY424_OPTIONS
    assert written[12:] == MY424_OFFSETS


@pytest.mark.parametrize(
    ("template", "window", "changes", "options", "names"),
    [
        ("?e={picc}&c={mac}", "", {}, 0xC1, ["picc", "window", "mac"]),
        ("?u={uid}&n={counter}&c={mac}", "", {}, 0xC1, ["uid", "counter", "window", "mac"]),
        (
            "?e={picc}&t={tamper}&c={mac}",
            "{tamper}&c=",
            {},
            0xC9,
            ["picc", "seal", "window", "mac"],
        ),
        (
            "?e={picc}&d={file}&c={mac}",
            "{file}&c=",
            {"file_bytes": 32, "tamper_in_file": True},
            0xD9,
            ["picc", "seal", "window", "file", "file_length", "mac"],
        ),
    ],
)
def test_each_offset_points_at_its_mirror(template, window, changes, options, names):
    profile = make_profile(f"https://a.example/s/x{template}", window, **changes)
    file = ndef_file(profile.filled(picc="P" * 32, uid="U" * 14, counter="N" * 6, mac="M" * 16))

    settings = settings_of(profile)

    assert settings.written()[3] == options
    assert [name for name in offsets(settings) if offsets(settings)[name] is not None] == names
    for name, letter in (("picc", "P"), ("uid", "U"), ("counter", "N"), ("mac", "M")):
        place = offsets(settings)[name]
        if place is not None:
            assert chr(file[place - 1]) == "="
            assert chr(file[place]) == letter
    assert len(file[settings.window : settings.mac]) == profile.window_length


def offsets(settings: FileSettings) -> dict[str, int | None]:
    slots = {"meta_slot", "file_slot"}
    return {name: value for name, value in vars(settings).items() if name not in slots}


def test_a_seal_in_the_file_data_stands_at_its_beginning():
    profile = make_profile(
        "https://a.example/?e={picc}&d={file}&c={mac}",
        "{file}&c=",
        file_bytes=16,
        tamper_in_file=True,
    )

    assert settings_of(profile).seal == settings_of(profile).file


def test_a_plain_mirror_needs_no_key_to_be_read():
    profile = make_profile("https://a.example/?u={uid}&n={counter}&c={mac}")

    assert settings_of(profile).meta_slot == FREE
    assert settings_of(profile).written()[4:6] == bytes.fromhex("F1E1")


def test_a_window_may_reach_back_to_the_host():
    profile = make_profile(CHOOSE, "choose.url.com/ntag424?e={picc}&c=")

    assert settings_of(profile).window == HEADER_BYTES


def test_a_window_cannot_begin_in_what_is_abbreviated():
    profile = make_profile(
        MY424, "www." + MY424.partition("www.")[2][: -len("{mac}")], file_bytes=16
    )

    with pytest.raises(BadProfileError):
        settings_of(profile)


def test_an_address_that_is_too_long_has_no_settings():
    profile = make_profile(f"https://a.example/{'x' * 190}?e={{picc}}&c={{mac}}")

    with pytest.raises(MalformedNdefError):
        settings_of(profile)


@pytest.mark.parametrize("profile", [make_profile(CHOOSE), make_my424()], ids=["usual", "file"])
def test_settings_are_read_as_they_were_written(profile):
    settings = settings_of(profile)

    assert read_settings(settings.written()) == settings


@pytest.mark.parametrize(
    ("place", "bit"), [*((place, 0x10) for place in range(5)), (5, 0x80), (5, 0x08)]
)
def test_settings_of_another_kind_are_refused(place, bit):
    written = bytearray.fromhex(CHOOSE_SETTINGS)
    written[place] ^= bit

    with pytest.raises(MalformedNdefError):
        read_settings(bytes(written))


@pytest.mark.parametrize("length", [0, 1, 5, 6, 14, 16, 100])
def test_settings_of_another_length_are_refused(length):
    written = bytes.fromhex(CHOOSE_SETTINGS).ljust(100, b"\0")

    with pytest.raises(MalformedNdefError):
        read_settings(written[:length])


@given(data=st.binary(max_size=40))
def test_no_bytes_bring_up_another_error(data):
    for reader in (read_settings, read_ndef_file):
        try:
            reader(data)
        except MalformedNdefError:
            continue
        assert data[:1] == b"\x40" or data[2:3] == b"\xd1"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://www.a.example/", 1),
        ("https://www.a.example/", 2),
        ("http://a.example/", 3),
        ("https://a.example/", 4),
    ],
)
def test_the_beginning_of_an_address_is_abbreviated(address, code):
    file = ndef_file(address)

    assert file[6] == code
    assert read_ndef_file(file) == address
    assert len(file) == HEADER_BYTES + len("a.example/")


@given(rest=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=249))
def test_an_address_comes_back_from_its_file(rest):
    address = "https://" + rest

    assert read_ndef_file(ndef_file(address)) == address
    assert read_ndef_file(ndef_file(address).ljust(FILE_BYTES, b"\0")) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://a.example",
        "a.example",
        "HTTPS://A.EXAMPLE",
        "https://\u00e4.example",
        "https://a.example/\n",
        "https://a.example/\0",
        "https://" + "x" * 250,
    ],
)
def test_an_address_that_no_tag_may_carry_is_refused(address):
    with pytest.raises(MalformedNdefError):
        ndef_file(address)


@pytest.mark.parametrize(
    "hexadecimal",
    [
        "",
        "0000",
        "0005D10101550",
        "0006D101025504",
        "0006D10102550461FF",
        "0007D10102550461",
        "0006D1010255046100" + "00" * 250,
        "000691010255046100",
        "0006D10202550461",
        "0006D10102540461",
        "0006D10102550561",
        "0006D10102550080",
        "0006D1010255048000",
        "0005D1010055046161",
        "0004D10100550461",
    ],
)
def test_a_file_that_is_not_one_address_is_refused(hexadecimal):
    with pytest.raises(MalformedNdefError):
        read_ndef_file(bytes.fromhex(hexadecimal[: len(hexadecimal) // 2 * 2]))

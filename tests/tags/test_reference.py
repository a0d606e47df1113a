"""The page about tags tells what the code does, and nothing else."""

import re
from dataclasses import fields

from tags.errors import Refusal
from tags.file_settings import FileSettings, settings_of
from tags.profiles import Crypto, Profile
from tags.sdm import SEAL_OF_LETTERS
from tags.virtual import VirtualTag
from tests.documented import REFERENCE

PAGE = (REFERENCE / "tags.md").read_text(encoding="utf-8")


def table_under(heading: str) -> dict[str, str]:
    """The first two columns of the table whose first heading this is."""
    _, _, rest = PAGE.partition(f"\n| {heading} |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    cells = ([cell.strip() for cell in row.split("|")[1:3]] for row in rows)
    return {first.strip("`"): second for first, second in cells}


def test_every_field_of_a_profile_is_told():
    assert set(table_under("field")) == {each.name for each in fields(Profile) if each.init}


def test_every_reason_is_told():
    assert set(table_under("reason")) == set(Refusal)


def test_every_state_of_a_seal_is_told():
    told = {letters: seal.strip("`") for letters, seal in table_under("letters").items()}

    assert told == SEAL_OF_LETTERS


def test_the_width_of_every_mirror_is_told():
    told = table_under("name")
    profile = Profile(name="x", crypto=Crypto.AES, template="https://a/?e={picc}&c={mac}")

    names = {name.strip("{}") for name in told}
    assert names == {"picc", "uid", "counter", "file", "tamper", "mac"}
    for name in names - {"file"}:
        assert int(re.match(r"\d+", told[f"{{{name}}}"])[0]) == profile.width(name)


def test_the_offsets_are_told_in_their_order():
    slots = {"meta_slot", "file_slot"}

    told = list(table_under("offset"))

    assert told == [each.name for each in fields(FileSettings) if each.name not in slots]


def test_the_example_of_settings_is_what_is_written():
    template, written = re.search(r"For `(https[^`]+)` they are .*\n`([0-9A-F ]+)`", PAGE).groups()

    profile = Profile(name="x", crypto=Crypto.AES, template=template)

    assert settings_of(profile).written() == bytes.fromhex(written)


def test_every_act_of_the_virtual_tag_is_told():
    chip = VirtualTag(uid=bytes(7))
    acts = {name for name in dir(chip) if not name.startswith("_")}

    assert set(table_under("call")) == acts - {"uid", "seal", "crypto"}

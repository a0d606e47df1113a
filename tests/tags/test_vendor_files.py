"""What a vendor is given: the right bytes at the right places, and no key, ever."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from tags import vendor_files
from tags.errors import MalformedLinkError, UnreadableTableError
from tags.file_settings import read_settings
from tags.ndef import read_ndef_file
from tags.profiles import Crypto, Profile
from tags.vendor_files import Wanted

SITE = "https://touchmark.example"
MAKER = "Tidewell Bench"
CODES = ("K7QM2XRA9FT84", "0000000000000")
RING = Profile(
    name="gold-ring",
    crypto=Crypto.AES,
    template=f"{SITE}/s/gold-ring?e={{picc}}&c={{mac}}",
    system_id=b"touchmark",
)
FULL = Profile(
    name="full",
    crypto=Crypto.LRP,
    template=f"{SITE}/s/full?e={{picc}}&f={{file}}&c={{mac}}",
    window="f={file}&c=",
    file_bytes=16,
    tamper_in_file=True,
)
OPEN = Profile(
    name="open",
    crypto=Crypto.AES,
    template=f"{SITE}/s/open?u={{uid}}&n={{counter}}&t={{tamper}}&c={{mac}}",
    window="t={tamper}&c=",
)


def opened(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def export(*wanted: Wanted, maker: str = MAKER) -> dict[str, bytes]:
    return opened(vendor_files.export_zip(wanted, site_url=SITE, maker=maker))


def rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["tags.csv"].decode("utf-8-sig"))))


def test_a_plain_tag_gets_the_address_of_its_code():
    files = export(Wanted(CODES[0]))

    (row,) = rows(files)
    assert row["url"] == f"{SITE}/t/K7QM2XRA9FT84"
    assert read_ndef_file(bytes.fromhex(row["ndef_file"])) == row["url"]
    assert (row["kind"], row["profile"], row["file_settings"]) == ("nfc", "", "")


def test_the_file_of_each_tag_is_its_bare_message():
    files = export(Wanted(CODES[0]), Wanted(CODES[1], RING, 2))

    for row, code in zip(rows(files), CODES, strict=True):
        file = bytes.fromhex(row["ndef_file"])
        assert files[f"ndef/{code}.ndef"] == file[2:]
        assert int.from_bytes(file[:2]) == len(file) - 2


@pytest.mark.parametrize("profile", [RING, FULL, OPEN], ids=lambda each: each.name)
def test_every_offset_points_at_the_zeros_that_the_chip_overwrites(profile):
    (row,) = rows(export(Wanted(CODES[0], profile, 2)))
    file = bytes.fromhex(row["ndef_file"])

    for column, placeholder in [
        ("uid_offset", "uid"),
        ("counter_offset", "counter"),
        ("picc_offset", "picc"),
        ("mac_offset", "mac"),
        ("enc_offset", "file"),
    ]:
        wanted = f"{{{placeholder}}}" in profile.template
        assert bool(row[column]) == wanted
        if wanted:
            start, width = int(row[column]), profile.width(placeholder)
            assert file[start : start + width] == b"0" * width
            assert file[start - 1 : start] == b"="


@pytest.mark.parametrize("profile", [RING, FULL, OPEN], ids=lambda each: each.name)
def test_table_and_settings_say_the_same(profile):
    (row,) = rows(export(Wanted(CODES[0], profile, 2)))

    settings = read_settings(bytes.fromhex(row["file_settings"]))

    told = {
        "uid_offset": settings.uid,
        "counter_offset": settings.counter,
        "picc_offset": settings.picc,
        "tamper_offset": settings.seal,
        "mac_window_offset": settings.window,
        "enc_offset": settings.file,
        "enc_length": settings.file_length,
        "mac_offset": settings.mac,
    }
    assert {name: row[name] for name in told} == {
        name: "" if place is None else str(place) for name, place in told.items()
    }


def test_keys_are_named_by_slot_and_version():
    (row,) = rows(export(Wanted(CODES[0], RING, 2)))

    assert (row["meta_key_slot"], row["meta_key"]) == ("2", "TAGS_GOLD_RING_META_KEY_2")
    assert (row["file_key_slot"], row["file_key"]) == ("1", "TAGS_GOLD_RING_FILE_KEY_2")
    assert (row["key_version"], row["system_id"]) == ("2", b"touchmark".hex().upper())


def test_a_chip_that_hides_nothing_needs_no_meta_key():
    (row,) = rows(export(Wanted(CODES[0], OPEN, 1)))

    assert (row["meta_key_slot"], row["meta_key"], row["system_id"]) == ("", "", "")


def test_the_manifest_holds_the_digest_of_every_other_file():
    files = export(Wanted(CODES[0]), Wanted(CODES[1], RING, 2))

    told = json.loads(files["manifest.json"])

    assert told["format"] == "touchmark-tags/1"
    assert told["files"] == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }


def test_the_same_tags_give_the_same_bytes():
    wanted = (Wanted(CODES[0]), Wanted(CODES[1], FULL, 2))

    archives = {vendor_files.export_zip(wanted, site_url=SITE, maker=MAKER) for _ in range(3)}

    (archive,) = archives
    assert hashlib.sha256(archive).hexdigest() == (
        "2900e6c945f1b8ae23dc0a86ca1261403ae388572e744646da131b7fa75fbf0a"
    )


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_becomes_a_formula(name):
    (row,) = rows(export(Wanted(CODES[0], RING, 2), maker=name))

    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert row["label"].startswith("'")


def test_a_code_of_figures_alone_is_no_number_in_a_spreadsheet():
    (row,) = rows(export(Wanted(CODES[1])))

    assert row["code"] == "0000-0000-00000"


def test_a_site_that_no_tag_can_name_is_refused():
    with pytest.raises(MalformedLinkError):
        vendor_files.export_zip([Wanted(CODES[0])], site_url="https://a/b", maker=MAKER)


def test_whoever_writes_the_chips_reads_it_again():
    archive = vendor_files.export_zip(
        [Wanted(CODES[0]), Wanted(CODES[1], RING, 2)], site_url=SITE, maker=MAKER
    )

    plain, chip = vendor_files.read_export(archive)

    assert (plain.code, plain.profile, plain.settings, plain.file_slot) == (CODES[0], "", b"", None)
    assert (chip.crypto, chip.key_version, chip.meta_slot, chip.file_slot) == ("aes", 2, 2, 1)
    assert read_ndef_file(chip.file) == RING.filled()


def test_a_file_that_was_changed_on_the_way_is_refused():
    files = export(Wanted(CODES[0]))
    files["README.txt"] += b"Call this number."

    with pytest.raises(UnreadableTableError, match="not as it was sent"):
        vendor_files.read_export(zipped(files))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("missing", ["manifest.json", "tags.csv", f"ndef/{CODES[0]}.ndef"])
def test_an_archive_without_one_of_its_files_is_refused(missing):
    files = export(Wanted(CODES[0]))
    del files[missing]

    with pytest.raises(UnreadableTableError):
        vendor_files.read_export(zipped(files))


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\0" * 18, b"code,uid\r\n"])
def test_what_is_no_such_archive_is_refused(content):
    with pytest.raises(UnreadableTableError):
        vendor_files.read_export(content)


def test_an_archive_that_would_fill_the_memory_is_refused():
    with pytest.raises(UnreadableTableError, match="too large"):
        vendor_files.read_export(zipped({"tags.csv": bytes(vendor_files.LARGEST_EXPORT + 1)}))


def test_a_profile_that_needs_other_offsets_makes_another_archive():
    wider = replace(RING, template=f"{SITE}/s/gold-ring?kind=1&e={{picc}}&c={{mac}}")

    (narrow,), (wide,) = (rows(export(Wanted(CODES[0], each, 2))) for each in (RING, wider))

    assert int(wide["mac_offset"]) == int(narrow["mac_offset"]) + len("kind=1&")

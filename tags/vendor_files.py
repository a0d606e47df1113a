"""What a vendor or a writer app is given: the bytes of each tag and where its mirrors stand.

A ZIP of one table, one NDEF message for each tag, and a manifest with the digest of each. There is
no key in it, only the names of keys. The same tags give the same bytes.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tags import codes, links
from tags.errors import UnreadableTableError
from tags.file_settings import FileSettings, settings_of
from tags.ndef import ndef_file
from tags.profiles import Profile

FORMAT = "touchmark-tags/1"
TABLE, MANIFEST, READ_ME = "tags.csv", "manifest.json", "README.txt"
COLUMNS: Final = (
    "code",
    "kind",
    "url",
    "ndef_file",
    "profile",
    "crypto",
    "key_version",
    "uid_offset",
    "counter_offset",
    "picc_offset",
    "tamper_offset",
    "mac_window_offset",
    "enc_offset",
    "enc_length",
    "mac_offset",
    "file_settings",
    "meta_key_slot",
    "meta_key",
    "file_key_slot",
    "file_key",
    "system_id",
    "label",
)
LARGEST_EXPORT = 8_000_000  # bytes of a ZIP that is read again

_LENGTH_BYTES = 2  # of a Type 4 tag's file, before its message
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of ZIP files: no clock, so the same tags are the same bytes
_READ_ME_TEXT: Final = """\
Tags to be written for {maker}, {site}

tags.csv        one row for each tag
ndef/CODE.ndef  its NDEF message
manifest.json   SHA-256 of every file here

A row of kind "nfc" is a plain tag: write its message, or its url, and nothing else.

A row of kind "ntag424" is an NTAG 424 DNA chip:
1. Write ndef_file (hexadecimal) to file 02, from its first byte: two bytes of length, then the
   message. All offsets count from there.
2. Write the keys into the slots named in meta_key_slot and file_key_slot, and a key of your own
   agreement into slot 0. This archive holds no key, only the names meta_key and file_key: ask the
   site for them on a safe way. With a system_id the file key of each chip is derived from the
   master key as AN10922 says, for AES-128, from
   01 || UID || D2760000850101 || file_key_slot || system_id. The meta key is the same in all chips.
3. crypto "lrp" means: switch the chip to LRP before.
4. Send file_settings (hexadecimal) as the data of ChangeFileSettings for file 02.

Bring back a table (CSV) with these columns, one row for each tag:
code         as here
uid          the serial number, 14 hexadecimal digits
status       ok, or failed
key_version  as here; needed where writing failed
reading      the whole address that one test tap opened; it may be empty
"""


@dataclass(frozen=True)
class Wanted:
    """A tag to be written; a plain one has no profile."""

    code: str
    profile: Profile | None = None
    key_version: int = 0


@dataclass(frozen=True)
class Programmed:
    """One row of an export, read again: what is written into a chip, and under which keys."""

    code: str
    profile: str  # "" for a plain tag
    crypto: str
    key_version: int
    file: bytes
    settings: bytes
    meta_slot: int | None
    file_slot: int | None


def export_zip(wanted: Sequence[Wanted], *, site_url: str, maker: str) -> bytes:
    """The ZIP for these tags, in their order.

    Raises MalformedLinkError for a site no tag can name; MalformedNdefError and BadProfileError
    for a profile whose address no chip can hold.
    """
    files = _files(wanted, site_url=site_url, maker=maker)
    out = io.BytesIO()
    # Stored, not packed: what packing makes of the same bytes differs between its versions.
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    return out.getvalue()


def read_export(content: bytes) -> tuple[Programmed, ...]:
    """Read such a ZIP again, as whoever writes the chips does; each file must be as it was sent.

    Raises UnreadableTableError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_EXPORT:
                raise UnreadableTableError("this archive is too large")
            files = {name: archive.read(name) for name in archive.namelist()}
        told: dict[str, str] = json.loads(files[MANIFEST])["files"]
        rows = list(csv.DictReader(io.StringIO(files[TABLE].decode("utf-8-sig"))))
        found = tuple(_programmed(row, files) for row in rows)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as problem:
        raise UnreadableTableError("this is no archive of tags to be written") from problem
    if {name: _digest(files[name]) for name in files if name != MANIFEST} != told:
        raise UnreadableTableError("a file in this archive is not as it was sent")
    return found


def address_of(wanted: Wanted, *, site_url: str) -> str:
    """What stands in the tag before its chip completes it: zeros where the mirrors are."""
    if wanted.profile is None:
        return links.static_url(site_url, wanted.code)
    return wanted.profile.filled()


def check(wanted: Wanted) -> None:
    """Raises MalformedNdefError or BadProfileError for a chip that cannot hold its address."""
    if wanted.profile is not None:
        settings_of(wanted.profile)


def cell(text: str) -> str:
    """Words of somebody as a spreadsheet shows them, whatever they begin with.

    >>> cell("=1+1"), cell("Tidewell Bench")
    ("'=1+1", 'Tidewell Bench')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _files(wanted: Sequence[Wanted], *, site_url: str, maker: str) -> dict[str, bytes]:
    rows, files = [], {}
    for tag in wanted:
        file = ndef_file(address_of(tag, site_url=site_url))
        rows.append(_row(tag, file, site_url=site_url, maker=maker))
        files[_message_name(tag.code)] = file[_LENGTH_BYTES:]
    files = {TABLE: _table(rows), **files}
    files[READ_ME] = _READ_ME_TEXT.format(maker=maker, site=site_url).encode()
    told = {"format": FORMAT, "site": site_url, "files": {n: _digest(c) for n, c in files.items()}}
    return {MANIFEST: (json.dumps(told, indent=1, sort_keys=True) + "\n").encode(), **files}


def _row(tag: Wanted, file: bytes, *, site_url: str, maker: str) -> dict[str, str]:
    shown = codes.show_code(tag.code)
    row = {
        # Grouped, so that no spreadsheet takes it for a number.
        "code": shown,
        "kind": "nfc",
        "url": address_of(tag, site_url=site_url),
        "ndef_file": file.hex().upper(),
        "label": f"{maker} · {shown} · {links.short_address(site_url)}",
    }
    if tag.profile is not None:
        row |= _of_chip(tag.profile, tag.key_version)
    return {name: cell(value) for name, value in row.items()}


def _of_chip(profile: Profile, key_version: int) -> dict[str, str]:
    settings = settings_of(profile)
    row = {
        "kind": "ntag424",
        "profile": profile.name,
        "crypto": str(profile.crypto),
        "key_version": str(key_version),
        "file_settings": settings.written().hex().upper(),
        "file_key_slot": str(profile.file_slot),
        "file_key": _key_name(profile, "FILE", key_version),
        "system_id": (profile.system_id or b"").hex().upper(),
    }
    if profile.is_encrypted:
        row["meta_key_slot"] = str(profile.meta_slot)
        row["meta_key"] = _key_name(profile, "META", key_version)
    return row | _offsets(settings)


def _offsets(settings: FileSettings) -> dict[str, str]:
    places = {
        "uid_offset": settings.uid,
        "counter_offset": settings.counter,
        "picc_offset": settings.picc,
        "tamper_offset": settings.seal,
        "mac_window_offset": settings.window,
        "enc_offset": settings.file,
        "enc_length": settings.file_length,
        "mac_offset": settings.mac,
    }
    return {name: str(place) for name, place in places.items() if place is not None}


def _key_name(profile: Profile, slot: str, version: int) -> str:
    """The name under which the site's environment holds the master key."""
    return f"TAGS_{profile.name.upper().replace('-', '_')}_{slot}_KEY_{version}"


def _table(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    table.writerows(rows)
    # The mark at the beginning tells spreadsheets that this is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _programmed(row: Mapping[str, str], files: Mapping[str, bytes]) -> Programmed:
    code, file = codes.read_code(row["code"]), bytes.fromhex(row["ndef_file"])
    if files[_message_name(code)] != file[_LENGTH_BYTES:]:
        raise UnreadableTableError("table and message of a tag do not agree")
    return Programmed(
        code=code,
        profile=row["profile"],
        crypto=row["crypto"],
        key_version=int(row["key_version"] or 0),
        file=file,
        settings=bytes.fromhex(row["file_settings"]),
        meta_slot=int(row["meta_key_slot"]) if row["meta_key_slot"] else None,
        file_slot=int(row["file_key_slot"]) if row["file_key_slot"] else None,
    )


def _message_name(code: str) -> str:
    return f"ndef/{code}.ndef"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

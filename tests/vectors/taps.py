"""Taps of NTAG 424 DNA chips: what each says, and taps that must be refused.

Every row is read twice. Once by the operations of the standard alone, where a link without a
counter holds as well as any other; and once as the site reads it, where it does not.
"""

import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tags.aes import Key
from tags.errors import BadProfileError, InvalidTapError, Refusal
from tags.profiles import Crypto, Profile, parse_tap
from tags.sdm import read_picc, verify
from tags.sessions import decrypt_file, mac_of, open_picc
from tests.vectors import derived_keys
from tests.vectors.rows import Format, Mark, Row, expect, skip

KEYS = {"mode", "sdm_file_read_key", "mac", "expect"}
NAMES = {"picc": "e", "uid": "u", "counter": "n", "file": "d", "mac": "c"}
# By the PICCDataTag: how many bytes the UID and the counter have.
LENGTHS = {0xC7: (7, 3), 0x87: (7, 0), 0x40: (0, 3)}
PICC_HEX = {Crypto.AES: 32, Crypto.LRP: 48}


@dataclass(frozen=True)
class Answer:
    """What a row expects, or what came of it; None is what is not told."""

    uid: str | None = None
    counter: int | None = None
    file_data: str | None = None
    refusal: str | None = None


def recognises(data: Any) -> bool:
    return derived_keys.are_rows(data, KEYS)


def rows(data: Any) -> Iterator[Row]:
    for each in derived_keys.listed(data):
        name = str(each.get("id", "row"))
        try:
            yield _row(name, each, *derived_keys.keys_of_tap(each))
        except derived_keys.UnknownDerivationError as problem:
            yield skip(name, str(problem))
        except (LookupError, TypeError, ValueError, AttributeError) as problem:
            yield Row(Mark.FAIL, name, f"{type(problem).__name__}: {problem}")


def _row(name: str, row: Any, meta_key: Key | None, file_key: bytes) -> Row:
    expected = row["expect"]
    told = Answer(expected.get("uid"), expected.get("ctr"), expected.get("file_data"))
    read = _as_standard(row, meta_key, file_key)
    seen = _as_site(row, meta_key, file_key)
    if not expected["ok"]:
        return _refused(name, told, expected.get("reason"), read, seen)
    whole = expect(name, told, lambda: read)
    if whole.mark is not Mark.PASS or seen is None:
        return whole
    return expect(name, _at_the_site(told), lambda: seen)


def _refused(name: str, told: Answer, reason: str | None, read: Answer, seen: Answer | None) -> Row:
    """It must be refused; if the row tells the UID all the same, then only for its MAC."""
    refusal = read.refusal or (seen and seen.refusal)
    if refusal is None:
        return Row(Mark.FAIL, name, "expected a refusal, and the tap holds")
    if reason == Refusal.BAD_MAC and told.uid:
        return expect(name, (told.uid, told.counter, reason), lambda: (*_who(read), refusal))
    return Row(Mark.PASS, name)


def _at_the_site(told: Answer) -> Answer:
    """A link that holds without a counter, or without a UID, is one the site refuses."""
    if told.uid is None:
        return Answer(refusal=Refusal.NO_UID)
    if told.counter is None:
        return Answer(refusal=Refusal.NO_COUNTER)
    return told


def _who(answer: Answer) -> tuple[str | None, int | None]:
    return answer.uid, answer.counter


def _as_standard(row: Any, meta_key: Key | None, file_key: bytes) -> Answer:
    """The operations of NT4H2421Gx section 9.3, one after the other."""
    crypto = _crypto(row)
    try:
        uid, counter = _mirrored(row, crypto, meta_key)
        wanted, hidden = _bytes(row["mac"], 16), _bytes(row.get("enc"), None)
    except InvalidTapError as problem:
        return Answer(refusal=problem.reason)
    names = (uid + counter).ljust(10, b"\0")
    told = (uid.hex() or None, int.from_bytes(counter, "little") if counter else None)
    if not hmac.compare_digest(mac_of(crypto, file_key, names, _window(row).encode()), wanted):
        return Answer(*told, refusal=Refusal.BAD_MAC)
    return Answer(*told, decrypt_file(crypto, file_key, names, hidden).hex() or None)


def _mirrored(row: Any, crypto: Crypto, meta_key: Key | None) -> tuple[bytes, bytes]:
    """UID and counter, its least significant byte first; empty what the chip does not mirror."""
    if _is_plain(row):
        return _bytes(row.get("plain_uid"), 14), _bytes(row.get("plain_ctr"), 6)[::-1]
    if meta_key is None:
        raise InvalidTapError(Refusal.BAD_TAG)
    data = open_picc(crypto, meta_key, _bytes(row["picc"], PICC_HEX[crypto]))
    if data[0] not in LENGTHS:
        raise InvalidTapError(Refusal.BAD_TAG)
    uid_length, counter_length = LENGTHS[data[0]]
    return data[1 : 1 + uid_length], data[1 + uid_length : 1 + uid_length + counter_length]


def _as_site(row: Any, meta_key: Key | None, file_key: bytes) -> Answer | None:
    """The tap through a profile; None when no profile of ours would allow such a tag."""
    try:
        profile = _profile(row)
    except BadProfileError:
        return None
    if profile is None:
        return None
    try:
        query = parse_tap(profile, _query(row, profile))
        reading = verify(profile, query, read_picc(profile, meta_key, query), file_key)
    except InvalidTapError as problem:
        return Answer(refusal=problem.reason)
    return Answer(reading.uid.hex(), reading.counter, reading.file_data.hex() or None)


def _profile(row: Any) -> Profile | None:
    """The profile whose template ends with the MAC window of the row, if there is one."""
    values = _values(row)
    window = _window(row)
    for placeholder in ("picc", "file", "uid", "counter"):
        if values.get(placeholder):
            window = window.replace(values[placeholder], f"{{{placeholder}}}")
    wanted = ["uid", "counter"] if _is_plain(row) else ["picc"]
    wanted += ["file"] if values.get("file") else []
    parts = [f"{_name(row, each)}={{{each}}}" for each in (*wanted, "mac")]
    bulk = "p=" + "".join(f"{{{each}}}" for each in (*wanted, "mac"))
    address = "https://tap.example/t?"
    for template in (address + "&".join(parts), address + bulk, f"https://{window}{{mac}}"):
        if template.endswith(window + "{mac}") and all(
            f"{{{each}}}" in template for each in wanted
        ):
            return Profile(
                name="row",
                crypto=_crypto(row),
                template=template,
                window=window,
                file_bytes=len(values.get("file") or "") // 2,
            )
    return None


def _query(row: Any, profile: Profile) -> str:
    """What the chip wrote; without the parameters of what it does not mirror."""
    values = _values(row)
    _, _, template = profile.template.partition("?")
    for placeholder in ("uid", "counter"):
        if not values.get(placeholder):
            template = re.sub(rf"\w+={{{placeholder}}}&", "", template)
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], ""), template)


def _values(row: Any) -> dict[str, str]:
    fields = {"picc": "picc", "plain_uid": "uid", "plain_ctr": "counter", "enc": "file"}
    told = {ours: row.get(theirs) for theirs, ours in {**fields, "mac": "mac"}.items()}
    return {name: str(value) for name, value in told.items() if value}


def _name(row: Any, placeholder: str) -> str:
    """What the row calls a parameter: the name that has its value."""
    value = _values(row).get(placeholder)
    named = [name for name, text in (row.get("url_params") or {}).items() if text == value]
    return named[0] if named and re.fullmatch(r"\w+", named[0]) else NAMES[placeholder]


def _window(row: Any) -> str:
    if row.get("mac_input") is not None:
        return str(row["mac_input"])
    hidden = row.get("enc")
    return f"{hidden}&{_name(row, 'mac')}=" if hidden else ""


def _is_plain(row: Any) -> bool:
    return str(row["mode"]).startswith("plain") or not row.get("picc")


def _crypto(row: Any) -> Crypto:
    return Crypto(str(row.get("crypto") or Crypto.AES).lower())


def _bytes(text: Any, digits: int | None) -> bytes:
    """Hexadecimal digits in either case, for rows are written by people; missing is empty."""
    if text is None:
        return b""
    is_whole = len(text) == digits if digits else len(text) % 32 == 0
    if not is_whole or not re.fullmatch(r"[0-9A-Fa-f]*", text):
        raise InvalidTapError(Refusal.MALFORMED)
    return bytes.fromhex(text)


FORMAT = Format("NTAG 424 DNA taps", recognises, rows)

"""Keys made from keys: AN10922, AES-CMAC, and what AN12304 makes of a key.

Rows of taps may name how their keys came about; that is answered here too.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from typing import Any

from tags import aes
from tags.aes import Key
from tags.diversification import chip_key, diversified, purpose_of
from tags.lrp import LrpKey
from tests.vectors.rows import Format, Row, expect, skip

KEYS = {"kind", "key", "output"}


class UnknownDerivationError(Exception):
    """A row names a derivation that nobody here knows, and does not give its keys."""


def listed(data: Any) -> list[Any]:
    """The rows of a file, which may hold one alone, or name its source above them."""
    if isinstance(data, dict):
        return data["rows"] if isinstance(data.get("rows"), list) else [data]
    return list(data)


def are_rows(data: Any, keys: set[str]) -> bool:
    if not isinstance(data, dict | list):
        return False
    found = listed(data)
    return bool(found) and all(isinstance(each, dict) and keys <= each.keys() for each in found)


def recognises(data: Any) -> bool:
    return are_rows(data, KEYS)


def rows(data: Any) -> Iterator[Row]:
    for each in listed(data):
        name, make = str(each.get("id", "row")), _MAKERS.get(each["kind"])
        if make is None:
            yield skip(name, f"no chip of ours needs {each['kind']}")
        else:
            yield expect(name, each["output"].lower(), lambda make=make, row=each: make(row).hex())


def key_of(secret: bytes) -> Key:
    """A known answer may well use the key that everybody knows."""
    return Key(secret) if any(secret) else Key.of_the_factory()


def keys_of_tap(row: Any) -> tuple[Key | None, bytes]:
    """The meta key, if there is one, and the file key of the chip of a row.

    The keys of a row are used as they stand, unless its `kdf` tells a master key, or they are
    too long to be keys of a chip.
    """
    meta, file = _secret(row.get("sdm_meta_read_key")), _secret(row.get("sdm_file_read_key"))
    if row.get("kdf"):
        meta, file = _derived(row, meta, file)
    if not file:
        raise UnknownDerivationError("the row does not tell the file key")
    return key_of(meta) if meta else None, file


def _derived(row: Any, meta: bytes, file: bytes) -> tuple[bytes, bytes]:
    master = _master(row["kdf"]) or file
    uid = bytes.fromhex(row["expect"].get("uid") or row.get("plain_uid") or "")
    if isinstance(row["kdf"], dict) and "10922" in str(row["kdf"]):
        system_id = _secret(row["kdf"].get("system_id"))
        slot = int(row["kdf"].get("key_no", 1))
        return meta, chip_key(key_of(master), uid, purpose_of(slot, system_id))
    if file and len(file) == aes.BLOCK:
        return meta, file
    if not master:
        raise UnknownDerivationError("the row names a derivation that is not known here")
    return _by_slot_master(master, uid)


def _by_slot_master(master: bytes, uid: bytes) -> tuple[bytes, bytes]:
    """How the public demonstration backend for these chips makes its keys, slots 1 and 2."""

    def hashed(key: bytes, message: bytes) -> bytes:
        return hmac.new(key, message, hashlib.sha256).digest()

    slot_key = hashed(master, b"SlotMasterKey\x02")[: aes.BLOCK]
    diversifier = hashed(hashed(master, b"DivBaseKey"), uid)[: aes.BLOCK]
    return hashed(master, b"PICCDataKey")[: aes.BLOCK], aes.cmac(slot_key, b"\x01" + diversifier)


def _master(kdf: Any) -> bytes:
    """The first run of digits in what a row tells of its derivation that is long enough."""
    found = re.search(r"\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{32})\b", str(kdf))
    return bytes.fromhex(found[0]) if found else b""


def _secret(text: Any) -> bytes:
    return bytes.fromhex(text) if isinstance(text, str) else b""


def _input(row: Any) -> bytes:
    return bytes.fromhex(row.get("input") or "")


def _key(row: Any) -> bytes:
    return bytes.fromhex(row["key"])


def _evaluated(row: Any) -> bytes:
    key = LrpKey(_key(row))
    return key.evaluate(_input(row), number=row.get("updated_key", 0), final=row["final"])


def _counted(row: Any) -> bytes:
    padded = _input(row)
    if row.get("pad"):
        padded += b"\x80"
        padded += bytes(-len(padded) % aes.BLOCK)
    counter = bytes.fromhex(row["counter"])
    key = LrpKey(_key(row))
    made = key.encrypt(padded, counter=counter)
    assert key.decrypt(made, counter=counter) == padded
    return made


_MAKERS: dict[str, Callable[[Any], bytes]] = {
    "an10922-aes128": lambda row: diversified(key_of(_key(row)), _input(row)),
    "aes-cmac": lambda row: aes.cmac(_key(row), _input(row)),
    "lrp-plaintexts": lambda row: b"".join(LrpKey(_key(row)).plaintexts),
    "lrp-updated-keys": lambda row: b"".join(LrpKey(_key(row)).updated_keys),
    "lrp-eval": _evaluated,
    "lricb": _counted,
    "cmac-lrp": lambda row: LrpKey(_key(row)).cmac(_input(row)),
}


FORMAT = Format("keys from keys", recognises, rows)

"""Bitstring status lists: lists that must read exactly so, and lists that must be refused."""

import base64
import gzip
from collections.abc import Iterator
from typing import Any

from provenance.statuslist import LENGTH, decode_list, encode_list, is_set
from tests.vectors.rows import Format, Row, expect, expect_refusal, skip

KEYS = {"spec_examples", "digitalbazaar_list", "must_reject"}
BOMB_BYTES = 64 * 1024 * 1024


def recognises(data: Any) -> bool:
    return isinstance(data, dict) and bool(KEYS & data.keys())


def rows(data: Any) -> Iterator[Row]:
    if "min_bits" in data:
        yield expect("min_bits", data["min_bits"], lambda: LENGTH)
    for number, example in enumerate(data.get("spec_examples") or [], 1):
        yield from _example(f"spec example {number}", example)
    if "digitalbazaar_list" in data:
        yield from _credential(data["digitalbazaar_list"], data.get("digitalbazaar_expected") or {})
    for number, refused in enumerate(data.get("must_reject") or [], 1):
        name = f"must reject {number} ({refused.get('why', 'no reason given')})"
        yield expect_refusal(name, lambda refused=refused: decode_list(_encoded(refused)))


def _example(name: str, example: Any) -> Iterator[Row]:
    def read() -> bytes:
        return decode_list(example["encodedList"])

    yield expect(f"{name} bytes", example.get("uncompressed_bytes"), lambda: len(read()))
    yield expect(f"{name} bits", example.get("bits"), lambda: len(read()) * 8)
    yield expect(f"{name} set bits", example.get("set_bits"), lambda: _set_bits(read()))
    yield expect(
        f"{name} written again",
        True,
        lambda: decode_list(encode_list(example["set_bits"], example["bits"])) == read(),
    )


def _credential(credential: Any, expected: Any) -> Iterator[Row]:
    def read() -> bytes:
        return decode_list(credential["credentialSubject"]["encodedList"])

    name = "digitalbazaar list"
    yield expect(f"{name} length", expected.get("length"), lambda: len(read()) * 8)
    for index in expected.get("set") or []:
        yield expect(f"{name} bit {index} set", True, lambda index=index: is_set(read(), index))
    for index in expected.get("clear") or []:
        yield expect(f"{name} bit {index} clear", False, lambda index=index: is_set(read(), index))
    yield expect(f"{name} all set bits", expected.get("set"), lambda: _set_bits(read()))
    if "proof" in credential:
        yield skip(f"{name} proof", "the file does not hold its public key")


def _set_bits(bits: bytes) -> list[int]:
    return [index for index in range(len(bits) * 8) if is_set(bits, index)]


def _encoded(refused: Any) -> str:
    encoded = str(refused["encodedList"])
    if not encoded.startswith("("):
        return encoded
    # "(generate at test time)": the file would be as large as the bomb it describes.
    bomb = gzip.compress(bytes(BOMB_BYTES))
    return "u" + base64.urlsafe_b64encode(bomb).decode().rstrip("=")


FORMAT = Format("bitstring status list", recognises, rows)

"""RFC 8785: texts with their canonical form, and the numbers of its appendix B."""

import struct
from collections.abc import Iterator
from typing import Any

from provenance.canonical import canonical_bytes, jcs_bytes, parse_json
from provenance.errors import OutOfSubsetError
from tests.vectors.rows import Format, Row, expect, expect_refusal

NUMBERS = "numbers_rfc8785_appendix_B"


def recognises(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    cases = data.get("cases")
    first = cases[0] if isinstance(cases, list) and cases else None
    return NUMBERS in data or (isinstance(first, dict) and {"input", "output"} <= first.keys())


def rows(data: Any) -> Iterator[Row]:
    for number, case in enumerate(data.get("cases") or [], 1):
        yield from _case(f"case {case.get('name', number)}", case)
    for bits, text in data.get(NUMBERS) or []:
        yield _number(f"number {bits}", bits, text)


def _case(name: str, case: Any) -> Iterator[Row]:
    def make() -> bytes:
        return jcs_bytes(parse_json(case["input"].encode()))

    if case.get("output") is None:
        yield expect_refusal(name, make)
        return
    yield expect(name, case["output"].encode(), make)
    if "outhex" in case:
        yield expect(f"{name} in hex", "".join(case["outhex"]), lambda: make().hex())
    yield expect(f"{name} the fast way", True, lambda: _fast_way_agrees(case["input"]))


def _fast_way_agrees(text: str) -> bool:
    """On our subset both ways write the same; outside it the fast way refuses."""
    value = parse_json(text.encode())
    try:
        return canonical_bytes(value) == jcs_bytes(value)
    except OutOfSubsetError:
        return True


def _number(name: str, bits: str, text: str | None) -> Row:
    def make() -> str:
        return jcs_bytes(struct.unpack(">d", bytes.fromhex(bits))[0]).decode()

    return expect_refusal(name, make) if text is None else expect(name, text, make)


FORMAT = Format("RFC 8785", recognises, rows)

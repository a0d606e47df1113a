"""The table that a vendor brings back: read row by row, every fault named by row and column."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tags import codes
from tags.errors import MalformedCodeError, UnreadableTableError

LARGEST_TABLE = 512 * 1024  # bytes
MOST_ROWS = 1000

_NEEDED, _OFFERED = ("code", "uid"), ("status", "key_version", "reading")
_GOOD, _FAILED = {"", "ok", "done", "written"}, {"failed", "fail", "error"}
_UID: Final = re.compile(r"(?:[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})")  # ISO/IEC 14443-3: 4, 7, 10
_UID_SEPARATORS: Final = dict.fromkeys(map(ord, ":- "))
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Result:
    """What became of one tag. `row` counts as spreadsheets do: the head of the table is row 1."""

    row: int
    code: str
    uid: bytes  # b"" where none was read
    has_failed: bool = False
    key_version: int | None = None
    reading: str = ""


@dataclass(frozen=True)
class Fault:
    """What a person corrects: where it stands, and what is wrong. It repeats no cell."""

    row: int
    column: str
    words: str


@dataclass(frozen=True)
class Results:
    rows: tuple[Result, ...]
    faults: tuple[Fault, ...]


class _RowFaultError(UnreadableTableError):
    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


def text_of(content: bytes) -> str:
    """The table as text, whatever encoding a spreadsheet wrote it in."""
    if content.startswith(_MARKS_OF_UTF_16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What we read is ASCII; a name in another column may be in the letters of the machine.
        return content.decode("latin-1")


def read_results(content: bytes) -> Results:
    """Read a CSV with commas, semicolons or tabs, in any encoding a spreadsheet writes.

    `code` and `uid` are needed; `status`, `key_version` and `reading` are read where they are
    there, and every other column is passed over. Raises UnreadableTableError when the whole of it
    is no such table; what is wrong with one row is a Fault, and leaves the others good.
    """
    if len(content) > LARGEST_TABLE:
        raise UnreadableTableError("the table is too large; bring it in parts")
    found: list[Result] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in _rows(text_of(content)):
        try:
            result = _result(number, cells)
            _note_twins(result, seen)
        except _RowFaultError as problem:
            faults.append(Fault(number, problem.column, str(problem)))
        else:
            found.append(result)
    if not found and not faults:
        raise UnreadableTableError("there is no row below the first")
    return Results(tuple(found), tuple(faults))


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row that holds something, with its number and its cells by the names of the head."""
    head, *_ = text.split("\n", 1)
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        table = list(reader)
    except csv.Error as problem:
        raise UnreadableTableError("this is no table of comma-separated values") from problem
    names = [name.strip().strip("'").lower() for name in (table or [[]])[0]]
    for name in _NEEDED:
        if names.count(name) != 1:
            raise UnreadableTableError(f"the first row names one column “{name}”")
    if len(table) - 1 > MOST_ROWS:
        raise UnreadableTableError(f"there are more than {MOST_ROWS} rows; bring it in parts")
    for number, cells in enumerate(table[1:], 2):
        if any(cell.strip() for cell in cells):
            # Spreadsheets keep the mark that holds a cell for text.
            yield (
                number,
                dict(zip(names, (cell.strip().lstrip("'") for cell in cells), strict=False)),
            )


def _result(number: int, cells: Mapping[str, str]) -> Result:
    code = _code(cells.get("code", ""))
    has_failed = _has_failed(cells.get("status", ""))
    uid = _uid(cells.get("uid", ""))
    return Result(
        row=number,
        code=code,
        uid=uid,
        has_failed=has_failed,
        key_version=_key_version(cells.get("key_version", "")),
        reading=cells.get("reading", ""),
    )


def _code(text: str) -> str:
    try:
        return codes.read_code(text)
    except MalformedCodeError as problem:
        raise _RowFaultError("code", str(problem)) from problem


def _uid(text: str) -> bytes:
    digits = text.translate(_UID_SEPARATORS).upper()
    if digits and not _UID.fullmatch(digits):
        raise _RowFaultError("uid", "a serial number has 14 hexadecimal digits")
    return bytes.fromhex(digits)


def _has_failed(text: str) -> bool:
    word = text.lower()
    if word not in _GOOD | _FAILED:
        raise _RowFaultError("status", "write ok or failed")
    return word in _FAILED


def _key_version(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise _RowFaultError("key_version", "a version is a whole number")
    return int(text)


def _note_twins(result: Result, seen: dict[str, int]) -> None:
    """No tag and no chip comes twice."""
    for column, value in (("code", result.code), ("uid", result.uid.hex())):
        if value and value in seen:
            raise _RowFaultError(column, f"this stands in row {seen[value]} already")
        seen[value] = result.row

"""A season as a file: a CSV read strictly, every fault named by row and column; and written."""

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from provenance.canonical import JSON, canonical_bytes
from provenance.cells import plain_text
from provenance.errors import ProvenanceError
from provenance.season_columns import NEEDED, nearest, place_of

MOST_ROWS: Final = 2000
MOST_BYTES: Final = 5 * 1024 * 1024
MOST_COLUMNS: Final = 400
LONGEST_CELL: Final = 4000
# A file that is wrong throughout is told about with its first faults.
MOST_FAULTS: Final = 50

_SEPARATORS: Final = ",;\t"
# Tells spreadsheets the sign between cells, and is no row to them.
_TOLD_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
# The library stops at a cell of 128 KiB, and cannot say which. So every file we take reads on
# to its end, and LONGEST_CELL names row and column.
csv.field_size_limit(MOST_BYTES)
# What a spreadsheet would take for a formula. A quote before it makes it plain text again.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SIGNED_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a file: the row as a spreadsheet counts it, and the column, or ""."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Row:
    """One piece: its row in the spreadsheet, and its filled cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Season:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def digest(self) -> str:
        """Names what the file says, however it is written, as 64 hex digits."""
        listed: list[JSON] = [dict(row.cells) for row in self.rows]
        return hashlib.sha256(canonical_bytes(listed)).hexdigest()


class SeasonFileError(ProvenanceError):
    """The file cannot be read as a season; `faults` say where and why."""

    code = "season_unreadable"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)[:MOST_FAULTS]
        super().__init__(" ".join(fault.sentence for fault in self.faults))


def digest_of_cells(cells: Mapping[str, str]) -> str:
    """Names what a row says, as 64 hex digits."""
    return hashlib.sha256(canonical_bytes(dict(cells))).hexdigest()


# -- reading ------------------------------------------------------------------------------------


def read_season(data: bytes) -> Season:
    """Read a CSV in UTF-8, its cells apart by commas, semicolons or tabs.

    Raises SeasonFileError with every fault of the file itself. Whether a cell makes sense as the
    fact it stands for is asked later, of each row.
    """
    records = [*_records(_text(data))]
    if not records:
        raise SeasonFileError([Fault(1, "", "This file is empty.")])
    columns = [_name(cell) for cell in records[0][1]]
    while columns and not columns[-1]:
        columns.pop()
    faults = [*_heading_faults(columns), *_row_faults(columns, records[1:])]
    rows = [Row(number, _cells(columns, record)) for number, record in records[1:]]
    if not rows:
        faults.append(Fault(2, "", "There is no piece below the heading."))
    if faults:
        raise SeasonFileError(faults)
    return Season(tuple(columns), tuple(rows))


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        raise SeasonFileError([Fault(1, "", f"This file is larger than {most} MB.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = _row_after(problem.object[: problem.start].decode("utf-8"))
        sentence = "This is not written in UTF-8. Save the file as “CSV UTF-8”."
        raise SeasonFileError([Fault(row, "", sentence)]) from problem
    before, sign, _ = text.partition("\0")
    if sign:
        sentence = "This is no text file. Save it as “CSV UTF-8”."
        raise SeasonFileError([Fault(_row_after(before), "", sentence)])
    return text


def _row_after(text: str) -> int:
    """The row, as a spreadsheet counts, of what comes next after the beginning of a file."""
    separator, body = _apart(text)
    return sum(1 for _ in csv.reader(io.StringIO(f"{body}.", newline=""), delimiter=separator))


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The heading, and each row that says something, with its number.

    A spreadsheet counts rows, however many lines a cell has, and blank ones too.
    """
    separator, body = _apart(text)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            cells = [_plain(cell) for cell in record] if any(record) else []
            if number > 1 and not any(cells):
                continue
            if number > MOST_ROWS + 1:
                sentence = f"A season has {MOST_ROWS} rows at most. Put the rest into another."
                raise SeasonFileError([Fault(number, "", sentence)])
            yield number, cells
    except csv.Error as problem:
        sentence = "The quotes of this row do not close as they should."
        raise SeasonFileError([Fault(number + 1, "", sentence)]) from problem


def _apart(text: str) -> tuple[str, str]:
    """The sign between cells, and the text that begins with the heading."""
    told = _TOLD_SEPARATOR.match(text)
    if told is None:
        return _separator(text), text
    body = text[told.end() :]
    return (told[1] if told[1] in _SEPARATORS else _separator(body)), body


def _separator(text: str) -> str:
    """The sign by which most of the heading reads as columns we know."""
    heading = text.partition("\n")[0]

    def known(separator: str) -> int:
        return sum(
            place_of(_name(cell.strip('" '))) is not None for cell in heading.split(separator)
        )

    return max(_SEPARATORS, key=known)


def _plain(cell: str) -> str:
    """A cell as it was meant: without the quote that keeps a spreadsheet from calculating it.

    In NFC; a whole text is not brought into it, for NFC makes a semicolon of U+037E.
    """
    cell = unicodedata.normalize("NFC", cell)
    plain = cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
    return plain_text(plain)


def _name(cell: str) -> str:
    return re.sub(r"\s+", "_", cell.strip().casefold())


def _heading_faults(columns: Sequence[str]) -> Iterator[Fault]:
    if len(columns) > MOST_COLUMNS:
        yield Fault(1, "", f"There are more than {MOST_COLUMNS} columns.")
        return
    for place, name in enumerate(columns):
        if not name:
            yield Fault(1, _letters(place), "This column has no name.")
        elif name in columns[:place]:
            yield Fault(1, name, "This column stands here twice.")
        elif place_of(name) is None:
            near = nearest(name)
            yield Fault(
                1, name, "We know no such column." + (f" Did you mean {near}?" if near else "")
            )
    for name in NEEDED:
        if name not in columns:
            yield Fault(1, name, "This column is missing.")


def _row_faults(
    columns: Sequence[str], records: Sequence[tuple[int, list[str]]]
) -> Iterator[Fault]:
    for number, record in records:
        if any(record[len(columns) :]):
            sentence = "This row has more cells than the heading. A quote may be missing."
            yield Fault(number, "", sentence)
        for name, cell in zip(columns, record, strict=False):
            if len(cell) > LONGEST_CELL:
                yield Fault(number, name, f"This cell has more than {LONGEST_CELL} letters.")


def _cells(columns: Sequence[str], record: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(columns, record, strict=False) if cell}


def _letters(place: int) -> str:
    """What a spreadsheet calls a column: A, B … Z, AA.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    high, low = divmod(place, 26)
    return (_letters(high - 1) if high else "") + chr(ord("A") + low)


# -- writing ------------------------------------------------------------------------------------


def write_season(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write rows so that `read_season` reads them back; spreadsheets take none for a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    for cells in rows:
        writer.writerow([_guarded(cells.get(name, "")) for name in columns])
    return file.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    is_formula = _FORMULA.match(cell) and not _SIGNED_NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell

"""`python -m tests.vectors FILE...`: run known-answer files of any format known here.

Prints `pass|fail|skip <row> [reason]`; exit 1 when a row fails, 2 when a file cannot be read or
is of no known format. A format is told by the keys of the file; a new one joins `FORMATS`.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.vectors import bitstring, canonical_json, data_integrity, derived_keys, taps
from tests.vectors.rows import Format, Mark, Row

FORMATS: tuple[Format, ...] = (
    canonical_json.FORMAT,
    data_integrity.FORMAT,
    bitstring.FORMAT,
    taps.FORMAT,
    derived_keys.FORMAT,
)
FAILED = 1
UNKNOWN = 2


class UnknownFormatError(Exception):
    """A file that is not there, not JSON, or of no format known here."""


def main(arguments: Sequence[str]) -> int:
    if not arguments:
        print("usage: python -m tests.vectors FILE...", file=sys.stderr)
        return UNKNOWN
    return max(_run(Path(argument)) for argument in arguments)


def _run(path: Path) -> int:
    try:
        rows = list(_rows(path))
    except UnknownFormatError as problem:
        print(f"{path}: {problem}", file=sys.stderr)
        return UNKNOWN
    if not rows:
        rows = [Row(Mark.FAIL, path.name, "holds no row")]
    for row in rows:
        print(row)
    return FAILED if any(row.mark is Mark.FAIL for row in rows) else 0


def _rows(path: Path) -> Iterator[Row]:
    data = _load(path)
    for known in FORMATS:
        if known.recognises(data):
            try:
                yield from known.rows(data)
            except (LookupError, TypeError, ValueError, AttributeError) as problem:
                yield Row(Mark.FAIL, known.name, f"{type(problem).__name__}: {problem}")
            return
    raise UnknownFormatError("no format known here has these keys")


def _load(path: Path) -> Any:
    """Read JSON, or a list of JSON lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise UnknownFormatError("it cannot be read") from problem
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return _load_lines(text)


def _load_lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as problem:
        raise UnknownFormatError("it is neither JSON nor JSON lines") from problem


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

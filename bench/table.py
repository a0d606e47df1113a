"""One row per promise: what we measured, what it is compared to, and what was promised."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADINGS = ("what", "here", "compared to", "there", "ratio", "promise")


@dataclass(frozen=True)
class Row:
    """`value` and `peer_value` are in `unit`; `ratio` is ours to theirs; `promise` is text."""

    name: str
    value: float
    unit: str
    compared_to: str = ""
    peer_value: float | None = None
    ratio: float | None = None
    promise: str = ""


def print_table(rows: Iterable[Row]) -> None:
    """Print the rows in columns that line up."""
    lines = [HEADINGS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        f"{_number(row.value)} {row.unit}",
        row.compared_to,
        "" if row.peer_value is None else f"{_number(row.peer_value)} {row.unit}",
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.promise,
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

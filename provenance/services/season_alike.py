"""Rows of one season that cannot both be true: one serial number twice, or one of an edition."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from provenance.models.season import RowState, Season, SeasonRow

Cells = Mapping[str, str]
Identity = tuple[object, ...]
Fault = tuple[str, str]
_TOLD = {
    "serial": "Row {} has this serial number too.",
    "edition_number": "Row {} has this number of the edition too.",
}


def identities(cells: Cells) -> Mapping[str, Identity]:
    """What no other piece of a season may be, by the column that says it last.

    A serial number counts within its GTIN (GS1 General Specifications, AI 21), a number of an
    edition within what bears one title and is of one kind.

    >>> identities({"title": "Harbour  band", "kind": "Ring", "edition_number": "03"})
    {'edition_number': ('harbour band', 'ring', 3)}
    """
    found: dict[str, Identity] = {}
    # GTINs of 8, 12 and 13 digits are those of 14 that begin with zeros.
    gtin = "".join(cells.get("gtin", "").split()).zfill(14)
    if gtin.strip("0") and (serial := cells.get("serial")):
        found["serial"] = (gtin, serial)
    if number := cells.get("edition_number"):
        title, kind = " ".join(cells.get("title", "").split()), cells.get("kind", "")
        found["edition_number"] = (title.casefold(), kind.casefold(), _count(number))
    return found


def _count(text: str) -> object:
    """A whole number as its field reads it, so that 3, 03 and 3.0 are one."""
    plain = re.sub(r"\.0*$", "", text)
    return int(plain) if re.fullmatch(r"\d{1,9}", plain) else text


def faults_of(season: Season, rows: Iterable[SeasonRow]) -> Iterator[tuple[SeasonRow, Fault]]:
    """Each of these rows that says what another one says already, which comes first or is right.

    So of two rows that are brought together the later one is at fault, and of a row that is right
    and one that is changed or taken in again, the changed one.
    """
    others = _by_identity(season)
    for row in rows:
        for column, identity in identities(row.cells).items():
            for position, state in others[column, identity]:
                is_right = state in {RowState.READY, RowState.SIGNED, RowState.SKIPPED}
                if position < row.position or (is_right and position != row.position):
                    yield row, (column, _TOLD[column].format(position))
                    break


def _by_identity(season: Season) -> Mapping[tuple[str, Identity], Sequence[tuple[int, str]]]:
    # What was left out counts where its note says that it was signed before.
    said = season.rows.exclude(state=RowState.SKIPPED, note="").order_by("position")
    found: dict[tuple[str, Identity], list[tuple[int, str]]] = defaultdict(list)
    for position, state, cells in said.values_list("position", "state", "cells"):
        for each in identities(cells).items():
            found[each].append((position, state))
    return found


def told_of(season: Season, position: int) -> list[SeasonRow]:
    """The rows that are wrong because of this one, and may be right now that it was changed."""
    sentences = {sentence.format(position) for sentence in _TOLD.values()}
    wrong = season.rows.filter(state=RowState.WRONG)
    return [row for row in wrong if sentences & {sentence for _, sentence in row.errors}]

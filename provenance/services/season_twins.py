"""Rows that say the same in two seasons of a maker: signed in one, and left out of the other.

A piece is signed once, in whichever season is signed first. Who means another piece that is just
the same takes its row in again, which the row remembers.
"""

from collections.abc import Iterable, Mapping, Sequence

from provenance.models.maker import Maker
from provenance.models.season import CONFIRMED, RowState, Season, SeasonRow, SeasonState

Twins = Mapping[str, Sequence[SeasonRow]]
_NOT_SIGNED_YET = [SeasonState.CHECKED, *CONFIRMED]


def hold_maker(season: Season) -> None:
    """Have this maker's seasons signed one after the other, in the transaction at hand."""
    # NO KEY: whoever registers a piece of theirs meanwhile is not kept waiting.
    Maker.objects.select_for_update(no_key=True).get(pk=season.maker_id)


def signed_twins(season: Season, rows: Iterable[SeasonRow]) -> Twins:
    """The rows of other seasons that are signed and say the same, by what they say."""
    return _twins(season, rows, [RowState.SIGNED])


def open_twins(season: Season) -> list[SeasonRow]:
    """Rows of other seasons that may be signed next and say what a row of this one says."""
    ready = season.rows.filter(state=RowState.READY).values("cells_sha256")
    found = SeasonRow.objects.of_others(season).filter(
        state=RowState.READY, season__state__in=_NOT_SIGNED_YET, cells_sha256__in=ready
    )
    return list(found.select_related("season").order_by("season_id", "position"))


def _twins(season: Season, rows: Iterable[SeasonRow], states: Sequence[RowState]) -> Twins:
    said = {row.cells_sha256 for row in rows}
    same = SeasonRow.objects.of_others(season).filter(state__in=states, cells_sha256__in=said)
    found: dict[str, list[SeasonRow]] = {}
    for row in same.select_related("season").order_by("pk"):
        found.setdefault(row.cells_sha256, []).append(row)
    return found


def know_again(rows: Iterable[SeasonRow], twins: Twins) -> list[SeasonRow]:
    """Note on each row by which signed one its maker does not know it was signed before."""
    known: list[SeasonRow] = []
    for row in rows:
        signed = twins.get(row.cells_sha256, ())
        if len(signed) > row.known_twins:
            twin = signed[-1]
            row.note = f"Signed before: row {twin.position} of “{twin.season.name}” says the same."
            known.append(row)
    return known


def leave_out(rows: Sequence[SeasonRow]) -> None:
    for row in rows:
        row.state, row.leased_until = RowState.SKIPPED, None
    SeasonRow.objects.bulk_update(rows, ["state", "note", "leased_until"], batch_size=100)

"""A season as a file: read strictly, with each fault by row and column, and written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.season_columns import documented, place_of
from provenance.season_file import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_ROWS,
    SeasonFileError,
    read_season,
    write_season,
)
from tests.documented import rows_of
from tests.provenance.seasons import BAND, table

HEADING = ",".join(BAND)
LINE = ",".join(BAND.values())


def faults_of(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(SeasonFileError) as refused:
        read_season(data)
    return [(fault.row, fault.column) for fault in refused.value.faults]


def csv(*lines: str) -> bytes:
    """The lines as UTF-8; the surrogates of `surrogateescape` are bytes that are none."""
    return "\r\n".join(lines).encode(errors="surrogateescape")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a mark"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_utf8_is_read_with_commas_semicolons_or_tabs(separator, mark):
    data = mark + csv(HEADING, LINE).replace(b",", separator.encode())

    season = read_season(data)

    assert season.columns == tuple(BAND)
    assert [(row.number, row.cells) for row in season.rows] == [(2, BAND)]


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    data = csv(f"{HEADING},care", f'{LINE},"Keep dry.\nKeep cool."', ",,,,,,,,", f"{LINE},")

    season = read_season(data)

    assert [row.number for row in season.rows] == [2, 4]
    assert season.rows[0].cells["care"] == "Keep dry.\nKeep cool."


def test_blank_rows_at_the_end_do_not_count():
    data = csv(HEADING, LINE, *[",,,,"] * (MOST_ROWS + 100), *['""'] * 3, "", " , ")

    assert [row.number for row in read_season(data).rows] == [2]


@pytest.mark.parametrize("told", ["sep=;", "SEP=;", '"sep=;"', "sep=|"])
def test_a_line_that_tells_spreadsheets_the_separator_is_no_row(told):
    season = read_season(csv(told, *(line.replace(",", ";") for line in (HEADING, LINE, LINE))))

    assert season.columns == tuple(BAND)
    assert [row.number for row in season.rows] == [2, 3]


def test_the_separator_that_a_file_tells_is_believed():
    with pytest.raises(SeasonFileError, match="We know no such column"):
        read_season(csv("sep=,", HEADING.replace(",", ";"), LINE))


def test_letters_are_composed_cell_by_cell_so_that_none_becomes_a_separator():
    line = LINE.replace("Harbour", "Pourquoi\u037e e\u0301").replace(",", ";")

    season = read_season(csv(HEADING.replace(",", ";"), line))

    assert season.rows[0].cells["title"] == "Pourquoi; é band"


def test_headings_may_be_written_with_capitals_and_spaces():
    assert read_season(csv(HEADING.title().replace("_", " "), LINE)).columns == tuple(BAND)


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        (b"", [(1, "")]),
        (csv(HEADING), [(2, "")]),
        (csv(HEADING, LINE).replace(b"Harbour", b"H\xe4fen"), [(2, "")]),
        (csv(HEADING, LINE).decode().encode("utf-16"), [(1, "")]),
        (csv(HEADING, LINE, LINE.replace("band", "b\0nd")), [(3, "")]),
        (csv(f"{HEADING},part1_metall", f"{LINE},x"), [(1, "part1_metall")]),
        (csv(f"{HEADING},title", f"{LINE},x"), [(1, "title")]),
        (csv(f"{HEADING},,sku", f"{LINE},x,y"), [(1, "J")]),
        (csv(HEADING.replace("weight", "height"), LINE), [(1, "weight")]),
        (csv(HEADING.replace("edition", "collection"), LINE), [(1, "edition")]),
        (csv(HEADING, LINE, f"{LINE},more"), [(3, "")]),
        (csv(HEADING, f'{LINE},"never closed'), [(2, "")]),
        (csv(HEADING, LINE.replace("Harbour", "H" * LONGEST_CELL)), [(2, "title")]),
        (csv(HEADING, *[LINE] * (MOST_ROWS + 1)), [(MOST_ROWS + 2, "")]),
        (csv(HEADING, LINE) + b" " * MOST_BYTES, [(1, "")]),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", [(1, "")]),
        (csv(HEADING, LINE, LINE.replace("Harbour", "H" * 200_000)), [(3, "title")]),
        (csv(f"{HEADING},care", f'{LINE},"1\n2\n\udce4"', f"{LINE},"), [(2, "")]),
        (csv(f"{HEADING},care", f'{LINE},"1\n2"', f"{LINE},\udce4"), [(3, "")]),
        (csv(f"{HEADING},care", f'{LINE},"1\n2"', f"{LINE},\0"), [(3, "")]),
        (csv("sep=;", HEADING, f"{LINE},\udce4").replace(b",", b";"), [(2, "")]),
        (csv(HEADING, *[","] * MOST_ROWS, LINE), [(MOST_ROWS + 2, "")]),
    ],
    ids=lambda each: None if isinstance(each, bytes) else str(each),
)
def test_each_fault_is_named_by_its_row_and_column(data, faults):
    assert faults_of(data) == faults


def test_a_column_that_is_nearly_right_is_told_the_right_one():
    with pytest.raises(SeasonFileError, match="Did you mean stone2_species"):
        read_season(csv(f"{HEADING},stone2_spezies", f"{LINE},x"))


@pytest.mark.parametrize("name", ["part61_metal", "mark1_report1_lab", "stone1_report7_lab", "x"])
def test_there_are_no_more_of_a_kind_than_the_bench_holds(name):
    assert place_of(name) is None


cells = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40)
texts = st.one_of(cells, st.sampled_from("=+-@'").flatmap(lambda c: cells.map(lambda t: c + t)))
columns = [name for name, _ in documented()]
rows = st.fixed_dictionaries(
    dict.fromkeys(BAND, texts),
    optional={name: texts for name in columns[:40] if name not in BAND},
)


@given(st.lists(rows, min_size=1, max_size=4))
def test_what_is_written_reads_back_the_same(told):
    first = {**BAND, "title": "There is one."}

    once = read_season(table(first, *told))
    again = read_season(write_season(once.columns, [row.cells for row in once.rows]))

    assert again.columns == once.columns
    assert [row.cells for row in again.rows] == [row.cells for row in once.rows]
    assert again.digest == once.digest


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\tx", "'=1", "=cmd|' /C'!A0"])
def test_no_cell_that_is_written_is_a_formula_to_a_spreadsheet(cell):
    written = write_season(["title"], [{"title": cell}]).decode("utf-8-sig").splitlines()[1]

    assert written.lstrip('"').startswith("'")


def test_a_negative_number_stays_a_number():
    assert b"\r\n-5\r\n" in write_season(["title"], [{"title": "-5"}])


def test_the_reference_lists_every_column_and_nothing_else():
    assert rows_of("season.md") == {name for name, _ in documented()}

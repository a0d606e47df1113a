"""A row of a season read as the sheet of the bench reads it: the same fields, the same laws."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.text import slugify

from provenance import jewelry
from provenance.forms.facts import FactsForm
from provenance.forms.photograph import SOURCES, usual_source
from provenance.forms.piece import Sheet, sent_sheet
from provenance.forms.row import RowForm
from provenance.forms.rows import ROWS, filled, idents_of
from provenance.forms.stones import REPORTS, TREATMENTS
from provenance.models.piece import EditionKind, PhotographRole, PhotographSource
from provenance.season_columns import GROUPS, PHOTOGRAPHS, REPORT, WHOLE, Place, place_of
from provenance.steps import STARTERS, StepFacts, planned_steps, recipe_of

Cells = Mapping[str, str]
_YES: Final = frozenset({"yes", "y", "true", "1", "x"})
_NO: Final = frozenset({"no", "n", "false", "0"})
_NEEDED: Final = "This cell is empty, and it is needed."
_MOST_CHOICES: Final = 12


@dataclass
class Reading:
    """A row as it was understood; `faults` say what was not, by column."""

    cells: Cells
    sheet: Sheet
    # The name of each field of the sheet's forms, and the column it was filled from.
    columns: Mapping[str, str]
    steps: tuple[StepFacts, ...] = ()
    faults: list[tuple[str, str]] = field(default_factory=list)

    def facts(self) -> jewelry.Piece:
        """The facts; only when there are no faults."""
        return self.sheet.piece()

    def add(self, column: str, sentence: str) -> None:
        if (column, sentence) not in self.faults:
            self.faults.append((column, sentence))

    def filled_by(self, form: forms.Form, name: str) -> str:
        """The column that filled this field of a form of the sheet, or ""."""
        column = self.columns.get(form.add_prefix(name), "")
        return column if self.cells.get(column) else ""

    def judge(self, problems: Sequence[jewelry.Problem]) -> None:
        """Put each law that is broken to the column it is about."""
        for problem in problems:
            self.add(self._column_of(problem), problem.sentence)

    def _column_of(self, problem: jewelry.Problem) -> str:
        if problem.path == "photographs":
            missing = [name for name in ("photo_front", "photo_scale") if name not in self.cells]
            # Both are there, but a picture made otherwise does not count as a photograph.
            return missing[0] if missing else "photo_source"
        if problem.path.startswith("making"):
            return "recipe"
        return self.columns.get(self.sheet.field_of(problem.path), "title")


def photographs_of(cells: Cells) -> dict[str, str]:
    """The file a row names for each view."""
    views = PhotographRole.values
    named = {column.field: cells.get(column.name, "") for column in PHOTOGRAPHS}
    return {role: file for role, file in named.items() if file and role in views}


def source_of(cells: Cells) -> str:
    """How the photographs of a row came about, by its own word."""
    return _source_told(cells.get("photo_source", "")) or usual_source()


def _source_told(text: str) -> str | None:
    """ "" where nothing is said, None for what we do not know."""
    known = {label.casefold(): str(value) for value, label in SOURCES}
    known |= {str(value).casefold(): str(value) for value in PhotographSource.values}
    return known.get(text.casefold()) if text else ""


def read_row(cells: Cells, *, recipes: Mapping[str, Sequence[Any]]) -> Reading:
    """Read the cells of a row; `recipes` are the steps of the workshop's own by their name."""
    data, columns = _as_form(cells)
    sheet = sent_sheet(data)
    reading = Reading(cells, sheet, columns)
    if not sheet.is_valid():
        for column, sentence in _faults(sheet, columns):
            reading.add(column, sentence)
    for column, sentence in (*_of_edition(cells), *_dropped(reading), *_renamed(reading)):
        reading.add(column, sentence)
    if _source_told(cells.get("photo_source", "")) is None:
        reading.add("photo_source", _none_of(cells["photo_source"], [told for _, told in SOURCES]))
    for column, cell in cells.items():
        if column.endswith("_inscribed") and cell.casefold() not in _YES | _NO:
            reading.add(column, "Write yes or no.")
    try:
        reading.steps = _steps(cells, sheet, recipes)
    except _NoSuchStepError as problem:
        reading.add(problem.column, str(problem))
    return reading


# -- cells as a form ----------------------------------------------------------------------------


def _as_form(cells: Cells) -> tuple[dict[str, str], dict[str, str]]:
    """The cells as the page of the bench would send them, and each field's column."""
    places = {name: place for name in cells if (place := place_of(name))}
    numbers = {word: sorted(_numbers(places.values(), word)) or [1] for word in GROUPS}
    data: dict[str, str] = {"steps-TOTAL_FORMS": "0", "steps-INITIAL_FORMS": "0"}
    columns = _columns(numbers, places.values())
    for word, (rows, _) in GROUPS.items():
        data |= _count(rows, len(numbers[word]))
    for n, number in enumerate(numbers["stone"]):
        data |= {f"stones-{n}-count": "1", f"stones-{n}-basis": "measured"}
        reports = max(_reports(places.values(), number), default=0)
        data |= _count(f"stones-{n}-reports", reports)
    for name, column in columns.items():
        if column in cells and places[column].column.name != "photo_source":
            data |= _typed(name, cells[column], numbers)
    if _numbers_of_edition(cells) and not cells.get("edition"):
        data["edition_kind"] = str(EditionKind.NUMBERED)
    return data, columns


def _numbers(places: Iterable[Place], word: str) -> set[int]:
    return {place.number for place in places if place.group == word}


def _reports(places: Iterable[Place], number: int) -> set[int]:
    return {place.report for place in places if place.group == "stone" and place.number == number}


def _count(prefix: str, many: int) -> dict[str, str]:
    return {f"{prefix}-TOTAL_FORMS": str(many), f"{prefix}-INITIAL_FORMS": "0"}


def _columns(numbers: Mapping[str, list[int]], places: Iterable[Place]) -> dict[str, str]:
    """The column of every field there is: what is missing is asked for under its column too."""
    found = {column.field: column.name for column in WHOLE}
    for word, (rows, columns) in GROUPS.items():
        for n, number in enumerate(numbers[word]):
            prefix = f"{rows}-{n}"
            found |= {f"{prefix}-{each.field}": f"{word}{number}_{each.name}" for each in columns}
            if word == "stone":
                for report in range(1, max(_reports(places, number), default=0) + 1):
                    found |= {
                        f"{prefix}-reports-{report - 1}-{each.field}": (
                            f"stone{number}_report{report}_{each.name}"
                        )
                        for each in REPORT
                    }
    return found


def _typed(name: str, cell: str, numbers: Mapping[str, list[int]]) -> dict[str, str]:
    """A cell as its field of the bench takes it."""
    prefix, _, last = name.rpartition("-")
    if last == "treatment":
        return _treatment(prefix, cell)
    if last == "is_inscribed":
        return {name: "on"} if cell.casefold() in _YES else {}
    if last == "about":
        return {name: _object(cell, numbers)}
    return {name: _chosen(name, cell)}


def _treatment(prefix: str, cell: str) -> dict[str, str]:
    known = {told.casefold(): value for value, told in TREATMENTS if value}
    known |= {value.casefold(): value for value, _ in TREATMENTS if value}
    one = known.get(cell.casefold())
    if one and one != "other":
        return {f"{prefix}-treatment": one}
    return {f"{prefix}-treatment": "other", f"{prefix}-treatment_words": cell}


def _object(cell: str, numbers: Mapping[str, list[int]]) -> str:
    """What a claim is about: part2 is the place of its row on the sheet."""
    for word, rows in (("part", "parts"), ("stone", "stones")):
        number = cell.casefold().removeprefix(word)
        if number.isdecimal() and number.isascii() and int(number) in numbers[word]:
            return f"{rows}-{numbers[word].index(int(number))}"
    return "piece" if cell.casefold() in {"piece", ""} else cell


def _chosen(name: str, cell: str) -> str:
    """The value of a choice that was written by its value or by its words."""
    found = _field_named(name)
    if not isinstance(found, forms.ChoiceField):
        return cell
    wanted = cell.casefold()
    for value, told in _choices(found):
        if wanted in {value.casefold(), told.casefold()}:
            return value
    return cell


def _field_named(name: str) -> forms.Field | None:
    group, _, rest = name.partition("-")
    if group not in ROWS:
        return FactsForm.base_fields.get(name)
    form = REPORTS.form if "-reports-" in name else ROWS[group].form
    return form.base_fields.get(rest.rpartition("-")[2])


# -- what is wrong ------------------------------------------------------------------------------


def _faults(sheet: Sheet, columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from _of_form(sheet.facts, columns)
    for rows in ROWS:
        formset: BaseFormSet[Any] = getattr(sheet, rows)
        for form in formset.forms:
            yield from _of_form(form, columns)
            for report in getattr(form, "reports", ()):
                yield from _of_form(report, columns)
        for sentence in formset.non_form_errors():
            yield columns.get(f"{rows}-0-name", f"{rows}"), str(sentence)


def _of_form(form: forms.Form, columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, errors in form.errors.as_data().items():
        full = form.add_prefix("treatment" if name == "treatment_words" else name)
        column = columns.get(full, columns.get("title", "title"))
        for error in errors:
            for sentence in error.messages:
                yield column, _told(form, name, error.code, str(sentence))


def _told(form: forms.Form, name: str, code: str | None, sentence: str) -> str:
    found = form.fields.get(name)
    if code == "invalid_choice" and isinstance(found, forms.ChoiceField):
        if name == "about":
            return "Write piece, or a part or stone of this row, such as part1."
        return _none_of(str(form[name].value()), [told for _, told in _choices(found)])
    if code == "required" and sentence == "This field is required.":
        return _NEEDED
    return sentence


def _choices(found: forms.ChoiceField) -> list[tuple[str, str]]:
    listed: Any = found.choices
    return [(str(value), str(told)) for value, told in listed if value]


def _none_of(said: str, known: Sequence[str]) -> str:
    more = " …" if len(known) > _MOST_CHOICES else ""
    return f"“{said[:40]}” is none of: {', '.join(known[:_MOST_CHOICES])}{more}."


# -- what would be dropped ----------------------------------------------------------------------


def _numbers_of_edition(cells: Cells) -> list[str]:
    return [name for name in ("edition_number", "edition_of") if cells.get(name)]


def _of_edition(cells: Cells) -> Iterator[tuple[str, str]]:
    """The bench begins with one of one, which somebody sees; here nobody would have said it."""
    kind, numbers = _chosen("edition_kind", cells.get("edition", "")), _numbers_of_edition(cells)
    if not kind and not numbers:
        yield "edition", "Say which it is: one of one, numbered edition or open edition."
    if kind in {EditionKind.ONE_OF_ONE, EditionKind.OPEN}:
        for name in numbers:
            yield name, "Only a numbered edition has numbers. Write that, or empty this cell."


def _dropped(reading: Reading) -> Iterator[tuple[str, str]]:
    """Cells of a claim, a stone or a report that says nothing else, and so would say nothing."""
    for form in _rows_of(reading.sheet):
        said = [column for name in form.fields if (column := reading.filled_by(form, name))]
        if said and not form.is_filled:
            for column in said:
                yield column, "Nothing is said that this belongs to. Say it, or empty this cell."
        # A weight is measured or estimated; where there is none, neither is signed.
        basis = reading.filled_by(form, "basis")
        has_weight = any(reading.filled_by(form, name) for name in ("carat", "carat_total"))
        if form.is_filled and basis and not has_weight:
            yield basis, "Say the carats that this is about, or empty this cell."


def _rows_of(sheet: Sheet) -> Iterator[RowForm]:
    for rows in ROWS:
        formset: BaseFormSet[Any] = getattr(sheet, rows)
        for form in formset.forms:
            yield form
            yield from getattr(form, "reports", ())


def _renamed(reading: Reading) -> Iterator[tuple[str, str]]:
    """Short names of parts that the record could not use as they are."""
    parts = reading.sheet.parts
    if any(parts.errors):
        return
    for form, ident in zip(filled(parts), idents_of(parts), strict=True):
        column = reading.filled_by(form, "ident")
        if column and slugify(reading.cells[column]) != ident:
            yield column, "A part cannot be called so, or another one is. Write it otherwise."


# -- steps --------------------------------------------------------------------------------------


class _NoSuchStepError(Exception):
    """A recipe or a step of it that is not there; `column` says which cell names it."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _steps(
    cells: Cells, sheet: Sheet, recipes: Mapping[str, Sequence[Any]]
) -> tuple[StepFacts, ...]:
    name, ticks = cells.get("recipe", ""), cells.get("ticks", "")
    if not name:
        if ticks:
            raise _NoSuchStepError("recipe", "Name the recipe whose steps these are.")
        return ()
    known = {each.name: recipe_of(each.steps) for each in STARTERS} | dict(recipes)
    found = {each.casefold(): steps for each, steps in known.items()}.get(name.casefold())
    if found is None:
        raise _NoSuchStepError("recipe", _none_of(name, [*recipes, *(s.name for s in STARTERS)]))
    planned = planned_steps(found, parts=sheet.part_names, taken=())
    done = _ticked(ticks, [step.ident for step in planned])
    if not done:
        raise _NoSuchStepError("ticks", "Say which of its steps were done: all, or which.")
    return tuple(replace(step, is_done=step.ident in done) for step in planned)


def _ticked(ticks: str, idents: Sequence[str]) -> set[str]:
    """The steps that were done, told by name, by number, or as all of them.

    >>> sorted(_ticked("1-2, polish", ["cad", "cast", "file", "polish"]))
    ['cad', 'cast', 'polish']
    """
    if ticks.casefold() == "all":
        return set(idents)
    done: set[str] = set()
    for each in filter(None, (part.strip() for part in ticks.split(","))):
        done |= set(_named(each, idents))
    return done


def _named(each: str, idents: Sequence[str]) -> list[str]:
    if each.casefold() in idents:
        return [each.casefold()]
    first, _, last = each.partition("-")
    if first.isdecimal() and (last or first).isdecimal() and len(each) < 8:
        chosen = [*idents[max(0, int(first) - 1) : int(last or first)]]
        if chosen and int(first) > 0 and int(last or first) <= len(idents):
            return chosen
    sentence = f"“{each[:40]}” is no step of this recipe. It has {', '.join(idents)}."
    raise _NoSuchStepError("ticks", sentence)

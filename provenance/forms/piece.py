"""The sheet a maker fills in: the facts of a piece and its rows, judged and shown together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet

from provenance import jewelry
from provenance.forms.facts import UK, FactsForm
from provenance.forms.row import says
from provenance.forms.rows import (
    COATING,
    MOST_ROWS,
    ROWS,
    WHOLE,
    MarkForm,
    PartForm,
    SourcingForm,
    filled,
    idents_of,
    idents_told,
    parts_of,
)
from provenance.forms.steps import PREFIX, StepForm, StepRows, show_at, typed_rows, typed_step
from provenance.forms.stones import MOST_REPORTS, ReportForm, StoneForm
from provenance.forms.written import written_facts, written_rows
from provenance.models.piece import EditionKind, Kind
from provenance.steps import StepFacts

# The texts below which the bench tells a refused word in full, with what may stand instead.
WORDED = ("title", "description")
MORE_OF_A_PART = ("name", "role", "colour", "alloy", "mass", *COATING)
# The field that answers for a fact whose own name stands over no field.
ANSWERS_FOR = {
    "edition": "edition_number",
    "sizes": "length",
}


@dataclass(frozen=True)
class Sheet:
    """The forms of one piece, filled in together."""

    facts: FactsForm
    parts: "BaseFormSet[PartForm]"
    stones: "BaseFormSet[StoneForm]"
    marks: "BaseFormSet[MarkForm]"
    sourcing: "BaseFormSet[SourcingForm]"
    making: "BaseFormSet[StepForm]"

    def __post_init__(self) -> None:
        choices = [WHOLE, *self._places("parts", "Part"), *self._places("stones", "Stone")]
        for row in self.sourcing.forms:
            cast("forms.ChoiceField", row.fields["about"]).choices = choices

    def _places(self, name: str, word: str) -> list[tuple[str, str]]:
        """What a claim may be about, by the place of its row."""
        rows: BaseFormSet[Any] = getattr(self, name)
        called = "name" if name == "parts" else "species"
        return [
            (f"{name}-{n}", ": ".join(filter(None, (f"{word} {n + 1}", row[called].value()))))
            for n, row in enumerate(rows.forms)
        ]

    def is_valid(self) -> bool:
        answers = [each.is_valid() for each in vars(self).values()]
        return all(answers) and self._claims_have_their_object()

    def _claims_have_their_object(self) -> bool:
        known = self._idents()
        for row in filled(self.sourcing):
            if row.cleaned_data["about"] not in known:
                row.add_error("about", "Nothing is said about this part or stone yet.")
        return not any(self.sourcing.errors)

    def _idents(self) -> dict[str, str]:
        """What the record calls what stands in each filled row."""
        parts = [n for n, row in enumerate(self.parts.forms) if row.is_filled]
        stones = [n for n, row in enumerate(self.stones.forms) if row.is_filled]
        return {
            **dict.fromkeys(("", WHOLE[0]), WHOLE[0]),
            **{f"parts-{n}": i for n, i in zip(parts, idents_of(self.parts), strict=True)},
            **{f"stones-{n}": f"s{number}" for number, n in enumerate(stones, 1)},
        }

    def piece(self, *, photographs: tuple[jewelry.Photograph, ...] = ()) -> jewelry.Piece:
        """The facts as typed; only after `is_valid`."""
        typed = self.facts.cleaned_data
        measures = [(name, typed[name]) for name in FactsForm.MEASURES]
        idents = self._idents()
        return jewelry.Piece(
            title=typed["title"],
            kind=typed["kind"],
            year=typed["year"],
            year_to=typed["year_to"],
            mass=typed["mass"],
            edition=jewelry.Edition(
                typed["edition_kind"], typed["edition_number"], typed["edition_of"]
            ),
            collection=typed["collection"],
            parts=parts_of(self.parts),
            stones=tuple(row.stone() for row in filled(self.stones)),
            marks=tuple(row.mark() for row in filled(self.marks)),
            sourcing=tuple(
                row.sourcing(about=idents[row.cleaned_data["about"]])
                for row in filled(self.sourcing)
            ),
            photographs=photographs,
            circumference=typed["circumference"],
            measures=tuple((name, value) for name, value in measures if value is not None),
            markets=self.facts.markets_told,
            hallmark_exemption=typed["hallmark_exemption"],
            care=tuple(line.strip() for line in typed["care"].splitlines() if line.strip()),
            warranty=typed["warranty"],
            description=typed["description"],
            keywords=typed["keywords"],
            sku=typed["sku"],
            gtin=typed["gtin"],
            serial=typed["serial"],
        )

    def steps(self) -> tuple[StepFacts, ...]:
        """The steps of making as typed; only after `is_valid`."""
        return tuple(row.step() for row in self.making.forms)

    @property
    def part_names(self) -> list[str]:
        """How the parts are called, whether what is typed beside them is right or not."""
        said = [row for row in self.parts.forms if row["element"].value()]
        return idents_told((row["ident"].value() or "", row["name"].value() or "") for row in said)

    def show(self, problems: Sequence[jewelry.Problem]) -> None:
        """Put what keeps the piece from being signed next to the field it is about."""
        for problem in problems:
            # A refused word is told in full below its text, with what may stand instead.
            if problem.code == "wording_refused" and problem.path in WORDED:
                continue
            if problem.path.startswith("making"):
                show_at(self.making, problem.path, problem.sentence)
                continue
            form, field = self._place_of(problem.path)
            if form and field in form.fields:
                form.add_error(field, problem.sentence)

    def field_of(self, path: str) -> str:
        """The name of the field that answers for a fact such as "parts.0.fineness", or ""."""
        form, field = self._place_of(path)
        return form.add_prefix(field) if form and field in form.fields else ""

    def _place_of(self, path: str) -> tuple[forms.Form | None, str]:
        head, *rest = path.split(".")
        if head in ROWS:
            return self._row_of(head, rest)
        if head == "measures" and rest:
            return self.facts, rest[0]
        return self.facts, ANSWERS_FOR.get(head, head)

    def _row_of(self, name: str, rest: list[str]) -> tuple[forms.Form | None, str]:
        """The form and the field of a path within rows, such as 0 · coating · metal."""
        rows: BaseFormSet[Any] = getattr(self, name)
        place, *facts = rest or ["0"]
        form = _at(rows, place)
        if facts[:1] == ["reports"] and len(facts) > 1:
            form, facts = _at(form.reports, facts[1]) or form, facts[2:]
        if form is None:
            return None, ""
        head = facts[0] if facts else ""
        wanted = ("_".join(facts), ANSWERS_FOR.get(head, ""), head, next(iter(form.fields)))
        return form, next(field for field in wanted if field in form.fields)

    def mark_refused(self, names: Iterable[str]) -> None:
        """Tell readers aloud which texts hold a refused word; what to write stands below each."""
        for name in names:
            if name in self.facts.fields:
                marks = {"aria-invalid": "true", "aria-describedby": f"words-{name}"}
                self.facts.fields[name].widget.attrs.update(marks)

    @property
    def unfolded(self) -> set[str]:
        """The folded parts of the sheet that have something to show."""
        said = {
            "parts": len(self.parts.forms) > 1
            or any(says(row, *MORE_OF_A_PART) for row in self.parts.forms),
            "stones": _says_more(self.stones, "species"),
            "marks": _says_more(self.marks, "text"),
            "sourcing": _says_more(self.sourcing, "kind"),
            "edition": says(self.facts, "edition_number", "edition_of", "collection", "year_to"),
            "size": says(self.facts, "circumference", *FactsForm.MEASURES),
            "markets": says(self.facts, "markets", "hallmark_exemption")
            or bool(self.facts["sold_in_uk"].errors),
            "words": says(self.facts, "care", "warranty", "description", "keywords"),
            "numbers": says(self.facts, "sku", "gtin", "serial"),
        }
        return {name for name, is_said in said.items() if is_said}


def _at(rows: "BaseFormSet[Any]", place: str) -> Any:
    """The row that holds the fact at this place: empty rows are none."""
    said = filled(rows) or rows.forms
    return said[min(int(place), len(said) - 1)] if said else None


def _says_more(rows: "BaseFormSet[Any]", name: str) -> bool:
    return len(rows.forms) > 1 or any(row[name].value() or row.errors for row in rows.forms)


def blank_sheet(*, year: int, country: str) -> Sheet:
    """An empty sheet; who works in the United Kingdom most likely sells there."""
    first = {
        "year": year,
        "kind": Kind.RING,
        "edition_kind": EditionKind.ONE_OF_ONE,
        "sold_in_uk": country == UK,
    }
    return _unsent(first, {name: [{}] for name in ROWS})


def sent_sheet(data: Mapping[str, Any]) -> Sheet:
    return Sheet(
        FactsForm(data),
        **{name: kind(data, prefix=name) for name, kind in ROWS.items()},
        making=StepRows(data, prefix=PREFIX),
    )


def sheet_of(facts: jewelry.Piece, steps: Sequence[StepFacts] = ()) -> Sheet:
    """The sheet that says what is on record."""
    return _unsent(written_facts(facts), written_rows(facts), [typed_step(step) for step in steps])


def redrawn_sheet(data: Mapping[str, Any], *, add: str = "", remove: str = "") -> Sheet:
    """The same typed words with one row more or one less, not judged.

    `add` names rows ("stones", or "stones-0-reports" for those of one stone), `remove` one row of
    them ("stones-2", "stones-0-reports-1").
    """
    rows = {name: _typed_rows(data, name, ROWS[name].form) for name in ROWS}
    for n, stone in enumerate(rows["stones"]):
        stone["reports"] = _typed_rows(data, f"stones-{n}-reports", ReportForm)
    lists = rows | {f"stones-{n}-reports": row["reports"] for n, row in enumerate(rows["stones"])}
    if add in lists and len(lists[add]) < (MOST_ROWS if add in rows else MOST_REPORTS):
        lists[add].append({})
    name, _, place = remove.rpartition("-")
    places = [str(each) for each in range(len(lists.get(name, ())))]
    if place in places:
        del lists[name][places.index(place)]
        _follow(rows["sourcing"], name, places.index(place))
        lists[name] += [] if lists[name] else [{}]
    facts = {field: data.get(field, "") for field in FactsForm.base_fields}
    return _unsent(facts, rows, typed_rows(data))


def _follow(claims: list[dict[str, Any]], name: str, gone: int) -> None:
    """Keep each claim with its row where one row of them was taken out."""
    for claim in claims:
        about, _, place = str(claim["about"]).rpartition("-")
        if about != name or not place.isdecimal() or int(place) < gone:
            continue
        claim["about"] = WHOLE[0] if int(place) == gone else f"{name}-{int(place) - 1}"


def _unsent(
    facts: Mapping[str, Any],
    rows: Mapping[str, list[dict[str, Any]]],
    steps: Sequence[dict[str, Any]] = (),
) -> Sheet:
    return Sheet(
        FactsForm(initial=dict(facts)),
        **{name: kind(initial=rows[name], prefix=name) for name, kind in ROWS.items()},
        making=StepRows(initial=steps, prefix=PREFIX),
    )


def _typed_rows(data: Mapping[str, Any], name: str, form: type[forms.Form]) -> list[dict[str, Any]]:
    told = str(data.get(f"{name}-TOTAL_FORMS", "1"))
    is_number = told.isascii() and told.isdecimal() and len(told) < 6
    many = min(int(told), MOST_ROWS) if is_number else 1
    fields = form.base_fields
    return [{field: data.get(f"{name}-{n}-{field}", "") for field in fields} for n in range(many)]

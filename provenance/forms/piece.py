"""What a maker types about a piece: one sheet of facts, parts, stones and marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet

from provenance import jewelry
from provenance.forms.fields import CountField, MeasureField, WordsField
from provenance.forms.rows import (
    MOST_ROWS,
    ROWS,
    TREATMENTS,
    MarkForm,
    PartForm,
    StoneForm,
    parts_of,
)
from provenance.models.piece import EditionKind, Kind


class FactsForm(forms.Form):
    """The piece as a whole. What must be there stands first; the rest may wait."""

    title = WordsField(max_length=80, error_messages={"required": "Give it a title."})
    kind = forms.ChoiceField(choices=Kind.choices)
    year = CountField(
        min_value=1000,
        max_value=9999,
        error_messages={
            "required": "Say the year.",
            "invalid": "Write the year in four figures.",
            "min_value": "Write the year in four figures.",
            "max_value": "Write the year in four figures.",
        },
    )
    mass = MeasureField(label="Weight", example="6.81")

    edition_kind = forms.ChoiceField(label="Edition", choices=EditionKind.choices, required=False)
    edition_number = CountField(label="Number", min_value=1, max_value=1_000_000, required=False)
    edition_of = CountField(label="of", min_value=1, max_value=1_000_000, required=False)
    circumference = MeasureField(
        label="Ring size",
        help_text="Inner circumference. Size N is 54.4 mm.",
        example="54.4",
        whole=4,
        places=1,
        required=False,
    )
    height = MeasureField(example="21.5", whole=5, places=1, required=False)
    width = MeasureField(example="8.2", whole=5, places=1, required=False)
    depth = MeasureField(example="3.4", whole=5, places=1, required=False)
    care = WordsField(
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One line for each piece of advice.",
    )
    sku = WordsField(label="Stock number", max_length=40, required=False)
    description = WordsField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> None:
        self._weigh()
        self._number_the_edition()

    def _weigh(self) -> None:
        kind, mass = self.cleaned_data.get("kind"), self.cleaned_data.get("mass")
        if kind and mass and (sentence := jewelry.heaviness(kind, mass)):
            self.add_error("mass", forms.ValidationError(sentence, code="mass_implausible"))

    def _number_the_edition(self) -> None:
        typed = self.cleaned_data
        typed["edition_kind"] = typed.get("edition_kind") or EditionKind.ONE_OF_ONE
        if typed["edition_kind"] != EditionKind.NUMBERED:
            typed["edition_number"] = typed["edition_of"] = None
            return
        number, of = typed.get("edition_number"), typed.get("edition_of")
        if not number or not of:
            self.add_error("edition_number", "A numbered edition needs both: number 3 of 12.")
        elif number > of:
            self.add_error("edition_number", f"Number {number} is more than the edition of {of}.")

    @property
    def likely_mass(self) -> str:
        """The weight to offer when the typed one is implausible, as it is written; or ""."""
        if not self.has_error("mass", "mass_implausible"):
            return ""
        typed = MeasureField(example="").to_python(self.data.get("mass"))
        return jewelry.plain(jewelry.likely_mass(self.data.get("kind", ""), typed or Decimal(0)))


@dataclass(frozen=True)
class Sheet:
    """The forms of one piece, filled in together."""

    facts: FactsForm
    parts: "BaseFormSet[PartForm]"
    stones: "BaseFormSet[StoneForm]"
    marks: "BaseFormSet[MarkForm]"

    def is_valid(self) -> bool:
        answers = [each.is_valid() for each in vars(self).values()]
        return all(answers)

    def piece(self, *, photographs: tuple[jewelry.Photograph, ...] = ()) -> jewelry.Piece:
        """The facts as typed; only after `is_valid`."""
        typed = self.facts.cleaned_data
        measures = [(name, typed[name]) for name in ("height", "width", "depth")]
        return jewelry.Piece(
            title=typed["title"],
            kind=typed["kind"],
            year=typed["year"],
            mass=typed["mass"],
            edition=jewelry.Edition(
                typed["edition_kind"], typed["edition_number"], typed["edition_of"]
            ),
            parts=parts_of(self.parts),
            stones=tuple(row.stone() for row in self.stones.forms if row.is_filled),
            marks=tuple(row.mark() for row in self.marks.forms if row.is_filled),
            photographs=photographs,
            circumference=typed["circumference"],
            measures=tuple((name, value) for name, value in measures if value is not None),
            care=tuple(line.strip() for line in typed["care"].splitlines() if line.strip()),
            description=typed["description"],
            sku=typed["sku"],
        )

    def show(self, problems: Sequence[jewelry.Problem]) -> None:
        """Put what keeps the piece from being signed next to the field it is about."""
        for problem in problems:
            where = problem.path.split(".")
            if where[0] in self.facts.fields:
                self.facts.add_error(where[0], problem.sentence)
            elif where[0] == "parts" and self.parts.forms:
                self.parts.forms[0].add_error("element", problem.sentence)

    @property
    def unfolded(self) -> set[str]:
        """The folded parts of the sheet that have something to show."""
        said = {
            "parts": len(self.parts.forms) > 1,
            "stones": _says_more(self.stones, "species"),
            "marks": _says_more(self.marks, "text"),
            "edition": _says(self.facts, "edition_number", "edition_of"),
            "size": _says(self.facts, "circumference", "height", "width", "depth"),
            "words": _says(self.facts, "care", "sku", "description"),
        }
        return {name for name, is_said in said.items() if is_said}


def _says(form: forms.Form, *fields: str) -> bool:
    return any(form[name].value() or form[name].errors for name in fields)


def _says_more(rows: "BaseFormSet[Any]", name: str) -> bool:
    return len(rows.forms) > 1 or any(row[name].value() or row.errors for row in rows.forms)


def blank_sheet(*, year: int) -> Sheet:
    first = {"year": year, "kind": Kind.RING, "edition_kind": EditionKind.ONE_OF_ONE}
    return _unsent(first, {"parts": [{}], "stones": [{}], "marks": [{}]})


def sent_sheet(data: Mapping[str, Any]) -> Sheet:
    return Sheet(
        FactsForm(data),
        **{name: kind(data, prefix=name) for name, kind in ROWS.items()},
    )


def sheet_of(facts: jewelry.Piece) -> Sheet:
    """The sheet that says what is on record."""
    return _unsent(
        _typed_facts(facts),
        {
            "parts": [_typed_part(part) for part in facts.parts] or [{}],
            "stones": [_typed_stone(stone) for stone in facts.stones] or [{}],
            "marks": [dict(vars(mark)) for mark in facts.marks] or [{}],
        },
    )


def redrawn_sheet(data: Mapping[str, Any], *, add: str = "", remove: str = "") -> Sheet:
    """The same typed words with one row more ("stones") or one less ("stones-2"), not judged."""
    rows = {name: _typed_rows(data, name) for name in ROWS}
    if add in rows and len(rows[add]) < MOST_ROWS:
        rows[add].append({})
    name, _, number = remove.rpartition("-")
    places = [str(place) for place in range(len(rows.get(name, ())))]
    if number in places:
        rows[name].pop(places.index(number))
        rows[name] = rows[name] or [{}]
    return _unsent({field: data.get(field, "") for field in FactsForm.base_fields}, rows)


def _unsent(facts: Mapping[str, Any], rows: Mapping[str, list[dict[str, Any]]]) -> Sheet:
    return Sheet(
        FactsForm(initial=dict(facts)),
        **{name: kind(initial=rows[name], prefix=name) for name, kind in ROWS.items()},
    )


def _typed_rows(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    told = str(data.get(f"{name}-TOTAL_FORMS", "1"))
    is_number = told.isascii() and told.isdecimal() and len(told) < 6
    many = min(int(told), MOST_ROWS) if is_number else 1
    fields = ROWS[name].form.base_fields
    return [{field: data.get(f"{name}-{n}-{field}", "") for field in fields} for n in range(many)]


def _typed_facts(facts: jewelry.Piece) -> dict[str, Any]:
    return {
        "title": facts.title,
        "kind": facts.kind,
        "year": facts.year,
        "mass": _typed(facts.mass),
        "edition_kind": facts.edition.kind,
        "edition_number": facts.edition.number,
        "edition_of": facts.edition.of,
        "circumference": _typed(facts.circumference),
        **{name: _typed(value) for name, value in facts.measures},
        "care": "\n".join(facts.care),
        "sku": facts.sku,
        "description": facts.description,
    }


def _typed_part(part: jewelry.Part) -> dict[str, Any]:
    return {**vars(part), "mass": _typed(part.mass)}


def _typed_stone(stone: jewelry.Stone) -> dict[str, Any]:
    known = len(stone.treatment) == 1 and stone.treatment[0] in dict(TREATMENTS)
    return {
        **vars(stone),
        "carat": _typed(stone.carat),
        "treatment": stone.treatment[0] if known else "other",
        "treatment_words": "" if known else ", ".join(stone.treatment),
    }


def _typed(value: Decimal | None) -> str:
    return "" if value is None else jewelry.plain(value)

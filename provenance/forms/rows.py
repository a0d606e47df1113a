"""The rows of a sheet: parts, stones, marks and claims of origin, as many as a piece has."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.text import slugify

from provenance import jewelry
from provenance.forms.fields import CountField, DayField, MeasureField, WordsField
from provenance.forms.row import CHOOSE, RowForm, says
from provenance.forms.stones import StoneForm
from provenance.models.details import (
    CoatingMetal,
    CoatingMethod,
    Element,
    MarkKind,
    SourcingKind,
    SourcingScope,
)

MOST_ROWS = 60
COATING = (
    "coating_metal",
    "coating_method",
    "coating_micrometres",
    "coating_fineness",
    "coating_note",
)
# Names that mean something else in a record: the whole piece, and the stones as signed.
_TAKEN = re.compile(r"piece|s[0-9]+")
WHOLE = ("piece", "The whole piece")


class PartForm(RowForm):
    element = forms.ChoiceField(
        label="Metal",
        choices=[CHOOSE, *Element.choices],
        error_messages={"required": "Say the metal."},
    )
    fineness = CountField(
        min_value=1,
        max_value=999,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "list": "finenesses"}
        ),
        error_messages={
            "required": "Parts per thousand, such as 750 for 18 ct.",
            "invalid": "Write parts per thousand, such as 750 for 18 ct.",
            "max_value": "Fineness is parts per thousand, 999 at most.",
            "min_value": "Fineness is parts per thousand, such as 750 for 18 ct.",
        },
    )
    # Steps and claims name a part by it, so that it stays when the name changes.
    ident = WordsField(max_length=30, required=False, widget=forms.HiddenInput)
    name = WordsField(
        label="Name of the part", max_length=60, required=False, help_text="Such as shank."
    )
    role = WordsField(
        label="What it is for", max_length=60, required=False, help_text="Such as holds the stone."
    )
    colour = WordsField(max_length=20, required=False, help_text="Such as yellow.")
    mass = MeasureField(label="Weight of the part", example="5.62", required=False)
    alloy = WordsField(
        label="Which metal",
        max_length=40,
        required=False,
        help_text="For another metal: bronze.",
        error_messages={"required": "Say which metal it is."},
    )
    coating_metal = forms.ChoiceField(
        label="Coated with", choices=[("", "nothing"), *CoatingMetal.choices], required=False
    )
    coating_method = forms.ChoiceField(
        label="How it was put on", choices=[CHOOSE, *CoatingMethod.choices], required=False
    )
    coating_micrometres = MeasureField(
        label="Thickness",
        example="2.5",
        whole=4,
        places=3,
        required=False,
        help_text="A thousandth of a millimetre is 1 µm.",
    )
    coating_fineness = CountField(
        label="Its fineness",
        min_value=1,
        max_value=999,
        required=False,
        help_text="Parts per thousand, for a coating of gold.",
        error_messages={
            "invalid": "Write parts per thousand, such as 750 for 18 ct.",
            "max_value": "Fineness is parts per thousand, 999 at most.",
            "min_value": "Fineness is parts per thousand, such as 750 for 18 ct.",
        },
    )
    coating_note = WordsField(
        label="About the coating", max_length=60, required=False, help_text="For another: its name."
    )

    def full_clean(self) -> None:
        # Precious metals state their fineness, another metal its name.
        is_other = self.is_bound and self["element"].data == Element.OTHER
        self.fields["fineness"].required = not is_other
        self.fields["alloy"].required = is_other
        super().full_clean()

    def clean(self) -> None:
        typed = self.cleaned_data
        metal = typed.get("coating_metal")
        if metal and not typed.get("coating_method"):
            self.add_error("coating_method", "Say how it was put on.")
        if metal == CoatingMetal.OTHER and not typed.get("coating_note"):
            self.add_error("coating_note", "Say what the coating is.")
        if not metal and any(typed.get(field) for field in COATING):
            self.add_error("coating_metal", "Say what it is coated with.")

    @property
    def tells_a_coating(self) -> bool:
        return says(self, *COATING)

    def part(self, *, ident: str) -> jewelry.Part:
        typed = self.cleaned_data
        return jewelry.Part(
            ident=ident,
            element=typed["element"],
            fineness=typed["fineness"],
            colour=typed["colour"],
            alloy=typed["alloy"],
            mass=typed["mass"],
            coating=self._coating(),
            name=typed["name"],
            role=typed["role"],
        )

    def _coating(self) -> jewelry.Coating | None:
        typed = self.cleaned_data
        if not typed["coating_metal"]:
            return None
        return jewelry.Coating(
            metal=typed["coating_metal"],
            method=typed["coating_method"],
            fineness=typed["coating_fineness"],
            micrometres=typed["coating_micrometres"],
            note=typed["coating_note"],
        )


class MarkForm(RowForm):
    kind = forms.ChoiceField(
        choices=[CHOOSE, *MarkKind.choices], error_messages={"required": "Say which mark it is."}
    )
    text = WordsField(
        label="It reads", max_length=60, error_messages={"required": "Write what it reads."}
    )
    place = WordsField(label="Where", max_length=60, required=False)

    def mark(self) -> jewelry.Mark:
        return jewelry.Mark(**self.cleaned_data)


class SourcingForm(RowForm):
    """A claim of origin with the paper that carries it."""

    kind = forms.ChoiceField(
        label="The claim",
        choices=[CHOOSE, *SourcingKind.choices],
        error_messages={"required": "Say what is claimed."},
    )
    # The sheet knows the parts and stones it may be about.
    about = forms.ChoiceField(label="Of what", choices=[WHOLE], initial=WHOLE[0], required=False)
    scheme = WordsField(
        label="Who vouches for it",
        max_length=80,
        help_text="The scheme or standard.",
        error_messages={"required": "Name the scheme. A claim without one is not printed."},
    )
    scope = forms.ChoiceField(
        label="It covers",
        choices=[CHOOSE, *SourcingScope.choices],
        error_messages={"required": "Say what the scheme looked at."},
    )
    document = WordsField(
        max_length=200,
        help_text="Its number, or its title.",
        error_messages={"required": "Name the document that says so."},
    )
    expires = DayField(
        label="Valid until", error_messages={"required": "Say how long the document is valid."}
    )
    statement = WordsField(
        label="In the supplier’s own words",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Printed as a quotation.",
    )

    def has_changed(self) -> bool:
        # What it would be about says nothing yet.
        return any(name != "about" for name in self.changed_data)

    def sourcing(self, *, about: str) -> jewelry.Sourcing:
        return jewelry.Sourcing(**(self.cleaned_data | {"about": about}))


# Django's form sets are generic to the type checker only.
if TYPE_CHECKING:
    _PartSet = BaseFormSet[PartForm]
else:
    _PartSet = BaseFormSet


class _PartRows(_PartSet):
    def clean(self) -> None:
        if any(self.errors):
            return
        if self.forms and not any(row.is_filled for row in self.forms):
            self.forms[0].add_error("element", "Say the metal.")
            return
        filled = [row.cleaned_data["name"] for row in self.forms if row.is_filled]
        names = [slugify(name) for name in filled if name]
        if len(names) != len(set(names)):
            raise forms.ValidationError("Two parts have the same name. Give each its own.")


def _rows_of(form: type[RowForm], **options: Any) -> "type[BaseFormSet[Any]]":
    return formset_factory(
        form, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True, **options
    )


ROWS = {
    "parts": _rows_of(PartForm, formset=_PartRows),
    "stones": _rows_of(StoneForm),
    "marks": _rows_of(MarkForm),
    "sourcing": _rows_of(SourcingForm),
}


def filled(rows: "BaseFormSet[Any]") -> list[Any]:
    """The rows that say something; only after they were judged."""
    return [row for row in rows.forms if row.is_filled]


def idents_of(rows: "BaseFormSet[PartForm]") -> list[str]:
    """What a record calls each filled part."""
    parts = [row.cleaned_data for row in filled(rows)]
    return idents_told((part["ident"], part["name"]) for part in parts)


def idents_told(parts: Iterable[tuple[str, str]]) -> list[str]:
    """What a record calls parts of this ident and name: as before, else by name, else by place."""
    told = [(slugify(ident), slugify(name)[:30]) for ident, name in parts]
    known = {own for own, _ in told}
    idents: list[str] = []
    for own, name in told:
        new = (each for each in chain([name], _places()) if each not in known)
        idents.append(next(each for each in chain([own], new) if _may_name(each, idents)))
    return idents


def _places() -> Iterator[str]:
    return chain(["body"], (f"part-{n}" for n in count(2)))


def _may_name(ident: str, others: list[str]) -> bool:
    return bool(ident) and ident not in others and not _TAKEN.fullmatch(ident)


def parts_of(rows: "BaseFormSet[PartForm]") -> tuple[jewelry.Part, ...]:
    return tuple(
        row.part(ident=ident) for row, ident in zip(filled(rows), idents_of(rows), strict=True)
    )

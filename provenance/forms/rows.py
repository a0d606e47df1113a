"""The rows of a sheet: parts, stones and marks, as many as a piece has."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.text import slugify

from provenance import jewelry
from provenance.forms.fields import CountField, MeasureField, WordsField
from provenance.models.piece import CaratBasis, Element, MarkKind, StoneOrigin

MOST_ROWS = 60
CHOOSE = ("", "Choose")
TREATMENTS = (
    CHOOSE,
    ("none-known", "none known"),
    ("unknown", "unknown"),
    ("heat", "heated"),
    ("oil", "oiled"),
    ("irradiation", "irradiated"),
    ("filling", "filled"),
    ("coating", "coated"),
    ("diffusion", "diffusion treated"),
    ("dye", "dyed"),
    ("bleaching", "bleached"),
    ("hpht", "high pressure, high temperature"),
    ("other", "another, or several"),
)


class _RowForm(forms.Form):
    """A row that may stay empty: an empty row says nothing and is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, **(kwargs | {"empty_permitted": True, "use_required_attribute": False})
        )

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data)


class PartForm(_RowForm):
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
    colour = WordsField(max_length=20, required=False)
    alloy = WordsField(
        label="Which metal",
        max_length=40,
        required=False,
        help_text="For another metal: bronze.",
        error_messages={"required": "Say which metal it is."},
    )
    ident = WordsField(label="Name of the part", max_length=30, required=False)
    mass = MeasureField(label="Weight of the part", example="5.62", required=False)
    coating = WordsField(max_length=60, required=False, help_text="Such as rhodium-plated.")

    def full_clean(self) -> None:
        # Precious metals state their fineness, another metal its name.
        is_other = self.is_bound and self["element"].data == Element.OTHER
        self.fields["fineness"].required = not is_other
        self.fields["alloy"].required = is_other
        super().full_clean()

    def part(self, *, fallback: str) -> jewelry.Part:
        typed = self.cleaned_data
        return jewelry.Part(
            ident=slugify(typed["ident"])[:30] or fallback,
            element=typed["element"],
            fineness=typed["fineness"],
            colour=typed["colour"],
            alloy=typed["alloy"],
            mass=typed["mass"],
            coating=typed["coating"],
        )


class StoneForm(_RowForm):
    species = WordsField(
        max_length=40,
        help_text="Such as corundum.",
        error_messages={"required": "Name the stone."},
    )
    variety = WordsField(max_length=40, required=False, help_text="Such as sapphire.")
    origin = forms.ChoiceField(
        choices=[CHOOSE, *StoneOrigin.choices],
        error_messages={"required": "Say the origin; unknown is an answer."},
    )
    count = CountField(label="How many", min_value=1, max_value=5000, initial=1)
    shape = WordsField(max_length=30, required=False)
    carat = MeasureField(label="Carat", example="1.52", whole=4, places=3, required=False)
    basis = forms.ChoiceField(
        label="The weight is", choices=CaratBasis.choices, initial=CaratBasis.MEASURED
    )
    treatment = forms.ChoiceField(
        choices=TREATMENTS,
        error_messages={"required": "Say how it was treated: none known, unknown, or which."},
    )
    treatment_words = WordsField(
        label="Which treatment", max_length=120, required=False, help_text="For several: heat, oil."
    )
    note = WordsField(max_length=120, required=False)

    def clean(self) -> None:
        if self.cleaned_data.get("treatment") == "other" and not self._named():
            self.add_error("treatment_words", "Name the treatment.")

    def _named(self) -> tuple[str, ...]:
        words: str = self.cleaned_data.get("treatment_words", "")
        return tuple(word.strip() for word in words.split(",") if word.strip())

    def stone(self) -> jewelry.Stone:
        typed = self.cleaned_data
        treatment = typed["treatment"]
        return jewelry.Stone(
            species=typed["species"],
            origin=typed["origin"],
            treatment=self._named() if treatment == "other" else (treatment,),
            variety=typed["variety"],
            count=typed["count"],
            shape=typed["shape"],
            carat=typed["carat"],
            basis=typed["basis"],
            note=typed["note"],
        )


class MarkForm(_RowForm):
    kind = forms.ChoiceField(
        choices=[CHOOSE, *MarkKind.choices], error_messages={"required": "Say which mark it is."}
    )
    text = WordsField(
        label="It reads", max_length=60, error_messages={"required": "Write what it reads."}
    )
    place = WordsField(label="Where", max_length=60, required=False)

    def mark(self) -> jewelry.Mark:
        typed = self.cleaned_data
        return jewelry.Mark(kind=typed["kind"], text=typed["text"], place=typed["place"])


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
        names = [part.ident for part in parts_of(self)]
        if len(names) != len(set(names)):
            raise forms.ValidationError("Two parts have the same name. Give each its own.")


def _rows_of(form: type[_RowForm], **options: Any) -> "type[BaseFormSet[Any]]":
    return formset_factory(
        form, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True, **options
    )


ROWS = {
    "parts": _rows_of(PartForm, formset=_PartRows),
    "stones": _rows_of(StoneForm),
    "marks": _rows_of(MarkForm),
}


def parts_of(rows: "BaseFormSet[PartForm]") -> tuple[jewelry.Part, ...]:
    filled = [row for row in rows.forms if row.is_filled]
    names = ["body", *(f"part-{n}" for n in range(2, len(filled) + 1))]
    return tuple(row.part(fallback=name) for row, name in zip(filled, names, strict=False))

"""The stones of a sheet: each with what the law asks, and folded away its grades and reports."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from provenance import jewelry
from provenance.forms.fields import (
    CountField,
    CountryField,
    DayField,
    MeasureField,
    WebAddressField,
    WordsField,
)
from provenance.forms.row import CHOOSE, RowForm, says
from provenance.jewelry_rules import rules_of
from provenance.models.details import CaratBasis, GradedBy, StoneOrigin

MOST_REPORTS = 6
TREATMENTS = (
    CHOOSE,
    *((name, treatment.says) for name, treatment in rules_of().treatments.items()),
    ("other", "another, or several"),
)
GRADES = ("colour", "clarity", "cut_grade")
SIZES = ("length", "width", "depth")
# What the fold of a stone holds; the rest stands in its row.
FOLDED = ("cut", "country", *SIZES, "carat_total", *GRADES, "graded_by", "treatment_care")


class ReportForm(RowForm):
    """A laboratory's report: we lead to it, we do not judge it."""

    lab = WordsField(
        label="Laboratory", max_length=60, error_messages={"required": "Name the laboratory."}
    )
    number = WordsField(
        label="Report number", max_length=40, error_messages={"required": "Write its number."}
    )
    date = DayField(label="Dated", required=False)
    url = WebAddressField(
        label="Where to read it",
        max_length=300,
        required=False,
        help_text="The laboratory’s own page for this report.",
    )
    is_inscribed = forms.BooleanField(label="Its number is inscribed on the stone", required=False)

    def report(self) -> jewelry.Report:
        return jewelry.Report(**self.cleaned_data)


# Django's form sets are generic to the type checker only.
if TYPE_CHECKING:
    _ReportSet = BaseFormSet[ReportForm]
else:
    _ReportSet = BaseFormSet

REPORTS = formset_factory(
    ReportForm, extra=0, max_num=MOST_REPORTS, absolute_max=MOST_REPORTS, validate_max=True
)


def _sent_reports(data: Mapping[str, Any], prefix: str) -> _ReportSet:
    """The reports of a stone that was sent; a stone without the fold has none."""
    if f"{prefix}-TOTAL_FORMS" not in data:
        data = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return REPORTS(data, prefix=prefix)


class StoneForm(RowForm):
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
    shape = WordsField(max_length=30, required=False, help_text="Such as oval.")
    carat = MeasureField(label="Carat of each", example="1.52", whole=4, places=3, required=False)
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

    cut = WordsField(max_length=40, required=False, help_text="Such as mixed cut.")
    country = CountryField(
        label="Mined or grown in",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "countries", "autocomplete": "off"}),
    )
    length = MeasureField(example="7.6", whole=3, required=False)
    width = MeasureField(example="6.1", whole=3, required=False)
    depth = MeasureField(example="3.9", whole=3, required=False)
    carat_total = MeasureField(
        label="Carat of all together", example="0.12", whole=5, places=3, required=False
    )
    colour = WordsField(max_length=30, required=False, help_text="The grade, such as F.")
    clarity = WordsField(max_length=30, required=False, help_text="Such as VS1.")
    cut_grade = WordsField(max_length=30, required=False, help_text="Such as very good.")
    graded_by = forms.ChoiceField(
        label="Whose grades", choices=[("", "No grades"), *GradedBy.choices], required=False
    )
    treatment_care = WordsField(
        label="Care it needs",
        max_length=200,
        required=False,
        help_text="For a treatment that heat, steam or soap undoes.",
    )

    def __init__(self, **rest: Any) -> None:
        first = dict(rest.pop("initial", None) or {})
        reports = first.pop("reports", [{}])
        super().__init__(initial=first, **rest)
        prefix = f"{self.prefix}-reports"
        if self.is_bound:
            self.reports = _sent_reports(self.data, prefix)
        else:
            self.reports = REPORTS(initial=reports, prefix=prefix)

    def has_changed(self) -> bool:
        return super().has_changed() or any(each.has_changed() for each in self.reports.forms)

    def is_valid(self) -> bool:
        answers = [super().is_valid(), self.reports.is_valid()]
        return all(answers)

    @property
    def tells_more(self) -> bool:
        """Whether the fold of this stone has something to show."""
        return says(self, *FOLDED) or any(
            says(each, *each.fields) or each.errors for each in self.reports.forms
        )

    def clean(self) -> None:
        typed = self.cleaned_data
        if typed.get("treatment") == "other" and not self._named():
            self.add_error("treatment_words", "Name the treatment.")
        if any(typed.get(grade) for grade in GRADES) and not typed.get("graded_by"):
            self.add_error("graded_by", "Say whose grades these are: a report’s, or your opinion.")
        told = [typed.get(size) is not None for size in SIZES]
        if told != sorted(told, reverse=True):
            missing = SIZES[told.index(False)]
            self.add_error(missing, f"Write the {missing} too.")

    def _named(self) -> tuple[str, ...]:
        words: str = self.cleaned_data.get("treatment_words", "")
        return tuple(word.strip() for word in words.split(",") if word.strip())

    def stone(self) -> jewelry.Stone:
        typed = self.cleaned_data
        treatment = typed["treatment"]
        sizes: list[Decimal | None] = [typed[size] for size in SIZES]
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
            cut=typed["cut"],
            carat_total=typed["carat_total"],
            sizes=tuple(size for size in sizes if size is not None),
            colour=typed["colour"],
            clarity=typed["clarity"],
            cut_grade=typed["cut_grade"],
            graded_by=typed["graded_by"],
            country="".join(typed["country"]),
            treatment_care=typed["treatment_care"],
            reports=tuple(row.report() for row in self.reports.forms if row.is_filled),
        )

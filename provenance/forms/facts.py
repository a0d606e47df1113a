"""What a maker types about a piece as a whole."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from provenance import jewelry, ring_sizes, typed
from provenance.forms.fields import (
    ArticleNumberField,
    CountField,
    CountriesField,
    MeasureField,
    RingSizeField,
    WordsField,
)
from provenance.models.piece import SERIAL_PATTERN, EditionKind, Kind

UK = "GB"
IN_FOUR_FIGURES = {
    "invalid": "Write the year in four figures.",
    "min_value": "Write the year in four figures.",
    "max_value": "Write the year in four figures.",
}
MOST_KEYWORDS = 20


class FactsForm(forms.Form):
    """The piece as a whole. What must be there stands first; the rest may wait."""

    MEASURES: ClassVar = ("height", "width", "depth")

    title = WordsField(max_length=80, error_messages={"required": "Give it a title."})
    kind = forms.ChoiceField(choices=Kind.choices)
    year = CountField(
        min_value=1000,
        max_value=9999,
        error_messages={"required": "Say the year.", **IN_FOUR_FIGURES},
    )
    mass = MeasureField(label="Weight", example="6.81")

    edition_kind = forms.ChoiceField(label="Edition", choices=EditionKind.choices, required=False)
    edition_number = CountField(label="Number", min_value=1, max_value=1_000_000, required=False)
    edition_of = CountField(label="of", min_value=1, max_value=1_000_000, required=False)
    collection = WordsField(max_length=80, required=False)
    year_to = CountField(
        label="Finished in",
        help_text="The last year, if it took several.",
        min_value=1000,
        max_value=9999,
        required=False,
        error_messages=IN_FOUR_FIGURES,
    )

    circumference = RingSizeField(
        label="Ring size",
        help_text="As you measure it: 54.4 mm, US 7, or N 1/2.",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    height = MeasureField(example="21.5", whole=5, places=1, required=False)
    width = MeasureField(example="8.2", whole=5, places=1, required=False)
    depth = MeasureField(example="3.4", whole=5, places=1, required=False)

    sold_in_uk = forms.BooleanField(label="It is sold in the United Kingdom", required=False)
    markets = CountriesField(
        label="Other countries it is sold in",
        max_length=600,
        required=False,
        help_text="With commas between: France, Japan.",
    )
    hallmark_exemption = WordsField(
        label="Why it needs no hallmark",
        max_length=200,
        required=False,
        help_text="Only if the law exempts it: made before 1950, or too thin to be struck.",
    )

    care = WordsField(
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One line for each piece of advice.",
    )
    warranty = WordsField(
        label="What you promise",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: claws checked free of charge for two years.",
    )
    description = WordsField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    keywords = WordsField(
        max_length=300,
        required=False,
        help_text="For your shop, with commas between. They are not signed.",
    )
    sku = WordsField(label="Stock number", max_length=40, required=False)
    gtin = ArticleNumberField(
        label="Article number (GTIN)",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    serial = forms.RegexField(
        SERIAL_PATTERN,
        label="Serial number",
        required=False,
        help_text="Of this one piece.",
        error_messages={
            "invalid": "At most 20 plain letters, figures and signs such as - or /, no spaces."
        },
    )

    def clean(self) -> None:
        self._weigh()
        self._number_the_edition()
        self._order_the_years()

    def clean_keywords(self) -> tuple[str, ...]:
        typed_words: str = self.cleaned_data["keywords"]
        words = tuple(dict.fromkeys(w.strip() for w in typed_words.split(",") if w.strip()))
        if len(words) > MOST_KEYWORDS:
            raise forms.ValidationError(f"{MOST_KEYWORDS} words are the most.")
        return words

    def _weigh(self) -> None:
        kind, mass = self.cleaned_data.get("kind"), self.cleaned_data.get("mass")
        if kind and mass and (sentence := jewelry.heaviness(kind, mass)):
            self.add_error("mass", forms.ValidationError(sentence, code="mass_implausible"))

    def _number_the_edition(self) -> None:
        typed = self.cleaned_data
        typed["edition_kind"] = str(typed.get("edition_kind") or EditionKind.ONE_OF_ONE)
        if typed["edition_kind"] != EditionKind.NUMBERED:
            typed["edition_number"] = typed["edition_of"] = None
            return
        number, of = typed.get("edition_number"), typed.get("edition_of")
        if not number or not of:
            self.add_error("edition_number", "A numbered edition needs both: number 3 of 12.")
        elif number > of:
            self.add_error("edition_number", f"Number {number} is more than the edition of {of}.")

    def _order_the_years(self) -> None:
        first, last = self.cleaned_data.get("year"), self.cleaned_data.get("year_to")
        if first and last and last < first:
            self.add_error("year_to", f"It cannot be finished before it was begun, in {first}.")

    @property
    def likely_mass(self) -> str:
        """The weight to offer when the typed one is implausible, as it is written; or ""."""
        if not self.has_error("mass", "mass_implausible"):
            return ""
        typed = MeasureField(example="").to_python(self.data.get("mass"))
        return jewelry.plain(jewelry.likely_mass(self.data.get("kind", ""), typed or Decimal(0)))

    @property
    def understood_size(self) -> str:
        """The ring size in every way it is told, as the typed one was understood; or ""."""
        try:
            return size_line(typed.ring_circumference(str(self["circumference"].value() or "")))
        except typed.UnreadableError:
            return ""

    @property
    def markets_told(self) -> tuple[str, ...]:
        told: Mapping[str, Any] = self.cleaned_data
        home = (UK,) if told["sold_in_uk"] else ()
        return tuple(dict.fromkeys((*home, *told["markets"])))


def size_line(circumference: Decimal | None) -> str:
    """What was understood as a ring size: millimetres, and the sizes nearest to them; or ""."""
    if circumference is None:
        return ""
    us, uk = ring_sizes.us_and_uk(circumference)
    told = [f"{jewelry.plain(circumference)} mm", us and f"US {us}", uk and f"UK {uk}"]
    return f"Understood as {', '.join(filter(None, told))}."

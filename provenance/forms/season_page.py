"""What the pages of seasons send: a table with its photographs, or another text for a cell."""

from typing import Any

from django import forms

from provenance.cells import plain_text
from provenance.forms.fields import WordsField
from provenance.season_columns import place_of
from provenance.season_file import LONGEST_CELL


class SeasonForm(forms.Form):
    """A file to begin with, and the photographs it names."""

    name = WordsField(max_length=80, help_text="For yourself, such as Spring 2027.")
    table = forms.FileField(
        label="The table",
        allow_empty_file=True,
        help_text="A CSV in UTF-8, one row for each piece.",
        error_messages={"required": "Choose the CSV first."},
    )
    photographs = forms.FileField(
        label="The photographs",
        required=False,
        allow_empty_file=True,
        help_text="One ZIP with every file that the table names.",
    )


class PhotographsForm(forms.Form):
    """Photographs for a season that was brought without them."""

    photographs = forms.FileField(
        label="A ZIP with these files",
        allow_empty_file=True,
        help_text="What is here already stays as it is.",
        error_messages={"required": "Choose the ZIP first."},
    )


class CellField(forms.CharField):
    """A cell as a file would bring it: a text field sends its lines otherwise."""

    def to_python(self, value: Any) -> str:
        return plain_text(super().to_python(value) or "")


class CellForm(forms.Form):
    """Another text for one cell."""

    position = forms.IntegerField(min_value=2, max_value=30_000)
    column = forms.CharField(max_length=80)
    text = CellField(max_length=LONGEST_CELL, required=False)

    def clean_column(self) -> str:
        column: str = self.cleaned_data["column"]
        if place_of(column) is None:
            raise forms.ValidationError("There is no such column.")
        return column

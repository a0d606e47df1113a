"""One row of a sheet, and what every row has in common."""

from typing import Any

from django import forms

CHOOSE = ("", "Choose")


class RowForm(forms.Form):
    """A row that may stay empty: an empty row says nothing and is left out."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(**(rest | {"empty_permitted": True, "use_required_attribute": False}))

    @property
    def is_filled(self) -> bool:
        return bool(self.cleaned_data)


def says(form: forms.Form, *fields: str) -> bool:
    """Whether one of these fields has a word or an error in it."""
    return any(form[name].value() or form[name].errors for name in fields)

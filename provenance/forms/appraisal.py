"""What a person notes down of a value, for themselves alone."""

import re

from django import forms

from provenance.forms.fields import DayField, MeasureField, WordsField
from provenance.services.appraise import Value

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class AppraisalForm(forms.Form):
    """A value counts on a day, for a purpose, and is somebody's judgement."""

    amount = MeasureField(label="Value", example="1200.00", whole=9)
    currency = WordsField(
        max_length=3,
        help_text="Three letters, such as GBP.",
        error_messages={"required": "Say which."},
    )
    date = DayField(label="On", error_messages={"required": "A value belongs to a day."})
    purpose = WordsField(
        max_length=120,
        help_text="Such as insurance.",
        error_messages={"required": "Say what it was valued for."},
    )
    appraiser = WordsField(
        label="Valued by", max_length=120, error_messages={"required": "Say who valued it."}
    )
    note = WordsField(max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_currency(self) -> str:
        letters: str = self.cleaned_data["currency"].strip().upper()
        if not _CURRENCY.fullmatch(letters):
            raise forms.ValidationError("Write three letters, such as GBP, EUR or USD.")
        return letters

    def value(self) -> Value:
        return Value(**self.cleaned_data)

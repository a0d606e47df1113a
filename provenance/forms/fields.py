"""Fields of the bench: numbers as people write them, and words without hidden letters."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# Letters that are not seen but change what is read: controls, and marks that turn the writing
# direction (Unicode categories Cc and Cf). The joiners are spelling in Persian and Hindi.
_HIDDEN = {"Cc", "Cf"}
_SPELLING = {"\u200c", "\u200d", "\n", "\r"}


class WordsField(forms.CharField):
    """Words that are signed or printed: what is not seen may not stand in them."""

    def clean(self, value: object) -> str:
        words: str = super().clean(value)
        if any(unicodedata.category(c) in _HIDDEN and c not in _SPELLING for c in words):
            raise ValidationError("This holds a letter that cannot be seen. Type it again.")
        return words


class MeasureField(forms.DecimalField):
    """A measured number; 6,81 is read as 6.81."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, example: str, whole: int = 6, places: int = 2, **rest: Any) -> None:
        wrong = f"Write a number such as {example}."
        super().__init__(
            max_digits=whole + places,
            decimal_places=places,
            min_value=Decimal(1).scaleb(-places),
            error_messages={
                "invalid": wrong,
                "min_value": f"This is too small. {wrong}",
                "max_digits": f"This is too large. {wrong}",
                "max_whole_digits": f"This is too large. {wrong}",
                "max_decimal_places": f"At most {places} figures after the point. {wrong}",
                "required": wrong,
            },
            **rest,
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.count(",") == 1 and "." not in value:
            value = value.replace(",", ".")
        return super().to_python(value)


class CountField(forms.IntegerField):
    """A small whole number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

"""Fields of the bench: numbers as people write them, and words without hidden letters."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from provenance import typed

T = TypeVar("T")

# Letters that are not seen but change what is read: controls, and marks that turn the writing
# direction (Unicode categories Cc and Cf). The joiners are spelling in Persian and Hindi.
_HIDDEN = {"Cc", "Cf"}
_SPELLING = {"\u200c", "\u200d", "\n", "\r"}


class WordsField(forms.CharField):
    """Words that are signed or printed: what is not seen may not stand in them."""

    def clean(self, value: object) -> Any:
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


class DayField(forms.DateField):
    """A day of the calendar."""

    def __init__(self, **rest: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        wrong = {"invalid": "Write the day as 2026-11-20."}
        super().__init__(
            widget=widget,
            input_formats=["%Y-%m-%d"],
            error_messages=wrong | rest.pop("error_messages", {}),
            **rest,
        )


class WebAddressField(forms.URLField):
    """An address of the web; a reader may follow it, so it leads nowhere else."""

    widget = forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"})
    default_validators = [URLValidator(schemes=["https", "http"])]
    default_error_messages = {"invalid": "Write an address such as https://lab.example/123."}

    def __init__(self, **rest: Any) -> None:
        super().__init__(assume_scheme="https", **rest)


class RingSizeField(WordsField):
    """A ring size in millimetres, or as American and British jewelers say it; cleans to mm."""

    def clean(self, value: object) -> Decimal | None:
        return _read(typed.ring_circumference, super().clean(value))


class ArticleNumberField(WordsField):
    """A GTIN; spaces between its digits do not matter."""

    def clean(self, value: object) -> str:
        return _read(typed.article_number, super().clean(value)) or ""


class CountriesField(WordsField):
    """Countries by name or two letters, with commas between; cleans to a tuple of letters."""

    def clean(self, value: object) -> tuple[str, ...]:
        return _read(typed.country_codes, super().clean(value)) or ()


class CountryField(CountriesField):
    """One country."""

    def clean(self, value: object) -> tuple[str, ...]:
        codes = super().clean(value)
        if len(codes) > 1:
            raise ValidationError("Name one country.")
        return codes


def _read(read: Callable[[str], T], words: str) -> T | None:
    try:
        return read(words) if words else None
    except typed.UnreadableError as problem:
        raise ValidationError(str(problem)) from problem

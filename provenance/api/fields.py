"""The kinds of value our JSON has; each refuses what is almost right instead of guessing."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

_DECIMAL = re.compile(r"[0-9]{1,8}(\.[0-9]{1,3})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Answers that leave no room for another beside them.
_ALONE = frozenset({"none-known", "unknown"})
_MOST_TERMS, _LONGEST_TERMS = 6, 120
_MOST_LINES, _LONGEST_LINES = 12, 600


def refusal(name: str, code: str, sentence: str) -> ValidationError:
    return ValidationError({name: [ErrorDetail(sentence, code)]})


class Shape(serializers.Serializer[Any]):
    """An object that refuses names it does not know: a slip of the pen must not pass unseen."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (strangers := set(data) - set(self.fields)):
            problem = ErrorDetail("There is no such field.", "unknown_field")
            raise ValidationError({name: [problem] for name in sorted(strangers)})
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """One line of text, at most `longest` characters; a number is not taken for one."""

    default_error_messages = {"control": "Write it without control characters or line breaks."}
    breaks = ""

    def __init__(self, longest: int, **options: Any) -> None:
        super().__init__(max_length=longest, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and _CONTROL.search(data.replace(self.breaks, "")):
            self.fail("control")
        if isinstance(data, int):
            self.fail("invalid")
        return super().run_validation(data)


class Prose(Text):
    """Text of several lines."""

    breaks = "\n"


class Ident(serializers.RegexField):
    """A short name in small letters, digits and dashes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[a-z0-9][a-z0-9-]{0,29}\Z", **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, int):
            self.fail("invalid")
        return super().run_validation(data)


class Whole(serializers.IntegerField):
    """A whole number between two others, written as a JSON number."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, **options)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


@extend_schema_field({"type": "string", "pattern": f"^{_DECIMAL.pattern}$", "example": "6.81"})
class Quantity(serializers.DecimalField):
    """A decimal above zero, written as a string such as "6.81"."""

    default_error_messages = {
        "plain": 'Write it as a string of plain digits, such as "6.81".',
        "positive": "It must be more than zero.",
    }

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not _DECIMAL.fullmatch(data):
            self.fail("plain")
        value = Decimal(super().to_internal_value(data))
        if value <= 0:
            self.fail("positive")
        return value


class Choice(serializers.ChoiceField):
    """One word of a short list."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=type(data).__name__)
        return super().to_internal_value(data)


class Terms(serializers.ListField):
    """Words that a row keeps separated by commas; "none-known" and "unknown" stand alone."""

    child = serializers.RegexField(r"^[a-z][a-z0-9 -]{0,39}\Z")
    default_error_messages = {
        "too_long": "These are too many words.",
        "alone": "“none-known” and “unknown” stand alone.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty=False, max_length=_MOST_TERMS, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        terms: list[str] = super().to_internal_value(data)
        if len(",".join(terms)) > _LONGEST_TERMS:
            self.fail("too_long")
        if len(terms) > 1 and _ALONE & set(terms):
            self.fail("alone")
        return terms

    def to_representation(self, data: Any) -> list[str]:
        return _pieces_of(data.split(","))


class Lines(serializers.ListField):
    """Lines that a row keeps in one text."""

    child = Text(200)
    default_error_messages = {"too_long": "These lines are too long together."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_MOST_LINES, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        lines: list[str] = super().to_internal_value(data)
        if len("\n".join(lines)) > _LONGEST_LINES:
            self.fail("too_long")
        return lines

    def to_representation(self, data: Any) -> list[str]:
        return _pieces_of(data.splitlines())


def _pieces_of(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]

"""The kinds of value our JSON has; each refuses what is almost right instead of guessing."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from provenance import countries, typed
from provenance.making_reading import read_span
from provenance.making_record import InvalidRecordError
from provenance.models.piece import SERIAL_PATTERN

_DECIMAL = re.compile(r"[0-9]{1,8}(\.[0-9]{1,3})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# Answers that leave no room for another beside them.
_ALONE = frozenset({"none-known", "unknown"})
_MOST_TERMS, _LONGEST_TERMS = 6, 120
_MOST_LINES, _LONGEST_LINES = 12, 600
_MOST_KEYWORDS, _LONGEST_KEYWORDS = 20, 300
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# Names that mean something else in a record: the whole piece, and the stones as signed.
_TAKEN = re.compile(r"piece|s[0-9]+", re.ASCII)


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

    spelling = r"^[a-z0-9][a-z0-9-]{0,29}\Z"

    def __init__(self, **options: Any) -> None:
        super().__init__(self.spelling, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, int):
            self.fail("invalid")
        return super().run_validation(data)


class PartName(Ident):
    """A name for a part that means nothing else in a record."""

    default_error_messages = {"reserved": "“piece” and “s1” name something else already."}

    def to_internal_value(self, data: Any) -> Any:
        name = super().to_internal_value(data)
        if _TAKEN.fullmatch(name):
            self.fail("reserved")
        return name


class Slug(Ident):
    """A short name as the pages of the bench take it: capitals and underlines too."""

    spelling = r"^[A-Za-z0-9_-]{1,30}\Z"


class Whole(serializers.IntegerField):
    """A whole number between two others, written as a JSON number."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, **options)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Truth(serializers.BooleanField):
    """True or false, written as JSON writes them; "yes" and 1 are not taken for it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


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


class YesNo(serializers.BooleanField):
    """True or false, and nothing that merely looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Day(serializers.DateField):
    """A day of the calendar, as in "2026-11-20"."""

    default_error_messages = {"day": "Write it as a day such as 2026-11-20."}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("day")
        day: date = super().to_internal_value(data)
        return day


@extend_schema_field({"type": "string", "pattern": "^[A-Z]{2}$", "example": "GB"})
class Country(Text):
    """A country by its two capital letters (ISO 3166-1)."""

    default_error_messages = {"country": "Write the two letters of ISO 3166-1, such as GB."}

    def __init__(self, **options: Any) -> None:
        super().__init__(2, **options)

    def to_internal_value(self, data: Any) -> str:
        code: str = super().to_internal_value(data)
        if code not in countries.NAMES:
            self.fail("country")
        return code


class ArticleNumber(Text):
    """A GTIN whose check digit holds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(14, **options)

    def to_internal_value(self, data: Any) -> str:
        digits: str = super().to_internal_value(data)
        try:
            return typed.article_number(digits)
        except typed.UnreadableError as problem:
            raise ValidationError(str(problem), "gtin") from problem


class Serial(serializers.RegexField):
    """A serial number that fits a GS1 code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(SERIAL_PATTERN, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, int) or (isinstance(data, str) and data.endswith("\n")):
            self.fail("invalid")
        return super().run_validation(data)


class WebAddress(serializers.URLField):
    """An address of the web, http or https."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and not isinstance(data, str):
            self.fail("invalid")
        if isinstance(data, str) and data and not data.startswith(("https://", "http://")):
            self.fail("invalid")
        return super().run_validation(data)


class Moment(serializers.DateTimeField):
    """An RFC 3339 moment; becomes an aware datetime."""

    default_error_messages = {"not_a_time": "Write a moment such as 2026-11-20T14:05:00Z."}

    def to_internal_value(self, data: Any) -> datetime:
        try:
            span = read_span(data, "")
        except InvalidRecordError:
            self.fail("not_a_time")
        if span.first != span.last:
            self.fail("not_a_time")
        return span.first


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


class Keywords(serializers.ListField):
    """Words for a shop's shelves, which a row keeps separated by commas."""

    child = serializers.RegexField(r"^[^,\x00-\x1f\x7f-\x9f]{1,40}\Z")
    default_error_messages = {"too_long": "These are too many words."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_MOST_KEYWORDS, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        words: list[str] = super().to_internal_value(data)
        if len(",".join(words)) > _LONGEST_KEYWORDS:
            self.fail("too_long")
        return words

    def to_representation(self, data: Any) -> list[str]:
        return _pieces_of(data.split(","))


class Countries(serializers.ListField):
    """Countries by their two letters, each once."""

    child = Country()
    default_error_messages = {"twice": "A country stands here twice."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=len(countries.NAMES), **options)

    def to_internal_value(self, data: Any) -> list[str]:
        codes: list[str] = super().to_internal_value(data)
        if len(codes) != len(set(codes)):
            self.fail("twice")
        return codes

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

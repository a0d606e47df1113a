"""Sentences that remember how they were put together, so that a page can say them in any tongue.

A `Phrase` is its English text: whoever does not translate notices nothing. Whoever does hands
in a `Tongue` and gets the same sentence from the same parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Protocol

# A word, a number as it is written, or a day: each tongue has its own form of the last two.
Part = str | int | Decimal | date

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Tongue(Protocol):
    """A language: its sentences by their English, its plurals, its days and numbers."""

    def text(self, msgid: str, context: str) -> str:
        """The sentence for an English one; the English one where there is none."""

    def plural(self, one: str, many: str, count: int) -> str:
        """The sentence for so many."""

    def day(self, day: date, *, has_year: bool) -> str:
        """A day in words, such as "20 November 2026"."""

    def month(self, day: date) -> str:
        """The month of a day and its year, such as "November 2026"."""

    def number(self, number: Decimal) -> str:
        """A number with the decimal sign of the language, and nothing rounded."""


class English:
    """The tongue of the source: it says every sentence as it stands."""

    def text(self, msgid: str, context: str) -> str:
        return msgid

    def plural(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def day(self, day: date, *, has_year: bool) -> str:
        return f"{day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if has_year else ''}"

    def month(self, day: date) -> str:
        return f"{_MONTHS[day.month - 1]} {day.year}"

    def number(self, number: Decimal) -> str:
        text = format(number.normalize(), "f")
        return "0" if text in {"-0", ""} else text


ENGLISH: Final = English()


class Recipe(Protocol):
    """How a phrase is put together."""

    def said_in(self, tongue: Tongue) -> str:
        """The phrase in this tongue."""


class Phrase(str):
    """An English sentence with its recipe."""

    recipe: Recipe


def said(text: str, tongue: Tongue) -> str:
    """A text in this tongue: what is no phrase, such as words that a maker typed, stays.

    >>> said("Marlowe ring", ENGLISH)
    'Marlowe ring'
    """
    return text.recipe.said_in(tongue) if isinstance(text, Phrase) else text


def say(msgid: str, /, **parts: Part) -> Phrase:
    """A sentence with its parts in the places that name them.

    >>> say("%(maker)s, on %(day)s.", maker="Tidewell Bench", day=date(2026, 11, 20))
    'Tidewell Bench, on 20 November 2026.'
    """
    return _phrase(_Template(msgid, parts))


def say_count(one: str, many: str, /, count: int, **parts: Part) -> Phrase:
    """A sentence about so many, in the form that the number asks for; `count` is a part of it.

    >>> say_count("%(count)s minute ago", "%(count)s minutes ago", 4)
    '4 minutes ago'
    """
    return _phrase(_Counted(one, many, count, {**parts, "count": count}))


def say_template(msgid: str, /, **parts: Part) -> Phrase:
    """The same for a sentence that stands in a list of data, such as the rules of a policy."""
    return _phrase(_Template(msgid, parts))


def term(word: str, context: str = "") -> str:
    """A word of the trade or of a list; where a tongue does not know it, it stays as it is.

    >>> term("sapphire", "stone")
    'sapphire'
    """
    return _phrase(_Template(word, {}, context)) if word else ""


def day_in_words(day: date, *, has_year: bool = True) -> Phrase:
    """A day alone.

    >>> day_in_words(date(2026, 11, 20), has_year=False)
    '20 November'
    """
    return _phrase(_Day(date(day.year, day.month, day.day), has_year))


def month_in_words(day: date) -> Phrase:
    """The month of a day, where the day itself is nobody's business.

    >>> month_in_words(date(2026, 11, 20))
    'November 2026'
    """
    return _phrase(_Month(date(day.year, day.month, 1)))


def number_in_words(number: Decimal) -> Phrase:
    """A number alone."""
    return _phrase(_Number(number))


def joined(texts: Iterable[str], between: str = " ") -> str:
    """Several texts in a row, the empty ones left out; `between` means the same in every tongue.

    >>> joined(["Paused.", "", "Ask its maker."])
    'Paused. Ask its maker.'
    """
    kept = tuple(text for text in texts if text)
    return _phrase(_Joined(kept, between)) if kept else ""


def listed(texts: Iterable[str]) -> str:
    """The same with commas."""
    return joined(texts, ", ")


def and_so_on(texts: Iterable[str]) -> str:
    """The same with "and" between any two.

    >>> and_so_on(["gold", "silver"])
    'gold and silver'
    """
    first, *others = [text for text in texts if text] or [""]
    for text in others:
        first = say("%(first)s and %(second)s", first=first, second=text)
    return first


def capital(text: str) -> str:
    """The text as it begins a sentence."""
    return _phrase(_Capital(text)) if isinstance(text, Phrase) else _raised(text)


def sentence(text: str) -> str:
    """The text as a sentence of its own: a capital letter, and one full stop.

    >>> sentence("no tag was read")
    'No tag was read.'
    """
    return _phrase(_Sentence(text))


# -- recipes ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Template:
    msgid: str
    parts: Mapping[str, Part] = field(default_factory=dict)
    context: str = ""

    def said_in(self, tongue: Tongue) -> str:
        return _filled(tongue.text(self.msgid, self.context), self.parts, tongue)


@dataclass(frozen=True)
class _Counted:
    one: str
    many: str
    count: int
    parts: Mapping[str, Part]

    def said_in(self, tongue: Tongue) -> str:
        return _filled(tongue.plural(self.one, self.many, self.count), self.parts, tongue)


@dataclass(frozen=True)
class _Day:
    day: date
    has_year: bool

    def said_in(self, tongue: Tongue) -> str:
        return tongue.day(self.day, has_year=self.has_year)


@dataclass(frozen=True)
class _Month:
    day: date

    def said_in(self, tongue: Tongue) -> str:
        return tongue.month(self.day)


@dataclass(frozen=True)
class _Number:
    number: Decimal

    def said_in(self, tongue: Tongue) -> str:
        return tongue.number(self.number)


@dataclass(frozen=True)
class _Joined:
    texts: tuple[str, ...]
    between: str

    def said_in(self, tongue: Tongue) -> str:
        return self.between.join(said(text, tongue) for text in self.texts)


@dataclass(frozen=True)
class _Capital:
    text: str

    def said_in(self, tongue: Tongue) -> str:
        return _raised(said(self.text, tongue))


@dataclass(frozen=True)
class _Sentence:
    text: str

    def said_in(self, tongue: Tongue) -> str:
        return f"{_raised(said(self.text, tongue)).rstrip('.')}."


def _phrase(recipe: Recipe) -> Phrase:
    phrase = Phrase(recipe.said_in(ENGLISH))
    phrase.recipe = recipe
    return phrase


def _filled(template: str, parts: Mapping[str, Part], tongue: Tongue) -> str:
    if not parts:
        return template
    return template % {name: _part(part, tongue) for name, part in parts.items()}


def _part(part: Part, tongue: Tongue) -> str:
    if isinstance(part, str):
        return said(part, tongue)
    if isinstance(part, Decimal):
        return tongue.number(part)
    return tongue.day(part, has_year=True) if isinstance(part, date) else str(part)


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]

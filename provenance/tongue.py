"""The language that is active for a request, as phrases ask for it."""

from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.dateformat import format as formatted
from django.utils.translation import get_language, gettext, ngettext, pgettext

from provenance.phrases import ENGLISH, said

_WITH_COMMA: Final = frozenset({"fr", "de", "it"})


class ActiveTongue:
    """Sentences from the catalogues of `locale`, days and numbers as that language writes them."""

    def text(self, msgid: str, context: str) -> str:
        return pgettext(context, msgid) if context else gettext(msgid)

    def plural(self, one: str, many: str, count: int) -> str:
        return ngettext(one, many, count)

    def day(self, day: date, *, has_year: bool) -> str:
        told = self.month(day) if has_year else _month(day)
        return f"{day.day}{_after_the_day(day)} {told}"

    def month(self, day: date) -> str:
        return f"{_month(day)} {day.year}"

    def number(self, number: Decimal) -> str:
        plain = ENGLISH.number(number)
        return plain.replace(".", ",") if language() in _WITH_COMMA else plain


_TONGUE: Final = ActiveTongue()


def language() -> str:
    """The two letters of the active language."""
    return (get_language() or "en")[:2]


def in_our_tongue(text: str) -> str:
    """A text in the active language; English ones stand as they were written."""
    return text if language() == "en" else said(text, _TONGUE)


def _month(day: date) -> str:
    name = formatted(day, "F")
    return name if language() == "de" else name.lower()


def _after_the_day(day: date) -> str:
    if language() == "de":
        return "."
    return "er" if language() == "fr" and day.day == 1 else ""

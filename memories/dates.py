"""When something was, as people remember it: read for sorting, always shown as it was typed."""

import enum
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1800, 2199


class Precision(enum.IntEnum):
    """How much is known, the least first: of two on one day the vaguer one comes first."""

    DECADE = 0
    YEAR = 1
    SEASON = 2
    MONTH = 3
    FEAST = 4
    DAY = 5


@dataclass(frozen=True, order=True)
class When:
    """A remembered time: the first day that it can mean, and how precisely it is known."""

    first: date
    precision: Precision

    @property
    def year(self) -> int:
        return self.first.year


_MONTHS = (
    "january jan januar janner janvier janv gennaio gen",
    "february feb februar feber fevrier fev fevr febbraio febb",
    "march mar marz mrz mars marzo",
    "april apr avril avr aprile",
    "may mai maggio mag",
    "june jun juni juin giugno giu",
    "july jul juli juillet juil luglio lug",
    "august aug aout agosto ago",
    "september sep sept septembre settembre sett",
    "october oct oktober okt octobre ottobre ott",
    "november nov novembre",
    "december dec dezember dez decembre dicembre dic",
)
_PARTS = {
    3: "spring fruhling fruhjahr printemps primavera",
    6: "summer sommer ete estate",
    9: "autumn fall herbst automne autunno",
    12: "winter hiver inverno",
}
# What people say of a year besides its seasons, by the month it begins with.
_THIRDS = {
    1: "early anfang debut inizio",
    6: "mid mitte meta",
    11: "late ende fin fine",
}
_FEASTS = {
    (12, 25): "christmas xmas weihnachten noel natale",
    (12, 24): "heiligabend",
    (12, 31): "silvester hogmanay",
    (1, 1): "neujahr capodanno",
    (2, 14): "valentine valentines valentinstag",
}
_EASTER = frozenset({"easter", "ostern", "paques", "pasqua"})


def _numbered(words: dict[int, str]) -> dict[str, int]:
    return {word: number for number, said in words.items() for word in said.split()}


MONTH_NAMES = _numbered(dict(enumerate(_MONTHS, start=1)))
SEASON_NAMES, THIRD_NAMES = _numbered(_PARTS), _numbered(_THIRDS)
FEAST_NAMES = {word: day for day, said in _FEASTS.items() for word in said.split()}

_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_FIGURES = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_MONTH_FIGURES = re.compile(r"(\d{1,2})[./-](\d{4})")
_DECADE = re.compile(r"(\d{3}0)s|(\d{3}0)er|annees (\d{3}0)|anni (\d{3}0)")
_WORD = re.compile(r"[a-z]+|\d+")


def read_when(said: str) -> When | None:
    """Read a date as people type it in English, German, French or Italian; None when it tells none.

    Words that say nothing of time are passed over. A season is the meteorological one, winter
    begins in December; 6/5/2020 is the sixth of May, as in Europe, unless only the other way is a
    date.

    >>> read_when("Spring 2019")
    When(first=datetime.date(2019, 3, 1), precision=<Precision.SEASON: 2>)
    >>> read_when("14. Juni 2020").first.isoformat()
    '2020-06-14'
    >>> read_when("once upon a time") is None
    True
    """
    plain = _plain(said)
    return _decade(plain) or _in_figures(plain) or _in_words(_WORD.findall(plain))


def _plain(said: str) -> str:
    """Small letters without their accents: ü is u, é is e."""
    parts = unicodedata.normalize("NFKD", said.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()


def _decade(plain: str) -> When | None:
    found = _DECADE.search(plain)
    year = int(next(filter(None, found.groups()))) if found else 0
    return _when(year, 1, 1, Precision.DECADE)


def _in_figures(plain: str) -> When | None:
    if iso := _ISO.fullmatch(plain):
        year, month, day = (int(part or 0) for part in iso.groups())
        return _when(year, month, day or 1, Precision.DAY if day else Precision.MONTH)
    if figures := _FIGURES.fullmatch(plain):
        one, other, year = (int(part) for part in figures.groups())
        return _when(year, other, one, Precision.DAY) or _when(year, one, other, Precision.DAY)
    if figures := _MONTH_FIGURES.fullmatch(plain):
        return _when(int(figures[2]), int(figures[1]), 1, Precision.MONTH)
    return None


def _in_words(words: list[str]) -> When | None:
    year = next((int(word) for word in words if len(word) == 4 and word.isdigit()), 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if feast := _feast(year, words):
        return feast
    if month := _named(words, MONTH_NAMES):
        day = next((int(word) for word in words if len(word) <= 2 and word.isdigit()), 0)
        known = _when(year, month, day, Precision.DAY) if day else None
        return known or _when(year, month, 1, Precision.MONTH)
    # "Late summer" is of the summer, and not late in the year.
    if season := _named(words, SEASON_NAMES) or _named(words, THIRD_NAMES):
        return _when(year, season, 1, Precision.SEASON)
    return _when(year, 1, 1, Precision.YEAR)


def _named(words: list[str], names: dict[str, int]) -> int:
    """The month that the first of these names stands for; 0 without one."""
    return next((names[word] for word in words if word in names), 0)


def _feast(year: int, words: list[str]) -> When | None:
    if _EASTER.intersection(words):
        return When(_easter(year), Precision.FEAST)
    named = next((FEAST_NAMES[word] for word in words if word in FEAST_NAMES), None)
    return _when(year, *named, Precision.FEAST) if named else None


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    golden, century, in_century = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    return date(year, 3, 22) + timedelta(days=epact + weekday - 7 * shift)


def _when(year: int, month: int, day: int, precision: Precision) -> When | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return When(date(year, month, day), precision)
    except ValueError:
        return None

"""Text as a reader takes it in: one small letter for all that look or sound like it."""

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

# Capitals first: a Greek capital Η looks like H, its small η like n.
_CAPITALS: Final = str.maketrans(
    {
        look: letter
        for letter, looks in {
            "a": "АΑᎪ",
            "b": "ВΒᏴ",
            "c": "СϹᏟ",
            "d": "ᎠԀ",
            "e": "ЕΕᎬ",
            "g": "ԌᏀ",
            "h": "НΗᎻ",
            "i": "ІΙӀ",
            "j": "ЈᎫ",
            "k": "КΚᏦ",
            "l": "ᏞԼ",
            "m": "МΜᎷ",
            "n": "Ν",
            "o": "ОΟՕ",
            "p": "РΡᏢ",
            "q": "Ԛ",
            "r": "ᎡᏒ",
            "s": "ЅՏᏚ",
            "t": "ТΤᎢ",
            "v": "ѴᏙ",
            "w": "ԜᎳ",
            "x": "ХΧ",
            "y": "УΥҮ",
            "z": "ΖᏃ",
        }.items()
        for look in looks
    }
)
_SMALL: Final = str.maketrans(
    {
        look: letter
        for letter, looks in {
            "a": "аαɑᴀ",
            "b": "вЬʙ",
            "c": "сϲᴄ",
            "d": "ԁᴅđ",
            "e": "еεєᴇ",
            "f": "ƒꜰ",
            "g": "ɡցɢ",
            "h": "нһհʜħ",
            "i": "іιɩıɪ",
            "j": "јᴊ",
            "k": "кκᴋ",
            "l": "ӏłʟ",
            "m": "мᴍ",
            "n": "пηոɴ",
            "o": "оοօσøᴏ",
            "p": "рρᴘ",
            "q": "ԛգ",
            "r": "гʀ",
            "s": "ѕꜱ",
            "t": "тτᴛŧ",
            "u": "υսᴜц",
            "v": "νѵᴠ",
            "w": "ԝωᴡш",
            "x": "хχ",
            "y": "уүγʏ",
            "z": "ᴢ",
        }.items()
        for look in looks
    }
)
_LONG: Final = {"æ": "ae", "œ": "oe", "þ": "th"}
# Dropped in silence: they have no width, or join what stands beside them.
_INVISIBLE: Final = frozenset({"Cf", "Cc", "Mn", "Me", "Cs", "Co"})


def seen(text: str) -> str:
    """A stranger's text as a terminal may show it: what steers or hides becomes a question mark.

    >>> seen("Marlowe ring\\x1b[2K")
    'Marlowe ring?[2K'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@dataclass(frozen=True)
class Folded:
    """Folded text, and for each of its characters the place in the text it came from."""

    text: str
    places: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the text as it was typed."""
        return self.places[start], self.places[end - 1] + 1


@lru_cache(maxsize=4096)
def fold(text: str) -> Folded:
    """Fold text for comparing: small letters, no accents, no invisible signs, dashes as "-".

    Follows Unicode NFKC and case folding; letters of other scripts that look like a Latin letter
    become that letter.

    >>> fold("Hаnd\\u00ad‑МADE").text
    'hand-made'
    """
    if text.isascii() and text.isprintable():
        # Of these only the capitals change.
        return Folded(text.lower(), tuple(range(len(text))))
    letters = [(each, place) for place, char in enumerate(text) for each in _folded(char)]
    return Folded("".join(letter for letter, _ in letters), tuple(place for _, place in letters))


@cache
def _folded(char: str) -> str:
    if char in "\n\r\t":
        return " "
    plain = unicodedata.normalize("NFKC", char).translate(_CAPITALS).casefold()
    return "".join(_letter(each) for each in unicodedata.normalize("NFKD", plain))


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category in _INVISIBLE:
        return ""
    if category == "Pd" or char == "−":
        return "-"
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    return _LONG.get(char, char.translate(_SMALL))

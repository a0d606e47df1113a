"""The press: pages of `templates/pdf` set as PDF. Words reach it as data, never as its language."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final

import typst

from tags.errors import PrintError
from tags.fonts import SCRIPTS

PAGES: Final = Path(__file__).resolve().parent.parent / "templates" / "pdf"
NO_TYPE: Final = "□"

# One typesetter holds the fonts and what it has learned of each page; it serves one at a time.
_setting = Lock()
# The end of a line, and the two that join the letters of some scripts or keep them apart.
_KEPT: Final = frozenset("\n\u200c\u200d")
_ANY_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside a PDF."""

    name: str
    content: bytes
    description: str


def set_page(page: str, words: Mapping[str, object], *, fonts: Path) -> bytes:
    """Set a page as PDF; `fonts` is a folder filled by `fonts.unpack_fonts`.

    The same words give the same bytes. Raises PrintError when the page cannot be set.
    """
    return _compile(page, words, fonts, kept_since=None)


def set_archival(
    page: str,
    words: Mapping[str, object],
    *,
    attachment: Attachment,
    made_at: datetime,
    fonts: Path,
) -> bytes:
    """Set a page as PDF/A-3b with a file inside, dated `made_at`; promises as for `set_page`.

    An archival page may hold no letter without its shape. One that no type here has is printed as
    "□", and the page is told so in `lacks_type`. Control characters are left out: they would set
    a line otherwise than it was signed.
    """
    inside = {
        "name": attachment.name,
        "content": attachment.content.decode("utf-8"),
        "description": attachment.description,
    }
    clean = _said(words, _without_controls)

    def attempt(said: Mapping[str, object], *, lacks_type: bool) -> bytes:
        data = {**said, "attachment": inside, "lacks_type": lacks_type}
        return _compile(page, data, fonts, kept_since=made_at)

    try:
        return attempt(clean, lacks_type=False)
    except PrintError:
        missing = frozenset(letter for letter in _letters(clean) if not _has_type(letter, fonts))
        return attempt(_said(clean, lambda text: _boxed(text, missing)), lacks_type=True)


def press(fonts: Path) -> str:
    """What the same words and pages are set with: another press, other bytes."""
    return f"typst {version('typst')}, {sorted(file.name for file in fonts.iterdir())}"


def _compile(
    page: str, words: Mapping[str, object], fonts: Path, *, kept_since: datetime | None
) -> bytes:
    """`kept_since` makes it archival, with that date.

    ISO 19005-3, level B: fonts, colours and the file inside travel along. ISO 14289-1: it can be
    read aloud.
    """
    data = {**words, "scripts": SCRIPTS}
    with _setting:
        try:
            pdf = _typesetter(page, fonts).compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data)},
                timestamp=int(kept_since.timestamp()) if kept_since else 0,
                pdf_standards=["a-3b", "ua-1"] if kept_since else [],
            )
        except typst.TypstError as problem:
            raise PrintError("this page could not be set for printing") from problem
    # A list comes back only for pictures, one for each page.
    if not isinstance(pdf, bytes):
        raise PrintError("this page did not come out as one file")
    return pdf


@lru_cache(maxsize=8)
def _typesetter(page: str, fonts: Path) -> typst.Compiler:
    return typst.Compiler(
        str(PAGES / page), root=str(PAGES), font_paths=[str(fonts)], ignore_system_fonts=True
    )


@lru_cache(maxsize=4096)
def _has_type(letter: str, fonts: Path) -> bool:
    try:
        _compile("letter.typ", {"letter": letter}, fonts, kept_since=_ANY_DAY)
    except PrintError:
        return False
    return True


def _said(words: Mapping[str, object], change: Callable[[str], str]) -> dict[str, object]:
    """The same words with every text in them changed."""
    return {name: _mapped(value, change) for name, value in words.items()}


def _mapped(value: object, change: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return _said(value, change)
    if isinstance(value, list | tuple):
        return [_mapped(each, change) for each in value]
    return value


def _letters(value: object) -> Iterator[str]:
    """Every letter beyond ASCII in the texts of a value, many of them more than once."""
    if isinstance(value, str):
        yield from (letter for letter in value if not letter.isascii())
    elif isinstance(value, Mapping):
        yield from _letters(list(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _letters(each)


def _boxed(text: str, missing: frozenset[str]) -> str:
    return "".join(NO_TYPE if letter in missing else letter for letter in text)


def _without_controls(text: str) -> str:
    # General categories Cc, Cf, Cs and Co: controls (those that turn a line around among them),
    # halves of letters, and shapes that each program draws as it likes.
    if text.isprintable():
        return text
    kept = (
        letter if letter in _KEPT or unicodedata.category(letter)[0] != "C" else ""
        for letter in text.replace("\r\n", "\n").replace("\t", " ")
    )
    return "".join(kept)

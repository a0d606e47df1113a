"""A tongue that marks all it translates: what is left outside its marks was forgotten."""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests import catalogues
from tests.catalogues import Catalogue, Message

OPEN, CLOSED = "⟦", "⟧"
_SPOKEN = ("alt", "aria-label", "title", "content")
_SILENT = ("script", "style", "svg", "code")
_INNERMOST = re.compile(f"{OPEN}[^{OPEN}{CLOSED}]*{CLOSED}")


def write_marking(folder: Path) -> None:
    """A catalogue for French in this folder in which every sentence is marked English."""
    marked = Catalogue("fr")
    for message in catalogues.sayable():
        marked.told[message] = _marked(message)
    file = folder / "fr" / "LC_MESSAGES" / "django.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(catalogues.compiled(marked))


def _marked(message: Message) -> tuple[str, ...]:
    texts = (message.text, message.plural) if message.plural else (message.text,)
    return tuple(f"{OPEN}{text}{CLOSED}" for text in texts)


def unmarked(text: str) -> str:
    """What stands outside all marks; what a sentence was filled with is inside."""
    while (less := _INNERMOST.sub(" ", text)) != text:
        text = less
    return text


def texts_of(page: str) -> list[str]:
    """Every text that a page shows or reads aloud, in its own language."""
    reader = _Reader()
    reader.feed(page)
    return [text for text in reader.texts if text.strip()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        # Another language is named as such, and a robot's words are nobody's.
        is_foreign = tag != "html" and "lang" in told
        if tag not in ("meta", "link", "img", "input", "br", "source", "path", "circle", "rect"):
            self._open.append((tag, tag in _SILENT or is_foreign))
        if tag != "meta" or told.get("name") == "description":
            self.texts += [told[name] or "" for name in _SPOKEN if name in told]

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not any(is_silent for _, is_silent in self._open):
            self.texts.append(data)

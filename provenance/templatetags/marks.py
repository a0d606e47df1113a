"""Icons, punches and struck marks, drawn into the page so that no picture has to be fetched."""

import re
from pathlib import Path
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

ICON_FOLDER: Final = Path(__file__).resolve().parents[2] / "static" / "img" / "icons"
_SHAPE: Final = re.compile(r'<svg[^>]*viewBox="([^"]+)"[^>]*>(.*)</svg>', re.DOTALL)

register = template.Library()


def read_drawings(folder: Path) -> dict[str, str]:
    """Every drawing of the folder as a format string that wants its CSS class, `kind`."""
    drawings = {}
    for file in sorted(folder.glob("*.svg")):
        if found := _SHAPE.search(file.read_text(encoding="utf-8")):
            drawings[file.stem] = (
                f'<svg class="{{kind}}" viewBox="{found[1]}" aria-hidden="true">{found[2]}</svg>'
            )
    return drawings


# Read once: a page draws up to forty of them.
DRAWINGS: Final = read_drawings(ICON_FOLDER)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon; it never stands without words, so readers aloud skip it."""
    return _drawing(name, "icon")


@register.simple_tag
def punch(name: str) -> SafeString:
    """The struck outline of a verdict, e.g. `verdict-identified`."""
    return _drawing(name, "punch")


def _drawing(name: str, kind: str) -> SafeString:
    if name not in DRAWINGS:
        raise template.TemplateSyntaxError(f"no drawing is called {name!r}")
    return format_html(DRAWINGS[name], kind=kind)


@register.simple_tag
def sponsor_mark(letters: str) -> SafeString:
    """The maker's registered letters in a shield; long marks are pressed to fit."""
    return format_html(
        '<svg class="mark" viewBox="0 0 58 46" aria-hidden="true">'
        '<path d="M4 5h50v20c0 9-10 15-25 18C14 40 4 34 4 25Z"/>'
        '<text x="29" y="27" font-size="{}"{}>{}</text></svg>',
        17 if len(letters) <= 3 else 13,
        _pressed(len(letters), limit=3, into=40),
        letters,
    )


# Outlines as they are struck: the sponsor's shield, the oval of gold, cut corners, a plain field.
_OUTLINES: Final = {
    "shield": "M2 3h{inner}v13.5c0 6-{quarter} 9.5-{half} 11.5C{left} 26 2 22.5 2 16.5Z",
    "oval": "M14 3h{straight}a12 12 0 0 1 0 24h-{straight}a12 12 0 0 1 0-24Z",
    "octagon": "M8 3h{flat}l6 6v12l-6 6H8l-6-6V9Z",
    "square": "M2 3h{inner}v24h-{inner}Z",
}


@register.simple_tag
def cartouche(text: str, shape: str = "square") -> SafeString:
    """One mark as it stands in the metal; its letters are also its name for readers aloud."""
    width = max(34, 13 + 11 * min(len(text), 12))
    outline = _OUTLINES.get(shape, _OUTLINES["square"]).format(
        inner=width - 4,
        half=(width - 4) / 2,
        quarter=(width - 4) / 4,
        left=2 + (width - 4) / 4,
        straight=width - 28,
        flat=width - 16,
    )
    return format_html(
        '<svg class="cartouche" viewBox="0 0 {width} 30" role="img" aria-label="{text}">'
        '<path d="{outline}"/><text x="{middle}" y="20.5"{pressed}>{text}</text></svg>',
        width=width,
        outline=outline,
        middle=width / 2,
        pressed=_pressed(len(text), limit=12, into=width - 14),
        text=text,
    )


def _pressed(letters: int, *, limit: int, into: int) -> SafeString:
    if letters <= limit:
        return SafeString("")
    return format_html(' textLength="{}" lengthAdjust="spacingAndGlyphs"', into)

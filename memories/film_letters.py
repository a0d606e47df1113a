"""The words of a film as pictures: any script the site has type for, set by Pango.

A letter that no typeface has would come out as a box with its number in it. Such letters are
found before, left out, and told.
"""

import html
import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyvips
from PIL import Image

from tags.fonts import SCRIPTS

# It tells of every thread it has ended.
logging.getLogger("pyvips").setLevel(logging.WARNING)

SERIF: Final = "Print Serif"
SANS: Final = "Print Sans"
# What our own type lacks comes from the machine: Hebrew, Arabic, Chinese, emoji, whatever is there.
ELSE: Final = ("Noto Serif", "Noto Color Emoji", "DejaVu Serif", "serif")
WARM: Final = (0xFD, 0xF8, 0xEF)
BETWEEN_LINES: Final = 0.18
BETWEEN_PARTS: Final = 0.7
FINDING_SIZE: Final = 40
JOINS: Final = "\u200d"


@dataclass(frozen=True)
class Style:
    """How one part of the words looks; `sizes` in pixels, the next smaller where it is too tall."""

    family: str
    face: str
    sizes: tuple[int, ...]


TITLE: Final = Style(SERIF, "Medium", (92, 76, 60, 48))
CHAPTER: Final = Style(SERIF, "Medium", (66, 54, 44))
CAPTION: Final = Style(SERIF, "Italic", (52, 46, 40, 34, 28))
WHEN: Final = Style(SANS, "", (34, 30, 26))
NOTE: Final = Style(SANS, "Semi-Bold", (30, 26))


@dataclass(frozen=True)
class Part:
    """One part of what is said in a place, above the next one."""

    text: str
    style: Style


def use_fonts(folder: Path) -> None:
    """Let Pango find the unpacked type of this folder, in this process, from now on."""
    _use_fonts(folder.resolve())


@lru_cache
def _use_fonts(folder: Path) -> None:
    for file in sorted(folder.glob("*.ttf")):
        pyvips.Image.text("a", font="Sans 10", fontfile=str(file))


def set_words(parts: Sequence[Part], *, width: int, height: int) -> Image.Image | None:
    """The parts below one another, centred, as RGBA no larger than that; None of no words.

    Each is as large as all of them fit; of words too long even at the smallest size, the end is
    cut off. Letters that `missing_from` names must be taken out before.
    """
    said = [part for part in parts if part.text.strip()]
    if not said:
        return None
    most = max(len(part.style.sizes) for part in said)
    for attempt in range(most):
        stacked = _stack([_set(part, attempt, width) for part in said])
        if stacked.height <= height:
            return stacked
    return stacked.crop((0, 0, stacked.width, height))


def _stack(set_parts: Sequence[tuple[Image.Image, int]]) -> Image.Image:
    width = max(picture.width for picture, _ in set_parts)
    gaps = [round(size * BETWEEN_PARTS) for _, size in set_parts[1:]]
    height = sum(picture.height for picture, _ in set_parts) + sum(gaps)
    stacked = Image.new("RGBA", (width, height), (*WARM, 0))
    top = 0
    for (picture, _), gap in zip(set_parts, [*gaps, 0], strict=True):
        stacked.paste(picture, ((width - picture.width) // 2, top))
        top += picture.height + gap
    return stacked


def _set(part: Part, attempt: int, width: int) -> tuple[Image.Image, int]:
    """One part at the size of this attempt, and that size."""
    sizes = part.style.sizes
    size = sizes[min(attempt, len(sizes) - 1)]
    colour = "#{:02x}{:02x}{:02x}".format(*WARM)
    text = f'<span foreground="{colour}">{html.escape(part.text.strip())}</span>'
    drawn = pyvips.Image.text(
        text,
        font=f"{','.join(_families(part.style.family))} {part.style.face} {size}",
        width=width,
        dpi=72,
        align="centre",
        wrap="word-char",
        spacing=round(size * BETWEEN_LINES),
        rgba=True,
    )
    drawn = drawn.crop(0, 0, min(drawn.width, width), drawn.height)
    picture = Image.frombytes("RGBA", (drawn.width, drawn.height), drawn.write_to_memory())
    return picture, size


def _families(family: str) -> list[str]:
    return [*(f"{family} {script}" for script in SCRIPTS), *ELSE]


def missing_from(text: str) -> str:
    """The letters of a text that no typeface here has, each once, in their order.

    >>> missing_from("Six in the morning")
    ''
    """
    letters = dict.fromkeys(letter for letter in text if not letter.isascii())
    return "".join(letter for letter in letters if _is_seen(letter) and not _is_there(letter))


def leave_out(text: str, missing: Iterable[str]) -> str:
    """The text without these letters, nor the marks and joins that hung on them."""
    gone = set(missing)
    kept: list[str] = []
    hangs_on_gone = False
    for letter in text:
        if letter in gone:
            hangs_on_gone = True
        elif not (hangs_on_gone and _hangs(letter)):
            hangs_on_gone = False
            kept.append(letter)
    return " ".join("".join(kept).strip(JOINS).split())


def _hangs(letter: str) -> bool:
    """A mark, a variation selector, a joiner or a skin tone: nothing without what it hangs on."""
    return unicodedata.category(letter) in {"Mn", "Me", "Mc", "Cf", "Sk"}


def _is_seen(letter: str) -> bool:
    """Whether it draws anything by itself: spaces and controls do not, and need no type."""
    category = unicodedata.category(letter)
    return category[0] != "Z" and category != "Cc" and not _hangs(letter)


@lru_cache(maxsize=4096)
def _is_there(letter: str) -> bool:
    """Whether it is drawn otherwise than as the box of a letter nobody has.

    The box has a line along its whole edge, and the number of the letter in it; its size is the
    same for all numbers of as many digits. U+FDD0 and U+10FFFE are no letters, so no type has them.
    """
    nobody = "\ufdd0" if ord(letter) <= 0xFFFF else "\U0010fffe"
    drawn, box = _drawn(letter), _drawn(nobody)
    return drawn is None or box is None or drawn.size != box.size or _edge(drawn) != _edge(box)


def _drawn(letter: str) -> Image.Image | None:
    families = ",".join(_families(SERIF))
    font = f"{families} {FINDING_SIZE}"
    try:
        drawn = pyvips.Image.text(html.escape(letter), font=font, dpi=72, rgba=True)
    except pyvips.Error:
        return None  # nothing to draw is nothing to miss
    return Image.frombytes("RGBA", (drawn.width, drawn.height), drawn.write_to_memory())


def _edge(picture: Image.Image) -> tuple[bytes, ...]:
    """The outermost line of pixels, all around."""
    alpha = picture.getchannel("A")
    width, height = alpha.size
    sides = (
        (0, 0, width, 1),
        (0, height - 1, width, height),
        (0, 0, 1, height),
        (width - 1, 0, width, height),
    )
    return tuple(alpha.crop(side).tobytes() for side in sides)

"""A montage as a story: one picture a screen, between plates with words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from memories.models.item import Item
from memories.services.chapters import Told
from memories.views.memory import Memory, focus_rule, memory_of, placeholder_of

# How much of the screen's width a picture's pixels span: a wide one is cut at its sides on a phone
# (montage.css shows at least five ninths of it), an upright one on a desk.
WIDE = "(min-aspect-ratio: 1) 100vw, 180vw"
UPRIGHT = "(min-aspect-ratio: 1) 60vw, 130vw"


@dataclass(frozen=True)
class Scene:
    """A picture; or, without one, the plate with a chapter's title before its first picture."""

    title: str
    memory: Memory | None


@dataclass(frozen=True)
class Story:
    scenes: tuple[Scene, ...]
    style: str

    template = "memories/_story.html"


def tell(chapters: Sequence[Told]) -> Story:
    """The memories in their order, a plate before each chapter."""
    items = [item for chapter in chapters for item in chapter.items]
    return Story(tuple(_scenes(chapters)), "\n".join(_rules(items)))


def _scenes(chapters: Sequence[Told]) -> Iterator[Scene]:
    number = 0
    for chapter in chapters:
        if chapter.title:
            yield Scene(chapter.title, None)
        for item in chapter.items:
            number += 1
            wide = (item.width or 1) > (item.height or 1)
            yield Scene("", memory_of(number, item, sizes=WIDE if wide else UPRIGHT))


def _rules(items: Sequence[Item]) -> Iterator[str]:
    for number, item in enumerate(items, start=1):
        yield f"#m{number}{{--r:{(item.width or 1) / (item.height or 1):.4f}}}"
        yield focus_rule(number, item)
        if placeholder := placeholder_of(item):
            where = ".opening,#m1" if number == 1 else f"#m{number}"
            yield f"{where}{{--blur:url({placeholder})}}"

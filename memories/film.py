"""The plan of a film: which memories are in it, when, where on the screen, and how they move.

The plan is values from values: the same page gives the same film, frame by frame. Times are whole
frames, so that the length is exact; places are whole and even pixels of the film.
"""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeVar

from memories.framing import WHOLE, Frame, Point
from memories.montage import ItemFacts, Level, MontageFacts, effective_level

FPS: Final = 25
LENGTHS: Final = (30, 60)
"""Seconds."""
OPENING: Final = 55
FADE: Final = 15
CLOSING: Final = 20
LEAST: Final = 2 * FPS
"""Frames from the beginning of a picture to the beginning of the next one, at least."""

KEPT: Final = 2 / 3
"""As much of a picture's longer side is seen at least; the rest of the screen is a backdrop."""
MOST_ENLARGED: Final = 1.5
ZOOM_A_SECOND: Final = 0.025
MOST_ZOOMED: Final = 1.14
DRIFT_A_SECOND: Final = 0.02
MOST_DRIFT: Final = 0.12
WELL_INSIDE: Final = 0.15
"""The focal point stays this far, in parts of the window, from the window's edge if it can."""
LETTERS_A_SECOND: Final = 20
LONGEST_CLIP: Final = 8.0
ABOVE_WITH_CAPTION: Final = 0.36
ABOVE_WITHOUT: Final = 0.5

Kind = TypeVar("Kind")


class Shape(enum.StrEnum):
    """What the film is for: a whole telephone, or a post among others."""

    TALL = "tall"
    POST = "post"


@dataclass(frozen=True)
class Box:
    """A place on the screen, in pixels from its upper left corner."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True)
class Screen:
    """The frame of a film, and the margins in which no word stands: programs put buttons there."""

    width: int
    height: int
    side: int
    above: int
    below: int

    @property
    def whole(self) -> Box:
        return Box(0, 0, self.width, self.height)

    @property
    def safe(self) -> Box:
        """Where words may stand."""
        height = self.height - self.above - self.below
        return Box(self.side, self.above, self.width - 2 * self.side, height)


SCREENS: Final = {
    Shape.TALL: Screen(1080, 1920, side=84, above=220, below=300),
    Shape.POST: Screen(1080, 1350, side=72, above=72, below=72),
}


@dataclass(frozen=True)
class Picture:
    """One memory for a film.

    `width` and `height` are the pixels there are of what is left after cropping; `focus` is the
    point to keep in sight, on what is left. `seconds` is how long a clip lasts; None: it stands
    still.
    """

    width: int
    height: int
    focus: Point
    caption: str = ""
    chapter: str = ""
    seconds: float | None = None

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True)
class Scene:
    """One picture from its first frame to its last, fades included.

    `first` and `last` are what of the picture fills the pane at either end. `words` is the place
    for words and `is_over` says that it lies on the picture. `title` is the chapter that begins.
    """

    picture: int
    start: int
    length: int
    pane: Box
    first: Frame
    last: Frame
    words: Box
    is_over: bool
    title: str

    @property
    def stop(self) -> int:
        return self.start + self.length

    def window(self, frame: int) -> Frame:
        """What of the picture is seen at a frame of the film, on the straight way between ends."""
        share = min(max((frame - self.start) / max(1, self.length - 1), 0.0), 1.0)
        first, last = self.first, self.last
        return Frame(
            first.left + (last.left - first.left) * share,
            first.top + (last.top - first.top) * share,
            first.width + (last.width - first.width) * share,
            first.height + (last.height - first.height) * share,
        )


@dataclass(frozen=True)
class Plan:
    """A film of `frames` frames: a plate with the title for `opening` of them, then the scenes."""

    screen: Screen
    frames: int
    opening: int
    scenes: tuple[Scene, ...]


def may_be_in_a_film(montage: MontageFacts, item: ItemFacts) -> bool:
    """A film may be copied by whoever gets it, so only what whoever has the code may see is in it.

    >>> page = MontageFacts(published=True, level=Level.PUBLIC)
    >>> may_be_in_a_film(page, ItemFacts(ready=True, has_child=True))
    False
    """
    is_open = effective_level(montage, item) >= Level.CODE
    return item.ready and not item.is_waiting and is_open


def plan_film(pictures: Sequence[Picture], *, seconds: int, screen: Screen) -> Plan:
    """Plan a film of exactly so many seconds of the pictures that fit; at least one is needed.

    Each picture that fits is there for two seconds or longer before the next one comes.
    """
    frames = seconds * FPS
    chosen = choose_evenly(range(len(pictures)), (frames - OPENING) // LEAST)
    steps = _share_out([pictures[number] for number in chosen], frames - OPENING)
    starts = accumulate(steps[:-1], initial=OPENING)
    scenes: list[Scene] = []
    told = ""
    for number, start, step in zip(chosen, starts, steps, strict=True):
        length = min(step + FADE, frames - start)
        chapter = pictures[number].chapter
        title = chapter if chapter != told else ""
        told = chapter
        is_turn = len(scenes) % 2 == 1
        scenes.append(
            _scene(screen, number, pictures[number], start, length, title, is_turn=is_turn)
        )
    return Plan(screen, frames, OPENING + FADE, tuple(scenes))


def choose_evenly(all_of_them: Sequence[Kind], most: int) -> list[Kind]:
    """At most so many, evenly from the first to the last, in their order.

    >>> choose_evenly("abcdefg", 3)
    ['a', 'd', 'g']
    """
    count = len(all_of_them)
    if count <= most:
        return list(all_of_them)
    if most == 1:
        return [all_of_them[0]]
    # Rounded half up, in whole numbers: floats round halves to even, and so unevenly.
    apart = 2 * (most - 1)
    return [all_of_them[(2 * at * (count - 1) + most - 1) // apart] for at in range(most)]


def _share_out(pictures: Sequence[Picture], frames: int) -> list[int]:
    """The frames from each beginning to the next: the least for all, the rest where it is wanted.

    A caption wants time to be read, a clip to be played; what nobody wants is shared alike.
    """
    steps = [LEAST] * len(pictures)
    left = frames - sum(steps)
    wants = [_wanted(picture) for picture in pictures]
    given = _in_proportion(wants, min(left, sum(wants)))
    steps = [step + more for step, more in zip(steps, given, strict=True)]
    even = _in_proportion([1] * len(pictures), frames - sum(steps))
    return [step + more for step, more in zip(steps, even, strict=True)]


def _wanted(picture: Picture) -> int:
    """How many frames more than the least a picture is worth."""
    reading = FPS * len(picture.caption) // LETTERS_A_SECOND
    playing = round(FPS * min(picture.seconds or 0.0, LONGEST_CLIP)) - LEAST
    return max(reading - LEAST // 2, playing, 0)


def _in_proportion(wants: Sequence[int], frames: int) -> list[int]:
    """Whole numbers that make `frames` together, as near to the proportion as can be."""
    whole = sum(wants)
    if not whole:
        return [0] * len(wants)
    ends = [reached * frames // whole for reached in accumulate(wants)]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]


def _scene(
    screen: Screen,
    number: int,
    picture: Picture,
    start: int,
    length: int,
    title: str,
    *,
    is_turn: bool,
) -> Scene:
    has_words = bool(title or picture.caption)
    pane, scale = _pane(screen, picture, has_words=has_words)
    ends = _move(picture, pane, scale, length / FPS)
    first, last = reversed(ends) if is_turn else ends
    words, is_over = _place_for_words(screen, pane)
    return Scene(number, start, length, pane, first, last, words, is_over, title)


def _pane(screen: Screen, picture: Picture, *, has_words: bool) -> tuple[Box, float]:
    """Where the picture is seen, and how much it is enlarged there at least.

    It fills the screen if not too much of it is lost by that, and if it has the pixels.
    """
    own, whole = picture.ratio, screen.width / screen.height
    ratio = max(whole, own * KEPT) if own > whole else min(whole, own / KEPT)
    width = min(screen.width, screen.height * ratio)
    height = width / ratio
    scale = max(width / picture.width, height / picture.height)
    shrunk = min(1.0, MOST_ENLARGED / scale)
    width, height, scale = width * shrunk, height * shrunk, scale * shrunk
    across, down = _even(width), _even(height)
    above = ABOVE_WITH_CAPTION if has_words else ABOVE_WITHOUT
    left, top = (screen.width - across) // 2, round((screen.height - down) * above)
    return Box(left - left % 2, top - top % 2, across, down), scale


def _even(length: float) -> int:
    """Colour is stored for two pixels at once."""
    return max(2, round(length) // 2 * 2)


def _move(picture: Picture, pane: Box, scale: float, seconds: float) -> tuple[Frame, Frame]:
    """From a wide window to a closer one at the focal point; a clip moves by itself."""
    wide = _window(picture, pane, 1.0)
    if picture.seconds is not None:
        still = _placed(picture.focus, wide)
        return still, still
    zoom = min(1 + ZOOM_A_SECOND * seconds, MOST_ZOOMED, max(1.0, MOST_ENLARGED / scale))
    close = _placed(picture.focus, _window(picture, pane, zoom))
    drift = min(DRIFT_A_SECOND * seconds, MOST_DRIFT)
    from_here = Point(
        _drifted(picture.focus.x, wide.width, drift), _drifted(picture.focus.y, wide.height, drift)
    )
    return _placed(from_here, wide), close


def _window(picture: Picture, pane: Box, zoom: float) -> Frame:
    """The largest window of the pane's shape in the picture, so many times closer."""
    ratio = pane.width / pane.height
    width = min(1.0, ratio / picture.ratio)
    height = min(1.0, picture.ratio / ratio)
    return Frame(0.0, 0.0, width / zoom, height / zoom)


def _drifted(focus: float, width: float, drift: float) -> float:
    """Where a window begins to look: off the focal point, towards the middle of the picture."""
    way = min(drift, 0.5 - WELL_INSIDE) * width
    return focus + way if focus < 0.5 else focus - way


def _placed(centre: Point, window: Frame) -> Frame:
    """The window around a point, moved as far as the picture's edges want."""
    left = min(max(centre.x - window.width / 2, 0.0), WHOLE.width - window.width)
    top = min(max(centre.y - window.height / 2, 0.0), WHOLE.height - window.height)
    return Frame(left, top, window.width, window.height)


GAP: Final = 40
ROOM_FOR_WORDS: Final = 150
MOST_WORDS: Final = 460


def _place_for_words(screen: Screen, pane: Box) -> tuple[Box, bool]:
    """Below the picture where there is room, else on its lower part; always in the safe margins."""
    safe = screen.safe
    room = safe.bottom - pane.bottom - GAP
    if room >= ROOM_FOR_WORDS:
        return Box(safe.left, pane.bottom + GAP, safe.width, room), False
    bottom = min(safe.bottom, pane.bottom - GAP)
    top = max(safe.top, bottom - MOST_WORDS)
    return Box(safe.left, top, safe.width, bottom - top), True


def scenes_at(plan: Plan, frame: int) -> Iterator[Scene]:
    """The scenes that are seen at a frame, the one that goes before the one that comes."""
    return (scene for scene in plan.scenes if scene.start <= frame < scene.stop)


def share_of(scene: Scene, frame: int) -> float:
    """How far a scene has come over the one before it, 0 to 1."""
    return min(1.0, (frame - scene.start + 1) / (FADE + 1))

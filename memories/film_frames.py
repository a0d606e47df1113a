"""The frames of a film, one after the other: pictures that move, fades, and words on them.

Frames are made in the colours that films are stored in (BT.709, limited range, colour at half the
size), so that a picture is converted once and not with each frame. A picture is scaled from an
exact part of it: a window moves by parts of a pixel, and does not jump from one to the next. Two
pictures are held in memory at once, whatever the length.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from PIL import Image

from memories import ffmpeg, film
from memories import film_letters as letters
from memories.film import Box, Plan, Scene
from memories.film_letters import Part
from memories.film_planes import (
    BLACK,
    Overlay,
    Planes,
    backdrop,
    blend,
    overlay_of,
    plain,
    planes_of,
    read_planes,
    seen_in,
    sharpened,
)

# White words keep 4.5 to 1 on the whitest picture under this much black.
SCRIM: Final = 0.6
SCRIM_RAMP: Final = 220
NOTE_PAD: Final = (22, 12)
NOTE_OFF: Final = 24
NOTE_INK: Final = (0x10, 0x17, 0x1F, 0xFF)
TITLE_MARGIN: Final = 40
WORDS_FADE: Final = 8


@dataclass(frozen=True)
class Shot:
    """What is filmed of one picture of the plan: our own rendition of it, and what is said.

    `still` is a WebP of what is left of the picture after cropping, `clip` the MP4 that plays in
    its place, if any.
    """

    still: Path
    clip: Path | None = None
    caption: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True)
class Bench:
    """What frames are made with: the program that reads clips, and a folder for it."""

    program: Path
    folder: Path


def frames_of(plan: Plan, shots: Sequence[Shot], *, title: str, bench: Bench) -> Iterator[bytes]:
    """Every frame of the film as planar 4:2:0, in order; `shots` belong to the plan's pictures.

    Words must have been freed of letters that no type has. Raises OSError when a rendition is
    gone, and what ffmpeg.frames raises.
    """
    plate = _plate(plan, shots[plan.scenes[0].picture], title)
    stages: dict[int, _Stage] = {}
    try:
        for frame in range(plan.frames):
            seen = list(film.scenes_at(plan, frame))
            for gone in stages.keys() - {scene.start for scene in seen}:
                stages.pop(gone).close()
            shown = plate if frame < plan.opening else None
            for scene in seen:
                if scene.start not in stages:
                    stages[scene.start] = _stage(plan, scene, shots[scene.picture], bench)
                shown = _over(shown, stages[scene.start].at(frame), film.share_of(scene, frame))
            yield _closing(plan, frame, shown or plate).data
    finally:
        for stage in stages.values():
            stage.close()


def _over(below: Planes | None, above: Planes, share: float) -> Planes:
    if below is None or share >= 1:
        return above
    return blend(below, above, share)


def _closing(plan: Plan, frame: int, shown: Planes) -> Planes:
    """The last frames go dark, the very last one wholly."""
    gone = frame + 1 - (plan.frames - film.CLOSING)
    if gone <= 0:
        return shown
    dark = plain(shown.light.size, BLACK)
    return blend(shown, dark, gone / film.CLOSING)


class _Stage(Protocol):
    """One scene, ready to be shown frame by frame in its order."""

    def at(self, frame: int) -> Planes: ...

    def close(self) -> None: ...


def _stage(plan: Plan, scene: Scene, shot: Shot, bench: Bench) -> _Stage:
    picture = _open(shot)
    ground = None
    if scene.pane != plan.screen.whole:
        ground = backdrop(picture, plan.screen.whole)
    words, scrim = _words(scene, shot)
    is_last = scene.stop == plan.frames
    set_up = _Set(scene, ground, [*scrim, *_note(plan, scene, shot)], words, is_last)
    if shot.clip:
        return _Clip(set_up, _clip_frames(scene, shot.clip, bench))
    return _Still(set_up, sharpened(planes_of(picture)))


@dataclass(frozen=True)
class _Set:
    """What stands around a moving picture: the backdrop, the shade and the note on it, words."""

    scene: Scene
    ground: Planes | None
    on_top: Sequence["Overlay"]
    words: "Overlay | None"
    is_last: bool

    def put_in(self, frame: int, seen: Planes) -> Planes:
        """The picture in its pane, with everything around it."""
        whole = seen
        if self.ground is not None:
            whole = self.ground.copy()
            pane = self.scene.pane
            for below, plane, half in zip(whole, seen, (1, 2, 2), strict=True):
                below.paste(plane, (pane.left // half, pane.top // half))
        for overlay in self.on_top:
            overlay.lay_on(whole)
        if self.words is not None:
            self.words.lay_on(whole, strength=self._strength(frame))
        return whole

    def _strength(self, frame: int) -> float:
        """Words come when the picture has come and go before it goes, so two never mix."""
        come = (frame - self.scene.start - film.FADE * 2 // 3) / WORDS_FADE
        gone = (self.scene.stop - film.FADE // 3 - frame) / WORDS_FADE
        return min(max(min(come, math.inf if self.is_last else gone), 0.0), 1.0)


@dataclass
class _Still:
    """A photograph under a moving window."""

    around: _Set
    picture: Planes

    def at(self, frame: int) -> Planes:
        scene = self.around.scene
        size = (scene.pane.width, scene.pane.height)
        return self.around.put_in(frame, seen_in(self.picture, scene.window(frame), size))

    def close(self) -> None:
        return


@dataclass
class _Clip:
    """A film of the page, from its beginning; its last frame stays when it is over."""

    around: _Set
    frames: Iterator[bytes]
    last: Planes | None = None

    def at(self, frame: int) -> Planes:
        pane = self.around.scene.pane
        data = next(self.frames, None)
        if data is not None:
            self.last = read_planes(data, pane)
        shown = self.last or plain((pane.width, pane.height), BLACK)
        return self.around.put_in(frame, shown.copy())

    def close(self) -> None:
        close = getattr(self.frames, "close", None)
        if close:
            close()


def _clip_frames(scene: Scene, clip: Path, bench: Bench) -> Iterator[bytes]:
    """The clip's frames, cut and scaled to the pane by ffmpeg."""
    pane, seen = scene.pane, scene.first
    filters = (
        f"crop=w=iw*{seen.width:.6f}:h=ih*{seen.height:.6f}"
        f":x=iw*{seen.left:.6f}:y=ih*{seen.top:.6f},"
        f"scale={pane.width}:{pane.height}:flags=bicubic,setsar=1,fps={film.FPS},format=yuv420p"
    )
    source = ffmpeg.read_from(clip.resolve(), "mov")
    # One thread holds few frames; what is made of them is slower than it anyway.
    until = ["-threads", "1", "-t", f"{scene.length / film.FPS:.3f}"]
    return ffmpeg.frames(
        bench.program,
        [*until, *source, "-map", "0:v:0", "-vf", filters, "-pix_fmt", "yuv420p"],
        bench=bench.folder,
        size=pane.width * pane.height * 3 // 2,
    )


def _open(shot: Shot) -> Image.Image:
    with Image.open(shot.still) as picture:
        picture.load()
        return picture if picture.mode == "RGB" else picture.convert("RGB")


def _words(scene: Scene, shot: Shot) -> tuple[Overlay | None, list[Overlay]]:
    """What is said in a scene, and the shade under it where it lies on the picture."""
    place = scene.words
    parts = (
        Part(scene.title, letters.CHAPTER),
        Part(shot.caption, letters.CAPTION),
        Part(shot.when, letters.WHEN),
    )
    drawn = letters.set_words(parts, width=place.width, height=place.height)
    if drawn is None:
        return None, []
    left = place.left + (place.width - drawn.width) // 2
    if not scene.is_over:
        return overlay_of(drawn, left, place.top), []
    top = place.bottom - drawn.height
    return overlay_of(drawn, left, top), [_scrim(scene.pane, top)]


def _scrim(pane: Box, words_top: int) -> Overlay:
    """A shade over the picture from above the words to its lower edge."""
    top = max(pane.top, words_top - SCRIM_RAMP)
    height = (pane.bottom - top) // 2 * 2
    top = pane.bottom - height
    ramp = max(1, words_top - top)
    column = Image.new("L", (1, height))
    column.putdata([round(255 * SCRIM * _eased(row / ramp)) for row in range(height)])
    return Overlay(
        plain((pane.width, height), BLACK), column.resize((pane.width, height)), pane.left, top
    )


def _eased(share: float) -> float:
    share = min(share, 1.0)
    return share * share * (3 - 2 * share)


def _note(plan: Plan, scene: Scene, shot: Shot) -> list[Overlay]:
    """What the picture is, on a solid strip at its upper right, as on every page."""
    safe = plan.screen.safe
    drawn = letters.set_words([Part(shot.note, letters.NOTE)], width=safe.width, height=60)
    if drawn is None:
        return []
    across, down = NOTE_PAD
    strip = Image.new("RGBA", (drawn.width + 2 * across, drawn.height + 2 * down), NOTE_INK)
    strip.alpha_composite(drawn, (across, down))
    right = min(safe.right, scene.pane.right - NOTE_OFF)
    top = max(safe.top, scene.pane.top + NOTE_OFF)
    return [overlay_of(strip, max(0, right - strip.width), top)]


def _plate(plan: Plan, shot: Shot, title: str) -> Planes:
    """The title, before the first picture out of focus."""
    plate = backdrop(_open(shot), plan.screen.whole)
    safe = plan.screen.safe
    drawn = letters.set_words(
        [Part(title, letters.TITLE)],
        width=safe.width - 2 * TITLE_MARGIN,
        height=safe.height,
    )
    if drawn is not None:
        left = (plan.screen.width - drawn.width) // 2
        overlay_of(drawn, left, (plan.screen.height - drawn.height) // 2).lay_on(plate)
    return plate

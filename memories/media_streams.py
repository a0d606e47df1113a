"""Read what ffmpeg prints of a file: its streams, how long they say they last, when it was made."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST_SIDE: Final = 100_000

# Tags are printed with their line ends indented, so that none can begin a line of this form.
_STREAM = re.compile(r"^  Stream #0:\d+\S*: (Video|Audio): (.*)$", re.MULTILINE)
_DURATION = re.compile(r"^  Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_SIZE = re.compile(r", (\d{1,6})x(\d{1,6})(?=[ ,\[]|$)", re.MULTILINE)
_MADE = (
    # A telephone's own clock with its zone comes before the container's, which is in UTC.
    # Told twice in a file, newer programs print both, with a semicolon between.
    re.compile(r"^ +com\.apple\.quicktime\.creationdate *: ([^\s;]+)\S*$", re.MULTILINE),
    re.compile(r"^ +creation_time *: ([^\s;]+)\S*$", re.MULTILINE),
)
# ITU-T H.273 table 3: the transfer functions of high dynamic range.
_HIGH_RANGE = ("arib-std-b67", "smpte2084")


@dataclass(frozen=True)
class Streams:
    """What a file says it holds. Nothing of it is believed where it matters: see media_clips."""

    width: int | None
    height: int | None
    has_sound: bool
    is_high_range: bool
    seconds: float | None
    made_at: datetime | None

    @property
    def has_pictures(self) -> bool:
        return self.width is not None


def read_streams(printed: str) -> Streams:
    """Read the part about the input; a cover picture in a sound is no film.

    >>> read_streams("  Stream #0:0: Audio: opus, 48000 Hz, mono, fltp").has_sound
    True
    """
    told = re.split(r"^(?:Output #0|Stream mapping:)", printed, maxsplit=1, flags=re.MULTILINE)[0]
    streams = [(found[1], found[2]) for found in _STREAM.finditer(told)]
    films = [words for kind, words in streams if kind == "Video" and "(attached pic)" not in words]
    width, height = _size(films[0]) if films else (None, None)
    return Streams(
        width=width,
        height=height,
        has_sound=any(kind == "Audio" for kind, _ in streams),
        is_high_range=bool(films) and any(name in films[0] for name in _HIGH_RANGE),
        seconds=_seconds(told),
        made_at=_made_at(told),
    )


def _size(words: str) -> tuple[int | None, int | None]:
    found = _SIZE.search(words)
    if not found:
        return None, None
    width, height = int(found[1]), int(found[2])
    return (width, height) if 0 < min(width, height) <= MOST_SIDE else (None, None)


def _seconds(told: str) -> float | None:
    found = _DURATION.search(told)
    if not found:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _made_at(told: str) -> datetime | None:
    for pattern in _MADE:
        found = pattern.search(told)
        if found:
            return _moment(found[1])
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    # Cameras whose clock was never set begin in 1904 or 1970.
    return moment if moment.year > 1971 else None

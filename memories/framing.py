"""What is shown of a photograph: the point that must stay in sight, and what was cut away.

All lengths are fractions of the whole photograph as it was taken, upright: (0, 0) is its upper
left corner, (1, 1) its lower right one.
"""

from dataclasses import dataclass

# A sliver thinner than this is no picture any more.
LEAST_SIDE = 0.05


@dataclass(frozen=True)
class Point:
    """A place on the photograph."""

    x: float
    y: float


@dataclass(frozen=True)
class Frame:
    """What is left of a photograph when the rest is cut away.

    >>> Frame(0.0, 0.25, 1.0, 0.5).in_pixels(1600, 1200)
    (0, 300, 1600, 600)
    """

    left: float
    top: float
    width: float
    height: float

    @property
    def is_whole(self) -> bool:
        return self == WHOLE

    def in_pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, width and height in whole pixels, at least one and never past an edge."""
        left = min(round(self.left * width), width - 1)
        top = min(round(self.top * height), height - 1)
        right = max(left + 1, min(width, round((self.left + self.width) * width)))
        bottom = max(top + 1, min(height, round((self.top + self.height) * height)))
        return left, top, right - left, bottom - top

    def seen_from_inside(self, point: Point) -> Point:
        """A point of the whole photograph as a point of what is left, on its edge if cut away.

        >>> Frame(0.5, 0.0, 0.5, 1.0).seen_from_inside(Point(0.75, 0.2))
        Point(x=0.5, y=0.2)
        """
        return Point(
            _between((point.x - self.left) / self.width),
            _between((point.y - self.top) / self.height),
        )


WHOLE = Frame(0.0, 0.0, 1.0, 1.0)
MIDDLE = Point(0.5, 0.5)


def frame_between(left: float, top: float, right: float, bottom: float) -> Frame | None:
    """The frame between two corners; None when it would be empty, a sliver, or outside.

    >>> frame_between(0.0, 0.0, 1.0, 1.0).is_whole
    True
    >>> frame_between(0.5, 0.0, 0.5, 1.0) is None
    True
    """
    inside = 0 <= left < right <= 1 and 0 <= top < bottom <= 1
    if not inside or min(right - left, bottom - top) < LEAST_SIDE:
        return None
    return Frame(left, top, right - left, bottom - top)


def _between(value: float) -> float:
    return min(max(value, 0.0), 1.0)

"""Which part of a file a request asks for (RFC 9110 section 14); a film is fetched in parts."""

import re
from dataclasses import dataclass
from typing import Final

from memories.errors import UnsatisfiableRangeError

_ONE_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last`, both included, counted from 0, of a file of `size` bytes."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size}"


def part_of(header: str | None, *, size: int) -> Part | None:
    """The one part asked for; None for the whole, where none is asked or the wish is no range.

    Several ranges at once are answered with the whole file, as section 14.2 allows: nobody who
    shows a film asks so. Raises UnsatisfiableRangeError.

    >>> part_of("bytes=-500", size=10_000)
    Part(first=9500, last=9999, size=10000)
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if first == "":
        return _tail(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableRangeError("the file ends before this range begins")
    return Part(int(first), min(int(last or size), size - 1), size)


def _tail(length: int, size: int) -> Part:
    if length == 0 or size == 0:
        raise UnsatisfiableRangeError("the last no bytes of a file are no range")
    return Part(max(0, size - length), size - 1, size)


def still_holds(if_range: str | None, *, etag: str) -> bool:
    """Whether a range may be answered: what the browser has is of the same file (section 13.1.5).

    A date never holds: we give none, and a weak tag is not one byte for another.
    """
    return if_range is None or if_range.strip() == etag

"""Taking along: a page as one ZIP that opens from any folder, written while it is sent."""

import zipfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final, cast

from django.template.loader import render_to_string

from memories import media_headers, media_sniff
from memories.errors import BadSealError, MemoriesKeyError, UnsafeUploadError
from memories.models.chapter import Chapter
from memories.models.item import Item, ItemKind, Rendition
from memories.models.montage import Montage
from memories.montage import Viewer
from memories.services import opening, originals, storage

FOLDER: Final = "memories"
PIECE: Final = 256 * 1024
# What the page in the archive shows: the largest picture that every browser opens, and what plays.
SHOWN: Final = {
    ItemKind.PHOTOGRAPH: ("2048.webp", "1080.webp", "480.webp"),
    ItemKind.FILM: ("film.mp4",),
    ItemKind.VOICE: ("sound.m4a",),
    ItemKind.MUSIC: ("sound.m4a",),
}
POSTERS: Final = ("1080.webp", "480.webp")
ENDINGS: Final = {"jpeg": "jpg", "mov": "mp4", "matroska": "webm"}


@dataclass(frozen=True)
class Taken:
    """One memory as the page in the archive shows it. `shown`, `poster`, `original`: its files."""

    item: Item
    number: int
    heading: str = ""
    shown: str = ""
    poster: str = ""
    original: str = ""

    @property
    def name(self) -> str:
        return f"{self.number:03d}"


class _Outlet:
    """What the archive is written to: it keeps nothing but the bytes that are not sent yet."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._sent = 0

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def tell(self) -> int:
        return self._sent + len(self._waiting)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = bytes(self._waiting)
        self._sent += len(taken)
        self._waiting.clear()
        return taken


def archive(*, montage: Montage, now: datetime) -> Iterator[bytes]:
    """The page as a ZIP, in pieces; no more of it than one piece is ever in memory.

    Originals are opened on the way. One that does not open is left out, and the page in the
    archive says so.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(cast("IO[bytes]", outlet), "w", zipfile.ZIP_STORED) as folder:
        pen = _Pen(folder, outlet, now)
        taken = []
        for number, (item, heading) in enumerate(_lined_up(montage), start=1):
            one = Taken(item, number, heading)
            taken.append((yield from pen.take(one)))
        yield from pen.put("index.html", [_page(montage, taken, now)])
    yield outlet.take()


def _lined_up(montage: Montage) -> Iterable[tuple[Item, str]]:
    """Ready memories in their order, each with the chapter it begins, music at the end."""
    chapters = list(Chapter.objects.filter(montage=montage))
    items = list(montage.items.ready().prefetch_related("renditions"))
    for item in sorted(items, key=lambda item: item.kind == ItemKind.MUSIC):
        item.montage = montage
        if not _is_theirs(item):
            continue
        begun = [chapter for chapter in chapters if chapter.position <= item.position]
        chapters = [chapter for chapter in chapters if chapter not in begun]
        yield item, begun[-1].title if begun else ""


def _is_theirs(item: Item) -> bool:
    """Ask the policy, as for every byte of a memory that leaves."""
    viewer = Viewer(is_keeper=True)
    return opening.decide_item(item=item, viewer=viewer, variants=frozenset()).is_allowed


@dataclass(frozen=True)
class _Pen:
    """Writes files into the archive and gives the bytes away as they come."""

    folder: zipfile.ZipFile
    outlet: _Outlet
    now: datetime

    def put(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        year, month, day, hour, minute, second = self.now.timetuple()[:6]
        moment = (year, month, day, hour, minute, second)
        info = zipfile.ZipInfo(f"{FOLDER}/{name}", moment)
        info.external_attr = 0o644 << 16
        with self.folder.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                yield self.outlet.take()
        yield self.outlet.take()

    def take(self, one: Taken) -> Generator[bytes, None, Taken]:
        """Put the files of one memory into the archive; what it became is the value."""
        kept = {each.name: each for each in one.item.renditions.all()}
        shown = yield from self._first_of(SHOWN[ItemKind(one.item.kind)], kept, one.name)
        names = POSTERS if one.item.kind == ItemKind.FILM else ()
        poster = yield from self._first_of(names, kept, f"{one.name}-poster")
        original = yield from self._original(one)
        return Taken(one.item, one.number, one.heading, shown, poster, original)

    def _first_of(
        self, names: Iterable[str], kept: dict[str, Rendition], called: str
    ) -> Generator[bytes, None, str]:
        for name in names:
            if name in kept:
                target = f"shown/{called}.{name.rpartition('.')[2]}"
                with storage.private().open(kept[name].file) as file:
                    yield from self.put(target, file.chunks(PIECE))
                return target
        return ""

    def _original(self, one: Taken) -> Generator[bytes, None, str]:
        pieces = originals.read(one.item)
        try:
            first = next(pieces, b"")
        except (FileNotFoundError, BadSealError, MemoriesKeyError):
            return ""
        target = f"originals/{one.name}.{_ending(first)}"
        yield from self.put(target, _chained(first, pieces))
        return target


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _ending(start: bytes) -> str:
    """The ending of a file's name by its content."""
    start = start[: media_sniff.SNIFFED_BYTES]
    try:
        kind = media_sniff.sniff(start).demuxer or media_headers.sniff(start)
    except UnsafeUploadError:
        return "bin"
    return ENDINGS.get(kind, kind)


def _page(montage: Montage, taken: list[Taken], now: datetime) -> bytes:
    context = {"montage": montage, "piece": montage.piece, "taken": taken, "now": now}
    return render_to_string("memories/taken.html", context).encode()

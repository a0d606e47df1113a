"""Seasons as makers bring them: tables, ZIPs, and the work on them done."""

import io
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from provenance import season_work
from provenance.models.maker import Maker
from provenance.models.season import Season, SeasonPicture, SeasonRow
from provenance.season_file import read_season, write_season
from provenance.season_pictures import receive_season
from tests.memories.pictures import make_jpeg

Cells = Mapping[str, str]
FRONT, SCALE = "front.jpg", "scale.jpg"
BAND = {
    "title": "Harbour band",
    "kind": "ring",
    "year": "2026",
    "weight": "6.81",
    "edition": "open edition",
    "part1_metal": "gold",
    "part1_fineness": "750",
    "photo_front": FRONT,
    "photo_scale": SCALE,
}


def bands(many: int, **changes: str) -> list[dict[str, str]]:
    """Rings of one kind, each with its own serial number."""
    gtin = {"gtin": "4006381333931"}
    return [BAND | gtin | {"serial": f"{n + 1:03d}"} | changes for n in range(many)]


def table(*rows: Cells) -> bytes:
    """The rows as a CSV with every column that one of them fills."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return write_season(columns, rows)


def packed(**files: bytes) -> bytes:
    """A ZIP of these; a name's double underscore stands for its dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return file.getvalue()


def two_photographs() -> bytes:
    return packed(front__jpg=make_jpeg(640, 480), scale__jpg=make_jpeg(600, 480))


def bring(maker: Maker, *rows: Cells, photographs: bytes | None = None) -> Season:
    """A season just brought; nobody has looked at it yet."""
    content = two_photographs() if photographs is None else photographs
    upload = SimpleUploadedFile("photographs.zip", content) if content else None
    received = receive_season(
        maker=maker, name="Spring", file=read_season(table(*rows)), photographs=upload
    )
    return received.season


def work() -> None:
    """Everything a worker finds to do."""
    while season_work.work_next():
        pass


def looked_at(maker: Maker, *rows: Cells, photographs: bytes | None = None) -> Season:
    season = bring(maker, *rows, photographs=photographs)
    work()
    season.refresh_from_db()
    return season


def make_season(maker: Maker, *rows: Cells) -> Season:
    """A season whose photographs are on record and not on disk, looked at."""
    season = bring(maker, *rows, photographs=b"")
    keep_photographs(season)
    work()
    season.refresh_from_db()
    return season


def keep_photographs(season: Season) -> None:
    for n, name in enumerate((FRONT, SCALE)):
        rendition = {"file": "none.webp", "width": 640, "height": 480, "sha256": f"{n}" * 64}
        SeasonPicture.objects.create(
            season=season,
            key=name,
            path=name,
            state="ready",
            source="digitalCapture",
            sha256=f"{n}" * 64,
            width=640,
            height=480,
            placeholder="data:image/png;base64,iVBORw0KGgo=",
            renditions={"480.webp": rendition, "1080.webp": rendition, "2048.webp": rendition},
        )


def wrong_of(season: Season) -> dict[tuple[int, str], str]:
    """Row, column and sentence of everything that is wrong."""
    return {
        (row.position, column): sentence
        for row in SeasonRow.objects.filter(season=season)
        for column, sentence in row.errors
    }


def states_of(season: Season) -> list[str]:
    return [str(row.state) for row in SeasonRow.objects.filter(season=season)]

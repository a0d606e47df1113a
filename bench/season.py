"""A season from its table to its labels: 500 rows, and photographs of 12 megapixels."""

import time

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from bench.site import open_site, visit
from bench.table import Row, print_table
from provenance import season_work
from provenance.models.maker import Maker
from provenance.models.season import Season
from provenance.season_file import read_season
from provenance.season_pictures import receive_season
from provenance.services import season as seasons
from tests.factories import make_mira
from tests.memories.pictures import make_jpeg
from tests.provenance.seasons import bands, packed, table

MOST_SECONDS, MOST_SECONDS_TO_PRINT = 60, 20
ROWS, PAIRS = 500, 15


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise, on the scratch database of the run."""
    return _whole_seasons(open_site())


def _whole_seasons(site: WSGIHandler) -> list[Row]:
    few = [("front.jpg", "scale.jpg")]
    more = [(f"front-{n}.jpg", f"scale-{n}.jpg") for n in range(PAIRS)]
    signed, printed = _season(site, "few", few)
    longer, _ = _season(site, "more", more)
    each = (longer - signed) / (2 * PAIRS - 2)
    return [
        Row(
            f"{ROWS} rows from the table to their labels, 2 photographs",
            signed + printed,
            "s",
            promise=f"<= {MOST_SECONDS} s",
        ),
        Row(
            f"{ROWS} labels on their sheets",
            printed,
            "s",
            promise=f"<= {MOST_SECONDS_TO_PRINT} s",
        ),
        Row("every photograph more, of 12 megapixels, by one worker", each, "s"),
    ]


def _season(site: WSGIHandler, name: str, files: list[tuple[str, str]]) -> tuple[float, float]:
    """Seconds from the upload to the last certificate, with one worker; and to print the labels."""
    maker = make_mira(f"mira-of-{name}")
    rows = [
        row | {"photo_front": files[n % len(files)][0], "photo_scale": files[n % len(files)][1]}
        for n, row in enumerate(bands(ROWS))
    ]
    # A row shows two photographs, and never one of them twice.
    front, scale = make_jpeg(3000, 4000), make_jpeg(4000, 3000)
    photographs = packed(**{pair[0]: front for pair in files}, **{pair[1]: scale for pair in files})
    cookie = _signed_in(maker)
    began = time.perf_counter()
    season = receive_season(
        maker=maker,
        name=name,
        file=read_season(table(*rows)),
        photographs=SimpleUploadedFile("photographs.zip", photographs),
    ).season
    _work()
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=maker.user)
    _work()
    took = time.perf_counter() - began
    if Season.objects.get(pk=season.pk).state != "done":
        raise RuntimeError("the season did not come to its end")
    return took, visit(site, f"/workshop/season/{season.public_id}/labels.pdf", cookie=cookie)


def _signed_in(maker: Maker) -> str:
    browser = Client()
    browser.force_login(maker.user)
    return f"sessionid={browser.cookies['sessionid'].value}"


def _work() -> None:
    while season_work.work_next():
        pass


if __name__ == "__main__":
    print_table(measure())

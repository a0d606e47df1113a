"""The page a scan opens: server time, and its rate beside a bare view that reads one row."""

from itertools import cycle, islice
from statistics import median

from django.conf import settings

from bench.site import open_site, visit, visits
from bench.table import Row, print_table
from tags.models.tag import Tag
from tests.factories import make_certificate, make_mira

MOST_MILLISECONDS = 10
LEAST_OF_BARE = 0.5
PIECES = 40
IN_GERMAN = f"{settings.LANGUAGE_COOKIE_NAME}=de"


def measure(*, quick: bool) -> list[Row]:
    site, tags = open_site(), _tags()
    visit(site, f"/p/{tags[0][1]}")
    first = visits(site, [f"/t/{code}" for code, _ in tags])
    german = [visit(site, f"/t/{code}", cookie=IN_GERMAN) for code, _ in tags]
    count = 200 if quick else 1000
    pages = islice(cycle(f"/t/{code}" for code, _ in tags), count)
    bares = islice(cycle(f"/bare/{piece}" for _, piece in tags), count)
    again, bare = [], []
    # Turn by turn, so that whatever else the machine does slows both alike.
    for page, plain in zip(pages, bares, strict=True):
        again.append(visit(site, page))
        bare.append(visit(site, plain))
    return [
        _time("scan page, first visit of a piece, p50", first, bare),
        _time("scan page in German, first visit, p50", german, bare),
        _time("scan page, visited before, p50", again, bare),
        _rate(again, bare),
    ]


def _tags() -> list[tuple[str, str]]:
    """Code and piece of each tag."""
    mira = make_mira("mira-of-the-scans")
    pieces = [make_certificate(mira).piece for _ in range(PIECES)]
    return list(Tag.objects.filter(piece__in=pieces).values_list("code", "piece__public_id"))


def _time(name: str, ours: list[float], bare: list[float]) -> Row:
    return Row(
        name=name,
        value=median(ours) * 1000,
        unit="ms",
        compared_to="bare view",
        peer_value=median(bare) * 1000,
        ratio=median(ours) / median(bare),
        promise=f"<= {MOST_MILLISECONDS} ms",
    )


def _rate(ours: list[float], bare: list[float]) -> Row:
    ours_rate, bare_rate = len(ours) / sum(ours), len(bare) / sum(bare)
    return Row(
        name="scan page, rate of one thread",
        value=ours_rate,
        unit="/s",
        compared_to="bare view",
        peer_value=bare_rate,
        ratio=ours_rate / bare_rate,
        promise=f">= {LEAST_OF_BARE:.0%} of the bare view",
    )


if __name__ == "__main__":
    print_table(measure(quick=False))

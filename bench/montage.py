"""The montage page and its photographs: server time beside a bare view, and among many more."""

from itertools import cycle, islice
from statistics import median, quantiles

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from bench.crowd import Random, copies, look_at_them
from bench.site import open_site, visit
from bench.table import Row, print_table
from memories.models.montage import Montage, MontageLevel
from tags import capabilities
from tests.factories import make_certificate, make_custody, make_memory, make_mira, make_user

MOST_MILLISECONDS = 15
MOST_AT_WORST = 150
MONTAGES = 10
PHOTOGRAPHS = 12


FEW_MONTAGES, MANY_MONTAGES, QUICK_MONTAGES = 1_000, 100_000, 10_000


def measure(*, quick: bool) -> list[Row]:
    site, montages = open_site(), _montages()
    count, most = (200, QUICK_MONTAGES) if quick else (1000, MANY_MONTAGES)
    # The site's key is unlocked and its status list signed once in the life of a process.
    visit(site, f"/p/{montages[0].piece.public_id}")
    _stock(montages[0], FEW_MONTAGES)
    pages, pictures, bare = _visited(site, montages, count)
    _stock(montages[0], most)
    later, _, bare_later = _visited(site, montages, count)
    return [
        _row("montage page of 12, p50", median(pages), median(bare), MOST_MILLISECONDS),
        _row("montage page of 12, p99", _worst(pages), _worst(bare), MOST_AT_WORST),
        _row("one photograph through the policy, p50", median(pictures), median(bare), None),
        Row(
            f"montage page of 12 among {most:,}, p50",
            median(later) * 1000,
            "ms",
            f"among {FEW_MONTAGES:,}",
            median(pages) * 1000,
            # Beside the bare view both times, so that the machine's other work stays out of it.
            (median(later) / median(bare_later)) / (median(pages) / median(bare)),
            "flat",
        ),
    ]


def _visited(
    site: WSGIHandler, montages: list[Montage], count: int
) -> tuple[list[float], list[float], list[float]]:
    """Turn by turn, so that whatever else the machine does slows all alike."""
    pages, pictures, bare = [], [], []
    for montage in islice(cycle(montages), count):
        piece, cookie = montage.piece.public_id, _cookie_of(montage)
        pages.append(visit(site, reverse("memories:montage", args=[piece]), cookie=cookie))
        pictures.append(visit(site, _picture_of(montage), cookie=cookie))
        bare.append(visit(site, f"/bare/{piece}"))
    return pages, pictures, bare


def _stock(like: Montage, many: int) -> None:
    """As many more pieces, each with its code, its keeper, and a page of one photograph."""
    piece, item = like.piece, like.items.all()[0]
    pieces = copies(piece, many, public_id=Random.ID)
    copies(piece.tags.get(), many, piece_id=pieces, public_id=Random.ID, code=Random.CODE)
    copies(piece.custodies.get(), many, piece_id=pieces)
    montages = copies(like, many, piece_id=pieces)
    items = copies(item, many, montage_id=montages, public_id=Random.ID)
    copies(item.renditions.all()[0], many, item_id=items)
    look_at_them()


def _montages() -> list[Montage]:
    mira, otto = make_mira("mira-of-the-memories"), make_user("otto-of-the-memories")
    montages = []
    for _ in range(MONTAGES):
        piece = make_certificate(mira).piece
        montage = Montage.objects.create(
            piece=piece,
            keeper=make_custody(piece, otto).keeper,
            level=MontageLevel.CODE,
            published_at=timezone.now(),
        )
        for _ in range(PHOTOGRAPHS):
            make_memory(montage, placeholder="data:image/webp;base64," + "A" * 400)
        montages.append(montage)
    return montages


def _cookie_of(montage: Montage) -> str:
    """What the browser of someone who opened the code sends along."""
    answer = HttpResponse()
    capabilities.grant(answer, HttpRequest(), montage.piece.tags.get())
    return f"{capabilities.COOKIE}={answer.cookies[capabilities.COOKIE].coded_value}"


def _picture_of(montage: Montage) -> str:
    item = montage.items.all()[0]
    return reverse("memories:media", args=[item.public_id, "480.webp"])


def _worst(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def _row(name: str, ours: float, bare: float, most: int | None) -> Row:
    return Row(
        name=name,
        value=ours * 1000,
        unit="ms",
        compared_to="bare view",
        peer_value=bare * 1000,
        ratio=ours / bare,
        promise=f"<= {most} ms" if most else "",
    )


if __name__ == "__main__":
    print_table(measure(quick=False))

"""The montage page and its photographs: server time beside a bare view in the same run."""

from itertools import cycle, islice
from statistics import median, quantiles

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from bench.site import open_site, visit
from bench.table import Row, print_table
from memories.models.montage import Montage, MontageLevel
from tags import capabilities
from tests.factories import make_certificate, make_custody, make_memory, make_mira, make_user

MOST_MILLISECONDS = 15
MOST_AT_WORST = 150
MONTAGES = 10
PHOTOGRAPHS = 12


def measure(*, quick: bool) -> list[Row]:
    site, montages = open_site(), _montages()
    count = 200 if quick else 1000
    pages, pictures, bare = [], [], []
    # The site's key is unlocked and its status list signed once in the life of a process.
    visit(site, f"/p/{montages[0].piece.public_id}")
    # Turn by turn, so that whatever else the machine does slows all alike.
    for montage in islice(cycle(montages), count):
        piece, cookie = montage.piece.public_id, _cookie_of(montage)
        pages.append(visit(site, reverse("memories:montage", args=[piece]), cookie=cookie))
        pictures.append(visit(site, _picture_of(montage), cookie=cookie))
        bare.append(visit(site, f"/bare/{piece}"))
    return [
        _row("montage page of 12, p50", median(pages), median(bare), MOST_MILLISECONDS),
        _row("montage page of 12, p99", _worst(pages), _worst(bare), MOST_AT_WORST),
        _row("one photograph through the policy, p50", median(pictures), median(bare), None),
    ]


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

"""Setting a certificate and a check report as PDF, beside reading the bundle that lies inside."""

from itertools import cycle, islice
from statistics import median

from django.core.cache import cache

from bench.site import open_site, visit
from bench.table import Row, print_table
from provenance.models.certificate import Certificate
from tests.factories import make_mira, make_pictured_certificate

MOST_MILLISECONDS = 250
PIECES = 10


def measure(*, quick: bool) -> list[Row]:
    site, certificates = open_site(), _certificates()
    count = 20 if quick else 100
    rows = []
    for name, ending in (("certificate", ".pdf"), ("check report", "/report.pdf")):
        visit(site, f"/c/{certificates[0].public_id}{ending}")
        printed, plain = [], []
        for each in islice(cycle(certificates), count):
            cache.clear()  # the limit of prints is not what is measured
            bundle = f"/c/{each.public_id}/bundle.json"
            visit(site, bundle)
            printed.append(visit(site, f"/c/{each.public_id}{ending}"))
            plain.append(visit(site, bundle))
        rows.append(_row(f"{name} as PDF, warm, p50", printed, plain))
    return rows


def _certificates() -> list[Certificate]:
    mira = make_mira("mira-of-the-papers")
    return [make_pictured_certificate(mira, width=1638) for _ in range(PIECES)]


def _row(name: str, printed: list[float], plain: list[float]) -> Row:
    return Row(
        name=name,
        value=median(printed) * 1000,
        unit="ms",
        compared_to="its bundle",
        peer_value=median(plain) * 1000,
        ratio=median(printed) / median(plain),
        promise=f"<= {MOST_MILLISECONDS} ms",
    )


if __name__ == "__main__":
    print_table(measure(quick=False))

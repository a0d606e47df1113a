"""Printing a season: label sheets whose codes scan, and cards in packs with fresh claim codes."""

import re

import pypdfium2
import pytest
import zxingcpp

from provenance.models.keeping import ClaimCode
from provenance.models.season import Season
from provenance.services import season as seasons
from tags import labels, season_views
from tags.errors import PrintError
from tags.models.tag import Tag
from tests.factories import make_mira
from tests.provenance.seasons import bands, make_season, work

pytestmark = pytest.mark.django_db
MM = 72 / 25.4
MANY = labels.LABELS_ON_A_SHEET + 3


def signed_season(many: int) -> Season:
    mira = make_mira()
    season = make_season(mira, *bands(many))
    shown = seasons.what_is_confirmed(season)
    seasons.confirm_season(season=season, shown=shown, by=mira.user)
    work()
    return season


def addresses(season: Season) -> list[str]:
    codes = Tag.objects.filter(piece__season_row__season=season)
    ordered = codes.order_by("piece__season_row__position")
    return [f"HTTPS://TOUCHMARK.EXAMPLE/T/{tag.code}" for tag in ordered]


def scanned(page: pypdfium2.PdfPage) -> list[str]:
    pixels = page.render(scale=400 / 72).to_pil().convert("L")
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def test_every_label_of_a_sheet_scans_as_its_own_piece(client):
    season = signed_season(MANY)
    client.force_login(season.maker.user)

    answer = client.get(f"/workshop/season/{season.public_id}/labels.pdf")

    first, second = pypdfium2.PdfDocument(answer.content)
    assert [round(side / MM) for side in first.get_size()] == [210, 297]
    assert sorted(scanned(first)) == sorted(addresses(season)[: labels.LABELS_ON_A_SHEET])
    assert sorted(scanned(second)) == sorted(addresses(season)[labels.LABELS_ON_A_SHEET :])


def test_cards_come_in_packs_with_a_claim_code_each(client, monkeypatch):
    monkeypatch.setattr(season_views, "CARDS_IN_A_PACK", 2)
    season = signed_season(3)
    client.force_login(season.maker.user)

    answer = client.post(f"/workshop/season/{season.public_id}/cards.pdf", {"from": "3"})

    front, inside = pypdfium2.PdfDocument(answer.content)
    assert scanned(front) == addresses(season)[2:]
    assert re.search(r"Claim code", inside.get_textpage().get_text_range())
    assert ClaimCode.objects.filter(voided_at__isnull=True).count() == 1


def test_a_pack_has_two_pages_for_each_card(client):
    season = signed_season(3)
    client.force_login(season.maker.user)

    answer = client.post(f"/workshop/season/{season.public_id}/cards.pdf", {"from": "1"})

    pages = list(pypdfium2.PdfDocument(answer.content))
    assert [scanned(page) for page in pages[::2]] == [[each] for each in addresses(season)]
    assert len(pages) == 6


def test_cards_that_cannot_be_set_leave_the_earlier_codes_good(client, monkeypatch):
    season = signed_season(2)
    client.force_login(season.maker.user)
    client.post(f"/workshop/season/{season.public_id}/cards.pdf", {"from": "1"})

    def refuse(*_, **__):
        raise PrintError("this page could not be set for printing")

    monkeypatch.setattr(labels, "cards_pdf", refuse)
    answer = client.post(f"/workshop/season/{season.public_id}/cards.pdf", {"from": "1"})

    assert answer.status_code == 503
    assert ClaimCode.objects.filter(voided_at__isnull=True).count() == 2

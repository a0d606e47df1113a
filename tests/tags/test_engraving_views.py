"""Engraving at the desk: told before the laser starts, drawn to size, tried on a sheet."""

import io

import pytest
import zxingcpp
from PIL import Image, ImageOps

from tags import engraving_views
from tags.errors import PrintError
from tests.factories import make_certificate, make_draft, make_mira, make_otto
from tests.pdfs import PACKAGES, all_words

pytestmark = pytest.mark.django_db
FILES = ["engrave.svg", "engrave.png"]
FINE = {"side": "10", "mark": "dark"}


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


@pytest.fixture
def ring(mira):
    return make_certificate(mira).piece


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def address(piece) -> str:
    return f"HTTPS://TOUCHMARK.EXAMPLE/T/{piece.tags.get().code}"


def test_the_page_measures_before_anybody_asked(desk, ring):
    page = text(desk.get(f"/workshop/{ring.public_id}/engrave"))

    assert "12 mm" in page
    assert "0.324 mm for each small square" in page
    assert "Comfortable." in page


def test_a_tight_size_is_warned_of(desk, ring):
    page = text(desk.get(f"/workshop/{ring.public_id}/engrave?side=6&mark=dark"))

    assert "0.162 mm for each small square" in page
    assert "Tight." in page
    assert "from 7.40 mm on it is comfortable" in page


@pytest.mark.parametrize("page", ["engrave", *FILES])
def test_a_size_no_phone_reads_is_refused_with_the_way_out(desk, ring, page):
    answer = desk.get(f"/workshop/{ring.public_id}/{page}?side=5&mark=dark")

    assert answer.status_code == 400
    assert "At 5 mm a phone cannot read this code; it needs at least 5.55 mm." in text(answer)
    assert "Drawing for the laser" not in text(answer)


@pytest.mark.parametrize("side", ["", "x", "-3", "0", "99999", "NaN"])
@pytest.mark.parametrize("page", ["engrave", *FILES])
def test_what_is_no_size_is_asked_for_again(desk, ring, page, side):
    answer = desk.get(f"/workshop/{ring.public_id}/{page}", {"side": side, "mark": "dark"})

    assert answer.status_code == 400
    assert "Write a number such as 10." in text(answer)


@pytest.mark.parametrize("mark", ["dark", "light"])
@pytest.mark.parametrize("mirrored", ["", "on"])
def test_the_picture_reads_on_the_metal_it_is_for(desk, ring, mark, mirrored):
    asked = FINE | {"mark": mark} | ({"mirrored": mirrored} if mirrored else {})

    answer = desk.get(f"/workshop/{ring.public_id}/engrave.png", asked)

    marks = Image.open(io.BytesIO(answer.content)).convert("L")
    metal = ImageOps.invert(marks) if mark == "light" else marks
    seen = ImageOps.mirror(metal) if mirrored else metal
    assert zxingcpp.read_barcode(seen, try_invert=False).text == address(ring)


def test_the_drawing_comes_in_its_size_and_names_itself(desk, ring):
    answer = desk.get(f"/workshop/{ring.public_id}/engrave.svg", FINE | {"side": "85e-1"})

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Disposition"] == 'inline; filename="marlowe-ring-8.5mm.svg"'
    assert b'width="8.5mm"' in answer.content


@pytest.mark.node
@pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm")
def test_the_sheet_to_try_is_a_pdf(desk, ring):
    answer = desk.get(f"/workshop/{ring.public_id}/test-print.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert "Light on dark, mirrored" in all_words(answer.content)


def test_a_sheet_that_cannot_be_set_says_so(desk, ring, monkeypatch):
    def out_of_ink(*_args, **_kwargs):
        raise PrintError("this page could not be set for printing")

    monkeypatch.setattr(engraving_views.trial_print, "trial_pdf", out_of_ink)

    assert desk.get(f"/workshop/{ring.public_id}/test-print.pdf").status_code == 503


def test_the_desk_of_a_signed_piece_leads_there(desk, ring):
    page = desk.get(f"/workshop/{ring.public_id}")

    assert f"/workshop/{ring.public_id}/engrave" in text(page)


@pytest.mark.parametrize("page", ["engrave", *FILES, "test-print.pdf"])
def test_a_draft_has_nothing_to_engrave(desk, mira, page):
    draft = make_draft(mira)

    assert desk.get(f"/workshop/{draft.public_id}/{page}", FINE).status_code == 404


@pytest.mark.parametrize("page", ["engrave", *FILES, "test-print.pdf"])
@pytest.mark.parametrize("visitor", ["otto", "another maker", None])
def test_nobody_else_engraves_it(client, ring, page, visitor):
    if visitor == "otto":
        client.force_login(make_otto())
    elif visitor:
        client.force_login(make_mira("another").user)

    answer = client.get(f"/workshop/{ring.public_id}/{page}", FINE)

    assert answer.status_code == (404 if visitor == "another maker" else 302)

"""Printing at the desk: a card with a fresh claim code, a label, and the code as a drawing."""

import pypdfium2
import pytest
import zxingcpp

from provenance.models.keeping import ClaimCode
from provenance.services import platform
from tags import codes, print_views
from tags.errors import PrintError
from tests.factories import make_certificate, make_custody, make_draft, make_mira, make_otto

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def decoded(pdf: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(pdf)
    return [
        found.text
        for page in pages
        for found in zxingcpp.read_barcodes(page.render(scale=6).to_pil())
    ]


def words(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_the_card_names_the_piece_by_its_code_and_carries_a_claim_code(desk, mira):
    piece = make_certificate(mira).piece

    answer = desk.post(f"/workshop/{piece.public_id}/card.pdf")

    code = ClaimCode.objects.get(piece=piece)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'inline; filename="marlowe-ring-card.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert f"HTTPS://TOUCHMARK.EXAMPLE/T/{piece.tags.get().code}" in decoded(answer.content)
    assert len(pypdfium2.PdfDocument(answer.content)) == 2
    assert code.claimed_at is None


def test_printing_again_voids_the_unclaimed_code_before_it(desk, mira):
    piece = make_certificate(mira).piece
    desk.post(f"/workshop/{piece.public_id}/card.pdf")

    desk.post(f"/workshop/{piece.public_id}/card.pdf")

    first, second = ClaimCode.objects.order_by("pk")
    assert first.voided_at is not None
    assert second.voided_at is None


def test_the_card_of_a_kept_piece_has_no_claim_code(desk, mira):
    piece = make_certificate(mira).piece
    make_custody(piece, make_otto())

    answer = desk.post(f"/workshop/{piece.public_id}/card.pdf")

    assert len(pypdfium2.PdfDocument(answer.content)) == 1
    assert not ClaimCode.objects.exists()


def test_a_card_is_printed_by_pressing_never_by_a_link(desk, mira):
    piece = make_certificate(mira).piece

    answer = desk.get(f"/workshop/{piece.public_id}/card.pdf")

    assert answer.status_code == 405
    assert not ClaimCode.objects.exists()


def test_a_card_is_printed_while_the_key_of_the_site_is_locked(desk, mira, settings):
    piece = make_certificate(mira).piece
    signed_with = platform.fingerprint()
    settings.PLATFORM_KEY_PASSPHRASE = "another one"

    answer = desk.post(f"/workshop/{piece.public_id}/card.pdf")

    assert answer.status_code == 200
    assert "".join(signed_with.split()) in "".join(words(answer.content).split())


def test_a_card_that_cannot_be_set_leaves_the_earlier_code_good(desk, mira, monkeypatch):
    piece = make_certificate(mira).piece
    desk.post(f"/workshop/{piece.public_id}/card.pdf")

    def out_of_ink(*_args, **_kwargs):
        raise PrintError("this page could not be set for printing")

    monkeypatch.setattr(print_views.labels, "card_pdf", out_of_ink)
    answer = desk.post(f"/workshop/{piece.public_id}/card.pdf")

    assert answer.status_code == 503
    assert ClaimCode.objects.get().voided_at is None


def test_the_label_decodes_to_the_same_address(desk, mira):
    piece = make_certificate(mira).piece

    answer = desk.get(f"/workshop/{piece.public_id}/label.pdf")

    assert f"HTTPS://TOUCHMARK.EXAMPLE/T/{piece.tags.get().code}" in decoded(answer.content)
    assert codes.show_code(piece.tags.get().code) in words(answer.content)


def test_the_drawing_of_the_code_is_svg(desk, mira):
    piece = make_certificate(mira).piece

    answer = desk.get(f"/workshop/{piece.public_id}/code.svg")

    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


@pytest.mark.parametrize("paper", ["code.svg", "label.pdf"])
def test_a_draft_has_nothing_to_print(desk, mira, paper):
    piece = make_draft(mira)

    assert desk.get(f"/workshop/{piece.public_id}/{paper}").status_code == 404


def test_a_withdrawn_piece_gets_no_new_card(desk, mira):
    piece = make_certificate(mira).piece
    desk.post(
        f"/workshop/{piece.public_id}/withdraw",
        {"reason": "The stone was swapped.", "confirmation": "Marlowe ring"},
    )

    answer = desk.post(f"/workshop/{piece.public_id}/card.pdf")

    assert answer.status_code == 404
    assert not ClaimCode.objects.exists()


@pytest.mark.parametrize("visitor", ["otto", None])
def test_neither_keeper_nor_stranger_prints(client, mira, visitor):
    piece = make_certificate(mira).piece
    if visitor:
        client.force_login(make_otto())

    answer = client.post(f"/workshop/{piece.public_id}/card.pdf")

    assert answer.status_code == 302
    assert not ClaimCode.objects.exists()

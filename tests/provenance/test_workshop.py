"""The workshop: signing, withdrawing, copying and finding pieces, and who may."""

import pytest
from django.test import Client

from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.piece import Piece
from provenance.services import access, drafting
from tags.services import issuing as tag_services
from tests.factories import (
    make_certificate,
    make_custody,
    make_draft,
    make_mira,
    make_otto,
    make_photograph,
)
from tests.provenance.test_drafts import BAND

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def bench(client, mira):
    """A browser in which Mira is signed in."""
    return sign_in(client, mira.user)


# -- signing ------------------------------------------------------------------------------------


def test_signing_too_early_says_what_is_left_beside_the_field(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    page = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1", "act": "sign"})

    assert page.status_code == 400
    assert "Two photographs at least are needed." in page.content.decode()
    assert not Certificate.objects.exists()


def test_a_year_in_the_future_is_said_beside_the_year(bench, mira):
    piece = make_draft(mira)

    page = bench.post(
        f"/workshop/{piece.public_id}", BAND | {"revision": "1", "act": "sign", "year": "9000"}
    )

    assert page.context["sheet"].facts.errors["year"] == ["The year lies in the future."]


def seen(piece):
    """What a page that shows the piece as it stands sends back when one signs."""
    return {"shown": drafting.shown_digest(piece)}


def test_two_devices_signing_the_same_draft_make_one_certificate(bench, mira):
    piece = make_draft(mira)
    first = bench.post(f"/workshop/{piece.public_id}/sign", seen(piece))

    second = bench.post(f"/workshop/{piece.public_id}/sign", seen(piece))

    certificate = Certificate.objects.get()
    assert first.status_code == 303
    assert second.status_code == 409
    assert f"/c/{certificate.public_id}" in second.content.decode()


def test_the_page_before_signing_says_what_will_be_signed(bench, mira):
    piece = make_draft(mira)

    page = bench.get(f"/workshop/{piece.public_id}/sign").content.decode()

    assert "Ring, 18 ct (750) yellow gold and platinum 950, 6.81 g" in page
    assert "Design origin not stated; No making claim" in page
    assert "never changed" in page


def test_a_draft_changed_after_it_was_shown_is_not_signed_unseen(bench, mira):
    piece = make_draft(mira)

    answer = bench.post(f"/workshop/{piece.public_id}/sign", {"shown": "0" * 64})

    assert answer["Location"] == f"/workshop/{piece.public_id}/sign"
    assert not Certificate.objects.exists()


def test_a_draft_that_is_not_ready_leads_back_to_the_bench(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    page = bench.post(f"/workshop/{piece.public_id}/sign", seen(piece), follow=True)

    assert "Two photographs at least are needed." in page.content.decode()
    assert not Certificate.objects.exists()


def test_without_its_key_the_site_says_so_and_signs_nothing(bench, mira, settings, tmp_path):
    piece = make_draft(mira)
    settings.PLATFORM_KEY_PATH = tmp_path / "none.pem"

    page = bench.post(f"/workshop/{piece.public_id}/sign", seen(piece))

    piece.refresh_from_db()
    assert page.status_code == 503
    assert not piece.is_issued


def test_the_preview_is_the_buyers_page_with_a_draft_ribbon(bench, mira):
    piece = make_draft(mira)

    page = bench.get(f"/workshop/{piece.public_id}/preview")

    assert page.templates[0].name == "provenance/piece.html"
    assert "A draft, not signed yet." in page.content.decode()


# -- the signed piece ---------------------------------------------------------------------------


def test_a_signed_piece_shows_its_code_and_its_prints(bench, mira):
    piece = make_certificate(mira).piece

    page = bench.get(f"/workshop/{piece.public_id}").content.decode()

    assert f"/workshop/{piece.public_id}/code.svg" in page
    assert f"/workshop/{piece.public_id}/card.pdf" in page
    assert f"/p/{piece.public_id}" in page


def test_printing_again_says_that_it_voids_the_earlier_claim_code(bench, mira):
    piece = make_certificate(mira).piece
    tag_services.new_card_code(piece=piece, by=mira.user)

    page = bench.get(f"/workshop/{piece.public_id}").content.decode()

    assert "the earlier card can no longer be used" in page


def test_withdrawing_needs_a_reason_and_the_title_once_more(bench, mira):
    certificate = make_certificate(mira)
    address = f"/workshop/{certificate.piece.public_id}/withdraw"

    silent = bench.post(address, {"reason": " ", "confirmation": "Marlowe ring"})
    hasty = bench.post(address, {"reason": "The stone was swapped.", "confirmation": "yes"})

    certificate.refresh_from_db()
    assert (silent.status_code, hasty.status_code) == (400, 400)
    assert "Say why." in silent.content.decode()
    assert "This is not the title." in hasty.content.decode()
    assert certificate.revoked_at is None


def test_a_withdrawn_certificate_keeps_its_first_reason(bench, mira):
    certificate = make_certificate(mira)
    address = f"/workshop/{certificate.piece.public_id}/withdraw"
    bench.post(address, {"reason": "The stone was swapped.", "confirmation": "marlowe ring"})

    again = bench.post(address, {"reason": "Another reason.", "confirmation": "Marlowe ring"})

    certificate.refresh_from_db()
    assert again.status_code == 303
    assert certificate.revocation_reason == "The stone was swapped."
    assert Event.objects.filter(kind="certificate.revoked").count() == 1


def test_the_next_of_an_edition_is_copied_with_its_number(bench, mira):
    piece = make_certificate(mira).piece

    page = bench.post(f"/workshop/{piece.public_id}/duplicate", follow=True)

    copy = Piece.objects.drafts().get()
    assert copy.edition_line == "Number 4 of 12"
    assert not copy.photographs.exists()
    assert "Copied from number 3. Change what differs." in page.content.decode()


# -- the tray -----------------------------------------------------------------------------------


def test_an_empty_tray_says_how_to_begin(bench):
    page = bench.get("/workshop")

    assert "The tray is empty. Register your first piece" in page.content.decode()


def test_every_piece_says_how_it_stands(bench, mira):
    make_draft(mira, title="Draft band", with_photographs=False)
    kept = make_certificate(mira, title="Kept band")
    make_custody(kept.piece, make_otto())
    withdrawn = make_certificate(mira, title="Withdrawn band")
    bench.post(
        f"/workshop/{withdrawn.piece.public_id}/withdraw",
        {"reason": "Swapped.", "confirmation": "Withdrawn band"},
    )

    rows = {row.piece.title: row.state for row in bench.get("/workshop").context["rows"]}

    assert rows["Draft band"].line == "One thing left: the photographs."
    assert "Kept since" in rows["Kept band"].line
    assert rows["Withdrawn band"].name == "Withdrawn"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("show=drafts", ["Harbour band"]),
        ("show=certified", ["Marlowe ring"]),
        ("show=withdrawn", []),
        ("show=nonsense", ["Harbour band", "Marlowe ring"]),
        ("q=harbour", ["Harbour band"]),
        ("q=HB-1", ["Harbour band"]),
        ("q=3", ["Harbour band", "Marlowe ring"]),
        ("q=nothing+like+it", []),
        ("page=999", ["Harbour band", "Marlowe ring"]),
        ("page=x&q=%00nothing", []),
    ],
)
def test_pieces_are_found_by_state_title_stock_number_and_edition(bench, mira, question, found):
    make_certificate(mira)
    make_draft(mira, title="Harbour band", sku="HB-1")

    page = bench.get(f"/workshop?{question}")

    assert sorted(row.piece.title for row in page.context["rows"]) == found


def test_a_piece_is_found_by_the_code_on_its_card(bench, mira):
    piece = make_certificate(mira).piece
    make_draft(mira, title="Harbour band")

    page = bench.get("/workshop", {"q": piece.tags.get().code.lower()})

    assert [row.piece for row in page.context["rows"]] == [piece]


@pytest.mark.parametrize("many", [1, 5])
def test_the_tray_asks_the_database_the_same_number_of_questions(
    bench, mira, many, django_assert_num_queries
):
    for _ in range(many):
        make_certificate(mira)

    with django_assert_num_queries(17):
        bench.get("/workshop")


# -- who may ------------------------------------------------------------------------------------

ADDRESSES = [
    "",
    "/preview",
    "/sign",
    "/withdraw",
    "/code.svg",
    "/label.pdf",
]


@pytest.mark.parametrize("rest", ADDRESSES)
@pytest.mark.parametrize("is_signed", [True, False])
def test_another_makers_piece_is_not_there(client, mira, rest, is_signed):
    piece = make_certificate(mira).piece if is_signed else make_draft(mira)
    sign_in(client, make_mira("sana").user)

    page = client.get(f"/workshop/{piece.public_id}{rest}")

    assert page.status_code == 404


@pytest.mark.parametrize("rest", ["/duplicate", "/card.pdf", "/photos", "/sign", "/withdraw", ""])
def test_another_maker_can_do_nothing_to_it(client, mira, rest):
    piece = make_draft(mira)
    sign_in(client, make_mira("sana").user)

    page = client.post(f"/workshop/{piece.public_id}{rest}", BAND | {"revision": "1"})

    piece.refresh_from_db()
    assert page.status_code == 404
    assert piece.revision == 1


@pytest.mark.parametrize("address", ["/workshop", "/workshop/new", "/workshop/tokens"])
def test_otto_who_keeps_is_led_to_open_a_workshop_and_sana_to_the_door(client, address):
    stranger = client.get(address)
    sign_in(client, make_otto())
    keeper = client.get(address)

    assert stranger["Location"].startswith("/accounts/login/")
    assert keeper["Location"] == "/workshop/begin"


# -- keys for programs --------------------------------------------------------------------------


def test_a_key_is_shown_once_and_kept_as_a_hash(bench, mira):
    page = bench.post("/workshop/tokens", {"label": "shop system"})

    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert access.maker_of_token(secret) == mira
    assert secret not in bench.get("/workshop/tokens").content.decode()


def test_a_withdrawn_key_opens_nothing(bench, mira):
    secret = access.make_token(maker=mira, label="shop system", by=mira.user)

    bench.post("/workshop/tokens", {"withdraw": str(mira.api_tokens.get().pk)})

    assert access.maker_of_token(secret) is None


@pytest.mark.parametrize("which", ["x", "0", "9" * 40, "-1"])
def test_a_key_that_is_not_there_cannot_be_withdrawn(bench, which):
    answer = bench.post("/workshop/tokens", {"withdraw": which})

    assert answer.status_code == 404


def test_another_makers_key_cannot_be_withdrawn(bench):
    sana = make_mira("sana")
    access.make_token(maker=sana, label="theirs", by=sana.user)

    answer = bench.post("/workshop/tokens", {"withdraw": str(sana.api_tokens.get().pk)})

    assert answer.status_code == 404
    assert sana.api_tokens.get().revoked_at is None


def test_an_ai_picture_is_never_the_picture_of_the_tray(bench, mira):
    piece = make_draft(mira, with_photographs=False)
    make_photograph(piece, "front", source="trainedAlgorithmicMedia")

    (row,) = bench.get("/workshop").context["rows"]

    assert row.picture is None

"""Appraisals: a value noted down for oneself; nobody else learns that there is one (rule P2)."""

from decimal import Decimal

import pytest
from django.test import Client

from provenance.models.appraisal import Appraisal
from provenance.models.log import Event
from tests.doors import at_the_door, enter_with_app
from tests.factories import make_certificate, make_draft, make_mira, make_otto, make_staff
from tests.provenance.programs import Program

pytestmark = pytest.mark.django_db

VALUE = {
    "amount": "4321.09",
    "currency": "gbp",
    "date": "2026-11-20",
    "purpose": "insurance",
    "appraiser": "A. Valuer",
    "note": "With the box.",
}


@pytest.fixture
def piece():
    return make_certificate().piece


@pytest.fixture
def mira(client, piece):
    """A browser in which the maker of the piece is signed in."""
    client.force_login(piece.maker.user)
    return client


def address(piece):
    return f"/workshop/{piece.public_id}/appraisal"


def test_an_appraisal_is_noted_down_with_its_day_purpose_and_appraiser(mira, piece):
    answer = mira.post(address(piece), VALUE)

    appraisal = Appraisal.objects.get()
    assert answer.status_code == 303
    assert (appraisal.amount, appraisal.currency) == (Decimal("4321.09"), "GBP")
    assert appraisal.author == piece.maker.user
    page = mira.get(address(piece)).content.decode()
    assert "GBP 4321.09" in page
    assert "nobody but you sees it" in page


def test_a_draft_may_have_one_too(client):
    draft = make_draft()
    client.force_login(draft.maker.user)

    client.post(address(draft), VALUE)

    assert Appraisal.objects.filter(piece=draft).count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount", "0", "This is too small."),
        ("currency", "£", "Write three letters, such as GBP"),
        ("date", "", "A value belongs to a day."),
        ("purpose", "", "Say what it was valued for."),
        ("appraiser", "", "Say who valued it."),
    ],
)
def test_a_value_without_its_circumstances_is_not_noted(mira, piece, field, typed, sentence):
    page = mira.post(address(piece), VALUE | {field: typed})

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Appraisal.objects.exists()


def test_an_appraisal_can_be_removed_for_good(mira, piece):
    mira.post(address(piece), VALUE)

    mira.post(address(piece), {"remove": Appraisal.objects.get().public_id})

    assert not Appraisal.objects.exists()


@pytest.mark.parametrize("who", [make_otto, lambda: make_mira("second").user])
def test_nobody_else_finds_the_page(client, piece, who):
    client.force_login(who())

    page = client.get(address(piece))

    # Otto has no workshop and is led to open one; another maker's piece is not there.
    assert page.status_code in {302, 404}


def test_a_stranger_is_asked_to_sign_in(client, piece):
    page = client.get(address(piece))

    assert page.status_code == 302
    assert "/accounts/login/" in page["Location"]


def test_what_another_person_noted_is_neither_shown_nor_removed(mira, piece):
    mira.post(address(piece), VALUE)
    Appraisal.objects.update(author=make_otto())
    appraisal = Appraisal.objects.get()

    page = mira.get(address(piece)).content.decode()
    refused = mira.post(address(piece), {"remove": appraisal.public_id})

    assert "4321" not in page
    assert refused.status_code == 404
    assert Appraisal.objects.exists()


def test_no_page_no_program_and_no_certificate_tells_of_it(mira, client, piece):
    mira.post(address(piece), VALUE)
    certificate = piece.certificates.get()
    told = [
        client.get(path).content.decode()
        for path in (
            f"/p/{piece.public_id}",
            f"/c/{certificate.public_id}",
            f"/c/{certificate.public_id}.json",
            f"/workshop/{piece.public_id}",
            "/workshop",
        )
    ]
    told.append(Program(piece.maker).get(f"pieces/{piece.public_id}").content.decode())

    assert not [page for page in told if "4321" in page or "Valuer" in page]


def test_no_event_tells_of_it(mira, piece):
    before = Event.objects.count()

    mira.post(address(piece), VALUE)

    assert Event.objects.count() == before


def test_staff_do_not_see_it(mira, piece):
    mira.post(address(piece), VALUE)
    staff = at_the_door(Client())
    enter_with_app(staff, make_staff())

    assert staff.get("/staff/admin/provenance/appraisal/").status_code == 404


def test_it_goes_with_the_account_of_who_wrote_it():
    otto, piece = make_otto(), make_certificate().piece
    Appraisal.objects.create(
        author=otto,
        piece=piece,
        amount=1,
        currency="GBP",
        date="2026-11-20",
        purpose="insurance",
        appraiser="A. Valuer",
    )

    otto.delete()

    assert not Appraisal.objects.exists()

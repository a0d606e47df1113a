"""The API: a program pauses, reinstates and corrects what it signed."""

import pytest

from provenance.models.certificate import Actor, Certificate, Suspension
from provenance.models.piece import Piece
from provenance.services import suspend
from provenance.services.standing import file_of
from tests.factories import make_certificate, make_draft, make_mira
from tests.provenance.programs import RING, Program
from tests.provenance.test_supersede import REASON, corrected, correction_of

pytestmark = pytest.mark.django_db

WHY = {"reason": "A shop asked us to look again."}


@pytest.fixture
def certificate():
    return make_certificate()


@pytest.fixture
def mira(certificate):
    return Program(certificate.maker)


def test_a_program_pauses_and_reinstates_with_reasons(mira, certificate):
    address = f"certificates/{certificate.public_id}"

    paused = mira.post(f"{address}/suspension", WHY)
    seen = Program().get(address).json()
    again = mira.post(f"{address}/reinstatement", {"reason": "All is as recorded."})

    assert (paused.status_code, again.status_code) == (201, 201)
    assert seen["suspension"].items() >= {"by": "maker", **WHY}.items()
    assert seen["verdict"]["answer"] == "paused"
    assert seen["verdict"]["cause"].items() >= {"answer": "paused", "by": "maker", **WHY}.items()
    assert again.json()["suspension"] is None
    assert Program().get(address).json()["verdict"]["cause"] is None


def test_a_pause_repeated_under_its_key_is_one_pause(mira, certificate):
    address = f"certificates/{certificate.public_id}/suspension"

    first, second = (mira.post(address, WHY, key="the-same") for _ in range(2))

    assert first.content == second.content
    assert Suspension.objects.count() == 1


@pytest.mark.parametrize(
    ("verb", "before", "code"),
    [
        ("suspension", Actor.MAKER, "already_suspended"),
        ("reinstatement", None, "not_suspended"),
        ("reinstatement", Actor.STAFF, "suspended_by_platform"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_code(mira, certificate, verb, before, code):
    if before:
        suspend.suspend_certificate(
            certificate=certificate, reason="Asked.", actor=before, by=certificate.maker.user
        )

    refused = mira.post(f"certificates/{certificate.public_id}/{verb}", WHY)

    assert (refused.status_code, refused.json()["code"]) == (409, code)


@pytest.mark.parametrize("verb", ["suspension", "reinstatement"])
@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": 7}, {**WHY, "until": "May"}])
def test_a_body_of_another_shape_changes_nothing(mira, certificate, verb, body):
    refused = mira.post(f"certificates/{certificate.public_id}/{verb}", body)

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert not Suspension.objects.exists()


def test_a_program_corrects_what_it_signed(mira, certificate):
    piece = certificate.piece.public_id

    draft = mira.post(f"pieces/{piece}/revision", {"reason": REASON}).json()
    told = RING | {"mass_grams": "6.79", "revision": draft["revision"]}
    mira.put(f"pieces/{draft['id']}", told)
    signed = mira.post("certificates", {"piece": draft["id"]})

    assert draft["revises"] == piece
    assert draft["state"] == "draft"
    assert signed.status_code == 201, signed.content
    newer = signed.json()
    assert (newer["piece"], newer["version"]) == (piece, 2)
    assert newer["supersedes"] == {"id": certificate.public_id, "reason": REASON}
    old = mira.get(f"certificates/{certificate.public_id}").json()
    assert old["superseded_by"] == newer["id"]
    assert old["verdict"]["answer"] == "superseded"
    assert old["verdict"]["cause"].items() >= {"newer": newer["id"], "reason": REASON}.items()
    assert mira.get(f"pieces/{piece}").json()["mass_grams"] == "6.79"
    assert mira.get(f"pieces/{piece}").json()["certificates"] == [newer["id"], old["id"]]


def test_a_correction_is_signed_once(mira, certificate):
    draft = correction_of(certificate)
    mira.post("certificates", {"piece": draft.public_id})

    refused = mira.post("certificates", {"piece": draft.public_id})

    assert (refused.status_code, refused.json()["code"]) == (409, "already_issued")
    assert mira.get(f"pieces/{draft.public_id}").status_code == 404


def test_a_correction_is_given_up(mira, certificate):
    address = f"pieces/{certificate.piece.public_id}/revision"
    mira.post(address, {"reason": REASON})

    gone, nothing = mira.delete(address), mira.delete(address)

    assert (gone.status_code, nothing.status_code) == (204, 404)
    assert Piece.objects.count() == 1


def test_a_draft_is_not_corrected(mira, certificate):
    draft = make_draft(certificate.maker)

    refused = mira.post(f"pieces/{draft.public_id}/revision", {"reason": REASON})

    assert (refused.status_code, refused.json()["code"]) == (409, "piece_is_a_draft")


def test_an_old_file_verified_again_is_superseded_and_names_the_newer(mira, certificate):
    signed = file_of(certificate)
    newer = corrected(certificate)

    told = Program().post("verifications", signed)

    assert told.status_code == 200
    assert told.json()["answer"] == "superseded"
    assert told.json()["cause"]["newer"] == newer.public_id


@pytest.mark.parametrize("verb", ["suspension", "reinstatement", "revision"])
def test_another_makers_program_finds_nothing_to_do(certificate, verb):
    other = Program(make_mira("other"))
    noun, ident = "certificates", certificate.public_id
    if verb == "revision":
        noun, ident = "pieces", certificate.piece.public_id

    refused = other.post(f"{noun}/{ident}/{verb}", WHY)

    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert not Suspension.objects.exists()
    assert Certificate.objects.count() == 1

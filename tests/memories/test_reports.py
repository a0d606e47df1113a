"""Reports: anybody who sees a page may close it until somebody answers, and nobody for ever."""

import pytest
from django.contrib.admin import site
from django.core import mail
from django.test import Client

from memories.errors import ForStaffError
from memories.models.access import Report, ReportAnswer
from memories.models.montage import MontageLevel
from memories.services import reports
from tests.factories import make_open_montage, make_user
from tests.memories.doors import CLOSED, OPEN, make_guarded, sees
from tests.memories.test_access import holder_of_the_code, look, media, page, signed_in

pytestmark = pytest.mark.django_db

SAID = {"reason": "me", "words": "That is my kitchen"}


@pytest.fixture
def montage():
    return make_guarded(MontageLevel.PUBLIC)


def report(montage, client: Client | None = None) -> int:
    return (client or Client()).post(f"{page(montage)}/report", SAID).status_code


def answer(montage, said: str):
    address = f"/keep/{montage.piece.public_id}/reports"
    return signed_in(montage.keeper.user).post(address, {"answer": said})


def by_staff(montage, said: ReportAnswer) -> None:
    reports.answer_as_staff(montage=montage, answer=said)


def test_a_stranger_reports_without_an_account_and_the_page_is_hidden_at_once(
    montage, django_capture_on_commit_callbacks
):
    sana = Client()
    etag = look(sana, media(montage.items.get()))["ETag"]
    offered = sana.get(page(montage)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        told = sana.post(f"{page(montage)}/report", SAID)

    assert "Report this page" in offered
    assert "Thank you. Somebody will look at it." in told.content.decode()
    assert sees(sana, montage) == CLOSED
    held = look(sana, media(montage.items.get()), **{"If-None-Match": etag})
    assert held.status_code == 404
    assert sees(signed_in(montage.keeper.user), montage) == OPEN
    assert mail.outbox[0].to == [montage.keeper.user.email]
    assert "kitchen" not in mail.outbox[0].body


def test_nothing_is_kept_of_who_reported(montage):
    report(montage, signed_in(make_user("sana")))

    kept = {field.name for field in Report._meta.fields}
    assert kept == {
        *("id", "montage", "public_id", "reason", "words", "created_at"),
        *("answer", "answered_by", "answered_at"),
    }


def test_who_sees_nothing_reports_nothing():
    montage = make_open_montage()

    assert report(montage) == 404
    assert report(montage, signed_in(montage.keeper.user)) == 404
    assert report(montage, holder_of_the_code(montage)) == 200


@pytest.mark.parametrize("bad", [{"reason": ""}, {"reason": "dull"}, {"words": "x" * 501}])
def test_what_is_no_report_hides_nothing(montage, bad):
    told = Client().post(f"{page(montage)}/report", {**SAID, **bad})

    assert told.status_code == 400
    assert sees(Client(), montage) == OPEN


def test_the_keeper_reads_it_and_shows_the_page_again(montage):
    report(montage)
    otto = signed_in(montage.keeper.user)

    read = otto.get(f"/keep/{montage.piece.public_id}/reports").content.decode()
    done = answer(montage, "shown")

    assert "That is my kitchen" in read
    assert done.status_code == 303
    assert sees(Client(), montage) == OPEN


def test_the_keeper_closes_the_page(montage):
    report(montage)

    answer(montage, "closed")

    montage.refresh_from_db()
    assert (montage.published_at, montage.reported_at) == (None, None)


def test_reported_again_only_the_staff_opens_it(montage):
    report(montage)
    answer(montage, "shown")
    report(montage)

    refused = answer(montage, "shown")

    assert refused.status_code == 409
    assert sees(Client(), montage) == CLOSED
    by_staff(montage, ReportAnswer.SHOWN)
    assert sees(Client(), montage) == OPEN


def test_what_the_staff_closed_its_keeper_does_not_open(montage):
    report(montage)
    by_staff(montage, ReportAnswer.CLOSED)
    otto = signed_in(montage.keeper.user)
    montage.refresh_from_db()
    otto.post(f"/keep/{montage.piece.public_id}/publish", {"revision": montage.revision})

    assert sees(Client(), montage) == CLOSED
    with pytest.raises(ForStaffError):
        reports.answer_as_keeper(montage=montage, answer=ReportAnswer.SHOWN)
    assert sees(Client(), montage) == CLOSED


def test_attack_a_page_that_the_staff_looked_at_is_not_closed_by_the_next_report(montage):
    report(montage)
    by_staff(montage, ReportAnswer.SHOWN)

    report(montage)

    assert sees(Client(), montage) == OPEN
    assert Report.objects.filter(answer="").count() == 1


def test_one_network_reports_five_times_an_hour(montage):
    for _ in range(5):
        report(montage)
        by_staff(montage, ReportAnswer.SHOWN)

    assert report(montage) == 429


@pytest.mark.parametrize("said", ["", "never", "shown' --"])
def test_an_answer_that_is_none_changes_nothing(montage, said):
    report(montage)

    assert answer(montage, said).status_code == 400
    assert sees(Client(), montage) == CLOSED


def test_sana_does_not_answer(montage):
    report(montage)
    sana = signed_in(make_user("sana"))

    told = sana.post(f"/keep/{montage.piece.public_id}/reports", {"answer": "shown"})

    assert told.status_code == 404
    assert sees(Client(), montage) == CLOSED


def test_the_staff_answers_at_its_desk(montage):
    report(montage)
    desk = site.get_model_admin(Report)

    desk.show_again(None, Report.objects.all())

    assert sees(Client(), montage) == OPEN
    report(montage)
    desk.keep_closed(None, Report.objects.all())
    assert sees(Client(), montage) == CLOSED

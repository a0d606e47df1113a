"""Evidence at the bench: what is kept, what is refused, and what a capture in the page proves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.models.log import Event
from provenance.models.making import StepEvidence
from provenance.services import drafting, evidence, register
from provenance.services.making import recorded_making
from tags.services import issuing as tag_services
from tests.factories import make_draft, make_mira, make_photograph
from tests.provenance.bench import (
    BY_HAND,
    SAWN,
    SET,
    digest,
    film,
    shown,
    step_of,
    with_steps,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece():
    return with_steps(make_draft(), *BY_HAND, SET)


def add(piece, ident, facts):
    return evidence.add_evidence(step=step_of(piece, ident), shown=facts, by=piece.maker.user)


def test_a_photograph_is_signed_by_the_digest_of_what_is_served(piece, tmp_path):
    kept = add(piece, "f1", shown(tmp_path))

    stated = recorded_making(piece)["steps"][1]["evidence"]
    assert stated[0]["sha256"] == kept.renditions["1080.webp"]["sha256"] == kept.sha256
    assert stated[0]["digitalSourceType"] == "digitalCapture"


def test_every_upload_is_an_event_that_names_its_digest(piece, tmp_path):
    kept = add(piece, "f1", shown(tmp_path))

    event = Event.objects.get(kind="evidence.recorded")
    assert bytes(event.digest).hex() == kept.sha256
    assert event.at == kept.recorded_at


def test_a_film_is_kept_and_signed_but_not_shown(piece):
    kept = add(piece, "s1", film())

    assert kept.sha256 == digest("a film of the setting")
    assert kept.file
    assert not kept.is_shown


@pytest.mark.parametrize(
    "source", ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"]
)
def test_an_ai_image_is_no_evidence(piece, tmp_path, source):
    with pytest.raises(evidence.AIEvidenceError):
        add(piece, "f1", shown(tmp_path, source=source))

    assert not StepEvidence.objects.exists()


def test_a_computer_image_is_kept_but_shows_no_work_by_hand(piece, tmp_path):
    for step in BY_HAND:
        add(piece, step.ident, shown(tmp_path, step.ident, source="digitalCreation"))

    derivation = drafting.derivation_of(piece, now=timezone.now())

    assert derivation.evidence_grade == "E0"
    assert {ignored.rule for ignored in derivation.ignored} == {"A2"}


def test_the_same_file_stands_behind_one_step_alone(piece, tmp_path):
    add(piece, "f1", shown(tmp_path))

    with pytest.raises(evidence.RepeatedEvidenceError):
        add(piece, "p1", shown(tmp_path))


def test_a_photograph_of_another_piece_is_refused_with_its_stock_number(piece, tmp_path):
    other = with_steps(make_draft(piece.maker, sku="014"), SAWN)
    add(other, "f1", shown(tmp_path))

    with pytest.raises(evidence.EvidenceElsewhereError, match="piece 014"):
        add(piece, "f1", shown(tmp_path))


def test_a_photograph_of_another_makers_piece_is_refused_and_tells_nothing_of_it(piece, tmp_path):
    other = with_steps(make_draft(make_mira("rhea"), sku="secret-7"), SAWN)
    add(other, "f1", shown(tmp_path))

    with pytest.raises(evidence.EvidenceElsewhereError) as refused:
        add(piece, "f1", shown(tmp_path))

    assert "secret-7" not in str(refused.value)


def test_one_design_file_stands_in_the_records_of_all_pieces_made_from_it(piece):
    other = with_steps(make_draft(piece.maker, sku="014"), *BY_HAND)
    drawing = replace(film("a drawing"), kind="file")
    add(other, "d1", drawing)

    kept = add(piece, "d1", drawing)

    derivation = drafting.derivation_of(piece, now=timezone.now())
    assert [each.why for each in derivation.ignored] == ["also used for piece 014"]
    assert derivation.ignored[0].sha256 == kept.sha256


def test_a_record_photograph_of_another_piece_shows_nothing_of_this_one(piece, tmp_path):
    other = make_draft(piece.maker, with_photographs=False, sku="014")
    front = make_photograph(other, "front")
    facts = shown(tmp_path)
    front.sha256 = facts.picture.largest.sha256
    front.save(update_fields=["sha256"])

    with pytest.raises(evidence.EvidenceElsewhereError, match="piece 014"):
        add(piece, "f1", facts)


def test_evidence_taken_away_is_off_the_record_and_its_event_stays(piece, tmp_path):
    kept = add(piece, "f1", shown(tmp_path))

    evidence.remove_evidence(evidence=kept)

    assert "evidence" not in recorded_making(piece)["steps"][1]
    assert Event.objects.filter(kind="evidence.recorded").count() == 1


def test_a_signed_piece_takes_no_evidence_and_gives_none_back(piece, tmp_path):
    kept = add(piece, "f1", shown(tmp_path))
    tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    with pytest.raises(register.SignedPieceError):
        add(piece, "p1", shown(tmp_path, "another picture"))
    with pytest.raises(register.SignedPieceError):
        evidence.remove_evidence(evidence=kept)


# -- capture in the page ------------------------------------------------------------------------


def test_a_picture_taken_in_the_page_is_dated_by_our_clock(piece):
    opened = timezone.now()
    ticket = evidence.open_camera(step=step_of(piece, "s1"), now=opened)

    taken = evidence.captured_in_page(
        ticket=ticket,
        step=step_of(piece, "s1"),
        after=timedelta(seconds=9),
        now=opened + timedelta(seconds=12),
    )

    assert taken - opened == timedelta(seconds=9)


@pytest.mark.parametrize("after", [20, -1], ids=["in the future", "before it was opened"])
def test_a_picture_from_another_time_was_not_taken_in_the_page(piece, after):
    opened = timezone.now()
    step = step_of(piece, "s1")
    ticket = evidence.open_camera(step=step, now=opened)

    with pytest.raises(evidence.CameraClosedError):
        evidence.captured_in_page(
            ticket=ticket,
            step=step,
            after=timedelta(seconds=after),
            now=opened + timedelta(seconds=12),
        )


def test_a_camera_opened_for_one_step_takes_no_picture_of_another(piece):
    now = timezone.now()
    ticket = evidence.open_camera(step=step_of(piece, "s1"), now=now)

    with pytest.raises(evidence.CameraClosedError):
        evidence.captured_in_page(
            ticket=ticket, step=step_of(piece, "f1"), after=timedelta(0), now=now
        )


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c", "{}", "\0"])
def test_a_ticket_that_is_not_ours_opens_no_camera(piece, ticket):
    with pytest.raises(evidence.CameraClosedError):
        evidence.captured_in_page(
            ticket=ticket, step=step_of(piece, "s1"), after=timedelta(0), now=timezone.now()
        )


def test_pictures_taken_while_one_worked_make_the_record_contemporaneous(tmp_path):
    begun = timezone.now() - timedelta(minutes=10)
    started = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
    steps = [replace(step, is_done=False, started=started) for step in BY_HAND]
    piece = with_steps(make_draft(), *steps)
    for step in BY_HAND:
        taken = begun + timedelta(minutes=2)
        facts = shown(tmp_path, step.ident, captured_at=taken, is_in_app=True)
        add(piece, step.ident, facts)

    piece = with_steps(piece, *(replace(step, started=started) for step in BY_HAND))

    later = timezone.now() + timedelta(seconds=2)
    assert drafting.derivation_of(piece, now=later).evidence_grade == "E2"

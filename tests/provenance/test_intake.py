"""What a photograph brings to a making record: its source, its time and who signs for it."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from provenance.intake import safe_photograph
from provenance.making import derive_subject
from tests.memories import pictures
from tests.memories.credentialed import created, sign

PHOTO, AI = "digitalCapture", "trainedAlgorithmicMedia"
ISSUED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def evidence_of(content, *, said=PHOTO):
    upload = SimpleUploadedFile("step.jpg", content, "image/jpeg")
    with safe_photograph(upload, said=said) as incoming:
        return {"sha256": incoming.picture.largest.sha256} | incoming.as_evidence(said)


def grade_with(item, *, day):
    """The evidence grade of a piece made on this day, shown by this item alone."""
    step = {"id": "f1", "kind": "form.fabricate", "part": "piece", "control": "hand"}
    step |= {"started": f"{day}T08:00:00Z", "finished": f"{day}T18:00:00Z", "evidence": [item]}
    making = {"policy": "strict-2026-11", "steps": [step]}
    derived = derive_subject({"making": making}, issued=ISSUED, used_elsewhere={})
    return str(derived.evidence_grade)


def test_a_capture_fills_its_item_of_evidence():
    evidence = evidence_of(sign(created(PHOTO)))

    assert evidence.pop("sha256")
    assert evidence == {
        "digitalSourceType": PHOTO,
        "c2pa": {"state": "capture"},
        "captured_at": "2026-05-04T10:11:12+00:00",
    }


def test_a_person_who_says_ai_of_a_capture_is_believed():
    assert evidence_of(sign(created(PHOTO)), said=AI)["digitalSourceType"] == AI


@pytest.mark.parametrize(("day", "grade"), [("2026-05-04", "E2"), ("2026-05-03", "E1")])
def test_a_capture_within_the_time_of_its_step_raises_the_grade(day, grade):
    item = {"type": "photo", "recorded_at": "2026-05-06T09:00:00Z"}

    assert grade_with(item | evidence_of(sign(created(PHOTO))), day=day) == grade


def test_a_photograph_without_credentials_shows_the_step_all_the_same():
    item = {"type": "photo", "captured_at": "2026-05-04T10:11:12Z"}

    assert grade_with(item | evidence_of(pictures.make_jpeg()), day="2026-05-04") == "E1"


@pytest.mark.parametrize("said", [PHOTO, AI])
def test_media_made_by_ai_never_counts(said):
    item = {"type": "photo", "recorded_at": "2026-05-06T09:00:00Z"}

    assert grade_with(item | evidence_of(sign(created(AI)), said=said), day="2026-05-04") == "E0"

"""Photographs on pages: always in one order, whenever each was taken."""

import json
import re

import pytest

from memories import media_source
from provenance.views.bench import pictures_of, shots_of
from provenance.views.pictures import cover_of, for_machines, in_order, picture_of
from tags.services.issuing import issue_with_code
from tests.factories import make_draft, make_photograph

pytestmark = pytest.mark.django_db
TAKEN = ["other", "back", "marks", "scale", "front", "other"]
SHOWN = ["front", "scale", "marks", "back", "other", "other"]


@pytest.fixture
def piece():
    draft = make_draft(with_photographs=False)
    for role in TAKEN:
        make_photograph(draft, role)
    return draft


def test_photographs_lie_front_scale_marks_back_other(piece):
    ordered = in_order(piece.photographs.all())

    assert [each.role for each in ordered] == SHOWN
    assert len(pictures_of(piece)) == len(TAKEN)


def test_an_empty_place_waits_where_its_photograph_will_lie():
    draft = make_draft(with_photographs=False)
    make_photograph(draft, "back")
    make_photograph(draft, "front")

    shots = shots_of(draft.photographs.all(), refused={})

    assert [shot.role for shot in shots] == ["front", "scale", "marks", "back", "other"]
    assert [shot.role for shot in shots if shot.picture] == ["front", "back"]


@pytest.mark.parametrize("source", media_source.AI)
def test_a_picture_by_a_machine_is_named_and_is_never_the_cover(source):
    draft = make_draft(with_photographs=False)
    made_up = make_photograph(draft, "front", source=source)
    taken = make_photograph(draft, "back")

    assert picture_of(made_up, draft.public_id).note == "AI image, not a photo of this piece"
    assert cover_of([made_up, taken]) == taken
    assert cover_of([made_up]) is None


@pytest.mark.parametrize("source", media_source.COMPUTER)
def test_a_computer_image_is_named(source):
    draft = make_draft(with_photographs=False)
    drawn = make_photograph(draft, "front", source=source)

    assert picture_of(drawn, draft.public_id).note == "computer image"
    assert not drawn.is_captured


# What schema.org's IPTCDigitalSourceEnumeration holds of our terms (schema.org 29, "new" area).
SCHEMA_ORG = {
    "AlgorithmicMediaDigitalSource",
    "CompositeSyntheticDigitalSource",
    "CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "DataDrivenMediaDigitalSource",
    "DigitalArtDigitalSource",
    "DigitalCaptureDigitalSource",
    "MultiFrameComputationalCaptureDigitalSource",
    "TrainedAlgorithmicMediaDigitalSource",
    "VirtualRecordingDigitalSource",
}


def test_every_source_has_its_own_name_in_schema_org():
    draft = make_draft(with_photographs=False)
    for source in sorted(media_source.TERMS):
        make_photograph(draft, "other", source=source)

    images = for_machines(draft.photographs.all(), "https://touchmark.example/p/x")

    named = [image["digitalSourceType"].rpartition("/")[2] for image in images]
    assert sorted(named) == sorted(SCHEMA_ORG)


def test_the_page_tells_machines_of_each_picture_what_it_is_and_pictures_by_a_machine_last(client):
    draft = make_draft()
    draft.photographs.filter(role="front").update(role="back")
    made_up = make_photograph(draft, "front", source="trainedAlgorithmicMedia")
    piece = issue_with_code(piece=draft, by=draft.maker.user).piece

    page = client.get(f"/p/{piece.public_id}").content.decode()

    images = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])["image"]
    assert [image["digitalSourceType"] for image in images] == [
        *["https://schema.org/DigitalCaptureDigitalSource"] * 2,
        "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
    ]
    assert images[-1]["contentUrl"].endswith(
        f"/p/{piece.public_id}/photos/{made_up.public_id}/2048.webp"
    )

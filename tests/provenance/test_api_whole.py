"""The API takes and tells the whole model: every field comes back, every slip has its path."""

from copy import deepcopy

import pytest

from provenance.models.piece import Piece
from tests.factories import make_certificate, make_draft, make_mira
from tests.provenance.programs import RING, WHOLE_RING, Program, ring

pytestmark = pytest.mark.django_db


def told_whole(**changes):
    return {**deepcopy(WHOLE_RING), **changes}


def part(**changes):
    return {"parts": [{**WHOLE_RING["parts"][0], **changes}]}


def stone(**changes):
    return {"stones": [{**WHOLE_RING["stones"][0], **changes}]}


def report(**changes):
    first = WHOLE_RING["stones"][0]["reports"][0]
    return stone(reports=[{**first, **changes}])


def claim(**changes):
    return {"sourcing": [{**WHOLE_RING["sourcing"][0], **changes}]}


def codes_of(response):
    return {each["path"]: each["code"] for each in response.json()["errors"]}


def test_a_whole_piece_is_told_back_field_by_field():
    mira = Program(make_mira())
    piece = mira.post("pieces", WHOLE_RING).json()["id"]

    told = mira.get(f"pieces/{piece}").json()

    assert {name: told[name] for name in WHOLE_RING} == WHOLE_RING


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"year_to": 2024}, "year_to", "min_value"),
        ({"gtin": "4006381333932"}, "gtin", "gtin"),
        ({"serial": "3 of 12"}, "serial", "invalid"),
        ({"serial": "3\n"}, "serial", "invalid"),
        ({"keywords": ["a,b"]}, "keywords.0", "invalid"),
        ({"keywords": ["k"] * 21}, "keywords", "max_length"),
        ({"keywords": [f"{n:>040}" for n in range(20)]}, "keywords", "too_long"),
        ({"markets": ["UK"]}, "markets.0", "country"),
        ({"markets": ["gb"]}, "markets.0", "country"),
        ({"markets": ["GB", "GB"]}, "markets", "twice"),
        ({"appraisal": "4000"}, "appraisal", "unknown_field"),
        (part(id="piece"), "parts.0.id", "reserved"),
        (part(id="s1"), "parts.0.id", "reserved"),
        (part(coating="rhodium-plated"), "parts.0.coating", "invalid"),
        (part(coating={"metal": "gold"}), "parts.0.coating.method", "required"),
        (
            part(coating={"metal": "other", "method": "pvd"}),
            "parts.0.coating.note",
            "required",
        ),
        (
            part(coating={"metal": "gold", "method": "pvd", "micrometres": 2}),
            "parts.0.coating.micrometres",
            "plain",
        ),
        (
            part(coating={"metal": "gold", "method": "pvd", "colour": "rose"}),
            "parts.0.coating.colour",
            "unknown_field",
        ),
        (stone(graded_by=""), "stones.0.graded_by", "required"),
        (stone(country="XX"), "stones.0.country", "country"),
        (stone(sizes_mm=["7.6", 6]), "stones.0.sizes_mm.1", "plain"),
        (stone(sizes_mm=["1"] * 4), "stones.0.sizes_mm", "max_length"),
        (report(lab=""), "stones.0.reports.0.lab", "blank"),
        (report(date="3.8.2026"), "stones.0.reports.0.date", "day"),
        (report(date="2026-02-30"), "stones.0.reports.0.date", "invalid"),
        (report(url="javascript:alert(1)"), "stones.0.reports.0.url", "invalid"),
        (report(url="ftp://lab.example/1"), "stones.0.reports.0.url", "invalid"),
        (report(url=7), "stones.0.reports.0.url", "invalid"),
        (report(is_inscribed="yes"), "stones.0.reports.0.is_inscribed", "invalid"),
        (claim(kind="ethical"), "sourcing.0.kind", "invalid_choice"),
        (claim(document=""), "sourcing.0.document", "blank"),
        (claim(about="clasp"), "sourcing.0.about", "does_not_exist"),
        (claim(about="s2"), "sourcing.0.about", "does_not_exist"),
    ],
)
def test_a_slip_in_a_detail_is_named_by_its_path_and_nothing_is_kept(change, path, code):
    refused = Program(make_mira()).post("pieces", told_whole(**change))

    assert refused.status_code == 400
    assert codes_of(refused) == {path: code}
    assert not Piece.objects.exists()


def test_what_keeps_a_draft_from_its_signature_is_named_as_it_is_sent():
    mira = Program(make_mira())
    heavy = told_whole(mass_grams="60.00", height_mm="9000.0")
    piece = mira.post("pieces", heavy).json()["id"]

    refused = mira.post("certificates", {"piece": piece})

    assert {"mass_grams", "height_mm", "photographs"} <= codes_of(refused).keys()


# -- changing a draft ---------------------------------------------------------------------------


def test_a_program_changes_its_draft_at_the_revision_it_read():
    mira = Program(make_mira())
    draft = mira.post("pieces", RING).json()

    changed = mira.put(f"pieces/{draft['id']}", told_whole(revision=draft["revision"]))

    assert changed.status_code == 200
    assert changed.json()["revision"] == 2
    assert changed.json()["collection"] == "Harbour"


def test_a_change_of_what_was_changed_elsewhere_overwrites_nothing():
    mira = Program(make_mira())
    draft = mira.post("pieces", RING).json()
    mira.put(f"pieces/{draft['id']}", ring(title="First", revision=1))

    refused = mira.put(f"pieces/{draft['id']}", ring(title="Second", revision=1))

    assert (refused.status_code, refused.json()["code"]) == (409, "draft_changed_elsewhere")
    assert Piece.objects.get().title == "First"


def test_a_change_without_its_revision_is_refused():
    piece = make_draft()

    refused = Program(piece.maker).put(f"pieces/{piece.public_id}", RING)

    assert codes_of(refused) == {"revision": "required"}


def test_a_signed_piece_is_not_changed():
    piece = make_certificate().piece

    refused = Program(piece.maker).put(f"pieces/{piece.public_id}", ring(revision=1))

    assert (refused.status_code, refused.json()["code"]) == (409, "piece_is_signed")


def test_a_draft_of_another_maker_is_not_there_to_change():
    piece = make_draft()
    sana = Program(make_mira("second"))

    answers = [
        program.put(f"pieces/{piece.public_id}", ring(revision=1)).status_code
        for program in (sana, Program())
    ]

    assert answers == [404, 401]

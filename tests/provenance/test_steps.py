"""Steps at the bench: ticked, begun, planned from a recipe, and what their record grants."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.making import LABEL_WITHOUT_RECORD, recompute
from provenance.making_record import InvalidRecordError
from provenance.services import drafting, evidence, recipes, register
from provenance.services.facts import facts_of
from provenance.services.making import recorded_making, steps_of
from provenance.steps import STARTERS, StepFacts, planned_steps
from tags.services import issuing as tag_services
from tests.factories import make_certificate, make_draft, make_mira
from tests.provenance.bench import (
    BY_HAND,
    CAST,
    CAST_AND_SET,
    POLISHED,
    SAWN,
    SET,
    SKETCHED,
    shown,
    step_of,
    with_steps,
)

pytestmark = pytest.mark.django_db


def label_of(piece):
    return drafting.derivation_of(piece, now=timezone.now()).label


def show_every_step(piece, folder):
    for step in piece.steps.all():
        facts = shown(folder, f"{piece.public_id} {step.ident}")
        evidence.add_evidence(step=step, shown=facts, by=piece.maker.user)


def test_a_planned_step_is_not_on_record():
    piece = with_steps(make_draft(), replace(CAST, is_done=False))

    assert recorded_making(piece)["steps"] == []
    assert label_of(piece) == LABEL_WITHOUT_RECORD


def test_a_tick_puts_a_step_on_record_and_says_only_when_it_was_ticked():
    piece = with_steps(make_draft(), replace(CAST, is_done=False))

    piece = with_steps(piece, CAST)

    (step,) = recorded_making(piece)["steps"]
    assert step["recorded"]
    assert "finished" not in step


def test_a_tick_ends_a_step_that_was_begun_at_the_bench():
    piece = with_steps(make_draft(), replace(SET, is_done=False, started="2026-11-20T14:00:00Z"))

    piece = with_steps(piece, replace(SET, started="2026-11-20T14:00:00Z"))

    (step,) = recorded_making(piece)["steps"]
    assert step["finished"] == step["recorded"]


def test_ticking_again_does_not_move_the_moment_of_the_first_tick():
    piece = with_steps(make_draft(), CAST)
    first = step_of(piece, "c1").recorded_at

    piece = with_steps(piece, CAST, SET)

    assert step_of(piece, "c1").recorded_at == first


def test_a_step_taken_back_is_off_the_record():
    piece = with_steps(make_draft(), CAST)

    piece = with_steps(piece, replace(CAST, is_done=False))

    assert recorded_making(piece)["steps"] == []


def test_a_step_left_out_is_gone():
    piece = with_steps(make_draft(), CAST, SET)

    piece = with_steps(piece, SET)

    assert [step.ident for step in steps_of(piece)] == ["s1"]


def test_steps_stay_when_only_the_facts_change():
    piece = with_steps(make_draft(), CAST)
    heavier = replace(facts_of(piece), title="Another ring")

    piece = register.change_piece(piece=piece, facts=heavier, revision=piece.revision)

    assert [step.ident for step in steps_of(piece)] == ["c1"]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        (replace(CAST, kind="form.dream"), "making.steps.0.kind"),
        (replace(CAST, control="human"), "making.steps.0.control"),
        (replace(CAST, part="wing"), "making.steps.0.part"),
        (replace(CAST, finished="2031-01-01"), "making.steps.0.finished"),
        (replace(CAST, started="2026-02-30"), "making.steps.0.started"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_at_its_path_and_nothing_is_saved(step, path):
    piece = with_steps(make_draft(), SET)

    with pytest.raises(InvalidRecordError) as refused:
        with_steps(piece, step)

    piece.refresh_from_db()
    assert refused.value.path == path
    assert [each.ident for each in steps_of(piece)] == ["s1"]


def test_a_part_renamed_under_its_steps_is_refused_and_nothing_is_saved():
    piece = with_steps(make_draft(), replace(CAST, part="shank"))
    facts = facts_of(piece)
    renamed = replace(facts, parts=(replace(facts.parts[0], ident="band"), *facts.parts[1:]))

    with pytest.raises(InvalidRecordError):
        register.change_piece(piece=piece, facts=renamed, revision=piece.revision)

    assert [part.ident for part in facts_of(piece).parts] == ["shank", "head"]


# -- what is granted ----------------------------------------------------------------------------


def test_work_by_hand_that_nothing_shows_is_not_called_handmade():
    piece = with_steps(make_draft(), *BY_HAND)

    assert label_of(piece) == "Designed by a person; No making claim (no evidence)"


def test_work_by_hand_that_is_shown_is_called_handmade(tmp_path):
    piece = with_steps(make_draft(), *BY_HAND)
    show_every_step(piece, tmp_path)

    assert label_of(piece) == "Designed by a person; Handmade"


def test_a_cast_ring_set_by_hand_says_both(tmp_path):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    show_every_step(piece, tmp_path)

    expected = "Designed by a person; Cast from a 3D-printed model; hand-set; hand-finished"
    assert label_of(piece) == expected


def test_a_word_that_the_record_grants_is_signed(tmp_path):
    piece = with_steps(make_draft(title="Handmade Marlowe ring"), *BY_HAND)
    show_every_step(piece, tmp_path)

    certificate = tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    assert subject_of(parse_object(bytes(certificate.body)))["name"] == "Handmade Marlowe ring"


def test_a_word_that_the_record_does_not_grant_names_what_speaks_against_it():
    piece = with_steps(make_draft(title="Handcrafted Marlowe ring"), *CAST_AND_SET)

    (refused,) = drafting.refused_words(piece, now=timezone.now())

    assert refused.path == "title"
    assert refused.advice.sentence == (
        "“Handcrafted” cannot stand here. It is read as hand-made. "
        "This record has a 3D-printed model (M4) and cast parts (M3)."
    )
    assert refused.advice.options == ("Marlowe ring",)


def test_the_certificate_holds_the_record_its_label_and_its_refusals(tmp_path):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    show_every_step(piece, tmp_path)

    certificate = tag_services.issue_with_code(piece=piece, by=piece.maker.user)

    body = parse_object(bytes(certificate.body))
    making = subject_of(body)["making"]
    assert making["policy"] == "strict-2026-11"
    assert making["evidenceGrade"] == "E1"
    assert {"claim": "Handmade", "rules": ["M3", "M4"]} in making["refused"]
    assert [step["id"] for step in making["steps"]] == ["d1", "m1", "c1", "s1", "p1"]
    assert recompute(subject_of(body), issued=certificate.valid_from).agrees


def test_a_piece_without_steps_signs_no_record():
    certificate = make_certificate()

    assert "making" not in subject_of(parse_object(bytes(certificate.body)))


def test_evidence_added_after_the_page_was_shown_is_not_signed_unseen(tmp_path):
    piece = with_steps(make_draft(), *BY_HAND)
    seen = drafting.shown_digest(piece)
    show_every_step(piece, tmp_path)

    with pytest.raises(register.StaleDraftError):
        tag_services.issue_with_code(piece=piece, by=piece.maker.user, shown=seen)

    piece.refresh_from_db()
    assert not piece.is_issued


def test_what_was_shown_and_did_not_change_is_signed():
    piece = with_steps(make_draft(), *BY_HAND)

    seen = drafting.shown_digest(piece)

    assert tag_services.issue_with_code(piece=piece, by=piece.maker.user, shown=seen)


# -- recipes ------------------------------------------------------------------------------------


def test_a_recipe_keeps_how_one_works_and_not_when_it_was_done():
    maker = make_mira()
    done = replace(SAWN, finished="2026-11-01", inputs=("wire", f"sha256:{'a' * 64}"))

    recipe = recipes.save_recipe(maker=maker, name="Wire band", steps=[done])

    (kept,) = recipe.steps
    assert kept["inputs"] == ["wire"]
    assert "finished" not in kept


def test_two_recipes_of_a_workshop_do_not_share_a_name():
    maker = make_mira()
    recipes.save_recipe(maker=maker, name="Wire band", steps=BY_HAND)

    with pytest.raises(recipes.RecipeNameTakenError):
        recipes.save_recipe(maker=maker, name="Wire band", steps=BY_HAND)


def test_a_recipe_without_steps_is_not_saved():
    with pytest.raises(recipes.NothingToSaveError):
        recipes.save_recipe(maker=make_mira(), name="Nothing", steps=[])


def test_a_recipe_is_planned_beside_the_steps_that_stand_there():
    recipe = recipes.save_recipe(maker=make_mira(), name="Wire band", steps=BY_HAND)

    planned = planned_steps(recipe.steps, parts=[], taken=["f1"])

    assert [step.ident for step in planned] == ["d1", "f1-2", "p1"]
    assert not any(step.is_done for step in planned)


def test_a_step_on_a_part_this_piece_has_not_is_planned_for_the_whole():
    steps = [replace(SET, part="head"), replace(CAST, part="shank")]
    recipe = recipes.save_recipe(maker=make_mira(), name="Head", steps=steps)

    planned = planned_steps(recipe.steps, parts=["shank"], taken=())

    assert [step.part for step in planned] == ["piece", "shank"]


def test_a_copy_plans_the_steps_of_the_first_and_ticks_none():
    piece = with_steps(make_draft(), *CAST_AND_SET)

    copy = register.duplicate_piece(piece=piece, facts=facts_of(piece), by=piece.maker.user)

    assert [step.kind for step in steps_of(copy)] == [step.kind for step in CAST_AND_SET]
    assert not any(step.is_done for step in steps_of(copy))


def test_a_copy_still_knows_what_one_step_hands_to_the_next():
    drawn = replace(SAWN, ident="f0", kind="form.draw", outputs=("collar", f"sha256:{'a' * 64}"))
    forged = replace(SAWN, kind="form.forge", inputs=("collar",))
    piece = with_steps(make_draft(), drawn, forged)

    copy = register.duplicate_piece(piece=piece, facts=facts_of(piece), by=piece.maker.user)

    assert steps_of(copy)[0].outputs == ("collar",)


@pytest.mark.parametrize("starter", STARTERS, ids=lambda starter: starter.name)
def test_every_starter_can_be_recorded_as_it_stands(starter):
    piece = with_steps(make_draft(), *(replace(step, is_done=True) for step in starter.steps))

    assert len(recorded_making(piece)["steps"]) == len(starter.steps)


def test_steps_logged_on_a_later_day_say_so():
    stated = StepFacts("f1", "form.forge", "hand", finished="2026-11-01", is_done=True)
    piece = with_steps(make_draft(), stated)

    (step,) = recorded_making(piece)["steps"]

    assert step["finished"] == "2026-11-01"
    assert datetime.fromisoformat(step["recorded"]) > datetime(2026, 11, 2, tzinfo=UTC)


def test_a_design_alone_is_a_design_and_no_making_claim():
    piece = with_steps(make_draft(), SKETCHED)

    assert label_of(piece) == "Designed by a person; No making claim"


def test_polish_alone_grants_no_word_of_forming(tmp_path):
    piece = with_steps(make_draft(), POLISHED)
    show_every_step(piece, tmp_path)

    assert label_of(piece) == "Design origin not stated; No making claim; hand-finished"

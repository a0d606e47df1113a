"""Steps on the bench: ticked, begun, added, taken out, planned from a recipe; the label follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.models.making import MakingStep, Recipe
from provenance.models.piece import Piece
from provenance.services import recipes
from provenance.services.making import steps_of
from provenance.steps import STARTERS, StepFacts, moment
from provenance.views import drafts
from tags.services.issuing import issue_with_code
from tests.factories import make_certificate, make_draft, make_mira, make_otto
from tests.provenance.bench import BY_HAND, CAST, CAST_AND_SET, POLISHED, SAWN, SET, with_steps
from tests.provenance.sheets import JSON, address, sent_steps, sheet_of
from tests.provenance.test_drafts import BAND

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLANNED = tuple(replace(step, is_done=False) for step in CAST_AND_SET)


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def bench(client, mira):
    """A browser in which Mira is signed in."""
    client.force_login(mira.user)
    return client


@pytest.fixture
def piece(mira):
    return with_steps(make_draft(mira), *PLANNED)


def save(bench, piece, **changes):
    """What the page's own script sends, and what it is told."""
    return bench.post(address(piece), sheet_of(piece, **changes), headers=JSON)


# -- ticks --------------------------------------------------------------------------------------


def test_the_bench_shows_every_step_with_its_box(bench, piece):
    page = bench.get(address(piece)).content.decode()

    assert page.count('type="checkbox" name="steps-') == len(PLANNED)
    assert "Model printed in wax" in page
    assert "outside caster" in page
    assert "no photograph yet" in page


def test_a_tick_is_saved_by_the_script_and_the_label_follows(bench, piece):
    told = save(bench, piece, **{"steps-1-done": "on", "steps-2-done": "on"}).json()

    assert told["label"] == "Design origin not stated; Cast from a 3D-printed model"
    assert "M3" in told["refusals"]
    assert "cast parts are not shaped by hand" in told["refusals"]
    assert [step.is_done for step in steps_of(piece)] == [False, True, True, False, False]


def test_a_tick_without_a_script_is_saved_by_the_button(bench, piece):
    answer = bench.post(address(piece), sheet_of(piece, **{"steps-3-done": "on"}))

    assert answer.status_code == 303
    assert piece.steps.get(ident="s1").is_done


def test_one_tap_says_that_every_step_was_done(bench, piece):
    bench.post(address(piece), sheet_of(piece, tick_all="yes"))

    assert all(step.is_done for step in steps_of(piece))


def test_that_tap_is_offered_only_while_no_step_is_ticked(bench, piece):
    offered = bench.get(address(piece)).content.decode()
    save(bench, piece, **{"steps-1-done": "on"})

    then = bench.get(address(piece)).content.decode()

    assert "All of these were done" in offered
    assert "All of these were done" not in then


def test_taking_a_tick_back_takes_the_step_off_the_record(bench, mira):
    piece = with_steps(make_draft(mira), CAST)

    sent = sheet_of(piece)
    del sent["steps-0-done"]

    bench.post(address(piece), sent)

    assert not piece.steps.get().is_done


def test_the_script_is_told_when_a_step_ended_so_that_it_does_not_send_the_old_end(bench, mira):
    begun = replace(SET, is_done=False, started=moment(timezone.now()))
    piece = with_steps(make_draft(mira), begun)

    told = save(bench, piece, **{"steps-0-done": "on"}).json()

    assert told["steps"][0]["finished"] == piece.steps.get().finished != ""


def test_a_step_that_is_told_on_a_later_day_says_so(bench, mira):
    earlier = replace(POLISHED, finished=f"{timezone.now() - timedelta(days=9):%Y-%m-%d}")
    piece = with_steps(make_draft(mira), earlier)

    page = bench.get(address(piece)).content.decode()

    assert "recorded afterwards" in page


def test_saving_the_page_as_it_is_changes_no_step(bench, mira):
    full = replace(
        SAWN,
        actor="employed:goldsmith",
        place="Bristol",
        started="2026-11-02",
        finished="2026-11-03",
        tools=("saw", "file"),
        inputs=("sheet", "wire"),
        outputs=("blank",),
        note="Sawn twice.",
    )
    piece = with_steps(make_draft(mira), full, CAST)

    bench.post(address(piece), sheet_of(piece))

    assert steps_of(piece) == (full, CAST)


# -- starting -----------------------------------------------------------------------------------


def test_start_puts_the_moment_on_record_and_a_tick_ends_the_step(bench, piece):
    told = save(bench, piece, begin="s1").json()
    piece.refresh_from_db()
    save(bench, piece, **{"steps-3-done": "on"})

    step = piece.steps.get(ident="s1")
    assert "started" in told["section"]
    assert step.started <= step.finished
    assert "T" in step.started


def test_a_step_that_is_done_is_not_begun(bench, mira):
    piece = with_steps(make_draft(mira), SET)

    save(bench, piece, begin="s1")

    assert piece.steps.get().started == ""


# -- adding, changing and taking out ------------------------------------------------------------


def test_a_step_is_added_in_the_order_of_the_work_and_saved_at_once(bench, piece):
    answer = bench.post(
        address(piece),
        sheet_of(piece, add="steps", new_kind="join.solder", new_control="hand"),
    )

    assert answer["Location"].endswith("#steps")
    assert [step.ident for step in steps_of(piece)] == ["d1", "m1", "c1", "solder", "s1", "p1"]


def test_the_script_gets_the_steps_drawn_anew(bench, piece):
    told = save(bench, piece, add="steps", new_kind="join.solder", new_control="hand").json()

    assert "Soldered by hand" in told["section"]
    assert told["revision"] == piece.revision + 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Say what was done."),
        ({"new_kind": "join.solder"}, "Say how it was done."),
        ({"new_kind": "join.solder", "new_control": "human_cad"}, "does not go with this kind"),
        ({"new_kind": "design.ai", "new_control": "human"}, "does not go with this kind"),
        ({"new_kind": "form.wish", "new_control": "hand"}, "Select a valid choice"),
    ],
)
def test_a_step_that_cannot_be_is_not_added(bench, piece, typed, sentence):
    page = bench.post(address(piece), sheet_of(piece, add="steps", **typed))

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert piece.steps.count() == len(PLANNED)


def test_a_step_is_taken_out(bench, piece):
    save(bench, piece, remove="steps-1")

    assert [step.ident for step in steps_of(piece)] == ["d1", "c1", "s1", "p1"]


@pytest.mark.parametrize("pressed", ["steps-99", "steps-", "steps-x", "steps-" + "9" * 5000])
def test_a_step_nobody_drew_is_not_taken_out(bench, piece, pressed):
    save(bench, piece, remove=pressed)

    assert piece.steps.count() == len(PLANNED)


def test_while_a_field_is_wrong_an_added_step_waits_on_the_page_with_every_typed_word(bench, piece):
    typed = {"add": "steps", "new_kind": "join.solder", "new_control": "hand", "mass": "seven"}

    page = bench.post(address(piece), sheet_of(piece, **typed))

    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="seven"' in text
    assert "Soldered by hand" in text
    assert piece.steps.count() == len(PLANNED)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("control", "human_cad", "This way of working does not go with this kind of step."),
        ("part", "tiara", "The piece has no such part."),
        ("finished", "2099-01-01", "This day lies in the future."),
        ("started", "2026-02-31", "Write a day such as 2026-11-20."),
        ("started", "yesterday", "Write a day such as 2026-11-20."),
        ("inputs", "moonlight", "Name what the work began with"),
        ("who", "outside", "Name the role"),
        ("role", "caster", "Say who has this role."),
        ("kind", "", "This field is required."),
    ],
)
def test_what_cannot_be_of_a_step_is_said_beside_its_field_and_nothing_is_saved(
    bench, mira, field, typed, sentence
):
    piece = with_steps(make_draft(mira), SAWN)

    page = bench.post(
        address(piece), sheet_of(piece, **{f"steps-0-{field}": typed, "title": "Another"})
    )

    text = page.content.decode()
    assert page.status_code == 400
    assert sentence in text
    assert '<details class="one" open>' in text
    assert Piece.objects.get().title == "Marlowe ring"


def test_a_step_that_ends_before_it_starts_is_said_beside_its_end(bench, mira):
    piece = with_steps(make_draft(mira), SAWN)
    days = {"steps-0-started": "2026-11-20", "steps-0-finished": "2026-11-19"}

    page = bench.post(address(piece), sheet_of(piece, **days))

    form = page.context["sheet"].making.forms[0]
    assert form.errors["finished"] == ["It is finished before it is started."]


def test_steps_changed_on_another_device_are_not_overwritten(bench, piece):
    sent = sheet_of(piece, begin="s1")
    save(bench, piece, title="First phone")

    answer = bench.post(address(piece), sent, headers=JSON)

    assert answer.status_code == 409
    assert piece.steps.get(ident="s1").started == ""


# -- recipes ------------------------------------------------------------------------------------


def test_a_recipe_chosen_for_a_new_piece_is_all_it_takes(bench):
    bench.post("/workshop/new", BAND | {"recipe": "starter-0"})

    steps = steps_of(Piece.objects.get())
    assert [step.kind for step in steps] == [step.kind for step in STARTERS[0].steps]
    assert not any(step.is_done for step in steps)


def test_a_new_piece_offers_recipes_before_anything_else_of_its_steps(bench):
    page = bench.get("/workshop/new").content.decode()

    assert page.index('name="recipe"') < page.index('name="new_kind"')


def test_using_a_recipe_on_a_new_piece_saves_nothing_yet(bench):
    page = bench.post("/workshop/new", BAND | {"recipe": "starter-1", "use_recipe": "yes"})

    assert "Model carved in wax" in page.content.decode()
    assert not Piece.objects.exists()


def test_the_script_of_a_new_piece_gets_the_planned_steps(bench):
    sent = BAND | {"recipe": "starter-1", "use_recipe": "yes"}

    told = bench.post("/workshop/new", sent, headers=JSON).json()

    assert set(told) == {"section"}
    assert "Model carved in wax" in told["section"]


def test_a_recipe_chosen_while_the_page_saves_itself_comes_back_drawn(bench, mira):
    piece = make_draft(mira)

    told = save(bench, piece, recipe="starter-0").json()

    assert "Model printed in wax" in told["section"]
    assert piece.steps.count() == len(STARTERS[0].steps)


def test_a_recipe_is_not_used_again_by_every_saving(bench, piece):
    told = save(bench, piece, recipe="starter-0").json()

    assert "section" not in told
    assert piece.steps.count() == len(PLANNED)


def test_a_second_recipe_stands_beside_the_steps_there_are(bench, piece):
    save(bench, piece, recipe="starter-3", use_recipe="yes")

    assert piece.steps.count() == len(PLANNED) + len(STARTERS[3].steps)


def test_a_recipe_must_be_chosen_to_be_used(bench, piece):
    page = bench.post(address(piece), sheet_of(piece, recipe="", use_recipe="yes"))

    assert page.status_code == 400
    assert "Choose a recipe first." in page.content.decode()


def test_steps_are_kept_as_a_recipe_and_the_heading_names_it(bench, mira, piece):
    save(bench, piece, recipe_name="Marlowe", save_recipe="yes")

    page = bench.get(address(piece)).content.decode()
    assert mira.recipes.get().name == "Marlowe"
    assert "Steps, from the recipe “Marlowe”" in page


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Give the recipe a name."), ("Marlowe", "There is a recipe “Marlowe” already.")],
)
def test_a_recipe_without_a_name_of_its_own_is_not_kept(bench, mira, piece, name, sentence):
    recipes.save_recipe(maker=mira, name="Marlowe", steps=[CAST])

    page = bench.post(address(piece), sheet_of(piece, recipe_name=name, save_recipe="yes"))

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert mira.recipes.count() == 1


def test_a_recipe_of_another_maker_cannot_be_used(bench, mira):
    theirs = recipes.save_recipe(maker=make_mira("sana"), name="Theirs", steps=[CAST])
    piece = make_draft(mira)

    used = save(bench, piece, recipe=theirs.public_id, use_recipe="yes")
    chosen = save(bench, piece, recipe=theirs.public_id)

    assert (used.status_code, chosen.status_code) == (400, 200)
    assert not MakingStep.objects.exists()


# -- the page of recipes ------------------------------------------------------------------------


def test_the_recipes_of_the_workshop_are_listed_with_their_steps(bench, mira):
    recipes.save_recipe(maker=mira, name="Marlowe", steps=CAST_AND_SET)

    page = bench.get("/workshop/recipes").content.decode()

    assert "Marlowe" in page
    assert "Stones set by hand" in page
    assert "Made from sheet and wire" in page


def test_a_recipe_is_taken_away_and_pieces_keep_their_steps(bench, mira, piece):
    recipe = recipes.save_recipe(maker=mira, name="Marlowe", steps=CAST_AND_SET)

    answer = bench.post("/workshop/recipes", {"remove": recipe.public_id})

    assert answer.status_code == 303
    assert not Recipe.objects.exists()
    assert piece.steps.count() == len(PLANNED)


@pytest.mark.parametrize("ident", ["", "x", "\0", "0" * 22])
def test_a_recipe_that_is_not_there_is_not_found(bench, ident):
    assert bench.post("/workshop/recipes", {"remove": ident}).status_code == 404


def test_a_recipe_of_another_maker_is_not_found_and_stays(bench):
    theirs = recipes.save_recipe(maker=make_mira("sana"), name="Theirs", steps=[CAST])

    answer = bench.post("/workshop/recipes", {"remove": theirs.public_id})

    assert answer.status_code == 404
    assert "Theirs" not in bench.get("/workshop/recipes").content.decode()
    assert Recipe.objects.exists()


def test_only_makers_have_recipes(client):
    stranger = client.get("/workshop/recipes")
    client.force_login(make_otto())
    keeper = client.get("/workshop/recipes")

    assert stranger["Location"].startswith("/accounts/login/")
    assert keeper["Location"] == "/workshop/begin"


# -- words --------------------------------------------------------------------------------------


def test_a_refused_title_is_told_as_soon_as_it_is_saved_with_what_may_stand_there(bench, mira):
    piece = with_steps(make_draft(mira), *CAST_AND_SET)

    told = save(bench, piece, title="Handcrafted Marlowe ring").json()

    assert "<strong>“Handcrafted” cannot stand here.</strong>" in told["words"]["title"]
    assert 'name="take_title" value="Marlowe ring"' in told["words"]["title"]
    assert told["left"] == "One thing left: the title."


def test_a_refused_description_names_the_description(bench, mira):
    piece = with_steps(make_draft(mira), *CAST_AND_SET)

    told = save(bench, piece, description="Made by hand in Bristol.").json()

    assert "cannot stand here" in told["words"]["description"]
    assert told["left"] == "One thing left: the description."


def test_the_page_of_a_draft_shows_its_refused_words_again(bench, mira):
    piece = with_steps(make_draft(mira, title="Handcrafted ring"), *CAST_AND_SET)

    page = bench.get(address(piece)).content.decode()

    assert "cannot stand here" in page
    assert 'aria-describedby="words-title"' in page


def test_an_offered_title_is_taken_by_its_button_without_a_script(bench, mira):
    piece = with_steps(make_draft(mira), *CAST_AND_SET)
    sent = sheet_of(piece, title="Handcrafted Marlowe ring", take_title="Marlowe ring")

    answer = bench.post(address(piece), sent)

    piece.refresh_from_db()
    assert answer.status_code == 303
    assert piece.title == "Marlowe ring"


def test_signing_with_a_refused_title_leads_to_the_title(bench, mira):
    piece = with_steps(make_draft(mira), *CAST_AND_SET)

    page = bench.post(address(piece), sheet_of(piece, title="Handcrafted Marlowe ring", act="sign"))

    text = page.content.decode()
    assert page.status_code == 400
    assert text.count("cannot stand here") == 1
    assert 'name="take_title"' in text


@pytest.mark.parametrize(
    "name",
    ["Handmade by Mira", "Fait main Bristol", "Handgefertigt Bristol", "Fatto a mano Bristol"],
)
def test_a_shop_whose_name_makes_a_claim_has_a_standing_note(client, name):
    maker = make_mira()
    maker.name = name
    maker.save(update_fields=["name"])
    client.force_login(maker.user)

    page = client.get("/workshop").content.decode()

    assert "The name of a shop is read beside every piece in it" in page


def test_a_shop_name_is_noted_before_the_workshop_is_open(client):
    otto = make_otto()
    client.force_login(otto)

    page = client.post("/workshop/begin", {"name": "Handmade Bristol"}).content.decode()

    assert "The name of a shop is read beside every piece in it" in page


# -- signing ------------------------------------------------------------------------------------


def test_the_page_before_signing_says_what_is_signed_of_the_making(bench, mira):
    piece = with_steps(make_draft(mira), CAST, replace(SET, is_done=False))

    page = bench.get(address(piece, "/sign")).content.decode()

    assert "Design origin not stated; Cast" in page
    assert "E0" in page
    assert "Handmade (M3)" in page
    assert "Not ticked, so not signed: Stones set by hand." in page


def test_a_signed_piece_takes_no_tick(bench, mira):
    piece = make_certificate(mira).piece

    answer = bench.post(address(piece), sheet_of(piece, begin="s1"))

    assert answer.status_code == 409


def test_a_piece_signed_on_another_device_meanwhile_takes_no_step(bench, mira, monkeypatch):
    piece = with_steps(make_draft(mira), *BY_HAND)
    sent = sheet_of(piece, add="steps", new_kind="join.solder", new_control="hand")
    look = drafts.piece_on_desk

    def sign_first(*args):
        found = look(*args)
        issue_with_code(piece=Piece.objects.get(pk=piece.pk), by=mira.user)
        return found

    monkeypatch.setattr(drafts, "piece_on_desk", sign_first)
    answer = bench.post(address(piece), sent)

    assert answer.status_code == 409
    assert piece.steps.count() == len(BY_HAND)


def test_nobody_changes_the_steps_of_another_makers_draft(client, piece):
    sana = make_mira("sana")
    client.force_login(sana.user)

    answer = client.post(address(piece), sheet_of(piece, begin="s1"))

    assert answer.status_code == 404
    assert piece.steps.get(ident="s1").started == ""


def test_sixty_steps_fit_and_not_one_more(bench, mira):
    many = [StepFacts(f"weigh-{n}", "check.weigh", "hand") for n in range(61)]
    piece = make_draft(mira)

    most = bench.post(address(piece), sheet_of(piece) | sent_steps(*many[:60]))
    piece.refresh_from_db()
    more = bench.post(address(piece), sheet_of(piece) | sent_steps(*many))

    assert (most.status_code, more.status_code) == (303, 400)
    assert piece.steps.count() == 60

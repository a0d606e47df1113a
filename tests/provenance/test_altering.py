"""Work on a signed piece: put on record by its maker, taken off again, and shown at the desk."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from provenance import jewelry
from provenance.alterations import AlterationDateError, AlterationError, ReplacedPartError
from provenance.making_record import InvalidRecordError
from provenance.models.certificate import Actor
from provenance.models.log import Event
from provenance.models.making import Alteration
from provenance.services import evidence, revoke
from provenance.services.alterations import (
    NotSignedYetError,
    Work,
    altered_label,
    record_alteration,
    remove_alteration,
)
from provenance.steps import StepFacts
from tags.services import issuing as tag_services
from tests.factories import make_certificate, make_draft, make_mira, make_otto
from tests.provenance.bench import BY_HAND, shown, with_steps

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SIGNED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = datetime(2027, 3, 20, 15, 0, tzinfo=UTC)
PLATED = StepFacts("plate", "finish.plate", "machine")
SOLDERED = StepFacts("solder", "join.solder", "hand_guided")
BAND = (jewelry.Part("band", "gold", 750, colour="yellow"),)
HANDMADE = "Designed by a person; Handmade"


@pytest.fixture(autouse=True)
def march():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def mira(march):
    return make_mira()


@pytest.fixture
def bench(client, mira):
    """A browser in which Mira is signed in."""
    client.force_login(mira.user)
    return client


@pytest.fixture
def ring(mira, tmp_path):
    """A ring made by hand and signed on 20 November 2026."""
    with time_machine.travel(SIGNED, tick=False):
        draft = with_steps(make_draft(mira), *BY_HAND)
        for step in draft.steps.all():
            facts = shown(tmp_path, f"the ring, {step.ident}")
            evidence.add_evidence(step=step, shown=facts, by=mira.user)
        draft.refresh_from_db()
        tag_services.issue_with_code(piece=draft, by=mira.user)
    draft.refresh_from_db()
    return draft


def work(*steps, on=date(2027, 3, 12), reason="Plated again", replaced=()):
    return Work(on, reason, steps or (PLATED,), replaced)


def put(piece, *steps, **facts):
    return record_alteration(piece=piece, work=work(*steps, **facts), by=piece.maker.user)


# -- on record ----------------------------------------------------------------------------------


def test_work_by_a_machine_takes_handmade_away_from_today_and_not_from_the_making(ring):
    put(ring)

    label = altered_label(ring)

    assert label.as_made.label == HANDMADE
    assert label.text == (
        f"as made {HANDMADE}; "
        "altered on 2027-03-12: Designed by a person; Part machine-made; hand-polished"
    )


def test_the_certificate_stays_as_it_was_signed(ring):
    before = bytes(ring.certificates.get().body)

    put(ring)

    assert bytes(ring.certificates.get().body) == before


def test_each_work_leaves_an_event(ring):
    alteration = put(ring)

    event = Event.objects.get(kind="piece.altered")
    assert event.piece == ring
    assert f'"alteration":"{alteration.public_id}"'.encode() in bytes(event.statement)
    assert b'"on":"2027-03-12"' in bytes(event.statement)


def test_a_form_sent_twice_is_one_work(ring):
    first = put(ring)
    with time_machine.travel(LATER.replace(minute=1)):
        second = put(ring)

    assert first == second
    assert Event.objects.filter(kind="piece.altered").count() == 1


def test_another_work_of_the_same_day_is_another_work(ring):
    put(ring)
    put(ring, SOLDERED, reason="Resized")

    assert [row.reason for row in ring.alterations.all()] == ["Plated again", "Resized"]


@pytest.mark.parametrize("on", [date(2026, 11, 19), date(2027, 3, 21)], ids=["before", "to come"])
def test_work_from_before_the_certificate_or_still_to_come_is_refused(ring, on):
    with pytest.raises(AlterationDateError):
        put(ring, on=on)

    assert not Alteration.objects.exists()


@pytest.mark.parametrize("on", [date(2026, 11, 20), date(2027, 3, 20)], ids=["signed", "today"])
def test_the_day_of_the_certificate_and_today_are_days_for_work(ring, on):
    assert put(ring, on=on).on == on


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"replaced": ("clasp",)}, id="a part it does not have"),
        pytest.param({"replaced": ("shank",)}, id="nothing said of the new one"),
    ],
)
def test_a_replaced_part_has_to_be_known_and_explained(ring, facts):
    with pytest.raises(ReplacedPartError):
        put(ring, **facts)


def test_a_step_that_cannot_be_read_is_refused(ring):
    with pytest.raises(InvalidRecordError):
        put(ring, StepFacts("melt", "form.melt", "hand"))

    assert not Alteration.objects.exists()


def test_a_draft_is_changed_and_not_altered(mira):
    with pytest.raises(NotSignedYetError):
        put(make_draft(mira))


def test_a_withdrawn_certificate_keeps_nobody_from_telling_what_was_done(ring, mira):
    certificate = ring.certificates.get()
    revoke.revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=mira.user
    )

    assert put(ring).piece == ring


def test_a_label_is_told_beforehand_and_nothing_is_put_on_record(ring):
    label = altered_label(ring, proposed=work())

    assert "Part machine-made" in label.now.label
    assert not Alteration.objects.exists()


def test_a_proposal_that_cannot_be_on_record_has_no_label(ring):
    with pytest.raises(AlterationError):
        altered_label(ring, proposed=work(on=date(2030, 1, 1)))


def test_a_piece_signed_without_a_record_keeps_its_label_through_all_work(mira):
    piece = make_certificate(mira).piece

    put(piece, StepFacts("f", "form.fabricate", "hand"), on=piece.issued_at.date())

    assert altered_label(piece).now.label.endswith("No making claim")


# -- off the record -----------------------------------------------------------------------------


def test_work_is_taken_off_the_record_and_that_stays_an_event(ring, mira):
    alteration = put(ring)

    remove_alteration(alteration=alteration, by=mira.user)
    remove_alteration(alteration=alteration, by=mira.user)

    assert altered_label(ring).text == HANDMADE
    assert Event.objects.filter(kind="piece.alteration_removed").count() == 1


# -- the form -----------------------------------------------------------------------------------


def address(piece, tail=""):
    return f"/workshop/{piece.public_id}/alterations{tail}"


def typed(*steps, **facts):
    """The form as a browser sends it."""
    rows = steps or ({"kind": "finish.plate", "control": "machine"},)
    sent = {"steps-TOTAL_FORMS": str(len(rows)), "steps-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        whole = {"ident": f"work-{n}", "part": "piece"} | row
        sent |= {f"steps-{n}-{name}": value for name, value in whole.items()}
    return sent | {"on": "2027-03-12", "reason": "Plated again", "act": "record"} | facts


def test_mira_puts_work_on_record_and_reads_the_whole_label(bench, ring):
    saved = bench.post(address(ring), typed(), follow=True)

    words = saved.content.decode()
    assert saved.redirect_chain == [(f"/workshop/{ring.public_id}", 303)]
    assert "It is on record. The certificate still says what was signed." in words
    assert f"as made {HANDMADE}; altered on 2027-03-12: Designed by a person; Part" in words
    assert "Correct it, and buyers read this too." in words
    assert "12 March 2027: Plated again" in words
    assert "Plated, by a machine." in words


def test_the_signed_piece_says_that_nothing_was_altered_and_where_to_tell_it(bench, ring):
    words = bench.get(f"/workshop/{ring.public_id}").content.decode()

    assert "Work since it was signed" in words
    assert "Nothing is on record." in words
    assert f'href="{address(ring)}"' in words


def test_a_withdrawn_piece_says_so_beside_its_work(bench, ring, mira):
    certificate = ring.certificates.get()
    revoke.revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=mira.user
    )

    words = bench.post(address(ring), typed(), follow=True).content.decode()

    assert "The certificate was withdrawn; this record of your own goes on." in words
    assert "A new certificate that replaces it" not in words


def test_the_empty_form_shows_the_label_as_it_stands_and_today(bench, ring):
    page = bench.get(address(ring))

    assert page.context["dock"].label == HANDMADE
    assert 'value="2027-03-20"' in page.content.decode()


@pytest.mark.parametrize(
    ("usual", "kind", "part"),
    [
        ("resize", "join.solder", "shank"),
        ("shank", "form.bought_part", "shank"),
        ("plate", "finish.plate", "piece"),
        ("stone", "set.stone", "head"),
        ("other", "", "piece"),
    ],
)
def test_a_usual_kind_of_work_plans_its_steps(bench, ring, usual, kind, part):
    page = bench.post(address(ring), {"on": "2027-03-12", "reason": "", "usual": usual})

    row = page.context["sheet"].steps.forms[0]
    assert page.status_code == 200
    assert (row["kind"].value(), row["part"].value()) == (kind, part)
    assert not page.context["sheet"].facts.is_bound


def test_a_new_shank_marks_the_old_one_as_gone(bench, ring):
    page = bench.post(address(ring), {"usual": "shank"})

    assert page.context["sheet"].facts["replaced"].value() == ["shank"]


def test_another_kind_of_work_keeps_the_reason_that_was_typed(bench, ring):
    page = bench.post(address(ring), typed(reason="Two sizes up", usual="resize"))

    assert page.context["sheet"].facts["reason"].value() == "Two sizes up"


def test_a_part_the_piece_does_not_have_is_planned_for_the_whole(bench, mira):
    band = make_certificate(mira, parts=BAND).piece

    page = bench.post(address(band), {"usual": "resize"})

    assert page.context["sheet"].steps.forms[0]["part"].value() == "piece"


def test_steps_are_added_and_taken_out_before_anything_is_saved(bench, ring):
    more = bench.post(address(ring), typed(add="steps"))
    fewer = bench.post(address(ring), typed({"kind": "finish.file"}, {}, remove="0"))

    assert len(more.context["sheet"].steps.forms) == 2
    assert [row["kind"].value() for row in fewer.context["sheet"].steps.forms] == [""]
    assert not Alteration.objects.exists()


def test_without_a_script_a_button_shows_the_label(bench, ring):
    page = bench.post(address(ring), typed(act="label", reason=""))

    assert page.status_code == 200
    assert page.context["dock"].caption == "Label after this work"
    assert page.context["dock"].label == "Designed by a person; Part machine-made; hand-polished"
    assert "Say why" not in page.content.decode()
    assert not Alteration.objects.exists()


def test_a_script_is_told_the_label_and_what_to_know_of_it(bench, ring):
    by_hand = {"kind": "join.solder", "control": "hand_guided"}

    told = bench.post(
        address(ring), typed(by_hand, act="label"), headers={"Accept": "application/json"}
    ).json()

    assert told == {
        "label": "Designed by a person; No making claim (no evidence); hand-finished",
        "caption": "Label after this work",
        "left": "Work by hand carries no claim here: no photograph shows it.",
    }


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (typed({"kind": "finish.plate", "control": ""}), "Say how it was done."),
        (typed() | {"steps-TOTAL_FORMS": "0"}, "Say what was done: at least one step."),
        (typed({"kind": "finish.plate", "control": "human"}), "does not go with this kind"),
        (typed(on="2026-11-19"), "The certificate was signed on 20 November 2026."),
        (typed(on="2027-03-21"), "This day is still to come."),
        (typed(replaced=["shank"]), "Say how the new shank came about"),
    ],
    ids=["how", "nothing", "design", "before", "to come", "unexplained"],
)
def test_a_script_is_told_what_is_missing(bench, ring, sent, sentence):
    answer = bench.post(
        address(ring), sent | {"act": "label"}, headers={"Accept": "application/json"}
    )

    assert answer.json()["label"] == HANDMADE
    assert answer.json()["caption"] == "Label as it stands"
    assert sentence in answer.json()["left"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (typed(reason=" "), "Say why, in a few words."),
        (typed(on=""), "Say on which day."),
        (typed(on="12.3."), "Write a day such as 2027-03-12."),
        (typed(on="2026-11-19"), "The certificate was signed on 20 November 2026."),
        (typed(on="2027-03-21"), "This day is still to come."),
        (typed(replaced=["shank"]), "Say how the new shank came about"),
        (typed({"kind": "finish.plate", "control": "human"}), "does not go with this kind"),
        (typed() | {"steps-TOTAL_FORMS": "0"}, "Say what was done: at least one step."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_put_on_record(bench, ring, sent, sentence):
    page = bench.post(address(ring), sent)

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert not Alteration.objects.exists()


def test_every_part_replaced_is_another_piece(bench, ring):
    new = [
        {"kind": "form.cast", "control": "templated", "part": part} for part in ("shank", "head")
    ]

    page = bench.post(address(ring), typed(*new, replaced=["shank", "head"]))

    assert "Register what you made as a new piece." in page.content.decode()


def test_mira_takes_work_off_the_record(bench, ring):
    alteration = put(ring)

    page = bench.post(address(ring, f"/{alteration.public_id}/remove"), follow=True)

    assert "It is off the record again." in page.content.decode()
    assert not Alteration.objects.exists()


# -- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail", ["", "/remove"])
def test_a_stranger_is_asked_to_sign_in_first(client, ring, tail):
    alteration = put(ring)
    tail = tail and f"/{alteration.public_id}{tail}"

    answer = client.post(address(ring, tail), typed())

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert Alteration.objects.get() == alteration


def test_otto_who_keeps_it_has_no_workshop_to_tell_it_in(client, ring):
    client.force_login(make_otto())

    answer = client.post(address(ring), typed())

    assert answer.status_code == 302
    assert not Alteration.objects.exists()


def test_another_maker_finds_neither_the_form_nor_the_work(client, ring):
    alteration = put(ring)
    client.force_login(make_mira("wren").user)

    asked = [
        client.get(address(ring)),
        client.post(address(ring), typed()),
        client.post(address(ring, f"/{alteration.public_id}/remove")),
    ]

    assert [answer.status_code for answer in asked] == [404, 404, 404]
    assert Alteration.objects.get() == alteration


def test_work_on_one_piece_is_not_removed_by_the_address_of_another(bench, ring, mira):
    alteration = put(ring)
    other = make_certificate(mira).piece

    answer = bench.post(address(other, f"/{alteration.public_id}/remove"))

    assert answer.status_code == 404


def test_a_draft_has_no_work_since_it_was_signed(bench, mira):
    assert bench.get(address(make_draft(mira))).status_code == 404


def test_looking_at_the_address_of_removal_removes_nothing(bench, ring):
    alteration = put(ring)

    assert bench.get(address(ring, f"/{alteration.public_id}/remove")).status_code == 405


def test_the_public_page_of_the_piece_says_what_was_signed(client, ring):
    put(ring)

    words = client.get(f"/p/{ring.public_id}").content.decode()

    assert "Part machine-made" not in words

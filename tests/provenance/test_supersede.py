"""Correcting what is signed: a newer certificate of the same piece takes the old one's place."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connections
from django.utils import timezone

from provenance.alterations import derive_whole, recompute_whole
from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.jewelry import Problem
from provenance.making_record import InvalidRecordError
from provenance.models.certificate import Actor, Certificate
from provenance.models.log import Event
from provenance.models.making import StepEvidence
from provenance.models.piece import Photograph, Piece
from provenance.services import (
    alterations,
    drafting,
    evidence,
    issue,
    register,
    revoke,
    supersede,
    suspend,
)
from provenance.services.facts import facts_of
from provenance.services.lineage import CertificateSuspendedError, WithdrawnByPlatformError
from provenance.services.making import steps_of
from provenance.services.register import StaleDraftError
from provenance.services.standing import standing_of
from provenance.steps import StepFacts
from provenance.verdict import CertificateAnswer
from tags.models.tag import Tag
from tags.services import issuing as tag_services
from tests.factories import make_certificate, make_custody, make_draft, make_otto, make_photograph
from tests.provenance.bench import CAST_AND_SET, shown, step_of, with_steps

pytestmark = pytest.mark.django_db

REASON = "The sapphire was exchanged in repair."


def correction_of(certificate, **facts):
    """The open draft that corrects a certificate, with these facts changed."""
    draft = supersede.open_revision(
        piece=Piece.objects.get(pk=certificate.piece_id), reason=REASON, by=certificate.maker.user
    )
    if not facts:
        return draft
    changed = replace(facts_of(draft), **facts)
    register.change_piece(piece=draft, facts=changed, revision=draft.revision)
    return Piece.objects.select_related("maker", "revises").get(pk=draft.pk)


def sign(draft, **more):
    return tag_services.issue_with_code(piece=draft, by=draft.maker.user, **more)


def corrected(certificate, **facts):
    return sign(correction_of(certificate, **(facts or {"mass": Decimal("6.79")})))


def show(folder, step, text="a graver at work"):
    return evidence.add_evidence(step=step, shown=shown(folder, text), by=step.piece.maker.user)


def answer_of(certificate):
    fresh = Certificate.objects.select_related("piece", "status_batch").get(pk=certificate.pk)
    return standing_of(fresh, now=timezone.now()).verdict.answer


def test_the_newer_certificate_is_of_the_same_piece_and_names_the_old_one():
    first = make_certificate()

    second = corrected(first)

    subject = subject_of(parse_object(bytes(second.body)))
    assert (second.piece, second.version, second.supersedes) == (first.piece, 2, first)
    assert subject["id"].endswith(f"/p/{first.piece.public_id}")
    assert subject["supersedes"] == {
        "id": f"https://touchmark.example/c/{first.public_id}",
        "digest": bytes(first.digest).hex(),
        "version": 1,
        "reason": REASON,
    }


def test_the_old_one_is_superseded_and_the_new_one_current():
    first = make_certificate()

    second = corrected(first)

    assert answer_of(first) is CertificateAnswer.SUPERSEDED
    assert answer_of(second) is CertificateAnswer.CURRENT


def test_the_old_body_is_what_it_was():
    first = make_certificate()
    before = bytes(first.body), bytes(first.files.get().content)

    corrected(first, title="Marlowe ring, resized")

    first.refresh_from_db()
    assert (bytes(first.body), bytes(first.files.get().content)) == before


def test_the_tag_and_the_keeper_stay():
    first = make_certificate()
    custody = make_custody(first.piece, make_otto())
    tag = Tag.objects.get()

    second = corrected(first)

    named = subject_of(parse_object(bytes(second.body)))["tags"]
    assert [each["id"] for each in named] == [tag.public_id]
    assert list(Tag.objects.all()) == [tag]
    assert second.piece.custodies.get() == custody


def test_a_correction_begins_with_all_that_is_signed_and_changes_nothing_until_it_is_signed(
    tmp_path,
):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    show(tmp_path, step_of(piece, "c1"))
    first = sign(piece)
    before = facts_of(first.piece)

    draft = correction_of(first)
    same = facts_of(draft)
    corrected_draft = correction_of(first, title="Another name")

    assert same == before
    assert [step.ident for step in draft.steps.all()] == [s.ident for s in piece.steps.all()]
    assert [each.sha256 for each in draft.evidence.all()] == [
        each.sha256 for each in piece.evidence.all()
    ]
    assert corrected_draft == draft
    assert facts_of(Piece.objects.get(pk=first.piece_id)) == before
    assert answer_of(first) is CertificateAnswer.CURRENT


def test_a_signed_correction_gives_its_facts_to_the_piece():
    first = make_certificate()

    second = corrected(first, title="Marlowe ring, resized", mass=Decimal("6.79"))

    piece = Piece.objects.get(pk=first.piece_id)
    assert (piece.title, piece.mass_grams) == ("Marlowe ring, resized", Decimal("6.79"))
    assert piece.parts.count() == piece.stones.count() == 2
    assert piece.issued_at == first.valid_from <= second.valid_from


def test_one_correction_is_open_at_most_and_its_first_reason_stands():
    first = make_certificate()
    draft = correction_of(first)

    again = supersede.open_revision(piece=first.piece, reason="Other.", by=first.maker.user)

    assert again == draft
    assert again.revision_reason == REASON


def test_a_draft_is_changed_and_not_corrected():
    piece = make_draft()

    with pytest.raises(supersede.NotSignedYetError):
        supersede.open_revision(piece=piece, reason=REASON, by=piece.maker.user)


def test_a_correction_that_is_given_up_leaves_nothing_but_its_events(tmp_path):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    show(tmp_path, step_of(piece, "c1"))
    first = sign(piece)
    draft = correction_of(first, title="Another name")
    show(tmp_path, step_of(draft, "s1"), "setting")

    supersede.discard_revision(draft=draft, by=first.maker.user)

    assert list(Piece.objects.all()) == [first.piece]
    assert first.piece.photographs.count() == 2
    assert StepEvidence.objects.count() == 1
    kinds = Event.objects.filter(kind__startswith="piece.revision").values_list("kind", flat=True)
    assert list(kinds) == ["piece.revision_opened", "piece.revision_discarded"]


def test_a_new_piece_or_a_signed_correction_is_not_given_up():
    first = make_certificate()
    draft = correction_of(first)
    sign(draft)

    with pytest.raises(supersede.NotARevisionError):
        supersede.discard_revision(draft=make_draft(first.maker), by=first.maker.user)
    with pytest.raises(register.SignedPieceError):
        supersede.discard_revision(draft=draft, by=first.maker.user)


def test_a_correction_is_signed_once_even_when_two_devices_ask():
    draft = correction_of(make_certificate())
    other = Piece.objects.select_related("maker", "revises").get(pk=draft.pk)
    sign(draft)

    with pytest.raises(issue.AlreadyIssuedError):
        sign(other)

    assert Certificate.objects.count() == 2


def test_nobody_signs_a_correction_that_changed_after_it_was_looked_at():
    draft = correction_of(make_certificate())
    seen = drafting.shown_digest(draft)
    photograph = make_photograph(draft, "back")

    with pytest.raises(StaleDraftError):
        sign(draft, shown=seen)

    assert photograph.piece == draft
    assert Certificate.objects.count() == 1


def test_a_correction_keeps_the_laws_of_a_signed_piece():
    draft = correction_of(make_certificate(), title="Handcrafted ring")

    with pytest.raises(issue.NotReadyError) as refused:
        sign(draft)

    (problem,) = refused.value.problems
    assert isinstance(problem, Problem)
    assert (problem.path, problem.code) == ("title", "wording_refused")


def test_a_paused_certificate_is_not_corrected_away():
    first = make_certificate()
    draft = correction_of(first)
    suspend.suspend_certificate(
        certificate=first, reason="Asked.", actor=Actor.STAFF, by=first.maker.user
    )

    with pytest.raises(CertificateSuspendedError):
        sign(draft)
    with pytest.raises(CertificateSuspendedError):
        correction_of(first)

    assert Certificate.objects.count() == 1


def test_a_certificate_its_maker_withdrew_stays_withdrawn_and_a_new_one_may_follow():
    first = make_certificate()
    revoke.revoke_certificate(
        certificate=first, reason="Wrong stone.", actor=Actor.MAKER, by=first.maker.user
    )

    second = corrected(first)

    assert answer_of(first) is CertificateAnswer.REVOKED
    assert answer_of(second) is CertificateAnswer.CURRENT


def test_what_the_platform_withdrew_is_not_certified_anew():
    first = make_certificate()
    revoke.revoke_certificate(
        certificate=first, reason="Not this maker.", actor=Actor.STAFF, by=first.maker.user
    )

    with pytest.raises(WithdrawnByPlatformError):
        correction_of(first)


def test_a_superseded_certificate_is_not_paused_any_more():
    first = make_certificate()
    corrected(first)

    with pytest.raises(suspend.CannotSuspendError, match="newer"):
        suspend.suspend_certificate(
            certificate=first, reason="Late.", actor=Actor.MAKER, by=first.maker.user
        )


def test_every_photograph_that_a_certificate_names_can_be_seen_for_ever(client):
    first = make_certificate()
    kept = first.piece.photographs.get(role="front")
    replaced = first.piece.photographs.get(role="scale")
    draft = correction_of(first)
    register.remove_photograph(photograph=draft.photographs.get(role="scale"))
    other = make_photograph(draft, "scale")

    sign(draft)

    standing = {each.role: each for each in first.piece.photographs.all()}
    assert standing["front"].public_id == kept.public_id
    assert standing["scale"].public_id == other.public_id
    assert Photograph.ever.get(pk=replaced.pk).replaced_at
    old = client.get(f"/c/{first.public_id}").content.decode()
    assert replaced.public_id in old
    assert other.public_id not in old


def test_evidence_that_a_certificate_names_stays_when_its_step_is_gone(client, tmp_path):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    item = show(tmp_path, step_of(piece, "s1"))
    first = sign(piece)
    draft = correction_of(first)
    left = [step for step in steps_of(draft) if step.ident != "s1"]
    register.change_steps(piece=draft, steps=left, revision=draft.revision)

    sign(Piece.objects.select_related("maker", "revises").get(pk=draft.pk))

    kept = StepEvidence.objects.get(public_id=item.public_id)
    assert (kept.step, kept.piece) == (None, first.piece)
    assert item.public_id in client.get(f"/c/{first.public_id}").content.decode()


def test_evidence_named_again_answers_under_its_old_address(tmp_path):
    piece = with_steps(make_draft(), *CAST_AND_SET)
    item = show(tmp_path, step_of(piece, "s1"))
    first = sign(piece)

    corrected(first)

    kept = StepEvidence.objects.get()
    assert (kept.public_id, kept.step.ident, kept.piece) == (item.public_id, "s1", first.piece)


def test_a_third_certificate_follows_the_second():
    first = make_certificate()
    second = corrected(first)

    third = corrected(second, mass=Decimal("6.80"))

    assert (third.version, third.supersedes) == (3, second)
    assert [answer_of(each) for each in (first, second, third)] == [
        CertificateAnswer.SUPERSEDED,
        CertificateAnswer.SUPERSEDED,
        CertificateAnswer.CURRENT,
    ]


def test_what_a_correction_did_stands_in_the_events_of_the_piece():
    first = make_certificate()

    second = corrected(first)

    event = Event.objects.get(kind="certificate.superseded")
    assert parse_object(bytes(event.statement))["facts"] == {
        "certificate": first.public_id,
        "successor": second.public_id,
        "reason": REASON,
    }
    assert set(Event.objects.exclude(piece=None).values_list("piece", flat=True)) == {
        first.piece_id
    }


@pytest.mark.django_db(transaction=True)
def test_of_many_devices_that_sign_a_correction_at_once_one_does():
    draft = correction_of(make_certificate())

    def attempt(_):
        try:
            sign(Piece.objects.select_related("maker__user", "revises").get(pk=draft.pk))
        except (issue.AlreadyIssuedError, StaleDraftError):
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(attempt, range(12)))

    assert won.count(True) == 1
    assert Certificate.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_many_who_begin_a_correction_at_once_all_get_the_same():
    certificate = make_certificate()

    def attempt(_):
        try:
            return correction_of(Certificate.objects.select_related("maker__user").get()).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        drafts = set(pool.map(attempt, range(12)))

    assert len(drafts) == 1
    assert certificate.piece.revisions.count() == 1


# -- work on the finished piece -----------------------------------------------------------------


RECAST = StepFacts("recast", "form.cast", "templated", part="head", actor="outside:caster")
PLATED = StepFacts("plate", "finish.plate", "machine", actor="outside:plater")


def hand_made():
    return sign(with_steps(make_draft(), *(replace(step, part="piece") for step in CAST_AND_SET)))


def alter(certificate, *steps, reason="A new head.", replaced=()):
    work = alterations.Work(timezone.now().date(), reason, steps, replaced)
    return alterations.record_alteration(
        piece=certificate.piece, work=work, by=certificate.maker.user
    )


def making_in(certificate):
    return subject_of(parse_object(bytes(certificate.body)))["making"]


def test_the_next_certificate_says_how_it_was_made_and_how_it_was_altered():
    first = hand_made()
    as_made = making_in(first)["label"]
    alter(first, PLATED, reason="Plated anew.")

    second = corrected(first)

    making, day = making_in(second), timezone.now().date()
    assert making["steps"] == making_in(first)["steps"]
    assert [work["reason"] for work in making["alterations"]] == ["Plated anew."]
    assert making["label"].startswith(f"as made {as_made}; altered on {day.isoformat()}: ")
    assert "alterations" not in making_in(first)


def test_check_ten_works_the_altered_label_out_again():
    first = hand_made()
    alter(first, RECAST, replaced=("head",))
    second = corrected(first)

    verdict = standing_of(
        Certificate.objects.select_related("piece", "status_batch").get(pk=second.pk),
        now=timezone.now(),
    ).verdict

    check = verdict.checks[9]
    assert (check.number, check.outcome) == (10, "passed")
    assert "altered on" in check.reason


@pytest.mark.parametrize("member", ["label", "alterations"])
def test_a_label_that_hides_an_alteration_does_not_follow(member):
    first = hand_made()
    alter(first, PLATED)
    subject = subject_of(parse_object(bytes(corrected(first).body)))
    other = {"label": making_in(first)["label"], "alterations": []}[member]

    found = recompute_whole({**subject, "making": {**subject["making"], member: other}})

    assert "label" in found.differences


def test_what_a_certificate_states_of_later_work_is_no_longer_taken_back():
    first = hand_made()
    row = alter(first, PLATED)
    second = corrected(first)

    alterations.remove_alteration(alteration=row, by=first.maker.user)

    row.refresh_from_db()
    assert row.certificate == second
    assert alterations.work_since(second.piece) == []


def test_a_third_certificate_states_the_work_of_before_once_and_what_came_since():
    first = hand_made()
    alter(first, PLATED, reason="Plated.")
    second = corrected(first)
    alter(second, RECAST, reason="A new head.", replaced=("head",))
    expected = alterations.altered_label(second.piece).text

    third = corrected(second, mass=Decimal("6.80"))

    making = making_in(third)
    assert [work["reason"] for work in making["alterations"]] == ["Plated.", "A new head."]
    assert making["label"] == expected
    assert making["label"].count("altered on") == 2


def test_the_pages_tell_the_work_that_a_certificate_states(client):
    first = hand_made()
    alter(first, PLATED, reason="Plated anew after wear.")
    second = corrected(first)

    for address in (f"/p/{second.piece.public_id}", f"/c/{second.public_id}"):
        page = client.get(address).content.decode()
        assert "<h2>Altered, " in page
        assert "Plated anew after wear." in page
        assert "as made " in page
    assert "Altered, " not in client.get(f"/c/{first.public_id}").content.decode()


@pytest.mark.parametrize(
    ("work", "path", "fault"),
    [
        ({"on": "2027-13-01"}, "on", "not_a_time"),
        ({"on": "2027-01-01T10:00:00Z"}, "on", "not_a_time"),
        ({"reason": ""}, "reason", "missing"),
        ({"replaced": ["crown"]}, "replaced.0", "unknown_part"),
        ({"steps": [{"id": "a", "kind": "form.magic"}]}, "steps.0.kind", "unknown_kind"),
        ({"steps": "none"}, "steps", "wrong_type"),
    ],
)
def test_a_work_that_cannot_be_read_is_named_by_its_path(work, path, fault):
    stated = {"on": "2027-01-01", "reason": "Resized.", "steps": []} | work
    subject = {"parts": [{"id": "shank"}], "making": {"steps": [], "alterations": [stated]}}

    with pytest.raises(InvalidRecordError) as refused:
        derive_whole(subject)

    assert (refused.value.path, refused.value.fault) == (f"making.alterations.0.{path}", fault)

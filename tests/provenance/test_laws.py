"""Every law of the provenance tables, each broken by the row that must not stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.certificate import Certificate, StatusBatch
from provenance.models.keeping import ClaimCode, Custody
from provenance.models.maker import IdempotencyRecord, IdentityDecision, Maker
from provenance.models.piece import Mark, Part, Photograph, Piece, Stone
from provenance.services import keep
from tests.factories import make_certificate, make_custody, make_draft, make_mira, make_otto
from tests.laws import assert_refused, laws_of

pytestmark = pytest.mark.django_db


def change_maker(**facts):
    return Maker.objects.filter(pk=make_mira().pk).update(**facts)


def change_piece(**facts):
    return Piece.objects.filter(pk=make_draft(with_photographs=False).pk).update(**facts)


def change_part(**facts):
    return Part.objects.filter(piece=make_draft(with_photographs=False)).update(**facts)


def change_stone(**facts):
    return Stone.objects.filter(piece=make_draft(with_photographs=False)).update(**facts)


def certify_again(**facts):
    """A second certificate of one piece, sound but for the facts given."""
    first = make_certificate()
    sound = {
        "piece": first.piece,
        "maker": first.maker,
        "version": 2,
        "supersedes": first,
        "body": b"{}",
        "digest": bytes(32),
        "valid_from": first.valid_from,
        "status_batch": first.status_batch,
        "status_index": (first.status_index + 1) % 131072,
    }
    return Certificate.objects.create(**{**sound, **facts})


def certify_on_the_same_index():
    first = make_certificate()
    second = make_certificate(first.maker, title="Another ring")
    return certify_twin(second, status_index=first.status_index)


def certify_twin(certificate, *, status_index):
    return Certificate.objects.create(
        public_id=new_public_id(),
        piece=certificate.piece,
        maker=certificate.maker,
        version=2,
        supersedes=certificate,
        body=b"{}",
        digest=bytes(32),
        valid_from=certificate.valid_from,
        status_batch=certificate.status_batch,
        status_index=status_index,
    )


def decide_without_reason():
    maker = make_mira()
    return IdentityDecision.objects.create(maker=maker, level="I2", reason="", by=maker.user)


def name_two_makers_alike():
    mira = make_mira()
    other = make_mira("rhea")
    return Maker.objects.filter(pk=other.pk).update(slug=mira.slug.upper())


def answer_one_key_twice():
    maker = make_mira()
    for _ in range(2):
        IdempotencyRecord.objects.create(maker=maker, key="same", request_digest=bytes(32))


def answer_without_body():
    return IdempotencyRecord.objects.create(
        maker=make_mira(), key="half", request_digest=bytes(32), status=201
    )


def keep_again(**facts):
    """A second custody of a kept piece, sound but for the facts given."""
    first = make_custody(make_certificate().piece, make_otto())
    first.until = first.since + timedelta(days=1)
    first.save(update_fields=["until"])
    sound = {"piece": first.piece, "keeper": first.keeper, "number": 2, "since": timezone.now()}
    return Custody.objects.create(**{**sound, **facts})


def keep_together():
    first = make_custody(make_certificate().piece, make_otto())
    return Custody.objects.create(
        piece=first.piece,
        keeper=keep.keeper_of(first.piece.maker.user),
        number=2,
        since=timezone.now(),
    )


def print_two_valid_codes():
    piece = make_draft(with_photographs=False)
    for hashed in (bytes(32), bytes([1]) * 32):
        ClaimCode.objects.create(piece=piece, code_hash=hashed, created_at=timezone.now())


def void_a_claimed_code():
    now = timezone.now()
    return ClaimCode.objects.create(
        piece=make_draft(with_photographs=False),
        code_hash=bytes(32),
        created_at=now,
        claimed_at=now,
        voided_at=now,
    )


def repeat_a_part():
    piece = make_draft(with_photographs=False)
    return Part.objects.create(piece=piece, ident="shank", element="silver", fineness=925)


def photograph_the_front_twice():
    front = make_draft().photographs.get(role="front")
    front.pk, front.public_id = None, new_public_id()
    front.save(force_insert=True)


BROKEN_BY = {
    "batch_holds_131072": lambda: StatusBatch.objects.create(used=131073),
    "one_certificate_per_piece_and_version": lambda: certify_again(version=1, supersedes=None),
    "one_certificate_per_status_index": certify_on_the_same_index,
    "revocation_has_actor_and_reason": lambda: Certificate.objects.filter(
        pk=make_certificate().pk
    ).update(revoked_at=timezone.now()),
    "later_version_supersedes": lambda: certify_again(supersedes=None),
    "one_maker_per_slug": name_two_makers_alike,
    "identity_level_is_known": lambda: change_maker(identity_level="I9"),
    "maker_has_a_name": lambda: change_maker(name=""),
    "country_is_two_letters": lambda: change_maker(country="gb"),
    "identity_decision_has_a_reason": decide_without_reason,
    "one_answer_per_key": answer_one_key_twice,
    "answer_is_whole": answer_without_body,
    "mass_is_positive": lambda: change_piece(mass_grams=0),
    "year_has_four_digits": lambda: change_piece(year=26),
    "circumference_is_positive": lambda: change_piece(circumference_mm=0),
    "measures_are_positive": lambda: change_piece(width_mm=-1),
    "only_a_numbered_edition_has_numbers": lambda: change_piece(edition_number=None),
    "one_part_per_name": repeat_a_part,
    "fineness_is_parts_per_thousand": lambda: change_part(fineness=1000),
    "precious_metal_states_fineness": lambda: change_part(fineness=None),
    "other_metal_is_named": lambda: change_part(element="other", alloy=""),
    "part_mass_is_positive": lambda: change_part(mass_grams=0),
    "at_least_one_stone": lambda: change_stone(count=0),
    "carat_is_positive": lambda: change_stone(carat_each=0),
    "treatment_is_stated": lambda: change_stone(treatment=""),
    "stone_has_a_species": lambda: change_stone(species=""),
    "mark_has_a_text": lambda: Mark.objects.create(
        piece=make_draft(with_photographs=False), kind="engraving", text=""
    ),
    "one_photograph_per_role": photograph_the_front_twice,
    "photograph_has_a_size": lambda: Photograph.objects.filter(piece=make_draft()).update(width=0),
    "one_custody_per_number": lambda: keep_again(number=1),
    "one_keeper_at_a_time": keep_together,
    "custody_counts_from_one": lambda: keep_again(number=0),
    "one_valid_claim_code_per_piece": print_two_valid_codes,
    "claimed_code_is_not_voided": void_a_claimed_code,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("provenance", law, BROKEN_BY[law])


def test_every_law_of_provenance_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("provenance"))

"""Every law of the provenance tables, each broken by the row that must not stand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.appraisal import Appraisal
from provenance.models.authorisation import Authorisation
from provenance.models.certificate import Certificate, StatusBatch, Suspension
from provenance.models.details import Mark, Part, Sourcing, Stone, StoneReport
from provenance.models.identity import DomainProof
from provenance.models.keeping import ClaimCode, Custody
from provenance.models.keys import PendingCertificate, SigningKey
from provenance.models.maker import IdempotencyRecord, IdentityDecision, Maker
from provenance.models.making import Alteration, MakingStep, Recipe, StepEvidence
from provenance.models.piece import Photograph, Piece
from provenance.services import keep
from tests.factories import make_certificate, make_custody, make_draft, make_mira, make_otto
from tests.laws import assert_refused, laws_of
from tests.provenance import season_laws
from tests.provenance.bench import CAST, digest, step_of, with_steps

pytestmark = pytest.mark.django_db


def change_maker(**facts):
    return Maker.objects.filter(pk=make_mira().pk).update(**facts)


def change_piece(**facts):
    return Piece.objects.filter(pk=make_draft(with_photographs=False).pk).update(**facts)


def change_part(**facts):
    return Part.objects.filter(piece=make_draft(with_photographs=False)).update(**facts)


def change_stone(**facts):
    return Stone.objects.filter(piece=make_draft(with_photographs=False)).update(**facts)


def coat_part(**facts):
    """A gold-plated part, sound but for the facts given."""
    sound = {"coating_metal": "gold", "coating_method": "electroplated"}
    return change_part(**(sound | facts))


def change_mark(**facts):
    return Mark.objects.filter(piece=make_draft(with_photographs=False)).update(**facts)


def change_photograph(**facts):
    photographs = make_draft().photographs.filter(role="scale")
    return photographs.update(**facts)


def claim_origin(**facts):
    """A claim with its document, sound but for the facts given."""
    sound = {
        "piece": make_draft(with_photographs=False),
        "kind": "recycled",
        "scheme": "Chain of custody",
        "scope": "product",
        "document": "CoC 17",
        "expires": date(2027, 12, 31),
    }
    return Sourcing.objects.create(**(sound | facts))


def add_report(**facts):
    """A laboratory's report, sound but for the facts given."""
    stone = make_draft(with_photographs=False).stones.first()
    return StoneReport.objects.create(stone=stone, **({"lab": "LAB", "number": "17"} | facts))


def appraise(**facts):
    """Otto's appraisal, sound but for the facts given."""
    sound = {
        "author": make_otto(),
        "piece": make_certificate().piece,
        "amount": Decimal(1200),
        "currency": "GBP",
        "date": date(2026, 11, 20),
        "purpose": "insurance",
        "appraiser": "A. Valuer",
    }
    return Appraisal.objects.create(**(sound | facts))


def make_key(maker=None, **facts):
    """Mira's own key, sound but for the facts given."""
    sound = {"public_key": bytes([SigningKey.objects.count()]) * 32, "level": "own"}
    return SigningKey.objects.create(maker=maker or make_mira(), **{**sound, **facts})


def make_platform_key(**facts):
    number = bytes([100 + SigningKey.objects.count()])
    sound = {"public_key": number * 32, "level": "platform", "file": "platform.pem"}
    return SigningKey.objects.create(**{**sound, **facts})


def make_two_keys_in_use():
    first = make_key()
    return make_key(first.maker)


def prepare(**facts):
    piece = make_draft(with_photographs=False)
    now = timezone.now()
    sound = {
        "piece": piece,
        "key": make_key(piece.maker),
        "body": b"{}",
        "status_batch": StatusBatch.objects.create(),
        "status_index": 0,
        "prepared_at": now,
        "expires_at": now + timedelta(hours=1),
    }
    return PendingCertificate.objects.create(**{**sound, **facts})


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


def pause(certificate=None, **facts):
    """A pause by the maker, sound but for the facts given."""
    sound = {
        "certificate": certificate or make_certificate(),
        "by": "maker",
        "reason": "Asked for.",
        "since": timezone.now(),
    }
    return Suspension.objects.create(**(sound | facts))


def pause_twice():
    return pause(pause().certificate)


def revise(piece=None, **facts):
    """A row that corrects a signed piece, sound but for the facts given."""
    piece = piece or make_certificate().piece
    sound = {"maker": piece.maker, "title": "Ring", "year": 2026, "mass_grams": 5}
    sound |= {"revises": piece, "revision_reason": "Resized."}
    return Piece.objects.create(**(sound | facts))


def revise_twice():
    return revise(revise().revises)


def lift_before_it_began():
    since = timezone.now()
    lifted = {"lifted_at": since - timedelta(seconds=1), "lifted_by": "maker"}
    return pause(since=since, lift_reason="Settled.", **lifted)


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


def change_step(**facts):
    piece = with_steps(make_draft(with_photographs=False), CAST)
    return MakingStep.objects.filter(piece=piece).update(**facts)


def repeat_a_step():
    piece = with_steps(make_draft(with_photographs=False), CAST)
    return MakingStep.objects.create(piece=piece, ident="c1", kind="form.cast", control="hand")


def keep_evidence(**facts):
    """A film behind a step, sound but for the facts given."""
    piece = with_steps(make_draft(with_photographs=False), CAST)
    sound = {
        "kind": "video",
        "sha256": digest("a film"),
        "original_sha256": digest("a film"),
        "step": step_of(piece, "c1"),
        "piece": piece,
    }
    return StepEvidence.objects.create(**{**sound, **facts})


def keep_evidence_twice():
    first = keep_evidence()
    first.pk, first.public_id = None, new_public_id()
    first.save(force_insert=True)


def name_two_recipes_alike():
    maker = make_mira()
    for _ in range(2):
        Recipe.objects.create(maker=maker, name="Band", steps=[])


def authorise(**facts):
    """What a passkey allowed, sound but for the facts given; two of them share a challenge."""
    user = make_otto()
    sound = {"act": "sign_batch", "challenge": bytes(32)}
    blobs = ("digest", "nonce", "credential", "authenticator_data", "client_data", "signature")
    empty = dict.fromkeys(blobs, b"")
    return Authorisation.objects.create(user=user, **{**sound, **empty, **facts})


def authorise_twice_by_one_answer():
    first = authorise()
    first.pk, first.public_id = None, new_public_id()
    first.save(force_insert=True)


def name_a_domain(**facts):
    return DomainProof.objects.create(
        maker=make_mira(), domain="tidewell.example", token="t", **facts
    )


def vouch_without_a_name():
    maker = make_mira()
    return IdentityDecision.objects.create(maker=maker, level="I3", reason="Seen.", by=maker.user)


BROKEN_BY = {
    "domain_state_is_known": lambda: name_a_domain(state="maybe"),
    "unproven_domain_has_a_reason": lambda: name_a_domain(state="failed"),
    "proven_domain_says_when_and_how": lambda: name_a_domain(state="proven", way="dns"),
    "lapsed_domain_is_not_proven": lambda: name_a_domain(
        state="proven",
        way="dns",
        proven_at=timezone.now(),
        checked_at=timezone.now(),
        lapsed_at=timezone.now(),
    ),
    "level_i3_names_its_co_signer": vouch_without_a_name,
    "one_authorisation_per_challenge": authorise_twice_by_one_answer,
    "authorised_act_is_known": lambda: authorise(act="sell"),
    "authorisation_is_spent_after_it_was_given": lambda: authorise(
        spent_at=timezone.now() - timedelta(days=1)
    ),
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
    "piece_has_a_title": lambda: change_piece(title=""),
    "kind_is_known": lambda: change_piece(kind="crown"),
    "last_year_is_not_before_the_first": lambda: change_piece(year=2026, year_to=2025),
    "gtin_is_8_or_12_to_14_digits": lambda: change_piece(gtin="123456789"),
    "serial_fits_a_gs1_code": lambda: change_piece(serial="3 of 12"),
    "markets_are_country_codes": lambda: change_piece(markets="GB, Japan"),
    "mass_is_positive": lambda: change_piece(mass_grams=0),
    "year_has_four_digits": lambda: change_piece(year=26),
    "circumference_is_positive": lambda: change_piece(circumference_mm=0),
    "measures_are_positive": lambda: change_piece(width_mm=-1),
    "only_a_numbered_edition_has_numbers": lambda: change_piece(edition_number=None),
    "one_part_per_name": repeat_a_part,
    "element_is_known": lambda: change_part(element="mithril"),
    "coating_metal_is_known": lambda: coat_part(coating_metal="mithril"),
    "coating_method_is_known": lambda: coat_part(coating_method="wish"),
    "coating_says_its_method": lambda: coat_part(coating_method=""),
    "coating_names_its_metal": lambda: change_part(coating_note="rhodium-plated"),
    "other_coating_is_named": lambda: coat_part(coating_metal="other", coating_note=""),
    "coating_fineness_is_parts_per_thousand": lambda: coat_part(coating_fineness=1000),
    "coating_thickness_is_positive": lambda: coat_part(coating_micrometres=0),
    "fineness_is_parts_per_thousand": lambda: change_part(fineness=1000),
    "precious_metal_states_fineness": lambda: change_part(fineness=None),
    "other_metal_is_named": lambda: change_part(element="other", alloy=""),
    "part_mass_is_positive": lambda: change_part(mass_grams=0),
    "at_least_one_stone": lambda: change_stone(count=0),
    "carat_is_positive": lambda: change_stone(carat_each=0),
    "treatment_is_stated": lambda: change_stone(treatment=""),
    "stone_has_a_species": lambda: change_stone(species=""),
    "stone_origin_is_known": lambda: change_stone(origin="moon"),
    "stone_country_is_two_letters": lambda: change_stone(country="lk"),
    "carat_basis_is_known": lambda: change_stone(carat_basis="guessed"),
    "total_carat_is_positive": lambda: change_stone(carat_total=0),
    "stone_sizes_are_positive": lambda: change_stone(length_mm=0),
    "stone_sizes_begin_with_the_length": lambda: change_stone(width_mm=6),
    "grader_is_known": lambda: change_stone(graded_by="crowd"),
    "grades_say_whose_they_are": lambda: change_stone(colour="F"),
    "report_names_its_laboratory": lambda: add_report(lab=""),
    "report_has_a_number": lambda: add_report(number=""),
    "report_link_is_a_web_address": lambda: add_report(url="javascript:alert(1)"),
    "sourcing_claim_is_known": lambda: claim_origin(kind="ethical"),
    "sourcing_scope_is_known": lambda: claim_origin(scope="world"),
    "sourcing_is_about_something": lambda: claim_origin(about=""),
    "sourcing_names_its_scheme": lambda: claim_origin(scheme=""),
    "sourcing_names_its_document": lambda: claim_origin(document=""),
    "appraisal_is_positive": lambda: appraise(amount=0),
    "currency_is_three_letters": lambda: appraise(currency="£"),
    "appraisal_has_a_purpose": lambda: appraise(purpose=""),
    "appraisal_names_its_appraiser": lambda: appraise(appraiser=""),
    "mark_is_known": lambda: change_mark(kind="secret"),
    "photograph_role_is_known": lambda: change_photograph(role="dream"),
    "photograph_source_is_known": lambda: change_photograph(source="memory"),
    "mark_has_a_text": lambda: Mark.objects.create(
        piece=make_draft(with_photographs=False), kind="engraving", text=""
    ),
    "one_photograph_per_role": photograph_the_front_twice,
    "photograph_has_a_size": lambda: Photograph.objects.filter(piece=make_draft()).update(width=0),
    "one_step_per_id": repeat_a_step,
    "step_has_a_kind": lambda: change_step(kind=""),
    "step_has_a_part": lambda: change_step(part=""),
    "step_control_is_known": lambda: change_step(control="magic"),
    "step_dates_are_days_or_moments": lambda: change_step(finished="last week"),
    "one_file_once_per_record": keep_evidence_twice,
    "evidence_kind_is_known": lambda: keep_evidence(kind="rumour"),
    "evidence_has_its_digests": lambda: keep_evidence(original_sha256="abc"),
    "capture_in_the_page_has_its_time": lambda: keep_evidence(is_in_app=True),
    "credential_state_is_known": lambda: keep_evidence(c2pa_state="maybe"),
    "one_recipe_per_name": name_two_recipes_alike,
    "recipe_has_a_name": lambda: Recipe.objects.create(maker=make_mira(), name="", steps=[]),
    "alteration_has_a_reason": lambda: Alteration.objects.create(
        piece=make_draft(with_photographs=False), on=timezone.localdate(), reason="", steps=[]
    ),
    "one_key_in_use_per_maker": make_two_keys_in_use,
    "one_platform_key_in_use": lambda: [make_platform_key(), make_platform_key()],
    "key_level_fits_its_owner": lambda: make_platform_key(level="held"),
    "only_our_keys_have_a_file": lambda: make_key(file="mine.pem"),
    "public_key_has_32_bytes": lambda: make_key(public_key=bytes(31)),
    "compromise_has_moment_and_reason": lambda: make_key(compromised_at=timezone.now()),
    "prepared_before_it_expires": lambda: prepare(expires_at=timezone.now()),
    "one_open_suspension_per_certificate": pause_twice,
    "suspension_has_actor_and_reason": lambda: pause(reason=""),
    "lifting_has_actor_and_reason": lambda: pause(
        lifted_at=timezone.now() + timedelta(hours=1), lifted_by="maker"
    ),
    "lifted_after_it_began": lift_before_it_began,
    "one_open_revision_per_piece": revise_twice,
    "revision_has_a_reason": lambda: revise(revision_reason=""),
    "one_custody_per_number": lambda: keep_again(number=1),
    "one_keeper_at_a_time": keep_together,
    "custody_counts_from_one": lambda: keep_again(number=0),
    "one_valid_claim_code_per_piece": print_two_valid_codes,
    "claimed_code_is_not_voided": void_a_claimed_code,
    **season_laws.BROKEN_BY,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("provenance", law, BROKEN_BY[law])


def test_every_law_of_provenance_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("provenance"))

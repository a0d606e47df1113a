"""Events: each act leaves one, and an act that cannot be put on record did not happen."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.utils import timezone

from provenance.models.authorisation import Act
from provenance.models.certificate import Actor
from provenance.models.identity import DomainProof
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.models.maker import ApiToken
from provenance.services import (
    access,
    authorise,
    domain_checks,
    events,
    identity,
    keep,
    key_life,
    maker_keys,
    register,
    reproof,
    revoke,
)
from provenance.services.facts import facts_of
from tags.codes import claim_hash, read_claim_code
from tags.services import issuing as tag_services
from tests.doors import Passkey
from tests.factories import (
    MARLOWE,
    make_certificate,
    make_claim_code,
    make_draft,
    make_held_key,
    make_mira,
    make_otto,
    make_user,
)

pytestmark = pytest.mark.django_db


class LogIsFullError(Exception):
    """The event could not be written."""


def open_a_workshop():
    user = make_user("nib")
    workshop = register.Workshop("Nib Bench", "Nib Harrow", "Bristol", "GB")
    return lambda: register.become_maker(user=user, workshop=workshop)


def identify_a_maker():
    maker, staff = make_mira(), make_user("staff")
    return lambda: identity.decide_identity(maker=maker, level="I2", reason="Seen.", by=staff)


def register_a_piece():
    maker = make_mira()
    return lambda: register.register_piece(maker=maker, facts=MARLOWE, by=maker.user)


def duplicate_a_piece():
    piece = make_draft()
    by = piece.maker.user
    return lambda: register.duplicate_piece(piece=piece, facts=facts_of(piece), by=by)


def bind_a_code():
    piece = make_draft()
    return lambda: tag_services.bind_printed_code(piece=piece, by=piece.maker.user)


def issue_a_certificate():
    piece = make_draft()
    tag_services.bind_printed_code(piece=piece, by=piece.maker.user)
    return lambda: tag_services.issue_with_code(piece=piece, by=piece.maker.user)


def revoke_a_certificate():
    certificate = make_certificate()
    by = certificate.maker.user
    return lambda: revoke.revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=by
    )


def print_a_card():
    piece = make_certificate().piece
    return lambda: tag_services.new_card_code(piece=piece, by=piece.maker.user)


def claim_a_piece():
    code = read_claim_code(make_claim_code(make_certificate().piece))
    otto = make_otto()
    return lambda: keep.claim_piece(code_hash=claim_hash(code), by=otto)


def draw_a_token():
    maker = make_mira()
    return lambda: access.make_token(maker=maker, label="shop", by=maker.user)


def withdraw_a_token():
    maker = make_mira()
    access.make_token(maker=maker, label="shop", by=maker.user)
    token = ApiToken.objects.get()
    return lambda: access.revoke_token(token=token, by=maker.user)


def make_a_key():
    maker = make_mira()
    return lambda: make_held_key(maker)


def retire_a_key():
    maker = make_mira()
    make_held_key(maker)
    return lambda: maker_keys.retire_key(maker=maker, by=maker.user)


def report_a_key():
    maker = make_mira()
    make_held_key(maker)
    key, at = SigningKey.objects.get(), timezone.now()
    return lambda: key_life.report_maker_compromise(key=key, at=at, reason="Lost.", by=maker.user)


def sign_again():
    make_certificate()
    key, at = SigningKey.objects.get(), timezone.now() + timedelta(seconds=1)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        key_life.report_platform_compromise(key=key, at=at, reason="Lost.")
    return lambda: list(reproof.reproof())


def give_an_authorisation():
    mira, passkey = make_mira().user, Passkey()
    passkey.belongs_to(mira)
    question = authorise.new_question(act=Act.SIGN_BATCH, digest=bytes(32))
    answer = passkey.answers(question.challenge)
    return lambda: authorise.authorise(by=mira, question=question, answer=answer)


def name_a_domain():
    maker = make_mira()
    return lambda: identity.ask_domain(maker=maker, domain="tidewell.example", by=maker.user)


def prove_a_domain():
    name_a_domain()()
    task = domain_checks.take()
    return lambda: domain_checks.write_down(task, domain_checks.Found(way="dns"))


def lose_a_domain():
    prove_a_domain()()
    DomainProof.objects.update(due_at=timezone.now(), attempts=9)
    task = domain_checks.take()
    return lambda: domain_checks.write_down(task, domain_checks.Found(reason="It is gone."))


def drop_a_domain():
    proof = name_a_domain()()
    return lambda: identity.drop_domain(proof=proof, by=proof.maker.user)


ACTS = {
    "domain.named": name_a_domain,
    "domain.proven": prove_a_domain,
    "domain.lapsed": lose_a_domain,
    "domain.dropped": drop_a_domain,
    "authorisation.given": give_an_authorisation,
    "key.made": make_a_key,
    "key.retired": retire_a_key,
    "key.compromised": report_a_key,
    "certificate.reproofed": sign_again,
    "maker.registered": open_a_workshop,
    "maker.identified": identify_a_maker,
    "piece.registered": register_a_piece,
    "piece.registered, from an earlier one": duplicate_a_piece,
    "tag.bound": bind_a_code,
    "certificate.issued": issue_a_certificate,
    "certificate.revoked": revoke_a_certificate,
    "claim_code.printed": print_a_card,
    "custody.claimed": claim_a_piece,
    "token.made": draw_a_token,
    "token.revoked": withdraw_a_token,
}


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_leaves_exactly_one_event(kind):
    act = ACTS[kind]()
    before = set(Event.objects.values_list("pk", flat=True))

    act()

    left = Event.objects.exclude(pk__in=before)
    assert [event.kind for event in left] == [kind.partition(",")[0]]


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_that_cannot_be_put_on_record_changes_nothing(kind, monkeypatch):
    act = ACTS[kind]()
    before = everything()
    monkeypatch.setattr(Event.objects, "create", refuse)
    monkeypatch.setattr(events, "insert_columns", refuse)

    with pytest.raises(LogIsFullError):
        act()

    assert everything() == before


def refuse(*rows, **fields):
    raise LogIsFullError


def everything():
    """Every row of our three apps."""
    names = ("provenance", "tags", "memories")
    models = [model for name in names for model in apps.get_app_config(name).get_models()]
    return {model: list(model._default_manager.order_by("pk").values()) for model in models}

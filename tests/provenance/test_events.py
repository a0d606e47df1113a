"""Events: each act leaves one, and an act that cannot be put on record did not happen."""

import pytest
from django.apps import apps

from provenance.models.certificate import Actor
from provenance.models.log import Event
from provenance.models.maker import ApiToken
from provenance.services import access, keep, register, revoke
from provenance.services.facts import facts_of
from tags import services as tag_services
from tags.codes import claim_hash, read_claim_code
from tests.factories import (
    MARLOWE,
    make_certificate,
    make_claim_code,
    make_draft,
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
    return lambda: register.decide_identity(maker=maker, level="I2", reason="Seen.", by=staff)


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


ACTS = {
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

    with pytest.raises(LogIsFullError):
        act()

    assert everything() == before


def refuse(**fields):
    raise LogIsFullError


def everything():
    """Every row of our three apps."""
    names = ("provenance", "tags", "memories")
    models = [model for name in names for model in apps.get_app_config(name).get_models()]
    return {model: list(model._default_manager.order_by("pk").values()) for model in models}

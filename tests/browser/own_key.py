"""Makers with a key of their own, for the pages on which they sign; each prints what it made."""

import json
from datetime import timedelta

import time_machine
from django.utils import timezone

from config.demo.links import sign_in_link
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof
from provenance.keys import MemorySigner
from provenance.models.keys import PendingCertificate, SigningKey
from provenance.models.maker import Maker
from provenance.services import key_life, maker_keys
from tags.services import issuing as tag_services
from tests.factories import make_draft, make_mira, make_own_key


def maker_without_a_key(name: str) -> None:
    maker = make_mira(name)
    _tell(maker, piece=make_draft(maker).public_id)


def maker_with_a_prepared_ring(name: str, seed: int) -> None:
    maker = make_mira(name)
    make_own_key(maker, seed)
    _tell(maker, piece=_prepared(maker, "Marlowe ring").piece.public_id)


def maker_who_was_robbed(name: str, seed: int, *, many: int) -> None:
    """Rings of two hours ago, by a key that was stolen an hour ago; `seed` is her new one."""
    now = timezone.now()
    with time_machine.travel(now - timedelta(hours=2), tick=False):
        maker = make_mira(name)
        lost = make_own_key(maker, seed + 1)
        for number in range(many):
            _certify(maker, lost, f"Harbour ring {number + 1}")
    key = SigningKey.objects.get(maker=maker)
    at = now - timedelta(hours=1)
    key_life.report_maker_compromise(key=key, at=at, reason="Lost.", by=maker.user)
    make_own_key(maker, seed)
    _tell(maker)


def tell_key(name: str) -> None:
    """At which level the key in use of this maker is."""
    key = maker_keys.key_in_use(Maker.objects.get(user__username=name))
    print(json.dumps({"level": key.level if key else None}))


def _prepared(maker: Maker, title: str) -> PendingCertificate:
    piece = make_draft(maker, title=title)
    return tag_services.prepare_with_code(piece=piece, by=maker.user)


def _certify(maker: Maker, signer: MemorySigner, title: str) -> None:
    pending = _prepared(maker, title)
    document = parse_object(bytes(pending.body))
    proof = canonical_bytes(create_proof(document, signer=signer, created=timezone.now()))
    tag_services.complete_with_code(pending=pending, proof=proof, by=maker.user)


def _tell(maker: Maker, **more: str) -> None:
    print(json.dumps({"door": sign_in_link(maker.user), **more}))

"""What the screens need on top of the demonstration: pieces that do not simply stand, and doors."""

import json
from datetime import timedelta

import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from config.demo.links import sign_in_link
from memories.models.montage import Montage
from provenance.models.certificate import Actor
from provenance.models.keys import SigningKey
from provenance.models.piece import Piece
from provenance.services import alterations, keep, key_life, revoke, supersede, suspend
from provenance.steps import StepFacts
from tags.codes import claim_hash
from tags.models.tag import Tag, TagKind
from tags.services import binding
from tags.services import issuing as tag_services
from tests.browser import filmed, guarded
from tests.factories import make_held_certificate, make_held_key, make_mira

SKUS = {
    "marlowe": "MAR-03",
    "braid": "BRA-01",
    "cuff": "CUF-07",
    "signet": "SIG-04",
    "pearls": "PEA-02",
    "pendant": "LEA-21",
}
REASON = "The stone was described wrongly."
THEFT = "The laptop was stolen."
PAUSE = "A shop asked us to look at the clasp again."
PLATED = "Plated anew after wear."


def main() -> None:
    """Set the stage and print, as JSON, where everything stands."""
    pieces = {name: Piece.objects.get(sku=sku) for name, sku in SKUS.items()}
    withdrawn = pieces["signet"].certificates.get()
    maker = pieces["signet"].maker
    revoke.revoke_certificate(
        certificate=withdrawn, reason=REASON, actor=Actor.MAKER, by=maker.user
    )
    suspend.suspend_certificate(
        certificate=pieces["cuff"].certificates.get(),
        reason=PAUSE,
        actor=Actor.MAKER,
        by=maker.user,
    )
    before = pieces["pendant"].certificates.get()
    _correct(pieces["pendant"])
    correction = supersede.open_revision(
        piece=pieces["signet"], reason="The stone is named as it is.", by=maker.user
    )
    _claim(pieces["pendant"], by=User.objects.get(username="otto"))
    paused = _printed_code(pieces["cuff"])
    binding.suspend_tag(tag=paused, reason=PAUSE, by=maker.user)
    montage = Montage.objects.get()
    print(
        json.dumps(
            {name: piece.public_id for name, piece in pieces.items()}
            | {
                "maker": maker.slug,
                "certificate": pieces["marlowe"].certificates.get().public_id,
                "withdrawn": withdrawn.public_id,
                "paused": pieces["cuff"].certificates.get().public_id,
                "superseded": before.public_id,
                "newer": pieces["pendant"].certificates.get(version=2).public_id,
                "correction": correction.public_id,
                "marlowe_code": _code(pieces["marlowe"]),
                "braid_code": _code(pieces["braid"]),
                "marlowe_tag": _printed_code(pieces["marlowe"]).public_id,
                "marlowe_chip": Tag.objects.get(kind=TagKind.NTAG424).public_id,
                "cuff_tag": paused.public_id,
                "claim_code": tag_services.new_card_code(piece=pieces["cuff"], by=maker.user),
                "chapter": montage.chapters.all()[1].public_id,
                "memory": montage.items.order_by("position")[0].public_id,
                "mira": sign_in_link(maker.user),
                "otto": sign_in_link(User.objects.get(username="otto")),
            }
            | _signed_before_and_after_the_theft()
            | guarded.set_up()
            | filmed.set_up()
        )
    )


def _signed_before_and_after_the_theft() -> dict[str, str]:
    """Two certificates with their maker's own proof, by a key that was stolen between them."""
    now = timezone.now()
    before, theft, after = (now - timedelta(hours=each) for each in (3, 2, 1))
    with time_machine.travel(before, tick=False):
        maker = make_mira("mira-of-the-stolen-key")
        signer = make_held_key(maker)
        first = make_held_certificate(maker, signer)
    with time_machine.travel(after, tick=False):
        second = make_held_certificate(maker, signer)
    key = SigningKey.objects.get(maker=maker)
    key_life.report_maker_compromise(key=key, at=theft, reason=THEFT, by=maker.user)
    return {
        "signed_before_the_theft": first.public_id,
        "signed_after_the_theft": second.public_id,
    }


def _correct(piece: Piece) -> None:
    """Plated anew, put on record, and certified anew for it."""
    by = piece.maker.user
    plated = StepFacts("plate", "finish.plate", "machine", actor="outside:plater", is_done=True)
    work = alterations.Work(timezone.now().date(), PLATED, (plated,))
    alterations.record_alteration(piece=piece, work=work, by=by)
    draft = supersede.open_revision(piece=piece, reason=PLATED, by=by)
    tag_services.issue_with_code(piece=draft, by=by)


def _claim(piece: Piece, *, by: User) -> None:
    """A piece with its keeper and no memories yet."""
    code = tag_services.new_card_code(piece=piece, by=piece.maker.user)
    keep.claim_piece(code_hash=claim_hash(code), by=by)


def _code(piece: Piece) -> str:
    return _printed_code(piece).code


def _printed_code(piece: Piece) -> Tag:
    found: Tag = Tag.objects.standing().get(piece=piece, place="card")
    return found

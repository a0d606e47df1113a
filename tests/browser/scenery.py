"""What the screens need on top of the demonstration: a withdrawn piece, and ways to sign in."""

import json

from django.contrib.auth.models import User

from config.demo.links import sign_in_link
from memories.models import Montage
from provenance.models.certificate import Actor
from provenance.models.piece import Piece
from provenance.services import keep, revoke
from tags import services as tag_services
from tags.codes import claim_hash
from tags.models import Tag

SKUS = {
    "marlowe": "MAR-03",
    "braid": "BRA-01",
    "cuff": "CUF-07",
    "signet": "SIG-04",
    "pearls": "PEA-02",
    "pendant": "LEA-21",
}
REASON = "The stone was described wrongly."


def main() -> None:
    """Set the stage and print, as JSON, where everything stands."""
    pieces = {name: Piece.objects.get(sku=sku) for name, sku in SKUS.items()}
    withdrawn = pieces["signet"].certificates.get()
    maker = pieces["signet"].maker
    revoke.revoke_certificate(
        certificate=withdrawn, reason=REASON, actor=Actor.MAKER, by=maker.user
    )
    _claim(pieces["pendant"], by=User.objects.get(username="otto"))
    montage = Montage.objects.get()
    print(
        json.dumps(
            {name: piece.public_id for name, piece in pieces.items()}
            | {
                "maker": maker.slug,
                "certificate": pieces["marlowe"].certificates.get().public_id,
                "marlowe_code": _code(pieces["marlowe"]),
                "braid_code": _code(pieces["braid"]),
                "claim_code": tag_services.new_card_code(piece=pieces["cuff"], by=maker.user),
                "memory": montage.items.order_by("position")[0].public_id,
                "mira": sign_in_link(maker.user),
                "otto": sign_in_link(User.objects.get(username="otto")),
            }
        )
    )


def _claim(piece: Piece, *, by: User) -> None:
    """A piece with its keeper and no memories yet."""
    code = tag_services.new_card_code(piece=piece, by=piece.maker.user)
    keep.claim_piece(code_hash=claim_hash(code), by=by)


def _code(piece: Piece) -> str:
    return Tag.objects.standing().get(piece=piece, place="card").code

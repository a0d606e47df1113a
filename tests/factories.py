"""The cast and their things: Mira makes, Otto owns, Sana is a stranger."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, User
from django.utils import timezone

from provenance import jewelry
from provenance.models.certificate import Certificate
from provenance.models.keeping import Custody
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import keep, register
from tags import services as tag_services

PASSWORD = "a long and quiet password"

MARLOWE = jewelry.Piece(
    title="Marlowe ring",
    kind="ring",
    year=2026,
    mass=Decimal("6.81"),
    edition=jewelry.Edition("numbered", 3, 12),
    parts=(
        jewelry.Part("shank", "gold", 750, colour="yellow", mass=Decimal("5.62")),
        jewelry.Part("head", "platinum", 950, mass=Decimal("0.86")),
    ),
    stones=(
        jewelry.Stone(
            "corundum", "natural", ("heat",), "sapphire", 1, "oval", Decimal("1.52"), "measured"
        ),
        jewelry.Stone(
            "diamond", "laboratory-grown", ("none-known",), count=6, carat=Decimal("0.02")
        ),
    ),
    marks=(jewelry.Mark("sponsor", "TWB"), jewelry.Mark("fineness", "750")),
    circumference=Decimal("54.4"),
)


def make_user(name: str, *, is_confirmed: bool = True) -> User:
    user = User.objects.create_user(name, f"{name}@touchmark.example", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=is_confirmed)
    return user


def make_mira(name: str = "mira") -> Maker:
    """Mira Tidewell of Tidewell Bench, Bristol, with a confirmed e-mail."""
    workshop = register.Workshop("Tidewell Bench", "Mira Tidewell", "Bristol", "GB", "TWB")
    return register.become_maker(user=make_user(name), workshop=workshop)


def make_otto() -> AbstractUser:
    return make_user("otto")


def make_draft(
    maker: Maker | None = None, *, with_photographs: bool = True, **facts: object
) -> Piece:
    """A draft that is ready to sign, unless the facts given say otherwise."""
    maker = maker or make_mira()
    piece = register.register_piece(maker=maker, facts=replace(MARLOWE, **facts), by=maker.user)
    if with_photographs:
        make_photograph(piece, "front")
        make_photograph(piece, "scale")
    return piece


def make_photograph(piece: Piece, role: str, source: str = "digitalCapture") -> Photograph:
    """A photograph's row; its files are not on disk."""
    digest = hashlib.sha256(f"{piece.public_id} {role}".encode()).hexdigest()
    rendition = {"file": "none.webp", "width": 1638, "height": 2048, "sha256": digest}
    return Photograph.objects.create(
        piece=piece,
        role=role,
        source=source,
        alt=f"The {role} of the ring",
        position=piece.photographs.count(),
        sha256=digest,
        width=1638,
        height=2048,
        placeholder="data:image/png;base64,iVBORw0KGgo=",
        renditions={"480.webp": rendition, "1080.webp": rendition, "2048.webp": rendition},
    )


def make_certificate(maker: Maker | None = None, **facts: object) -> Certificate:
    piece = make_draft(maker, **facts)
    return tag_services.issue_with_code(piece=piece, by=piece.maker.user)


def make_custody(piece: Piece, user: AbstractUser) -> Custody:
    """Put an issued piece on record with a first keeper."""
    return Custody.objects.create(
        piece=piece, keeper=keep.keeper_of(user), number=1, since=timezone.now()
    )

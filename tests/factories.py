"""The cast and their things: Mira makes, Otto owns, Sana is a stranger."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from memories.models import Item, ItemState, Montage, MontageLevel, Rendition
from memories.services import storage
from provenance import jewelry
from provenance.models.certificate import Certificate
from provenance.models.keeping import Custody
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import keep, register
from tags import services as tag_services
from tags.codes import show_claim_code

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


def make_otto() -> User:
    return make_user("otto")


def make_draft(maker: Maker | None = None, *, with_photographs: bool = True, **facts: Any) -> Piece:
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


def make_certificate(maker: Maker | None = None, **facts: Any) -> Certificate:
    piece = make_draft(maker, **facts)
    return tag_services.issue_with_code(piece=piece, by=piece.maker.user)


def make_custody(piece: Piece, user: User) -> Custody:
    """Put an issued piece on record with a first keeper."""
    return Custody.objects.create(
        piece=piece, keeper=keep.keeper_of(user), number=1, since=timezone.now()
    )


def make_montage(*, user: User | None = None, maker: Maker | None = None, **fields: Any) -> Montage:
    """Otto's own, empty and private, behind Mira's ring, unless the fields say otherwise."""
    piece = make_certificate(maker).piece
    custody = make_custody(piece, user or make_otto())
    return Montage.objects.create(piece=piece, keeper=custody.keeper, **fields)


def make_open_montage(**fields: Any) -> Montage:
    """Published to anyone who ever saw the code, with one photograph."""
    montage = make_montage(level=MontageLevel.CODE, published_at=timezone.now(), **fields)
    make_memory(montage)
    return montage


def make_memory(montage: Montage, *, content: bytes = b"pixels", **fields: Any) -> Item:
    """A photograph that stands: its renditions are on disk and hold these bytes."""
    words = {"caption": "Four hours in this café.", "width": 1500, "height": 1000} | fields
    item = Item.objects.create(
        montage=montage,
        position=montage.items.count(),
        upload_name="IMG_0001.jpg",
        upload_bytes=len(content),
        state=ItemState.READY,
        is_refined=True,
        **words,
    )
    folder = storage.new_rendition_folder(item)
    for name, width in (("480.webp", 480), ("1080.webp", 1080), ("480.avif", 480)):
        file = storage.private().save(f"{folder}/{name}", ContentFile(content))
        Rendition.objects.create(
            item=item, name=name, file=file, width=width, height=width * 2 // 3, bytes=len(content)
        )
    return item


def make_claim_code(piece: Piece) -> str:
    """The code under the fold of a card printed now, as it reads there."""
    return show_claim_code(tag_services.new_card_code(piece=piece, by=piece.maker.user))


def code_address(piece: Piece) -> str:
    """What the printed code of a piece opens."""
    return reverse("tags:code", args=[piece.tags.get().code])

"""The cast and their things: Mira makes, Otto owns, Sana is a stranger."""

import hashlib
import io
import secrets
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from memories.film import Shape
from memories.models.film import FilmJob, FilmState
from memories.models.item import Item, ItemState, Rendition
from memories.models.montage import Montage, MontageLevel
from memories.services import films, storage
from memories.services.films import Wish
from provenance import jewelry
from provenance.canonical import canonical_bytes
from provenance.credentials import create_proof
from provenance.identifiers import new_public_id
from provenance.keys import MemorySigner, Signer
from provenance.models.certificate import Certificate
from provenance.models.keeping import Custody
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import keep, maker_keys, register
from tags.codes import new_code, show_claim_code
from tags.life import IN_STOCK
from tags.models.tag import Tag, TagKind
from tags.services import issuing as tag_services

FILM_WISH = Wish(30, Shape.TALL)
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


# The same ring with everything said of it that can be said; ready to sign with a photograph of
# its marks.
WHOLE = replace(
    MARLOWE,
    title="Marlowe ring",
    year=2025,
    year_to=2026,
    collection="Harbour",
    parts=(
        jewelry.Part(
            "shank",
            "gold",
            750,
            colour="white",
            alloy="palladium white gold",
            mass=Decimal("5.62"),
            coating=jewelry.Coating("rhodium", "electroplated", micrometres=Decimal("0.3")),
            name="Shank",
            role="band",
        ),
        jewelry.Part(
            "head", "platinum", 950, mass=Decimal("0.86"), name="Head", role="holds the sapphire"
        ),
    ),
    stones=(
        replace(
            MARLOWE.stones[0],
            cut="mixed",
            sizes=(Decimal("7.6"), Decimal("6.1"), Decimal("3.9")),
            colour="vivid blue",
            clarity="eye clean",
            cut_grade="very good",
            graded_by="report",
            country="LK",
            treatment_care="No torch near it.",
            note="Set by Mira",
            reports=(
                jewelry.Report(
                    "EXAMPLE LAB",
                    "0000000000",
                    date(2026, 8, 3),
                    "https://lab.example/0000000000",
                    is_inscribed=True,
                ),
                jewelry.Report("SECOND LAB", "17"),
            ),
        ),
        replace(MARLOWE.stones[1], shape="round", carat_total=Decimal("0.12")),
    ),
    marks=(
        jewelry.Mark("maker", "MT", "inside"),
        jewelry.Mark("sponsor", "TWB"),
        jewelry.Mark("fineness", "750"),
        jewelry.Mark("fineness", "950"),
        jewelry.Mark("office", "London"),
        jewelry.Mark("date", "b"),
        jewelry.Mark("convention", "750"),
    ),
    sourcing=(
        jewelry.Sourcing(
            "recycled", "shank", "Chain of custody", "product", "CoC 17", date(2027, 12, 31)
        ),
        jewelry.Sourcing(
            "origin",
            "s1",
            "Mine to market",
            "business",
            "Invoice 4",
            date(2030, 1, 1),
            "From one family’s mine.",
        ),
    ),
    measures=(("height", Decimal("24.5")), ("width", Decimal("21.3")), ("depth", Decimal("7.2"))),
    care=("No ultrasonic cleaning.", "Take it off to swim."),
    warranty="Claws checked free of charge for two years.",
    description="An oval sapphire between paired claws.",
    keywords=("sapphire", "three-stone look"),
    sku="MAR-03",
    gtin="4006381333931",
    serial="003-12",
    markets=("GB", "FR"),
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


def make_staff() -> User:
    """One of the staff, who may do everything the desk allows."""
    return User.objects.create_superuser("staff", "staff@touchmark.example", PASSWORD)


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


MAKER_PASSPHRASE = "under the third bench peg"


def make_held_key(maker: Maker) -> Signer:
    """A key of the maker's that is kept here, already opened."""
    maker_keys.make_held_key(maker=maker, passphrase=MAKER_PASSPHRASE, by=maker.user)
    return maker_keys.unlock(maker=maker, passphrase=MAKER_PASSPHRASE)


def make_own_key(maker: Maker, seed: int = 5) -> MemorySigner:
    """A key of the maker's that only she has; its public half is on record."""
    signer = MemorySigner.from_seed(
        bytes([seed]) * 32, verification_method_of=lambda key: maker_keys.method_named(maker, key)
    )
    asked = maker_keys.challenge(maker, signer.public_key)
    proof = canonical_bytes(create_proof(asked, signer=signer, created=timezone.now()))
    maker_keys.register_own_key(maker=maker, asked=asked, proof=proof, by=maker.user)
    return signer


def make_held_certificate(maker: Maker, signer: Signer, **facts: Any) -> Certificate:
    """A certificate that platform and maker signed."""
    piece = make_draft(maker, **facts)
    return tag_services.issue_with_code(piece=piece, by=maker.user, maker_signer=signer)


def make_pictured_certificate(
    maker: Maker | None = None, *, source: str = "digitalCapture", width: int = 400
) -> Certificate:
    """A certificate whose front photograph, upright, is really on disk."""
    piece = make_draft(maker)
    make_photograph(piece, "back")
    picture, size = io.BytesIO(), (width, width * 5 // 4)
    Image.linear_gradient("L").resize(size).convert("RGB").save(picture, "WEBP")
    content = picture.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    file = storage.private().save(f"{piece.public_id}/front.webp", ContentFile(content))
    front = piece.photographs.get(role="front")
    front.renditions["2048.webp"] = {
        "file": file,
        "width": size[0],
        "height": size[1],
        "sha256": digest,
    }
    front.sha256, front.source = digest, source
    front.save()
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
    words = {
        "caption": "Four hours in this café.",
        "width": 1500,
        "height": 1000,
        "position": montage.items.count(),
    } | fields
    item = Item.objects.create(
        montage=montage,
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


def make_film(
    montage: Montage, *, content: bytes = b"film", wish: Wish = FILM_WISH, **fields: Any
) -> FilmJob:
    """A film that stands, holds these bytes, and shows the page as it is now."""
    cast = films.cast_of(montage)
    public_id = new_public_id()
    file = f"{storage.FILMS}/{public_id}/{secrets.token_hex(8)}/film.mp4"
    facts = {
        "state": FilmState.READY,
        "file": storage.private().save(file, ContentFile(content)),
        "bytes": len(content),
        "digest": cast.digest(wish),
        "level": fields.get("level") or cast.level,
    } | fields
    return FilmJob.objects.create(
        montage=montage, public_id=public_id, seconds=wish.seconds, shape=wish.shape, **facts
    )


def make_claim_code(piece: Piece) -> str:
    """The code under the fold of a card printed now, as it reads there."""
    return show_claim_code(tag_services.new_card_code(piece=piece, by=piece.maker.user))


def code_address(piece: Piece) -> str:
    """What the printed code of a piece opens."""
    return reverse("tags:code", args=[piece.tags.get(place="card").code])


def make_chip(maker: Maker | None = None, *, piece: Piece | None = None, **facts: Any) -> Tag:
    """A chip's row as the facts say: active on a piece that is given, else blank in the drawer."""
    if piece:
        row = {"state": "active", "piece": piece, "place": "band", "maker": piece.maker}
    else:
        row = {"state": "blank", "maker": maker or make_mira(), "place": "", "bound_at": None}
    if (row | facts)["state"] not in IN_STOCK[:2]:
        row |= {"profile": "ring", "key_version": 1, "uid_digest": secrets.token_bytes(16)}
        row |= {"verified_at": timezone.now()}
    return Tag.objects.create(kind=TagKind.NTAG424, code=new_code(), **(row | facts))

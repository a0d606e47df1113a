"""What is signed about a piece: the credentialSubject, written from the facts.

Decimals are strings with their unit code (UN/ECE Recommendation 20) beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from provenance.canonical import JSON, JSONObject
from provenance.jewelry import (
    Edition,
    Part,
    Photograph,
    Piece,
    Stone,
    plain,
    ring_sizes,
)

GRAM, MILLIMETRE = "GRM", "MMT"


@dataclass(frozen=True)
class MakerStatement:
    """What the certificate says of the maker; `key_level` recorded, held or own."""

    did: str
    name: str
    person: str
    identity_level: str
    country: str
    key_level: str = "recorded"
    sponsors_mark: str = ""
    key: str = ""


@dataclass(frozen=True)
class TagStatement:
    """A tag by its random 128-bit id, never by its code; `bound` as YYYY-MM-DD."""

    kind: str
    ident: str
    bound: str


@dataclass(frozen=True)
class SubjectFrame:
    """What stands around the piece in the signed subject."""

    url: str
    maker: MakerStatement
    tags: tuple[TagStatement, ...]
    nonce: str
    is_demonstration: bool = False
    extra: JSONObject = field(default_factory=dict)


def subject_of(piece: Piece, frame: SubjectFrame) -> JSONObject:
    """The `credentialSubject`: decimals are strings with their unit, nothing of the owner."""
    subject: JSONObject = {
        "id": frame.url,
        "type": "JewelryPiece",
        "name": piece.title,
        "kind": piece.kind,
        "year": piece.year,
        "edition": _edition(piece.edition),
        "mass": quantity(piece.mass, GRAM),
        "maker": _maker(frame.maker),
        "parts": [_part(part) for part in piece.parts],
        "stones": [_stone(n, stone) for n, stone in enumerate(piece.stones, 1)],
        "marks": [_without_empty(vars(mark)) for mark in piece.marks],
        "photos": [_photograph(photograph) for photograph in piece.photographs],
        "care": list(piece.care),
        "tags": [{"kind": t.kind, "id": t.ident, "bound": t.bound} for t in frame.tags],
        "nonce": frame.nonce,
    }
    subject |= _without_empty({"description": piece.description, "sku": piece.sku})
    if piece.circumference is not None:
        us, uk = ring_sizes(piece.circumference)
        size: JSONObject = {
            "circumference": quantity(piece.circumference, MILLIMETRE),
            "us": us,
            "uk": uk,
        }
        subject["size"] = _without_empty(size)
    if piece.measures:
        subject["dimensions"] = {name: quantity(v, MILLIMETRE) for name, v in piece.measures}
    if frame.is_demonstration:
        subject["demonstration"] = True
    return subject | frame.extra


def quantity(value: Decimal, unit: str) -> JSONObject:
    return {"value": plain(value), "unitCode": unit}


def _without_empty(values: Mapping[str, JSON]) -> JSONObject:
    return {key: value for key, value in values.items() if value not in ("", None)}


def _edition(edition: Edition) -> JSONObject:
    return _without_empty({"kind": edition.kind, "n": edition.number, "of": edition.of})


def _maker(maker: MakerStatement) -> JSONObject:
    return _without_empty(
        {
            "id": maker.did,
            "name": maker.name,
            "person": maker.person,
            "identityLevel": maker.identity_level,
            "sponsorsMark": maker.sponsors_mark,
            "country": maker.country,
            "keyLevel": maker.key_level,
            "key": maker.key,
        }
    )


def _part(part: Part) -> JSONObject:
    metal = {
        "element": part.element,
        "fineness": part.fineness,
        "colour": part.colour,
        "alloy": part.alloy,
    }
    stated: JSONObject = {"id": part.ident, "metal": _without_empty(metal)}
    if part.mass is not None:
        stated["mass"] = quantity(part.mass, GRAM)
    stated["coating"] = {"description": part.coating} if part.coating else None
    return stated


def _stone(number: int, stone: Stone) -> JSONObject:
    stated: JSONObject = {
        "id": f"s{number}",
        "species": stone.species,
        "variety": stone.variety or None,
        "origin": stone.origin,
        "count": stone.count,
        "treatment": list(stone.treatment),
    }
    stated |= _without_empty({"shape": stone.shape, "note": stone.note})
    if stone.carat is not None:
        carat: JSONObject = {"each": plain(stone.carat)}
        if stone.count > 1:
            carat["total"] = plain(stone.carat * stone.count)
        stated["carat"] = carat | {"basis": stone.basis}
    return stated


def _photograph(photograph: Photograph) -> JSONObject:
    return {
        "role": photograph.role,
        "sha256": photograph.sha256,
        "width": photograph.width,
        "height": photograph.height,
        "digitalSourceType": photograph.source,
    }

"""What is signed about a piece: the credentialSubject, written from the facts.

Decimals are strings with their unit code (UN/ECE Recommendation 20) beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from provenance.canonical import JSON, JSONObject
from provenance.jewelry import (
    UNTREATED,
    Coating,
    Edition,
    Part,
    Photograph,
    Piece,
    Report,
    Sourcing,
    Stone,
    plain,
)
from provenance.ring_sizes import us_and_uk

GRAM, MILLIMETRE, MICROMETRE = "GRM", "MMT", "4H"


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
    """The `credentialSubject`: decimals are strings with their unit, nothing of the owner.

    Where a piece is sold (`markets`) and the words it is found by (`keywords`) are no facts about
    it and are not signed; why it bears no hallmark is.
    """
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
    subject |= _identity(piece) | _sizes(piece)
    if piece.sourcing:
        subject["sourcing"] = [_sourcing(claim) for claim in piece.sourcing]
    if frame.is_demonstration:
        subject["demonstration"] = True
    return subject | frame.extra


def _identity(piece: Piece) -> JSONObject:
    return _without_empty(
        {
            "yearTo": piece.year_to,
            "collection": piece.collection,
            "description": piece.description,
            "sku": piece.sku,
            "gtin": piece.gtin,
            "serial": piece.serial,
            "warranty": piece.warranty,
            "hallmarkExempt": piece.hallmark_exemption,
        }
    )


def _sizes(piece: Piece) -> JSONObject:
    stated: JSONObject = {}
    if piece.circumference is not None:
        us, uk = us_and_uk(piece.circumference)
        around = quantity(piece.circumference, MILLIMETRE)
        stated["size"] = _without_empty({"circumference": around, "us": us, "uk": uk})
    if piece.measures:
        stated["dimensions"] = {name: quantity(v, MILLIMETRE) for name, v in piece.measures}
    return stated


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
    stated: JSONObject = {"id": part.ident}
    stated |= _without_empty({"name": part.name, "role": part.role})
    stated["metal"] = _without_empty(metal)
    if part.mass is not None:
        stated["mass"] = quantity(part.mass, GRAM)
    stated["coating"] = _coating(part.coating) if part.coating else None
    return stated


def _coating(coating: Coating) -> JSONObject:
    thick = coating.micrometres
    return {"metal": coating.metal} | _without_empty(
        {
            "fineness": coating.fineness,
            "um": None if thick is None else quantity(thick, MICROMETRE),
            "method": coating.method,
            "note": coating.note,
        }
    )


def _stone(number: int, stone: Stone) -> JSONObject:
    stated: JSONObject = {
        "id": f"s{number}",
        "species": stone.species,
        "variety": stone.variety or None,
        "origin": stone.origin,
        "count": stone.count,
    }
    stated |= _without_empty({"shape": stone.shape, "cut": stone.cut})
    if stone.carat is not None or stone.carat_total is not None:
        stated["carat"] = _carat(stone)
    if stone.sizes:
        stated["mm"] = [plain(size) for size in stone.sizes]
    return stated | _treatment(stone) | _details(stone)


def _carat(stone: Stone) -> JSONObject:
    weights = {"each": stone.carat, "total": stone.carat_total}
    carat: JSONObject = {name: plain(w) for name, w in weights.items() if w is not None}
    return carat | {"basis": stone.basis}


def _treatment(stone: Stone) -> JSONObject:
    stated: JSONObject = {"treatment": list(stone.treatment)}
    if stone.treatment_care or not UNTREATED.issuperset(stone.treatment):
        stated["treatmentCare"] = stone.treatment_care or None
    return stated


def _details(stone: Stone) -> JSONObject:
    opinion = {
        "colour": stone.colour,
        "clarity": stone.clarity,
        "cut": stone.cut_grade,
        "by": stone.graded_by,
    }
    stated = _without_empty({"country": stone.country, "note": stone.note})
    if any(opinion.values()):
        stated["opinion"] = _without_empty(opinion)
    if stone.reports:
        stated["reports"] = [_report(report) for report in stone.reports]
    return stated


def _report(report: Report) -> JSONObject:
    stated: JSONObject = {"lab": report.lab, "number": report.number}
    if report.date:
        stated["date"] = report.date.isoformat()
    stated |= _without_empty({"url": report.url})
    return stated | {"inscription": report.is_inscribed}


def _sourcing(claim: Sourcing) -> JSONObject:
    return {
        "kind": claim.kind,
        "about": claim.about,
        "scheme": claim.scheme,
        "scope": claim.scope,
        "document": claim.document,
        "expires": claim.expires.isoformat(),
    } | _without_empty({"statement": claim.statement})


def _photograph(photograph: Photograph) -> JSONObject:
    return {
        "role": photograph.role,
        "sha256": photograph.sha256,
        "width": photograph.width,
        "height": photograph.height,
        "digitalSourceType": photograph.source,
    }

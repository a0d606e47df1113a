"""Reading a signed subject back into the facts it states: pages print these, never our rows."""

import re
from datetime import date
from decimal import Decimal

from provenance import jewelry, statement
from provenance.canonical import JSON, JSONObject
from provenance.errors import MalformedError

_QUANTITY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


def piece_of(subject: JSONObject) -> jewelry.Piece:
    """The piece a `credentialSubject` states; MalformedError for a quantity or day that is none.

    What is absent is empty: a page shows what was signed and no more.
    Masses in grams, sizes in millimetres, stones in metric carats, as `statement.subject_of` wrote.
    """
    measures = _object(subject, "dimensions")
    return jewelry.Piece(
        title=_text(subject, "name"),
        kind=_text(subject, "kind"),
        year=_number(subject, "year") or 0,
        mass=_quantity(subject, "mass") or Decimal(0),
        edition=_edition(_object(subject, "edition")),
        parts=tuple(_part(part) for part in _objects(subject, "parts")),
        stones=tuple(_stone(stone) for stone in _objects(subject, "stones")),
        marks=tuple(_mark(mark) for mark in _objects(subject, "marks")),
        photographs=tuple(_photograph(each) for each in _objects(subject, "photos")),
        circumference=_quantity(_object(subject, "size"), "circumference"),
        measures=tuple((name, _quantity(measures, name) or Decimal(0)) for name in measures),
        care=_texts(subject, "care"),
        description=_text(subject, "description"),
        sku=_text(subject, "sku"),
        collection=_text(subject, "collection"),
        year_to=_number(subject, "yearTo"),
        gtin=_text(subject, "gtin"),
        serial=_text(subject, "serial"),
        warranty=_text(subject, "warranty"),
        hallmark_exemption=_text(subject, "hallmarkExempt"),
        sourcing=tuple(_sourcing(claim) for claim in _objects(subject, "sourcing")),
    )


def maker_of(subject: JSONObject) -> statement.MakerStatement:
    """What a `credentialSubject` says of its maker; absent words are empty."""
    maker = _object(subject, "maker")
    return statement.MakerStatement(
        did=_text(maker, "id"),
        name=_text(maker, "name"),
        person=_text(maker, "person"),
        identity_level=_text(maker, "identityLevel"),
        country=_text(maker, "country"),
        key_level=_text(maker, "keyLevel"),
        sponsors_mark=_text(maker, "sponsorsMark"),
        key=_text(maker, "key"),
    )


def is_demonstration(subject: JSONObject) -> bool:
    """Whether the certificate says of itself that its piece does not exist."""
    return subject.get("demonstration") is True


def _edition(edition: JSONObject) -> jewelry.Edition:
    return jewelry.Edition(_text(edition, "kind"), _number(edition, "n"), _number(edition, "of"))


def _part(part: JSONObject) -> jewelry.Part:
    metal, coating = _object(part, "metal"), _object(part, "coating")
    return jewelry.Part(
        ident=_text(part, "id"),
        element=_text(metal, "element"),
        fineness=_number(metal, "fineness"),
        colour=_text(metal, "colour"),
        alloy=_text(metal, "alloy"),
        mass=_quantity(part, "mass"),
        coating=_coating(coating) if coating else None,
        name=_text(part, "name"),
        role=_text(part, "role"),
    )


def _coating(coating: JSONObject) -> jewelry.Coating:
    # Certificates signed before coatings had members describe them in one sentence.
    if described := _text(coating, "description"):
        return jewelry.Coating("other", "", note=described)
    return jewelry.Coating(
        metal=_text(coating, "metal"),
        method=_text(coating, "method"),
        fineness=_number(coating, "fineness"),
        micrometres=_quantity(coating, "um"),
        note=_text(coating, "note"),
    )


def _stone(stone: JSONObject) -> jewelry.Stone:
    carat, opinion = _object(stone, "carat"), _object(stone, "opinion")
    return jewelry.Stone(
        species=_text(stone, "species"),
        origin=_text(stone, "origin"),
        treatment=_texts(stone, "treatment"),
        variety=_text(stone, "variety"),
        count=_number(stone, "count") or 1,
        shape=_text(stone, "shape"),
        carat=_decimal(carat.get("each")),
        basis=_text(carat, "basis") or "measured",
        note=_text(stone, "note"),
        cut=_text(stone, "cut"),
        carat_total=_decimal(carat.get("total")),
        sizes=tuple(size for text in _texts(stone, "mm") if (size := _decimal(text)) is not None),
        colour=_text(opinion, "colour"),
        clarity=_text(opinion, "clarity"),
        cut_grade=_text(opinion, "cut"),
        graded_by=_text(opinion, "by"),
        country=_text(stone, "country"),
        treatment_care=_text(stone, "treatmentCare"),
        reports=tuple(_report(report) for report in _objects(stone, "reports")),
    )


def _report(report: JSONObject) -> jewelry.Report:
    return jewelry.Report(
        lab=_text(report, "lab"),
        number=_text(report, "number"),
        date=_day(report, "date"),
        url=_text(report, "url"),
        is_inscribed=report.get("inscription") is True,
    )


def _sourcing(claim: JSONObject) -> jewelry.Sourcing:
    return jewelry.Sourcing(
        kind=_text(claim, "kind"),
        about=_text(claim, "about"),
        scheme=_text(claim, "scheme"),
        scope=_text(claim, "scope"),
        document=_text(claim, "document"),
        # A claim without its last day has run out.
        expires=_day(claim, "expires") or date.min,
        statement=_text(claim, "statement"),
    )


def _mark(mark: JSONObject) -> jewelry.Mark:
    return jewelry.Mark(_text(mark, "kind"), _text(mark, "text"), _text(mark, "place"))


def _photograph(photograph: JSONObject) -> jewelry.Photograph:
    return jewelry.Photograph(
        role=_text(photograph, "role"),
        sha256=_text(photograph, "sha256"),
        width=_number(photograph, "width") or 0,
        height=_number(photograph, "height") or 0,
        source=_text(photograph, "digitalSourceType"),
    )


def _object(source: JSONObject, name: str) -> JSONObject:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def _objects(source: JSONObject, name: str) -> list[JSONObject]:
    return [each for each in _list(source, name) if isinstance(each, dict)]


def _texts(source: JSONObject, name: str) -> tuple[str, ...]:
    return tuple(each for each in _list(source, name) if isinstance(each, str))


def _list(source: JSONObject, name: str) -> list[JSON]:
    value = source.get(name)
    return value if isinstance(value, list) else []


def _text(source: JSONObject, name: str) -> str:
    value = source.get(name)
    return value if isinstance(value, str) else ""


def _number(source: JSONObject, name: str) -> int | None:
    value = source.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _day(source: JSONObject, name: str) -> date | None:
    if not (text := _text(source, name)):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise MalformedError("a day in it is not a day") from problem


def _quantity(source: JSONObject, name: str) -> Decimal | None:
    return _decimal(_object(source, name).get("value"))


def _decimal(value: JSON) -> Decimal | None:
    if not isinstance(value, str):
        return None
    # "NaN" and "1E+999999" are decimals too, but no quantities of anything.
    if not _QUANTITY.fullmatch(value):
        raise MalformedError("a quantity in it is not a number")
    return Decimal(value)

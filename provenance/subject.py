"""Reading a signed subject back into the facts it states: pages print these, never our rows."""

from decimal import Decimal, InvalidOperation

from provenance import jewelry, statement
from provenance.canonical import JSON, JSONObject
from provenance.errors import MalformedError


def piece_of(subject: JSONObject) -> jewelry.Piece:
    """The piece a `credentialSubject` states; MalformedError for a quantity that is no number.

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
    metal = _object(part, "metal")
    return jewelry.Part(
        ident=_text(part, "id"),
        element=_text(metal, "element"),
        fineness=_number(metal, "fineness"),
        colour=_text(metal, "colour"),
        alloy=_text(metal, "alloy"),
        mass=_quantity(part, "mass"),
        coating=_text(_object(part, "coating"), "description"),
    )


def _stone(stone: JSONObject) -> jewelry.Stone:
    carat = _object(stone, "carat")
    return jewelry.Stone(
        species=_text(stone, "species"),
        origin=_text(stone, "origin"),
        treatment=_texts(stone, "treatment"),
        variety=_text(stone, "variety"),
        count=_number(stone, "count") or 1,
        shape=_text(stone, "shape"),
        carat=_decimal(carat.get("each")),
        basis=_text(carat, "basis"),
        note=_text(stone, "note"),
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


def _quantity(source: JSONObject, name: str) -> Decimal | None:
    return _decimal(_object(source, name).get("value"))


def _decimal(value: JSON) -> Decimal | None:
    if not isinstance(value, str):
        return None
    try:
        return Decimal(value)
    except InvalidOperation as problem:
        raise MalformedError("a quantity in it is not a number") from problem

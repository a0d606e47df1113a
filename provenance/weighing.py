"""Whether the masses a subject states can be: their units, their signs and their sum."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from provenance import statement
from provenance.canonical import JSON, JSONObject
from provenance.errors import MalformedError
from provenance.jewelry import Piece
from provenance.jewelry_laws import mass_problems
from provenance.making_record import Fault, InvalidRecordError
from provenance.subject import piece_of

# A record may leave masses out; what it states must be possible.
_TOLD = frozenset({Fault.MASS_IMPLAUSIBLE, Fault.MASS_DOES_NOT_ADD_UP})
_MOST_DIGITS, _LONGEST = 12, 40


def check_masses(subject: JSONObject) -> None:
    """Refuse masses that cannot be, with InvalidRecordError and the path of the first.

    Masses are grams as decimal text (UN/ECE Recommendation 20: GRM), none below nought; a piece
    as heavy as a slipped decimal point makes it, and parts that do not sum, are refused too.
    """
    for path, value in _quantities(subject):
        _check_mass(value, path)
    if not isinstance(subject.get("mass"), dict):
        return
    for problem in mass_problems(_piece(subject)):
        if problem.code in _TOLD:
            raise InvalidRecordError(problem.path, Fault(problem.code), problem.sentence)


def _piece(subject: JSONObject) -> Piece:
    try:
        return piece_of(subject)
    except MalformedError as problem:
        raise InvalidRecordError("(top)", Fault.WRONG_TYPE, str(problem)) from problem


def _quantities(subject: JSONObject) -> Iterator[tuple[str, JSON]]:
    yield "mass", subject.get("mass")
    parts = subject.get("parts")
    for number, part in enumerate(parts if isinstance(parts, list) else []):
        if isinstance(part, dict):
            yield f"parts.{number}.mass", part.get("mass")
    stones = subject.get("stones")
    for number, stone in enumerate(stones if isinstance(stones, list) else []):
        carat = stone.get("carat") if isinstance(stone, dict) else None
        for name in ("each", "total"):
            if isinstance(carat, dict) and name in carat:
                stated: JSONObject = {"value": carat[name], "unitCode": statement.GRAM}
                yield f"stones.{number}.carat.{name}", stated


def _check_mass(value: JSON, path: str) -> None:
    if value is None:
        return
    if not isinstance(value, dict) or not isinstance(text := value.get("value"), str):
        raise InvalidRecordError(path, Fault.WRONG_TYPE, "a quantity is a decimal in text")
    if value.get("unitCode") != statement.GRAM:
        raise InvalidRecordError(path, Fault.MASS_UNIT, "a mass is in grams, unit code GRM")
    if not (number := _decimal(text, path)).is_finite() or number < 0:
        raise InvalidRecordError(path, Fault.MASS_NEGATIVE, "a mass is not below nought")
    # Written out, as a sentence would, "1e999999999" is longer than the memory of any machine.
    if abs(number.adjusted()) > _MOST_DIGITS or len(text) > _LONGEST:
        raise InvalidRecordError(path, Fault.MASS_IMPLAUSIBLE, "no piece of jewelry weighs that")


def _decimal(text: str, path: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as problem:
        sentence = "a quantity is a decimal in text"
        raise InvalidRecordError(path, Fault.WRONG_TYPE, sentence) from problem

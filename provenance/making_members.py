"""Reading the members of a record somebody else wrote: typed values, or a fault and its path."""

from collections.abc import Iterator
from typing import Final, NoReturn

from provenance.canonical import JSON, JSONObject
from provenance.making_record import Fault, InvalidRecordError

MOST_ITEMS: Final = 100
LONGEST_TEXT: Final = 2000


def required(source: JSONObject, name: str, path: str) -> str:
    """Read a text that must be there."""
    if not (text := optional(source, name, path)):
        refuse(f"{path}.{name}", Fault.MISSING, "it is missing")
    return text


def optional(source: JSONObject, name: str, path: str) -> str:
    """Read a text that may be missing; then it is empty."""
    value = source.get(name)
    return "" if value is None else text_at(value, f"{path}.{name}")


def texts_at(source: JSONObject, name: str, path: str) -> tuple[str, ...]:
    """Read a list of texts; a missing one is empty."""
    if (value := source.get(name)) is None:
        return ()
    path = f"{path}.{name}"
    return tuple(text_at(each, place) for place, each in numbered(path, list_at(value, path)))


def member_of(value: JSON, name: str) -> JSON:
    """The member of a value that may be no object at all."""
    return value.get(name) if isinstance(value, dict) else None


def text_at(value: JSON, path: str) -> str:
    """Read a text of a bearable length."""
    if not isinstance(value, str):
        refuse(path, Fault.WRONG_TYPE, "it is not text")
    if len(value) > LONGEST_TEXT:
        refuse(path, Fault.TOO_LONG, f"it is longer than {LONGEST_TEXT} characters")
    return value


def flag_at(source: JSONObject, name: str, path: str) -> bool:
    """Read true or false; missing is false."""
    value = source.get(name)
    if value is None:
        return False
    if not isinstance(value, bool):
        refuse(f"{path}.{name}", Fault.WRONG_TYPE, "it is neither true nor false")
    return value


def list_at(value: JSON, path: str, *, most: int = MOST_ITEMS) -> list[JSON]:
    """Read a list of bearable length; missing is empty."""
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(path, Fault.WRONG_TYPE, "it is not a list")
    if len(value) > most:
        refuse(path, Fault.TOO_MANY, f"it holds more than {most}")
    return value


def object_at(value: JSON, path: str) -> JSONObject:
    """Read an object."""
    if not isinstance(value, dict):
        refuse(path, Fault.WRONG_TYPE, "it is not an object")
    return value


def numbered(path: str, values: list[JSON]) -> Iterator[tuple[str, JSON]]:
    """Each value of a list with its path."""
    return ((f"{path}.{number}", value) for number, value in enumerate(values))


def shown(text: str) -> str:
    """A stranger's word in a sentence: short, and with nothing a terminal would obey."""
    return ascii(text[:40])


def refuse(path: str, fault: Fault, sentence: str) -> NoReturn:
    """Stop at a fault, and name its path."""
    raise InvalidRecordError(path, fault, sentence)

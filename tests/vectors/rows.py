"""Known answers, one row each: passed, failed, or skipped with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provenance.errors import ProvenanceError


class Mark(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True)
class Row:
    mark: Mark
    name: str
    reason: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.mark, self.name, self.reason) if part)


@dataclass(frozen=True)
class Format:
    """A kind of file: told by its keys, and turned into rows."""

    name: str
    recognises: Callable[[Any], bool]
    rows: Callable[[Any], Iterator[Row]]


def skip(name: str, reason: str) -> Row:
    return Row(Mark.SKIP, name, reason)


def expect(name: str, expected: object, make: Callable[[], object]) -> Row:
    """Pass if what we make is what the file expects; a file that makes no sense fails too."""
    try:
        made = make()
    except (ProvenanceError, LookupError, TypeError, ValueError, AttributeError) as problem:
        return Row(Mark.FAIL, name, f"{type(problem).__name__}: {problem}")
    if made == expected:
        return Row(Mark.PASS, name)
    return Row(Mark.FAIL, name, f"expected {_short(expected)}, made {_short(made)}")


def expect_refusal(name: str, make: Callable[[], object]) -> Row:
    """Pass if we refuse with an error of our own."""
    try:
        made = make()
    except ProvenanceError:
        return Row(Mark.PASS, name)
    except (LookupError, TypeError, ValueError, AttributeError) as problem:
        return Row(Mark.FAIL, name, f"{type(problem).__name__}: {problem}")
    return Row(Mark.FAIL, name, f"expected a refusal, made {_short(made)}")


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:77]}..."

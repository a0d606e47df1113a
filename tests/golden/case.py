"""One golden case: a file, what its verifier holds, and what every check must then say."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provenance.canonical import JSONObject

PASSED, FAILED, OPEN = "passed", "failed", "not checked"
EXIT_CODES = {"current": 0, "superseded": 0, "unconfirmed": 3}


@dataclass(frozen=True)
class Expected:
    """The answer, and each check in its order; `since` is when a stolen key ceased to count."""

    answer: str
    checks: Mapping[str, str]
    exit_code: int
    since: str = ""

    def as_json(self) -> dict[str, Any]:
        told = {"answer": self.answer, "exitCode": self.exit_code, "checks": dict(self.checks)}
        return told | ({"unreliableSince": self.since} if self.since else {})


def expect(
    answer: str,
    *,
    failed: Iterable[int] = (),
    left_open: Iterable[int] = (),
    passed: Iterable[int] = (),
    since: str = "",
) -> Expected:
    """A certificate recorded by the platform passes 1 to 4 and 6 to 8, but for what is named."""
    checks = {number: OPEN if number in (5, 9, 10, 11) else PASSED for number in range(1, 12)}
    checks |= dict.fromkeys(passed, PASSED) | dict.fromkeys(left_open, OPEN)
    checks |= dict.fromkeys(failed, FAILED)
    named = {str(number): outcome for number, outcome in checks.items()}
    return Expected(answer, named, EXIT_CODES.get(answer, 1), since)


UNREADABLE = Expected(
    "failed", {str(n): FAILED if n == 1 else OPEN for n in range(1, 12)}, exit_code=2
)
OUT_OF_SUBSET = Expected("failed", UNREADABLE.checks, exit_code=1)


@dataclass(frozen=True)
class Case:
    """`file` is a document, to be written in canonical form, or bytes to be taken as they are.

    `repeat` says how often the bytes follow each other, so that a huge file is told in a line.
    """

    name: str
    says: str
    file: JSONObject | bytes
    expected: Expected
    trusted: tuple[JSONObject, ...] = ()
    fingerprints: tuple[str, ...] = ()
    supplied: tuple[JSONObject, ...] = ()
    lists: Mapping[str, JSONObject] = field(default_factory=dict)
    at: str = "2026-11-20T12:00:00Z"
    tag: Mapping[str, str] | None = None
    repeat: int = 1

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": self.name,
            "says": self.says,
            "file": self._file(),
            "trust": {
                "documents": [*self.trusted],
                "fingerprints": [*self.fingerprints],
                "supplied": [*self.supplied],
            },
            "statusLists": dict(self.lists),
            "at": self.at,
            "expected": self.expected.as_json(),
        }
        return told | ({"tag": dict(self.tag)} if self.tag else {})

    def _file(self) -> dict[str, Any]:
        if not isinstance(self.file, bytes):
            return {"document": self.file}
        told: dict[str, Any] = {"base64": base64.b64encode(self.file).decode()}
        return told | ({"repeat": self.repeat} if self.repeat > 1 else {})

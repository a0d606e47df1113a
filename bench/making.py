"""Deriving a making label and judging a title, beside the time a person may be kept waiting."""

import statistics
import time
from collections.abc import Callable

from bench.table import Row, print_table
from provenance.canonical import JSON, JSONObject
from provenance.making import derive, derive_subject
from provenance.making_reading import read_record
from provenance.making_record import Bounds
from provenance.policy import policy_named
from provenance.wording import lint

STEPS, ROUNDS = 60, 200
LABEL_LIMIT, TITLE_LIMIT = 1.0, 5.0
KINDS = (
    ("model.wax_carve", "hand"),
    ("form.cast", "templated"),
    ("form.forge", "hand"),
    ("join.solder", "hand_guided"),
    ("set.stone", "hand"),
    ("finish.polish", "hand_guided"),
)


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise; `quick` measures a third as often."""
    rounds = ROUNDS // 3 if quick else ROUNDS
    subject, policy = make_subject(), policy_named()
    record = read_record(subject, bounds=Bounds(policy))
    title = "Marlowe ring, 18 ct (750) yellow gold with a heated sapphire"
    derived = _milliseconds(lambda: derive(record, policy=policy), rounds)
    read = _milliseconds(lambda: derive_subject(subject), rounds)
    judged = _milliseconds(lambda: lint(title, granted=()), rounds)
    return [
        _row(f"derive, {STEPS} steps", derived, LABEL_LIMIT),
        _row(f"read and derive, {STEPS} steps", read, 2 * LABEL_LIMIT),
        _row("judge a title", judged, TITLE_LIMIT),
    ]


def make_subject() -> JSONObject:
    """A record of 60 steps, each with its file, its times and a photograph."""
    steps: list[JSON] = [_step(number) for number in range(STEPS)]
    return {"making": {"policy": "strict-2026-11", "steps": steps}}


def _step(number: int) -> JSONObject:
    kind, control = KINDS[number % len(KINDS)]
    return {
        "id": f"s{number}",
        "kind": kind,
        "part": "piece",
        "control": control,
        "started": "2026-11-02T09:00:00Z",
        "finished": "2026-11-02T17:00:00Z",
        "inputs": [f"sha256:{number:064x}"],
        "outputs": [f"sha256:{number + 1:064x}"],
        "evidence": [
            {
                "type": "photo",
                "sha256": f"{number + 1000:064x}",
                "captured_at": "2026-11-02T10:00:00Z",
                "digitalSourceType": "digitalCapture",
            }
        ],
    }


def _milliseconds(act: Callable[[], object], rounds: int) -> float:
    return statistics.median(_once(act) for _ in range(rounds))


def _once(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _row(name: str, spent: float, limit: float) -> Row:
    promise = f"<= {limit:g} ms"
    return Row(name, spent, "ms", "limit", limit, spent / limit, promise)


if __name__ == "__main__":
    print_table(measure())

"""Making labels and judged titles, beside reading the same bytes and the time one may wait."""

import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial

from bench.table import Row, print_table
from provenance.alterations import label_with_alterations
from provenance.canonical import JSON, JSONObject
from provenance.making import derive, derive_subject, recompute, state_making
from provenance.making_reading import read_record
from provenance.making_record import Alteration, Bounds
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


TITLES = {
    "English": "Marlowe ring, 18 ct (750) yellow gold with a heated sapphire",
    "French": "Bague Marlowe, or jaune 750 millièmes, saphir chauffé",
    "German": "Ring Marlowe, Gelbgold 750, mit erhitztem Saphir",
    "Italian": "Anello Marlowe, oro giallo 750, con zaffiro riscaldato",
}


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise; `quick` measures a third as often."""
    rounds = ROUNDS // 3 if quick else ROUNDS
    return [*_labels(rounds), *_titles(rounds)]


def _labels(rounds: int) -> list[Row]:
    subject, policy = make_subject(), policy_named()
    record, signed = read_record(subject, bounds=Bounds(policy)), make_signed(subject)
    data = json.dumps(signed)
    parsed = _milliseconds(lambda: json.loads(data), rounds)
    work = make_alterations()

    def altered() -> object:
        return label_with_alterations(record, work, policy=policy, issued=None)

    acts: tuple[tuple[str, Callable[[], object], float], ...] = (
        ("derive", lambda: derive(record, policy=policy), LABEL_LIMIT),
        ("read and derive", lambda: derive_subject(subject), 2 * LABEL_LIMIT),
        ("parse, read and derive", lambda: derive_subject(json.loads(data)), 2 * LABEL_LIMIT),
        ("recompute at check 10", lambda: recompute(signed), 2 * LABEL_LIMIT),
        ("derive after 3 alterations", altered, 4 * LABEL_LIMIT),
    )
    return [
        _beside_parsing(f"{name}, {STEPS} steps", _milliseconds(act, rounds), parsed, limit)
        for name, act, limit in acts
    ]


def _titles(rounds: int) -> list[Row]:
    return [
        _row(
            f"judge a title, {language}",
            _milliseconds(partial(lint, title, granted=()), rounds),
            TITLE_LIMIT,
        )
        for language, title in TITLES.items()
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


def make_signed(subject: JSONObject) -> JSONObject:
    """The same record as a certificate holds it."""
    making = subject["making"]
    stated = making if isinstance(making, dict) else {}
    return {"making": state_making(stated, derive_subject(subject))}


def make_alterations() -> list[Alteration]:
    steps: list[JSON] = [_step(number) for number in range(3)]
    read = read_record({"making": {"steps": steps}}, bounds=Bounds(policy_named())).steps
    return [Alteration(date(2027, month, 1), read) for month in (1, 2, 3)]


def _milliseconds(act: Callable[[], object], rounds: int) -> float:
    return statistics.median(_once(act) for _ in range(rounds))


def _once(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _beside_parsing(name: str, spent: float, parsed: float, limit: float) -> Row:
    promise = f"<= {limit:g} ms"
    return Row(name, spent, "ms", "json.loads of it", parsed, spent / parsed, promise)


def _row(name: str, spent: float, limit: float) -> Row:
    promise = f"<= {limit:g} ms"
    return Row(name, spent, "ms", "limit", limit, spent / limit, promise)


if __name__ == "__main__":
    print_table(measure())

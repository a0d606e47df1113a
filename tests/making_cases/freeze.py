"""`python -m tests.making_cases.freeze`: add new cases to the list of what may never change.

A case with its expectation, and each member of a policy, is frozen by its digest in FROZEN.json.
The command only ever adds: a record that had a label keeps it for ever, or a certificate would
say something else tomorrow.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from provenance.canonical import digest_of

HERE = Path(__file__).parent
POLICIES = HERE.parents[1] / "provenance" / "policies"
LIST = HERE / "FROZEN.json"


def cases() -> dict[str, list[dict]]:
    """Every case by the name of its file."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(HERE.glob("*.json"))
        if path != LIST
    }


def records() -> list[tuple[str, dict]]:
    """Every case that is one record with what follows from it, and the name of its file."""
    return [
        (file, case) for file, listed in cases().items() if file != "alterations" for case in listed
    ]


def found() -> dict[str, str]:
    """What stands here now: SHA-256 of the canonical JSON, as 64 hex digits, by name."""
    digests = {
        f"{file}: {case['desc']}": digest_of(case).hex()
        for file, listed in cases().items()
        for case in listed
    }
    for path in sorted(POLICIES.glob("*.json")):
        # Nothing is derived from the words for people: they may be said better at any time.
        if path.stem.endswith(".words"):
            continue
        policy = json.loads(path.read_text(encoding="utf-8"))
        for member, rules in policy.items():
            digests[f"policy {path.stem}: {member}"] = digest_of({member: rules}).hex()
    return digests


def frozen() -> dict[str, str]:
    return json.loads(LIST.read_text(encoding="utf-8")) if LIST.exists() else {}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What was frozen and is not what it was, or is gone."""
    return [name for name, digest in before.items() if now.get(name) != digest]


def main() -> int:
    before, now = frozen(), found()
    if broken := changed(before, now):
        print("These were frozen and may not change:", *broken, sep="\n  ", file=sys.stderr)
        return 1
    LIST.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(now) - len(before)} added, {len(now)} frozen")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.golden.make`: write the golden cases anew; `--check` only compares them.

Every verifier of ours, in whatever language, must answer these files as they say. The expected
outcomes are written down by hand in the modules beside this one, never copied from a verdict.

A file is {name, says, file, trust, statusLists, at, tag?, expected}. `file` is what is judged: a
certificate or bundle as {document}, whose bytes are its canonical form, or {base64, repeat?}, whose
bytes stand there so many times. `trust` holds the DID documents that are believed, fingerprints
that are believed, and DID documents that are merely at hand. `statusLists` are by their address,
beside those of a bundle. `expected` is {answer, exitCode, checks by number, unreliableSince?}.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.golden import bad_input, good, key_life, status
from tests.golden.case import Case

FOLDER = Path(__file__).parent


def cases() -> Iterator[Case]:
    for group in (
        good.good,
        good.trust,
        good.places,
        key_life.platform_stolen,
        key_life.words_of_old,
        key_life.maker_stolen,
        key_life.maker_proofs,
        status.bits,
        status.silent_lists,
        status.odd_places,
        status.dates,
        bad_input.unreadable,
        bad_input.bent_proofs,
        bad_input.bent_bodies,
    ):
        yield from group()


def texts() -> dict[str, str]:
    """What every file holds, by its name."""
    return {
        f"{case.name}.json": json.dumps(case.as_json(), indent=1, ensure_ascii=False) + "\n"
        for case in cases()
    }


def differences() -> list[str]:
    made, kept = texts(), {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    return sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden.make")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    if parser.parse_args().check:
        found = differences()
        print("\n".join(f"differs: {name}" for name in found) or "the golden cases are as made")
        return 1 if found else 0
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

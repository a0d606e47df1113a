"""Wait for a demonstration and try each door it wrote down (`python -m tests.demo_answers`)."""

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

KEYS = {
    "site",
    "scan_qr",
    "tap_live",
    "tap_forged",
    "piece",
    "certificate",
    "certificate_json",
    "montage",
    "verify",
    "workshop_login",
    "keeper_login",
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--seconds", type=int, default=240)
    options = parser.parse_args()
    doors = _wait(options.file, options.seconds)
    if doors is None:
        print(f"the demonstration did not answer within {options.seconds} s")
        return 1
    missing = KEYS - set(doors)
    closed = [name for name in sorted(KEYS & set(doors)) if not answers(name, doors[name])]
    print(f"{len(KEYS) - len(missing) - len(closed)} doors open, missing {missing}, shut {closed}")
    return 1 if missing or closed else 0


def _wait(file: Path, seconds: int) -> dict[str, str] | None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if file.exists():
            doors: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
            if opens(f"{doors['site']}/healthz"):
                return doors
        time.sleep(0.5)
    return None


def answers(name: str, url: str) -> bool:
    """Whether a door answers as it should: what somebody forged is refused."""
    return status_of(url) == (400 if name == "tap_forged" else 200)


def opens(url: str) -> bool:
    return status_of(url) == 200


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


if __name__ == "__main__":
    sys.exit(main())

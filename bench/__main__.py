"""`make bench`: every promise beside a peer or a limit, measured in this one run."""

import argparse
import importlib
import sys

from bench.table import print_table

SCRIPTS = ("certificates", "scan", "media", "montage")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("scripts", nargs="*", default=SCRIPTS, choices=[*SCRIPTS, []])
    parser.add_argument("--quick", action="store_true", help="shorter runs, wider spread")
    options = parser.parse_args()
    rows = []
    for name in options.scripts:
        script = importlib.import_module(f"bench.{name}")
        rows += script.measure(quick=options.quick)
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

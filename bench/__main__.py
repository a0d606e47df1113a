"""`make bench`: every promise beside a peer or a limit, measured in this one run."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from bench.table import print_table

# What a script measures with, and not a script itself.
TOOLS = {"__main__", "table", "site", "urls"}


def main() -> int:
    found = {each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)])} - TOOLS
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("script", nargs="*", help=f"which of {', '.join(sorted(found))}; else all")
    parser.add_argument("--quick", action="store_true", help="shorter runs, wider spread")
    options = parser.parse_args()
    unknown = set(options.script) - found
    if unknown:
        parser.error(f"no such script: {', '.join(sorted(unknown))}")
    for name in options.script or sorted(found):
        rows = importlib.import_module(f"bench.{name}").measure(quick=options.quick)
        print(f"\n== {name}")
        print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

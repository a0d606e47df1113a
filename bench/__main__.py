"""`make bench`: every promise beside a peer or a limit, measured in this one run."""

import argparse
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

from bench.table import print_table

# What a script measures with, and not a script itself.
TOOLS = {"__main__", "table", "site", "urls", "served", "flask_peer", "crowd"}


def main() -> int:
    found = {each.name for each in pkgutil.iter_modules([str(Path(__file__).parent)])} - TOOLS
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("script", nargs="*", help=f"which of {', '.join(sorted(found))}; else all")
    parser.add_argument("--quick", action="store_true", help="shorter runs, wider spread")
    options = parser.parse_args()
    unknown = set(options.script) - found
    if unknown:
        parser.error(f"no such script: {', '.join(sorted(unknown))}")
    names = options.script or sorted(found)
    if len(names) == 1:
        rows = importlib.import_module(f"bench.{names[0]}").measure(quick=options.quick)
        print(f"\n== {names[0]}", flush=True)
        print_table(rows)
        return 0
    # Each in a process and on a scratch database of its own: what one left behind is in no
    # other one's way, and slows no other one down.
    quick = ["--quick"] if options.quick else []
    ends = [
        subprocess.run([sys.executable, "-m", "bench", name, *quick], check=False).returncode
        for name in names
    ]
    return int(any(ends))


if __name__ == "__main__":
    sys.exit(main())

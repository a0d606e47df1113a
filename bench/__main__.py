"""`make bench`: every promise beside a peer or a limit, measured in this one run."""

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

from bench.table import print_table
from tests.sites import empty_postgresql

# What a script measures with, and not a script itself.
TOOLS = {"__main__", "table", "site", "urls", "served", "flask_peer", "crowd"}
# What is promised of both databases.
ON_BOTH = {"thousands"}


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
    quick = ["--quick"] if options.quick else []
    ends = [_run(name, *quick) for name in names]
    return int(any(ends))


def _run(name: str, *options: str) -> int:
    """Run a script, and where it is promised of both databases on each; whether one failed.

    Each in a process and on a scratch database of its own: what one left behind is in no other
    one's way, and slows no other one down.
    """
    command = [sys.executable, "-m", "bench", name, *options]
    ended = subprocess.run(command, check=False).returncode
    if name not in ON_BOTH:
        return ended
    if not (server := os.environ.get("TEST_POSTGRES_URL")):
        print(f"\n== {name}, on PostgreSQL: not measured, TEST_POSTGRES_URL names no server")
        return ended
    with empty_postgresql(server) as address:
        there = os.environ | {"TEST_DATABASE_URL": address}
        return ended or subprocess.run(command, check=False, env=there).returncode


if __name__ == "__main__":
    sys.exit(main())

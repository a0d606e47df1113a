"""The rules of the house itself: walls, sizes, locks and names, held like any other promise."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
APPS = ("config", "provenance", "tags", "memories")
FOLDERS = (*APPS, "bench", "tests")
LONGEST_FILE, LONGEST_FUNCTION, MOST_EXCEPTIONS = 400, 60, 5
MUST_BE_PURE = {
    "provenance.errors",
    "provenance.canonical",
    "provenance.keys",
    "provenance.credentials",
    "provenance.statuslist",
    "provenance.trust",
    "provenance.verification",
    "provenance.verdict",
    "provenance.bundle",
    "provenance.jewelry",
    "provenance.identifiers",
    "provenance.__main__",
    "tags.errors",
    "tags.codes",
    "tags.life",
    "tags.links",
    "tags.qr",
    "tags.fonts",
    "tags.labels",
    "tags.aes",
    "tags.diversification",
    "tags.lrp",
    "tags.profiles",
    "tags.sessions",
    "tags.sdm",
    "tags.ndef",
    "tags.file_settings",
    "tags.virtual",
    "memories.errors",
    "memories.montage",
    "memories.media",
}
OPTIONAL_GROUPS = {"postgres", "scale", "chain", "embedded-chain", "video", "c2pa"}
# Prints the modules after whose import something of the web or the database is loaded.
IMPORT_EACH = """
import importlib, os, sys
for module in os.environ["PURE"].split():
    importlib.import_module(module)
    loaded = {name.partition(".")[0] for name in sys.modules}
    if loaded & {"django", "rest_framework", "web3", "config"}:
        print(module)
"""
WITHOUT_GROUPS = """
import sys
for name in ("psycopg", "psycopg_pool", "redis", "storages", "boto3", "web3", "imageio_ffmpeg"):
    sys.modules[name] = None
import django
django.setup()
from django.core.checks import run_checks
assert not [each for each in run_checks() if each.is_serious()]
"""


def sources(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def told(path):
    return str(path.relative_to(ROOT))


def run_python(program, **environment):
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def pure_modules():
    """The modules the import contract keeps pure."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    pure = [each for each in contracts["contracts"] if "pure core" in each["name"]]
    return [module for each in pure for module in each["source_modules"]]


def test_the_pure_core_stands_without_web_and_database():
    pure = pure_modules()

    done = run_python(IMPORT_EACH, DJANGO_SETTINGS_MODULE="", PURE=" ".join(pure))

    assert set(pure) >= MUST_BE_PURE
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_site_starts_without_any_optional_group():
    done = run_python(
        WITHOUT_GROUPS,
        DJANGO_SETTINGS_MODULE="tests.settings",
        TEST_DATABASE_URL="sqlite:///:memory:",
    )

    assert done.returncode == 0, done.stderr


def test_every_optional_group_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert set(project["optional-dependencies"]) == OPTIONAL_GROUPS
    assert any(need.startswith("web3") for need in project["optional-dependencies"]["chain"])


def test_no_file_is_too_long_to_read():
    long = [
        told(path)
        for path in sources(*APPS, "bench")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > LONGEST_FILE
    ]

    assert not long


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{told(path)}: {node.name}"
        for path in sources(*APPS, "bench")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]

    assert not long


def test_checkers_are_overruled_five_times_at_most():
    overruled = re.compile("# (type: " + "ignore|no" + "qa)")

    found = [
        f"{told(path)}:{number}"
        for path in [*sources(*FOLDERS), ROOT / "manage.py"]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if overruled.search(line)
    ]

    assert len(found) <= MOST_EXCEPTIONS, found


def test_no_module_is_named_for_nothing():
    nameless = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}

    assert not [told(path) for path in sources(*FOLDERS) if path.stem in nameless]


def test_no_error_is_caught_blindly():
    blind = re.compile(r"except( Exception| BaseException)?:")

    assert not [told(path) for path in sources(*APPS) if blind.search(path.read_text())]


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda p: p.name
)
def test_a_lock_names_every_package_by_hash_and_no_address(lock):
    wanted = re.split(r"\n(?=[a-zA-Z])", lock.read_text().strip())

    packages = [each for each in wanted if not each.startswith("#")]
    assert packages
    assert all("==" in each and "--hash=sha256:" in each for each in packages)
    assert "://" not in lock.read_text()


def test_the_npm_lock_names_every_package_by_hash_and_no_address():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    fetched = [each for name, each in packages.items() if name and not each.get("link")]
    assert fetched
    assert all(each.get("integrity") for each in fetched)
    assert not [each for each in packages.values() if "resolved" in each]


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.slow
def test_the_walls_between_the_rooms_hold():
    linter = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout

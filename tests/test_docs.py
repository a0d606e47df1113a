"""The documents tell the truth: nothing undocumented, nothing documented that is not there."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from provenance import __main__ as offline
from provenance.api.errors import STATUS_OF_CODE
from provenance.bundle import build_bundle
from provenance.canonical import canonical_bytes, parse_object
from provenance.services import platform
from tests import documented
from tests.documented import REFERENCE, ROOT, rows_of
from tests.factories import make_certificate

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Put together here, so that this file itself stays clean of them.
NEVER_SAID = [
    "/" + "work/",
    "/" + "root/",
    "/" + "tmp/plan",
    "regis" + "try.npmjs",
    "files.python" + "hosted",
    "py" + "pi.org",
]
TEXT = {".py", ".md", ".toml", ".json", ".html", ".css", ".js", ".txt", ".lock", ".typ", ".svg", ""}


def test_every_setting_is_documented_and_nothing_else():
    assert rows_of("settings.md") == documented.settings_read()


def test_the_example_environment_names_settings_only():
    example = (ROOT / ".env.example").read_text()

    named = re.findall(r"^#? ?([A-Z][A-Z_]+)=", example, re.MULTILINE)
    assert named
    known = rows_of("settings.md")
    assert {name.removesuffix("_FILE") for name in named} <= known


def test_every_command_is_documented_and_nothing_else():
    told = {
        re.sub(r" (verify|label|make-key|sign|sign-again)$", "", name)
        for name in rows_of("commands.md")
    }

    assert told == documented.commands()


def test_every_route_is_documented_under_its_name_and_nothing_else():
    text = (REFERENCE / "urls.md").read_text()

    told = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", text, re.MULTILINE)
    assert {name: route for route, name in told} == documented.routes()


def test_every_kind_of_event_is_documented_and_nothing_else():
    assert rows_of("events.md") == documented.events_recorded()


def test_every_error_code_is_documented_and_nothing_else():
    assert rows_of("errors.md") == documented.error_codes()


def test_the_statuses_told_are_those_the_api_answers_with():
    text = (REFERENCE / "errors.md").read_text()

    told = re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", text, re.MULTILINE)
    answered = {code: STATUS_OF_CODE.get(code, 400) for code, _ in told}
    assert {code: int(status) for code, status in told} == answered
    assert STATUS_OF_CODE.keys() - answered.keys() == {"not_found"}


def test_every_system_check_is_documented_and_nothing_else():
    source = "".join(
        (ROOT / app / "checks.py").read_text() for app in ("provenance", "tags", "memories")
    )
    page = (REFERENCE / "checks.md").read_text()

    ident = r"(?:provenance|tags|memories)\.[EWI]\d{3}"
    assert set(re.findall(ident, page)) == set(re.findall(ident, source)) != set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)

    links = re.findall(r"\]\((?!https?://|mailto:)([^)#]*)(#[^)]*)?\)", text)

    broken = [target for target, _ in links if target and not (page.parent / target).exists()]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_is_an_orphan(page):
    """Every page but the README is linked from another one."""
    linked = {
        (other.parent / target).resolve()
        for other in PAGES
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", other.read_text())
        if other != page
    }

    assert page.name == "README.md" or page in linked


def test_the_readme_names_commands_that_exist():
    readme = (ROOT / "README.md").read_text()

    named = {f"make {name}" for name in re.findall(r"(?:\$ |`)make ([a-z]+)", readme)}
    assert {"make demo", "make test"} <= named <= documented.commands()


def test_no_text_of_the_project_names_a_machine_or_a_registry():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    texts = [ROOT / name for name in tracked if name and Path(name).suffix in TEXT]

    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in texts
        if path.exists()
        for word in NEVER_SAID
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not found


@pytest.mark.django_db
def test_the_lines_about_offline_verification_do_what_they_say(tmp_path, monkeypatch, capsys):
    """Each `python -m provenance` line of the page is run; the line `echo $?` tells its code."""
    page = (ROOT / "docs" / "how-to" / "verify-a-certificate.md").read_text()
    runs = re.findall(r"^\$ python -m provenance (.+)\n(?:.*\n)*?\$ echo \$\?\n(\d)$", page, re.M)
    write_example(tmp_path)
    monkeypatch.chdir(tmp_path)

    ended = [offline.main(shlex.split(_filled(line))) for line, _ in runs]

    assert len(runs) >= 3
    assert ended == [int(code) for _, code in runs]


@pytest.mark.django_db
def test_the_page_about_bundles_names_every_member_of_one(tmp_path):
    write_example(tmp_path)
    bundle = json.loads((tmp_path / "bundle.json").read_text())

    assert rows_of("bundle.md") == set(bundle)


def write_example(folder: Path) -> None:
    """The files a person would have downloaded: certificate, bundle, DID document, paper."""
    certificate = make_certificate()
    now = timezone.now()
    content = bytes(certificate.files.get().content)
    lists = platform.status_lists_of(certificate.status_batch, now=now).values()
    bundle = build_bundle(
        certificate=parse_object(content),
        did_documents=[platform.did_document()],
        status_lists=[parse_object(each) for each in lists],
        as_of=now,
    )
    (folder / "certificate.json").write_bytes(content)
    (folder / "bundle.json").write_bytes(canonical_bytes(bundle))
    (folder / "did.json").write_bytes(canonical_bytes(platform.did_document()))
    paper = Client().get(reverse("provenance:certificate_pdf", args=[certificate.public_id]))
    (folder / "certificate.pdf").write_bytes(paper.content)


def _filled(line: str) -> str:
    return line.replace("FINGERPRINT", platform.fingerprint())

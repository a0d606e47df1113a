"""A whole site of its own for a test: real server, real worker, real files, real database."""

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from config.demo.chips import chip_settings

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "touchmark.sqlite3"
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYENV_ROOT")


@dataclass(frozen=True)
class Site:
    url: str
    folder: Path
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def last_mail(self) -> str:
        """The newest mail, with its line folds undone."""
        mails = sorted((self.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return mails[-1].read_text(encoding="utf-8").replace("=\n", "")

    def link_in_last_mail(self) -> str:
        found: list[str] = re.findall(r"https?://\S+", self.last_mail())
        return found[0]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def environment_of(url: str, folder: Path, *, is_demo: bool, proxies: int = 0) -> dict[str, str]:
    (folder / "secret").write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1" if is_demo else "0",
        "SITE_URL": url,
        "VAR_DIR": str(folder),
        "SECRET_KEY_FILE": str(folder / "secret"),
        "PLATFORM_KEY_PASSPHRASE": "a passphrase for one test site",
        "MEMORIES_KEY": secrets.token_hex(32),
        "LOG_LEVEL": "WARNING",
        "PROXY_DEPTH": str(proxies),
        **(chip_settings(folder) if is_demo else {}),
    }


@contextlib.contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of a database of the engine that this run is about; it is gone afterwards."""
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield f"sqlite:///{folder / DATABASE}"
        return
    with empty_postgresql(server) as address:
        yield address


@contextlib.contextmanager
def empty_postgresql(server: str) -> Iterator[str]:
    """The address of a database beside the one at this address; it is gone afterwards."""
    name = f"site_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            there.execute(f"DROP DATABASE {name} WITH (FORCE)")


@lru_cache(maxsize=1)
def migrated_database() -> bytes:
    """The file that `migrate` leaves of nothing: eight seconds of work, once for all sites."""
    with tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), "http://127.0.0.1"
        site = Site(url, folder, environment_of(url, folder, is_demo=False))
        site.manage("migrate", "--verbosity", "0")
        return (folder / DATABASE).read_bytes()


@contextlib.contextmanager
def running_site(
    folder: Path, *, is_demo: bool, host: str = "127.0.0.1", proxies: int = 0
) -> Iterator[Site]:
    """Prepare a site in an empty folder and run it until the block ends.

    Its host is a name where passkeys are used: browsers make none for a bare address. Behind
    proxies it believes so many of them where a visitor comes from.
    """
    port = free_port()
    url = f"http://{host}:{port}"
    site = Site(url, folder, environment_of(url, folder, is_demo=is_demo, proxies=proxies))
    (folder / DATABASE).write_bytes(migrated_database())
    if is_demo:
        site.manage("fill_demo")
    else:
        site.manage("make_platform_key")
        site.manage("collectstatic", "--no-input", "--verbosity", "0")
    commands = [["-m", "config.serve", "--port", str(port)], ["manage.py", "run_worker"]]
    children = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=site.environment)
        for command in commands
    ]
    try:
        _wait_for(f"{url}/healthz")
        yield site
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)


def _wait_for(url: str, *, host: str | None = None) -> None:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def environment_of_this_database() -> dict[str, str]:
    """What lets another process stand on the scratch database of this one."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
        url = f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}


@contextlib.contextmanager
def serving_the_test_database(*, processes: int, log: IO[str] | None = None) -> Iterator[list[int]]:
    """Server processes over the database of the running test; yields their ports.

    With a `log` they write everything they would ever write into it.
    """
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        **environment_of_this_database(),
        "LOG_LEVEL": "DEBUG" if log else "WARNING",
    }
    ports = [free_port() for _ in range(processes)]
    serve = [sys.executable, "-m", "config.serve", *(["--access-log"] if log else [])]
    children = [
        subprocess.Popen(
            [*serve, "--port", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        for port in ports
    ]
    try:
        for port in ports:
            _wait_for(f"http://127.0.0.1:{port}/healthz", host="touchmark.example")
        yield ports
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)

"""A whole site of its own for a test: real server, real worker, real files, real SQLite."""

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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


def environment_of(url: str, folder: Path, *, is_demo: bool) -> dict[str, str]:
    (folder / "secret").write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return {name: os.environ[name] for name in INHERITED if name in os.environ} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1" if is_demo else "0",
        "SITE_URL": url,
        "VAR_DIR": str(folder),
        "SECRET_KEY_FILE": str(folder / "secret"),
        "PLATFORM_KEY_PASSPHRASE": "a passphrase for one test site",
        "LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def running_site(folder: Path, *, is_demo: bool) -> Iterator[Site]:
    """Prepare a site in an empty folder and run it until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    site = Site(url, folder, environment_of(url, folder, is_demo=is_demo))
    if is_demo:
        site.manage("fill_demo")
    else:
        site.manage("migrate", "--verbosity", "0")
        site.manage("make_platform_key")
        site.manage("collectstatic", "--no-input", "--verbosity", "0")
    server = [
        "-m",
        "gunicorn",
        "config.wsgi",
        "--threads",
        "8",
        "--no-control-socket",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    commands = [[*server, "--log-level", "warning"], ["manage.py", "run_worker"]]
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


def _wait_for(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")

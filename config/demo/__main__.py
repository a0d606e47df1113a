"""`make demo`: the whole product on this machine, with demonstration data, until Ctrl-C.

With words behind it, one command of manage.py in that demonstration instead.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from config.demo.chips import chip_settings
from config.serve import free_address

ROOT = Path(__file__).resolve().parent.parent.parent
DOORS = ROOT / "var" / "demo.json"
LOCAL = {"localhost", "127.0.0.1"}
# What only a real site sets. A demonstration that wrote into one would be a disaster.
REAL_SETTINGS = [
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "PLATFORM_KEY_PATH",
    "PLATFORM_KEY_PASSPHRASE",
    "PLATFORM_KEY_PASSPHRASE_FILE",
    "EMAIL_HOST",
    "MEMORIES_KEY",
    "MEMORIES_KEY_FILE",
    "TAGS_PROFILES",
    "TAGS_UID_KEY",
    "TAGS_UID_KEY_FILE",
    "VAR_DIR",
]
START_SECONDS = 60


def main() -> int:
    found = [name for name in REAL_SETTINGS if os.environ.get(name)]
    if found:
        print(f"The demo refuses to run with the settings of a real site: {', '.join(found)}.")
        return 2
    host, port = os.environ.get("HOST") or "localhost", os.environ.get("PORT") or "8000"
    address = "127.0.0.1" if host in LOCAL else host
    words = sys.argv[1:]
    if not words and not _is_free(address, port):
        return 1
    site_url = (os.environ.get("SITE_URL") or f"http://{host}:{port}").rstrip("/")
    folder = _folder_of(site_url)
    os.environ.update(_settings(site_url, folder))
    if words:
        command = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(command, check=False).returncode
    fill = [sys.executable, "manage.py", "fill_demo", "--doors", str(DOORS)]
    prepared = subprocess.run(fill, cwd=ROOT, check=False)
    if prepared.returncode:
        return prepared.returncode
    return _run(site_url, address=address, port=port, folder=folder)


def _is_free(address: str, port: str) -> bool:
    """Looked at first: another demonstration there would answer in this one's place."""
    try:
        free_address(address, int(port))
    except OSError as problem:
        print(f"Cannot serve at {address}:{port}: {problem.strerror}. Try make demo PORT=8001")
        return False
    return True


def _folder_of(site_url: str) -> Path:
    """One folder for each site address, since the address is in every certificate."""
    parts = urlsplit(site_url)
    folder = ROOT / "var" / (parts.netloc or "demo").replace(":", "-")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _settings(site_url: str, folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEMO": "1",
        "DEBUG": "0",
        "SITE_URL": site_url,
        "VAR_DIR": str(folder),
        "SECRET_KEY_FILE": str(_secret(folder / "secret-key", secrets.token_urlsafe(48))),
        "PLATFORM_KEY_PASSPHRASE_FILE": str(
            _secret(folder / "passphrase", secrets.token_urlsafe(48))
        ),
        "MEMORIES_KEY_FILE": str(_secret(folder / "memories-key", secrets.token_hex(32))),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        **chip_settings(folder),
    }


def _secret(path: Path, drawn: str) -> Path:
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(drawn)
    return path


def _run(site_url: str, *, address: str, port: str, folder: Path) -> int:
    server = [sys.executable, "-m", "config.serve", "--host", address, "--port", port]
    commands = [server, [sys.executable, "manage.py", "run_worker"]]
    signal.signal(signal.SIGTERM, _interrupt)
    # Their own process groups: Ctrl-C reaches us alone, and we stop them in order.
    children = [subprocess.Popen(each, cwd=ROOT, start_new_session=True) for each in commands]
    try:
        if not _answers(f"http://{address}:{port}/healthz", children):
            print("The server did not start.")
            return 1
        _print_doors(json.loads(DOORS.read_text(encoding="utf-8")))
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The demonstration data stays in", folder.relative_to(ROOT))
        return 0
    finally:
        _stop(children)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _answers(url: str, children: list[subprocess.Popen[bytes]]) -> bool:
    until = time.monotonic() + START_SECONDS
    host = urlsplit(os.environ["SITE_URL"]).netloc
    while time.monotonic() < until and all(child.poll() is None for child in children):
        try:
            request = urllib.request.Request(url, headers={"Host": host})
            with urllib.request.urlopen(request, timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.2)
    return False


def _print_doors(doors: dict[str, str]) -> None:
    rows = [
        ("Scan the card of a ring", "scan_qr"),
        ("Tap its chip (live, once)", "tap_live"),
        ("A tap that somebody forged", "tap_forged"),
        ("A scan that opens memories", "montage"),
        ("The ring's record", "piece"),
        ("Its certificate", "certificate"),
        ("Check a certificate", "verify"),
        ("The workshop (signs you in, once)", "workshop_login"),
        ("The keeper's desk (signs you in, once)", "keeper_login"),
    ]
    print("\nTouchmark is running with demonstration data. Open:\n")
    for words, name in rows:
        print(f"  {words:<40}{doors[name]}")
    print("\nThe same addresses are in var/demo.json. Ctrl-C stops it.\n", flush=True)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    sys.exit(main())

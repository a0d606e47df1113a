"""How this machine is set up: what must be put right before the site may be trusted to sign."""

import sqlite3
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.db import connection

from memories import media
from provenance import keys
from provenance.assertions import passkeys_work
from provenance.errors import MalformedError, ProvenanceError

# Below it, two connections that reset the write-ahead log at the same moment can spoil the file.
SQLITE_MENDED = (3, 51, 3)

Check = Callable[..., Sequence[CheckMessage]]


def check_platform_key(**_: object) -> list[CheckMessage]:
    """Looks at the key file without opening it: that costs a fifth of a second."""
    try:
        mode = settings.PLATFORM_KEY_PATH.stat().st_mode
    except FileNotFoundError:
        return [_no_key()]
    except OSError:
        return [_unreadable_key()]
    if stat.S_IMODE(mode) & 0o077:
        return [_open_key()]
    return [] if settings.PLATFORM_KEY_PASSPHRASE else [_no_passphrase()]


def check_signing(**_: object) -> list[CheckMessage]:
    """Opens the key file, as signing will. What `check_platform_key` says is not said twice."""
    if check_platform_key():
        return []
    try:
        keys.load_signer(
            settings.PLATFORM_KEY_PATH,
            passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode(),
            verification_method_of=keys.multikey,
        )
    except ProvenanceError as problem:
        return [_locked_key(str(problem))]
    return []


def check_maker_keys(**_: object) -> list[CheckMessage]:
    """Makers' keys are encrypted; all the same nobody else on this machine needs to see them."""
    folder: Path = settings.MAKER_KEYS_DIR
    try:
        modes = [folder.stat().st_mode, *(file.stat().st_mode for file in folder.glob("*.pem"))]
    except FileNotFoundError:
        return []  # made with the first maker's key
    except OSError:
        return [_unreadable_maker_keys()]
    return [_open_maker_keys()] if any(stat.S_IMODE(mode) & 0o077 for mode in modes) else []


def check_site_url(**_: object) -> list[CheckMessage]:
    """Every certificate carries SITE_URL for ever, so it must be one that verifies."""
    try:
        accepted = keys.origins_of(keys.did_web(settings.SITE_URL))
    except MalformedError:
        accepted = ()
    if settings.SITE_URL in accepted:
        return []
    return [
        Error(
            "No verifier will accept certificates of this SITE_URL.",
            hint="Set SITE_URL to an https:// origin before anything is issued; plain http is for "
            "localhost and private addresses.",
            id="provenance.E004",
        )
    ]


def check_mail(**_: object) -> list[CheckMessage]:
    """A mail server with half its settings would lose the mails that a person waits for."""
    named, secret = bool(settings.EMAIL_HOST_USER), bool(settings.EMAIL_HOST_PASSWORD)
    if not settings.EMAIL_HOST and (named or secret):
        missing = "EMAIL_HOST"
    elif named != secret:
        missing = "EMAIL_HOST_PASSWORD" if named else "EMAIL_HOST_USER"
    else:
        return []
    return [
        Error(
            f"Mail is half set up: {missing} is missing.",
            hint="Set EMAIL_HOST, EMAIL_HOST_USER and EMAIL_HOST_PASSWORD together, or none.",
            id="provenance.E005",
        )
    ]


def check_sqlite(**_: object) -> list[CheckMessage]:
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= SQLITE_MENDED:
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version} has a rare fault under several writing processes.",
            hint="Use PostgreSQL (DATABASE_URL=postgres://...) for a site that others rely on.",
            id="provenance.I001",
        )
    ]


def check_credentials_reader(**_: object) -> list[CheckMessage]:
    if media.reads_credentials():
        return []
    return [
        Info(
            "Content credentials of photographs are not read: they are told as unread.",
            hint="Install the optional group c2pa: requirements/extras.lock holds it.",
            id="provenance.I002",
        )
    ]


def check_passkeys(**_: object) -> list[CheckMessage]:
    """Staff need a second factor; at a bare address it can only be an authenticator app."""
    if passkeys_work(settings.SITE_URL):
        return []
    return [
        Warning(
            "No browser makes a passkey at this SITE_URL.",
            hint="Give the site a name and https; until then an authenticator app works.",
            id="provenance.W002",
        )
    ]


ALWAYS: tuple[Check, ...] = (check_platform_key, check_maker_keys, check_site_url, check_mail)
BEFORE_DEPLOYING: tuple[Check, ...] = (
    check_signing,
    check_passkeys,
    check_sqlite,
    check_credentials_reader,
)


def _no_key() -> CheckMessage:
    # Not an error: the database is prepared before the key is made.
    return Warning(
        "There is no platform key: nothing can be issued and no status list signed.",
        hint="Run manage.py make_platform_key, or set PLATFORM_KEY_PATH to the key you have.",
        id="provenance.W001",
    )


def _unreadable_key() -> CheckMessage:
    return Error(
        "The platform key cannot be reached.",
        hint="Let the user who runs the site read PLATFORM_KEY_PATH.",
        id="provenance.E001",
    )


def _open_key() -> CheckMessage:
    return Error(
        "Others on this machine can read the platform key; it will not be used.",
        hint="Run chmod 600 on PLATFORM_KEY_PATH, and think whether somebody has read it.",
        id="provenance.E002",
    )


def _no_passphrase() -> CheckMessage:
    return Error(
        "There is a platform key, and no passphrase to open it.",
        hint="Set PLATFORM_KEY_PASSPHRASE or PLATFORM_KEY_PASSPHRASE_FILE.",
        id="provenance.E003",
    )


def _unreadable_maker_keys() -> CheckMessage:
    return Error(
        "The folder of the makers' keys cannot be reached.",
        hint="Let the user who runs the site read MAKER_KEYS_DIR, and nobody else.",
        id="provenance.E007",
    )


def _open_maker_keys() -> CheckMessage:
    return Error(
        "Others on this machine can read the folder of the makers' keys, or a key in it.",
        hint="Run chmod 700 on MAKER_KEYS_DIR and chmod 600 on the files in it.",
        id="provenance.E008",
    )


def _locked_key(why: str) -> CheckMessage:
    return Error(
        f"The platform key does not open: {why}.",
        hint="Set the passphrase it was made with, or bring back the right file.",
        id="provenance.E006",
    )

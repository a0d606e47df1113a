"""How this machine is set up: what must be put right before the site may be trusted to sign."""

import sqlite3
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.db import DatabaseError, connection
from django.db.models import F

from memories import media
from provenance import keys
from provenance.assertions import passkeys_work
from provenance.errors import MalformedError, ProvenanceError

# Below it, two connections that reset the write-ahead log at the same moment can spoil the file.
SQLITE_MENDED = (3, 51, 3)

# The tag of what must hold before anything starts that signs.
PRIVATE = "private"

Check = Callable[..., Sequence[CheckMessage]]


def check_platform_key(**_: object) -> list[CheckMessage]:
    """Looks at the file of the key in use without opening it: that costs a fifth of a second."""
    recorded = _recorded_files()
    try:
        _file_in_use(recorded).stat()
    except FileNotFoundError:
        return [_lost_key() if recorded else _no_key()]
    except OSError:
        return [_unreadable_key()]
    return [] if settings.PLATFORM_KEY_PASSPHRASE else [_no_passphrase()]


def check_private(**_: object) -> list[CheckMessage]:
    """Nobody else on this machine reads a key file, one of an earlier key neither.

    What serves and what works for it ask this before they start.
    """
    recorded = _recorded_files()
    files = [_file_in_use(recorded), *recorded]
    open_files = sorted({file.name for file in files if _is_open(file)})
    found = [_open_key(open_files)] if open_files else []
    folder: Path = settings.MAKER_KEYS_DIR
    makers = [folder, *folder.glob("*.pem")]
    return [*found, _open_maker_keys()] if any(map(_is_open, makers)) else found


def check_signing(**_: object) -> list[CheckMessage]:
    """Opens the key file, as signing will. What the others say is not said twice."""
    if check_platform_key() or check_private():
        return []
    try:
        keys.load_signer(
            _file_in_use(_recorded_files()),
            passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode(),
            verification_method_of=keys.multikey,
        )
    except ProvenanceError as problem:
        return [_locked_key(str(problem))]
    return []


def check_maker_keys(**_: object) -> list[CheckMessage]:
    folder: Path = settings.MAKER_KEYS_DIR
    try:
        folder.stat()
    except FileNotFoundError:
        return []  # made with the first maker's key
    except OSError:
        return [_unreadable_maker_keys()]
    return []


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


ALWAYS: tuple[Check, ...] = (
    check_platform_key,
    check_maker_keys,
    check_private,
    check_site_url,
    check_mail,
)
BEFORE_DEPLOYING: tuple[Check, ...] = (
    check_signing,
    check_passkeys,
    check_sqlite,
    check_credentials_reader,
)


def _recorded_files() -> list[Path]:
    """The files of every key of the platform on record, the one in use first.

    None while nothing was issued, and while there is no database to ask.
    """
    recorded = apps.get_model("provenance", "SigningKey").objects.of_platform()
    in_use_first = F("compromised_at").asc(nulls_first=True), F("retired_at").asc(nulls_first=True)
    try:
        names = list(recorded.order_by(*in_use_first).values_list("file", flat=True))
    except DatabaseError:
        return []
    folder: Path = settings.PLATFORM_KEY_PATH.parent
    return [folder / name for name in names]


def _file_in_use(recorded: list[Path]) -> Path:
    first: Path = settings.PLATFORM_KEY_PATH
    return recorded[0] if recorded else first


def _is_open(path: Path) -> bool:
    """Whether group or others may do anything with it. What cannot be reached is told elsewhere."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def _no_key() -> CheckMessage:
    # Not an error: the database is prepared before the key is made.
    return Warning(
        "There is no platform key: nothing can be issued and no status list signed.",
        hint="Run manage.py make_platform_key, or set PLATFORM_KEY_PATH to the key you have.",
        id="provenance.W001",
    )


def _lost_key() -> CheckMessage:
    # Not an error: the commands that mend it would not start.
    return Warning(
        "The file of the platform's key in use is missing: nothing can be issued or signed.",
        hint="Bring it back from a backup beside PLATFORM_KEY_PATH, or run manage.py rotate_key.",
        id="provenance.W003",
    )


def _unreadable_key() -> CheckMessage:
    return Error(
        "The platform key cannot be reached.",
        hint="Let the user who runs the site read PLATFORM_KEY_PATH.",
        id="provenance.E001",
    )


def _open_key(names: list[str]) -> CheckMessage:
    return Error(
        f"Others on this machine can read a key of the platform: {', '.join(names)}.",
        hint="Run chmod 600 on it, and think whether somebody has read it.",
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

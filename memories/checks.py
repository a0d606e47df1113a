"""How this machine is set up to keep memories: a key for the originals, and what opens films."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning

from memories import ffmpeg, keyring, sealing


def check_key(**_: object) -> Sequence[CheckMessage]:
    """Originals are kept only under a key; a wrong one is an error, none a warning."""
    if keyring.is_ready():
        return []
    if not settings.MEMORIES_KEY:
        return [
            Warning(
                "There is no MEMORIES_KEY: keepers cannot bring anything to their pages.",
                hint="Set 64 hexadecimal digits once: openssl rand -hex 32",
                id="memories.W001",
            )
        ]
    return [
        Error(
            "MEMORIES_KEY cannot be used: it is not 64 random hexadecimal digits.",
            hint="openssl rand -hex 32, unless originals are kept under another key already.",
            id="memories.E001",
        )
    ]


def check_ffmpeg(**_: object) -> Sequence[CheckMessage]:
    """Films and sound need a program that need not be there."""
    if ffmpeg.is_available(settings.FFMPEG_PATH):
        return []
    return [
        Info(
            "There is no ffmpeg: films, voice notes and music are not taken.",
            hint="Install ffmpeg or the optional group video, or set FFMPEG_PATH.",
            id="memories.I001",
        )
    ]


def check_keys_open(**_: object) -> Sequence[CheckMessage]:
    """With --deploy: every montage's key is wrapped by the MEMORIES_KEY of today."""
    if not keyring.is_ready():
        return []
    mine = sealing.fingerprint(keyring.site_key())
    others = apps.get_model("memories", "MontageKey").objects.exclude(site_key=mine).count()
    if not others:
        return []
    return [
        Error(
            f"The originals of {others} pages are sealed under another MEMORIES_KEY.",
            hint="Bring that key back; without it they cannot be opened by anybody.",
            id="memories.E002",
        )
    ]


ALWAYS = (check_key,)
BEFORE_DEPLOYING = (check_ffmpeg, check_keys_open)

"""The demonstration's own kind of chip: its keys are drawn at the first start and stay in files."""

import os
import secrets
from pathlib import Path

PROFILE = "ring"
_SECRETS = {
    "TAGS_UID_KEY_FILE": "uid-key",
    "TAGS_RING_META_KEY_1_FILE": "ring-meta-key-1",
    "TAGS_RING_FILE_KEY_1_FILE": "ring-file-key-1",
}


def chip_settings(folder: Path) -> dict[str, str]:
    """The variables of the demonstration's chips; draws the keys where there are none yet."""
    keys = folder / "tag-keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = {name: keys / file for name, file in _SECRETS.items()}
    for file in files.values():
        if not file.exists():
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as drawn:
                drawn.write(secrets.token_hex(16))
    return {"TAGS_PROFILES": PROFILE} | {name: str(file) for name, file in files.items()}

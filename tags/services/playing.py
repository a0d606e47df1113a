"""Chips made of Python, for a demonstration: each keeps what it holds in a file, but no key."""

import json
import secrets
from pathlib import Path

from django.conf import settings

from provenance.errors import ProvenanceError
from tags import keyring
from tags.codes import read_code
from tags.diversification import UID_BYTES
from tags.file_settings import settings_of
from tags.models.tag import Tag
from tags.ndef import ndef_file
from tags.profiles import MAC_HEX
from tags.sdm import file_key
from tags.vendor_files import Programmed
from tags.virtual import VirtualTag

# ISO/IEC 7816-6: the first byte of a serial number is its manufacturer, NXP.
_NXP = b"\x04"


class NotPlayedError(ProvenanceError):
    """There is no chip made of Python to play, or this is no demonstration."""

    code = "not_played"


def make_chip(sent: Programmed) -> VirtualTag:
    """Make a chip of exactly what was sent, with the keys that are named there.

    Raises NotPlayedError, NoSuchKeysError.
    """
    _refuse_beyond_the_demonstration()
    chip = VirtualTag(uid=_NXP + secrets.token_bytes(UID_BYTES - 1))
    _write(chip, sent)
    _keep(sent, chip)
    return chip


def make_chip_for(tag: Tag) -> VirtualTag:
    """The same for a tag that waits. Raises NotPlayedError, NoSuchKeysError."""
    profile = keyring.kind_called(tag.profile).profile
    sent = Programmed(
        code=tag.code,
        profile=tag.profile,
        crypto=str(profile.crypto),
        key_version=tag.key_version,
        file=ndef_file(profile.filled()),
        settings=settings_of(profile).written(),
        meta_slot=profile.meta_slot if profile.is_encrypted else None,
        file_slot=profile.file_slot,
    )
    return make_chip(sent)


def tap(code: str) -> str:
    """One more reading: the address a phone would open, under the next count.

    Raises NotPlayedError, NoSuchKeysError; MalformedCodeError for what is no code.
    """
    sent, chip = _kept(read_code(code))
    address = chip.tap()
    _keep(sent, chip)
    return address


def forge(code: str) -> str:
    """What somebody without its keys would make: the next count, and a signature that is wrong.

    Raises as `tap` does. The chip knows nothing of it.
    """
    _, chip = _kept(read_code(code))
    # Every profile ends with its MAC: here 8 bytes that were guessed.
    return chip.tap()[:-MAC_HEX] + secrets.token_hex(MAC_HEX // 2).upper()


def _write(chip: VirtualTag, sent: Programmed) -> None:
    kind = keyring.kind_called(sent.profile)
    keys = kind.keys_of(sent.key_version)
    slots = {}
    if sent.file_slot is not None:
        slots[sent.file_slot] = file_key(kind.profile, keys.file, chip.uid)
    if sent.meta_slot is not None and keys.meta is not None:
        slots[sent.meta_slot] = keys.meta.secret
    chip.write(sent.file, sent.settings, keys=slots, crypto=kind.profile.crypto)


def _keep(sent: Programmed, chip: VirtualTag) -> None:
    holds = {
        "uid": chip.uid.hex(),
        "counter": chip.counter,
        "profile": sent.profile,
        "crypto": sent.crypto,
        "key_version": sent.key_version,
        "file": sent.file.hex(),
        "settings": sent.settings.hex(),
        "meta_slot": sent.meta_slot,
        "file_slot": sent.file_slot,
    }
    file = _file(sent.code)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(holds, indent=1) + "\n", encoding="utf-8")
    fresh.replace(file)


def _kept(code: str) -> tuple[Programmed, VirtualTag]:
    _refuse_beyond_the_demonstration()
    try:
        holds = json.loads(_file(code).read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise NotPlayedError("there is no chip made of Python with this code") from problem
    sent = Programmed(
        code=code,
        profile=holds["profile"],
        crypto=holds["crypto"],
        key_version=holds["key_version"],
        file=bytes.fromhex(holds["file"]),
        settings=bytes.fromhex(holds["settings"]),
        meta_slot=holds["meta_slot"],
        file_slot=holds["file_slot"],
    )
    chip = VirtualTag(uid=bytes.fromhex(holds["uid"]))
    _write(chip, sent)
    chip.counter = holds["counter"]
    return sent, chip


def _file(code: str) -> Path:
    folder: Path = settings.VAR_DIR / "chips"
    return folder / f"{code}.json"


def _refuse_beyond_the_demonstration() -> None:
    if not settings.DEMO:
        raise NotPlayedError("chips are played in a demonstration alone, with DEMO=1")

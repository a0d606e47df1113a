"""Kinds of chips as the environment names them, with every version of their master keys."""

import os
import re

from config import env
from tags.written import WrittenProfile


def chip_profiles() -> tuple[WrittenProfile, ...]:
    return tuple(_profile(name.lower()) for name in env.words("TAGS_PROFILES"))


def _profile(name: str) -> WrittenProfile:
    profile = _as_variable(name)
    return WrittenProfile(
        name=name,
        crypto=env.text(f"TAGS_{profile}_CRYPTO", "aes"),
        query=env.text(f"TAGS_{profile}_QUERY", "e={picc}&c={mac}"),
        window=env.text(f"TAGS_{profile}_WINDOW"),
        file_bytes=env.number(f"TAGS_{profile}_FILE_BYTES", 0),
        has_seal_in_file=env.flag(f"TAGS_{profile}_SEAL_IN_FILE"),
        system_id=env.text(f"TAGS_{profile}_SYSTEM_ID", "746F7563686D61726B"),
        meta_keys=_versions(profile, "META"),
        file_keys=_versions(profile, "FILE"),
    )


def _versions(profile: str, slot: str) -> tuple[tuple[int, str], ...]:
    """The keys of one slot by their version, the newest first."""
    found = {number for kind, used, number in _key_names() if (kind, used) == (profile, slot)}
    return tuple(
        (version, env.secret(f"TAGS_{profile}_{slot}_KEY_{version}"))
        for version in sorted(found, reverse=True)
    )


def unclaimed_keys() -> tuple[str, ...]:
    """Names of kinds that have keys here and are not among TAGS_PROFILES."""
    named = {_as_variable(name) for name in env.words("TAGS_PROFILES")}
    return tuple(sorted({kind for kind, _, _ in _key_names()} - named))


def _key_names() -> set[tuple[str, str, int]]:
    pattern = re.compile(r"TAGS_([A-Z0-9_]+)_(META|FILE)_KEY_([0-9]{1,4})(?:_FILE)?")
    matches = (pattern.fullmatch(name) for name in os.environ)
    return {(found[1], found[2], int(found[3])) for found in matches if found}


def _as_variable(name: str) -> str:
    return name.upper().replace("-", "_")

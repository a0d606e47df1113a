"""The kinds of chips of this site with their master keys, as the settings hold them."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from provenance.errors import BadKeyError, ProvenanceError
from tags.aes import BLOCK, Key
from tags.errors import BadProfileError
from tags.profiles import Crypto, Profile
from tags.written import WrittenProfile

UID_DIGEST_BYTES = 16


class NoSuchKeysError(ProvenanceError):
    """The environment holds no master keys of this profile and version."""

    code = "no_such_keys"


@dataclass(frozen=True)
class MasterKeys:
    """One version of a profile's master keys; `meta` is None where nothing is hidden."""

    version: int
    file: Key
    meta: Key | None


@dataclass(frozen=True)
class Kind:
    """A profile and its keys, the newest version first."""

    profile: Profile
    versions: tuple[MasterKeys, ...]

    def keys_of(self, version: int) -> MasterKeys:
        """Raises NoSuchKeysError."""
        for keys in self.versions:
            if keys.version == version:
                return keys
        raise NoSuchKeysError("there are no master keys of this version here")


def kind_named(name: str) -> Kind | None:
    """The kind in an address, if it is set up whole; system checks say what is amiss."""
    return _kinds(settings.TAGS_PROFILES, settings.SITE_URL).get(name)


def kind_called(name: str) -> Kind:
    """The same for whoever must have it. Raises NoSuchKeysError."""
    kind = kind_named(name)
    if kind is None:
        raise NoSuchKeysError("there is no profile of this name here")
    return kind


def uid_digest(uid: bytes) -> bytes:
    """The 16 bytes by which a chip is known here: HMAC-SHA-256 of its UID, cut.

    Raises BadKeyError without TAGS_UID_KEY.
    """
    # Not `hmac.digest`: it lets other threads in, which takes longer than the digest.
    return hmac.new(_uid_key(settings.TAGS_UID_KEY), uid, "sha256").digest()[:UID_DIGEST_BYTES]


def profile_of(written: WrittenProfile, site_url: str) -> Profile:
    """The profile that the settings word. Raises BadProfileError."""
    if written.crypto not in set(Crypto):
        raise BadProfileError("the cipher suite is aes or lrp")
    return Profile(
        name=written.name,
        crypto=Crypto(written.crypto),
        template=f"{site_url}/s/{written.name}?{written.query}",
        window=written.window,
        file_bytes=written.file_bytes,
        tamper_in_file=written.has_seal_in_file,
        system_id=_system_id(written.system_id),
    )


def keys_in(written: WrittenProfile, profile: Profile) -> Iterator[MasterKeys]:
    """Every version that is whole. Raises BadKeyError for a key nobody may use."""
    meta_keys = {version: key_from(text) for version, text in written.meta_keys}
    for version, text in written.file_keys:
        meta = meta_keys.get(version)
        if profile.is_encrypted and meta is None:
            continue
        yield MasterKeys(version, key_from(text), meta if profile.is_encrypted else None)


def key_from(text: str) -> Key:
    """A key as the environment writes it, 32 hexadecimal digits. Raises BadKeyError."""
    try:
        secret = bytes.fromhex(text)
    except ValueError as problem:
        raise BadKeyError(f"a key is written as {2 * BLOCK} hexadecimal digits") from problem
    return Key(secret)


@lru_cache(maxsize=8)
def _kinds(profiles: tuple[WrittenProfile, ...], site_url: str) -> dict[str, Kind]:
    found = {}
    for written in profiles:
        try:
            profile = profile_of(written, site_url)
            versions = tuple(keys_in(written, profile))
        except (BadKeyError, BadProfileError):
            continue
        if versions:
            found[written.name] = Kind(profile, versions)
    return found


@lru_cache(maxsize=8)
def _uid_key(text: str) -> bytes:
    return key_from(text).secret


def _system_id(text: str) -> bytes | None:
    if text == "none":
        return None
    try:
        return bytes.fromhex(text)
    except ValueError as problem:
        raise BadProfileError("the system id is written in hexadecimal digits") from problem

"""How the chips of this site are set up: no key that everybody knows, nothing set up by half."""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error

from provenance.errors import BadKeyError
from tags import keyring
from tags.errors import BadProfileError
from tags.written import WrittenProfile


def check_profiles(**_: object) -> Sequence[CheckMessage]:
    """Every kind of chip in TAGS_PROFILES can be told from a copy, and its keys are whole."""
    return [each for written in settings.TAGS_PROFILES for each in _faults_of(written)]


def check_unclaimed_keys(**_: object) -> Sequence[CheckMessage]:
    """Keys of a kind that nobody named are a slip of the pen."""
    return [
        Error(
            f"There are master keys of {name}, which TAGS_PROFILES does not name.",
            hint="Add it to TAGS_PROFILES, or remove the variables.",
            id="tags.E004",
        )
        for name in settings.TAGS_UNCLAIMED
    ]


def check_uid_key(**_: object) -> Sequence[CheckMessage]:
    """Without the key of the serial numbers no chip is ever recognised."""
    if not settings.TAGS_PROFILES and not settings.TAGS_UID_KEY:
        return []
    try:
        keyring.key_from(settings.TAGS_UID_KEY)
    except BadKeyError as problem:
        return [
            Error(
                f"TAGS_UID_KEY cannot be used: {problem}.",
                hint="Set 32 random hexadecimal digits, once: changing them forgets every chip.",
                id="tags.E005",
            )
        ]
    return []


def check_country_header(**_: object) -> Sequence[CheckMessage]:
    """A header is believed only where a proxy of ours writes it."""
    if settings.PROXY_DEPTH or not settings.COUNTRY_HEADER:
        return []
    return [
        Error(
            "COUNTRY_HEADER is set without a proxy of yours: strangers could write it.",
            hint="Set PROXY_DEPTH too, or leave COUNTRY_HEADER out.",
            id="tags.E006",
        )
    ]


ALWAYS = (check_profiles, check_unclaimed_keys, check_uid_key, check_country_header)


def _faults_of(written: WrittenProfile) -> Iterator[CheckMessage]:
    try:
        profile = keyring.profile_of(written, settings.SITE_URL)
    except BadProfileError as problem:
        yield _bad_profile(written.name, str(problem))
        return
    yield from _bad_keys(written)
    needed = {version for version, _ in written.file_keys}
    hidden = {version for version, _ in written.meta_keys}
    if not needed:
        yield _half(written.name, "no FILE_KEY of any version")
    elif profile.is_encrypted and needed != hidden:
        yield _half(written.name, "not both keys of every version")
    elif not profile.is_encrypted and hidden:
        yield _half(written.name, "a META_KEY, and hides nothing")


def _bad_keys(written: WrittenProfile) -> Iterator[CheckMessage]:
    for slot, keys in (("META", written.meta_keys), ("FILE", written.file_keys)):
        for version, text in keys:
            try:
                keyring.key_from(text)
            except BadKeyError as problem:
                yield Error(
                    f"{slot}_KEY_{version} of {written.name} cannot be used: {problem}.",
                    hint="Draw it at random: openssl rand -hex 16.",
                    id="tags.E002",
                )


def _bad_profile(name: str, why: str) -> CheckMessage:
    return Error(
        f"Tags of the profile {name} cannot be made: {why}.",
        hint="Compare its variables with the reference of settings.",
        id="tags.E001",
    )


def _half(name: str, what: str) -> CheckMessage:
    return Error(
        f"The profile {name} is half set up: it has {what}.",
        hint="Set META_KEY and FILE_KEY of each version together; a plain one has FILE_KEY alone.",
        id="tags.E003",
    )

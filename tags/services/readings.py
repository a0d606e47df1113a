"""Reading a tap: what a chip wrote into its address, and which tag of ours it is."""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from tags import keyring, links
from tags.errors import InvalidTapError, MalformedLinkError, Refusal
from tags.keyring import MasterKeys
from tags.profiles import Profile, TapQuery, parse_tap
from tags.sdm import Seal, file_key, read_picc, verify
from tags.services import shared_commit, statements
from tags.services.shared_commit import Execute
from tags.services.statements import KnownTag


class Signed(NamedTuple):
    """A valid signature, and the chip and the version of its keys that made it."""

    uid_digest: bytes
    profile: str
    key_version: int
    counter: int
    is_opened: bool


class Read(NamedTuple):
    """A valid signature of a tag of ours, and the count it was made at."""

    tag: KnownTag
    counter: int
    is_opened: bool


@sensitive_variables()
def read_link(link: str) -> Read:
    """Read a whole address, as the bench brings it. Raises InvalidTapError."""
    read = find(shared_commit.execute, signatures_in(link))
    if read is None:
        raise InvalidTapError(Refusal.BAD_MAC)
    return read


@sensitive_variables()
def signatures_in(link: str) -> list[Signed]:
    """The same as `signatures` of a whole address. Raises InvalidTapError."""
    try:
        profile, query = links.tap_in(settings.SITE_URL, link)
    except MalformedLinkError as problem:
        raise InvalidTapError(Refusal.MALFORMED) from problem
    return signatures(profile, query)


@sensitive_variables()
def signatures(profile: str, query: str) -> list[Signed]:
    """Read the raw query of an address below `/s/`. Raises InvalidTapError and nothing else.

    As a rule one version of the keys can read it; another opens noise, and its MAC then fails.
    """
    kind = keyring.kind_named(profile)
    if kind is None:
        raise InvalidTapError(Refusal.MALFORMED)
    # 1: size, charset, exact lengths, nothing twice.
    tap = parse_tap(kind.profile, query)
    valid = [
        signed for keys in kind.versions if (signed := _signed(kind.profile, keys, tap)) is not None
    ]
    if not valid:
        raise InvalidTapError(Refusal.BAD_MAC)
    return valid


def _signed(profile: Profile, keys: MasterKeys, tap: TapQuery) -> Signed | None:
    try:
        # 2 and 3: UID and counter, both required, under the version that opens them.
        picc = read_picc(profile, keys.meta, tap)
        # 5, before 4: the same work for every chip, and a forged link asks the database nothing.
        reading = verify(profile, tap, picc, file_key(profile, keys.file, picc.uid))
    except InvalidTapError:
        return None
    digest = keyring.uid_digest(picc.uid)
    is_opened = reading.seal is Seal.OPENED
    return Signed(digest, profile.name, keys.version, reading.counter, is_opened)


def find(execute: Execute, signed: Iterable[Signed]) -> Read | None:
    """4: the tag of the chip that signed, if it is one of ours."""
    for each in signed:
        tag = statements.find_tag(
            execute,
            uid_digest=each.uid_digest,
            profile=each.profile,
            key_version=each.key_version,
        )
        if tag is not None:
            return Read(tag, each.counter, each.is_opened)
    return None

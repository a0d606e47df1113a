"""Reading a tap: what a chip wrote into its address, and which tag of ours it is."""

from typing import NamedTuple

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from tags import keyring, links
from tags.errors import InvalidTapError, MalformedLinkError, Refusal
from tags.keyring import Kind, MasterKeys
from tags.profiles import Profile, TapQuery, parse_tap
from tags.sdm import PiccData, Seal, file_key, read_picc, verify
from tags.services import statements
from tags.services.statements import KnownTag


class Read(NamedTuple):
    """A valid signature of a tag of ours, and the count it was made at."""

    tag: KnownTag
    counter: int
    is_opened: bool


@sensitive_variables()
def read_link(link: str) -> Read:
    """Read a whole address, as a program or the bench brings it. Raises InvalidTapError."""
    try:
        profile, query = links.tap_in(settings.SITE_URL, link)
    except MalformedLinkError as problem:
        raise InvalidTapError(Refusal.MALFORMED) from problem
    return read_tap(profile, query)


@sensitive_variables()
def read_tap(profile: str, query: str) -> Read:
    """Read the raw query of an address below `/s/`. Raises InvalidTapError and nothing else."""
    kind = keyring.kind_named(profile)
    if kind is None:
        raise InvalidTapError(Refusal.MALFORMED)
    # 1: size, charset, exact lengths, nothing twice.
    tap = parse_tap(kind.profile, query)
    # As a rule one version can read it; another opens noise, and its MAC then fails.
    for keys, picc in _readable(kind, tap):
        # 4: which tag it is, by the digest of its UID.
        tag = _tag_of(kind.profile, keys, picc)
        try:
            # 5: the same derivation and comparison whether or not we know the chip.
            reading = verify(kind.profile, tap, picc, file_key(kind.profile, keys.file, picc.uid))
        except InvalidTapError:
            continue
        if tag is not None:
            return Read(tag, reading.counter, reading.seal is Seal.OPENED)
    raise InvalidTapError(Refusal.BAD_MAC)


def _readable(kind: Kind, tap: TapQuery) -> list[tuple[MasterKeys, PiccData]]:
    """2 and 3: UID and counter, both required, under each version that opens them."""
    found = []
    for keys in kind.versions:
        try:
            found.append((keys, read_picc(kind.profile, keys.meta, tap)))
        except InvalidTapError:
            continue
    return found


def _tag_of(profile: Profile, keys: MasterKeys, picc: PiccData) -> KnownTag | None:
    return statements.find_tag(
        uid_digest=keyring.uid_digest(picc.uid), profile=profile.name, key_version=keys.version
    )

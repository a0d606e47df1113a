"""Tags that a vendor writes: what goes out for those that wait, and what comes back of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count
from django.views.decorators.debug import sensitive_variables

from provenance.errors import BadKeyError, ProvenanceError
from provenance.models.maker import Maker
from tags import keyring, vendor_files
from tags.errors import (
    BadProfileError,
    InvalidTapError,
    MalformedCodeError,
    MalformedLinkError,
    MalformedNdefError,
)
from tags.keyring import NoSuchKeysError
from tags.life import TERMINAL, WORDS, TagState
from tags.models.tag import Tag, TagKind
from tags.services import bench
from tags.services.bench import UidInUseError, WrongChipError
from tags.services.moves import TagStateError
from tags.vendor_files import Wanted
from tags.vendor_results import Fault, Result

MOST_AT_ONCE = 1000
FAILED_AT_VENDOR = "The vendor could not write it."

_WRONG_READINGS = (InvalidTapError, MalformedLinkError, MalformedCodeError, WrongChipError)


class NothingToWriteError(ProvenanceError):
    """No tag waits to be written under keys that are here."""

    code = "nothing_to_write"


@dataclass(frozen=True)
class Outcome:
    """What a row of a result came to: words when it holds, a fault when it does not."""

    row: int
    code: str
    words: str = ""
    fault: Fault | None = None


def export_reserved(*, maker: Maker) -> bytes:
    """The archive of the tags of this maker that wait, the oldest first; it changes nothing.

    Chips whose keys are not here are left out: see `versions_wanted`. Raises NothingToWriteError;
    MalformedLinkError for a site that no tag can name.
    """
    waiting = Tag.objects.in_stock_of(maker).filter(state=TagState.RESERVED)
    tags = waiting.order_by("pk")[:MOST_AT_ONCE]
    wanted = [each for each in map(_wanted, tags) if each]
    if not wanted:
        raise NothingToWriteError("no tag waits to be written under keys that are here")
    return vendor_files.export_zip(wanted, site_url=settings.SITE_URL, maker=maker.name)


def versions_wanted(maker: Maker) -> list[tuple[str, int, int]]:
    """Profile, version and how many chips wait for keys of that version, which are not here."""
    waiting = Tag.objects.in_stock_of(maker).filter(state=TagState.RESERVED, kind=TagKind.NTAG424)
    counted = waiting.order_by("profile", "key_version").values_list("profile", "key_version")
    return [
        (profile, version, many)
        for profile, version, many in counted.annotate(many=Count("pk"))
        if not _has_keys(profile, version)
    ]


def try_results(*, maker: Maker, results: Sequence[Result], by: User) -> list[Outcome]:
    """What `record_results` would do: each row is done for real and taken back."""
    return [_tried(maker, result, by) for result in results]


def record_results(*, maker: Maker, results: Sequence[Result], by: User) -> list[Outcome]:
    """Put every row on record, one by one; a row that cannot be leaves the others good.

    Brought a second time, a row that is on record changes nothing.
    """
    return [_recorded(maker, result, by) for result in results]


def _wanted(tag: Tag) -> Wanted | None:
    if tag.kind != TagKind.NTAG424:
        return Wanted(tag.code)
    if not _has_keys(tag.profile, tag.key_version):
        return None
    wanted = Wanted(tag.code, keyring.kind_called(tag.profile).profile, tag.key_version)
    try:
        vendor_files.check(wanted)
    except (MalformedNdefError, BadProfileError):
        return None
    return wanted


def _has_keys(profile: str, version: int) -> bool:
    try:
        keyring.kind_called(profile).keys_of(version)
    except NoSuchKeysError:
        return False
    return True


@transaction.atomic
def _tried(maker: Maker, result: Result, by: User) -> Outcome:
    outcome = _recorded(maker, result, by)
    transaction.set_rollback(True)
    return outcome


@sensitive_variables()
def _recorded(maker: Maker, result: Result, by: User) -> Outcome:
    try:
        # A row holds whole or not at all: no chip is on record whose test reading is wrong.
        with transaction.atomic():
            return Outcome(result.row, result.code, words=_put(maker, result, by))
    except _FaultError as problem:
        return Outcome(
            result.row, result.code, fault=Fault(result.row, problem.column, str(problem))
        )


class _FaultError(ProvenanceError):
    """Why a row does not hold, and in which column."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


def _put(maker: Maker, result: Result, by: User) -> str:
    tag = Tag.objects.filter(maker=maker, code=result.code).first()
    if tag is None:
        raise _FaultError("code", "no tag of your stock has this code")
    _refuse_other_versions(tag, result)
    if tag.state == TagState.BLANK or tag.state in TERMINAL:
        raise _FaultError("code", f"this tag is {WORDS[TagState(tag.state)]}")
    if result.has_failed:
        return _fail(tag, result, by)
    if tag.state != TagState.RESERVED:
        _refuse_another_chip(tag, result)
    elif not result.uid and tag.kind == TagKind.NTAG424:
        raise _FaultError("uid", "a chip is known by its serial number")
    else:
        _encode(tag, result, by)
    if result.reading and tag.state == TagState.ENCODED:
        _verify(tag, result, by)
        return "written, and answered with its keys" if tag.profile else "written and tried"
    return "written" if tag.state == TagState.ENCODED else "on record already"


def _refuse_other_versions(tag: Tag, result: Result) -> None:
    is_told = result.key_version is not None and tag.kind == TagKind.NTAG424
    if not is_told or result.key_version == tag.key_version:
        return
    if result.has_failed:
        return  # it was put on record then, or is of an earlier attempt
    raise _FaultError(
        "key_version", f"this chip is to be written under version {tag.key_version} of its keys"
    )


def _fail(tag: Tag, result: Result, by: User) -> str:
    if tag.kind != TagKind.NTAG424:
        return "not written; it waits for the next tag"
    if result.key_version is None:
        raise _FaultError("key_version", "say which version of the keys could not be written")
    if result.key_version != tag.key_version:
        return "on record already"
    if tag.state not in (TagState.RESERVED, TagState.ENCODED):
        raise _FaultError("status", f"this tag is {WORDS[TagState(tag.state)]}")
    bench.fail_encoding(tag=tag, by=by, reason=FAILED_AT_VENDOR)
    return f"not written; it waits again, under version {tag.key_version} of its keys"


def _encode(tag: Tag, result: Result, by: User) -> None:
    try:
        bench.mark_encoded(tag=tag, uid=result.uid, by=by)
    except (UidInUseError, WrongChipError, BadKeyError) as problem:
        raise _FaultError("uid", str(problem)) from problem
    except TagStateError as problem:
        raise _FaultError("code", str(problem)) from problem


def _verify(tag: Tag, result: Result, by: User) -> None:
    try:
        bench.verify_tag(tag=tag, link=result.reading, by=by)
    except _WRONG_READINGS as problem:
        words = "this address was not made by this tag with its keys"
        raise _FaultError("reading", words) from problem
    except TagStateError as problem:
        raise _FaultError("reading", str(problem)) from problem


def _refuse_another_chip(tag: Tag, result: Result) -> None:
    """A tag that is further on must be the same chip, where we know which it is."""
    if tag.uid_digest is None and tag.kind != TagKind.NTAG424:
        return
    if tag.uid_digest is None or _digest(result.uid) != bytes(tag.uid_digest):
        raise _FaultError("uid", f"this tag is {WORDS[TagState(tag.state)]}, with another chip")


def _digest(uid: bytes) -> bytes:
    try:
        return keyring.uid_digest(uid)
    except BadKeyError as problem:
        raise _FaultError("uid", str(problem)) from problem

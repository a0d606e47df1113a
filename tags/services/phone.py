"""A phone at the bench: it writes plain tags one after another, and tries any that were written."""

import re
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from provenance.errors import BadKeyError, ProvenanceError
from provenance.models.maker import Maker
from tags import keyring, links
from tags.codes import read_code
from tags.errors import InvalidTapError, MalformedCodeError, MalformedLinkError
from tags.life import TERMINAL, WORDS, TagState
from tags.models.tag import Tag, TagKind, TagQuerySet
from tags.services import bench, readings
from tags.services.bench import UidInUseError, WrongChipError
from tags.services.moves import TagStateError

_SEPARATORS: Final = dict.fromkeys(map(ord, ":- "))
_SERIAL: Final = re.compile(r"(?:[0-9A-F]{2}){4,10}")


class BenchError(ProvenanceError):
    """A tag did not do at the bench what it should; the words are for the maker."""

    code = "bench"


def plain_to_write(maker: Maker) -> TagQuerySet:
    """Plain tags that wait, in the order in which they are written."""
    waiting: TagQuerySet = Tag.objects.in_stock_of(maker)
    return waiting.filter(state=TagState.RESERVED, kind=TagKind.NFC).order_by("pk")


def address_of(tag: Tag) -> str:
    """What a phone writes into a plain tag. Raises MalformedLinkError."""
    return links.static_url(settings.SITE_URL, tag.code)


@transaction.atomic
@sensitive_variables()
def record_written(*, tag: Tag, read: str, serial: str, by: User) -> Tag:
    """Put on record that a plain tag was written, and that `read` was read back from it.

    It is written and tried in one: a plain tag can answer with nothing but its address. Said a
    second time of the same tag it changes nothing. Raises BenchError.
    """
    if _code_in(read) != tag.code:
        raise BenchError("The tag answers with another address. It was not written whole.")
    uid = _uid(serial)
    if tag.state in (TagState.ENCODED, TagState.VERIFIED) and _is_chip_of(tag, uid):
        return tag if tag.state == TagState.VERIFIED else _verified(tag, read, by)
    try:
        bench.mark_encoded(tag=tag, uid=uid, by=by)
    except UidInUseError as problem:
        raise BenchError("This tag is in use already. Take another one.") from problem
    except WrongChipError as problem:
        raise BenchError("This address was begun on another tag. Take that one.") from problem
    except TagStateError as problem:
        raise BenchError(f"{_capital(problem)}. Load the page again.") from problem
    return _verified(tag, read, by)


@transaction.atomic
def record_failure(*, tag: Tag, reason: str, by: User) -> Tag:
    """What the tag holds is not known: it waits to be written anew. Raises BenchError."""
    try:
        return bench.fail_encoding(tag=tag, by=by, reason=reason)
    except TagStateError as problem:
        raise BenchError(f"{_capital(problem)}. Load the page again.") from problem


@transaction.atomic
@sensitive_variables()
def try_tag(*, maker: Maker, read: str, by: User) -> Tag:
    """Try whichever written tag of this maker answers so: a chip by its keys, a plain one by name.

    A tag that was tried before is only named again. Raises BenchError.
    """
    tag = _answering(maker, read)
    if tag.state in (TagState.VERIFIED, *_LATER):
        return tag
    if tag.state != TagState.ENCODED:
        raise BenchError(f"This tag is {WORDS[TagState(tag.state)]}. It is not tried.")
    return _verified(tag, read, by)


_LATER: Final = (TagState.BOUND, TagState.ACTIVE, TagState.SUSPENDED, TagState.TAMPERED)


def tag_with_serial(maker: Maker, serial: str) -> Tag | None:
    """The written tag of this maker that is this chip, to be written anew when it fails."""
    try:
        digest = keyring.uid_digest(_uid(serial))
    except (BadKeyError, BenchError):
        return None
    tags = Tag.objects.in_stock_of(maker).filter(state=TagState.ENCODED)
    return tags.filter(uid_digest=digest).first()


def _answering(maker: Maker, read: str) -> Tag:
    tags = Tag.objects.filter(maker=maker).exclude(state__in=TERMINAL)
    try:
        tag = tags.filter(pk=readings.read_link(read).tag.pk).first()
    except InvalidTapError:
        tag = tags.filter(code=_code_in(read), kind=TagKind.NFC).first()
    if tag is None:
        raise BenchError("This tag did not answer as one of yours that was written.")
    return tag


def _verified(tag: Tag, read: str, by: User) -> Tag:
    try:
        return bench.verify_tag(tag=tag, link=read, by=by)
    except TagStateError as problem:
        raise BenchError("This answer was used before. Hold the tag to the phone again.") from (
            problem
        )


def _code_in(read: str) -> str:
    """The code in an address of ours; "" for any other text."""
    try:
        return read_code(links.code_in(settings.SITE_URL, read))
    except (MalformedLinkError, MalformedCodeError):
        return ""


def _uid(serial: str) -> bytes:
    """A serial number as phones write it, "04:de:5f:1e:ac:c0:40"; some tell none."""
    digits = serial.translate(_SEPARATORS).upper()
    if digits and not _SERIAL.fullmatch(digits):
        raise BenchError("This is no serial number of a tag.")
    return bytes.fromhex(digits)


def _is_chip_of(tag: Tag, uid: bytes) -> bool:
    if tag.uid_digest is None or not uid or not settings.TAGS_UID_KEY:
        return tag.uid_digest is None
    return keyring.uid_digest(uid) == bytes(tag.uid_digest)


def _capital(problem: ProvenanceError) -> str:
    said = str(problem)
    return f"{said[:1].upper()}{said[1:]}"

"""At the bench: blank tags are taken into stock, reserved, written and tried."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.maker import Maker
from provenance.services.events import record
from tags import keyring, links
from tags.codes import new_code, read_code
from tags.diversification import UID_BYTES
from tags.life import Act, TagState
from tags.models.tag import NO_COUNTER, Tag, TagKind
from tags.services import readings
from tags.services.moves import TagStateError, move

MOST_AT_ONCE = 1000


class UidInUseError(ProvenanceError):
    """Another tag is this chip already."""

    code = "uid_in_use"


class WrongChipError(ProvenanceError):
    """The link is good and was written by another chip."""

    code = "wrong_chip"


@transaction.atomic
def add_stock(*, maker: Maker, kind: TagKind, count: int, by: User) -> Sequence[Tag]:
    """Take so many blank tags into the maker's drawer."""
    rows = [
        Tag(
            maker=maker,
            kind=kind,
            place="",
            code=new_code(),
            state=TagState.BLANK,
            bound_at=None,
        )
        for _ in range(min(count, MOST_AT_ONCE))
    ]
    tags = Tag.objects.bulk_create(rows)
    facts = {"kind": str(kind), "tags": [tag.public_id for tag in tags]}
    record("tag.stocked", by=by, maker=maker, facts=facts)
    return tags


@transaction.atomic
def reserve_tag(*, tag: Tag, by: User, profile: str = "") -> Tag:
    """Set a blank tag aside to be written; a chip under the newest keys of its profile.

    Raises TagStateError, NoSuchKeysError.
    """
    keys = {}
    if tag.kind == TagKind.NTAG424:
        newest = keyring.kind_called(profile).versions[0].version
        keys = {"profile": profile, "key_version": newest}
    move(tag, Act.RESERVE, at=timezone.now(), **keys)
    record("tag.reserved", by=by, maker=tag.maker, facts=_facts(tag))
    return tag


@transaction.atomic
def mark_encoded(*, tag: Tag, uid: bytes, by: User) -> Tag:
    """Put on record that a tag was written, and which chip it is. The UID itself is not kept.

    A plain tag may come without one. Raises TagStateError, UidInUseError, WrongChipError.
    """
    try:
        with transaction.atomic():
            move(tag, Act.ENCODE, at=timezone.now(), uid_digest=_digest_for(tag, uid))
    except IntegrityError as problem:
        raise UidInUseError("another tag is this chip already") from problem
    record("tag.encoded", by=by, maker=tag.maker, facts=_facts(tag))
    return tag


@transaction.atomic
def fail_encoding(*, tag: Tag, by: User, reason: str = "") -> Tag:
    """Writing failed, so what the chip holds is not known: it is written anew under new keys.

    With them its count begins again, and no link of the failed attempt is worth anything.
    Raises TagStateError.
    """
    keys = {}
    if tag.kind == TagKind.NTAG424:
        keys = {"key_version": F("key_version") + 1, "last_counter": NO_COUNTER}
    move(tag, Act.FAIL_ENCODING, at=timezone.now(), **keys)
    record("tag.encoding_failed", by=by, maker=tag.maker, facts=_facts(tag) | {"reason": reason})
    return tag


@transaction.atomic
def verify_tag(*, tag: Tag, link: str, by: User) -> Tag:
    """Try a written tag: it must answer with what was written into it, a chip with a new count.

    Raises TagStateError, WrongChipError, and InvalidTapError, MalformedLinkError or
    MalformedCodeError for a link that no tag of ours could carry.
    """
    now = timezone.now()
    if tag.kind == TagKind.NTAG424:
        _spend_first_count(tag, link)
    elif read_code(links.code_in(settings.SITE_URL, link)) != tag.code:
        raise WrongChipError("another tag carries this address")
    move(tag, Act.VERIFY, at=now, verified_at=now)
    record("tag.verified", by=by, maker=tag.maker, facts=_facts(tag))
    return tag


def _spend_first_count(tag: Tag, link: str) -> None:
    # A key of zeros reads and signs nothing here: master keys of zeros are never taken.
    read = readings.read_link(link)
    if read.tag.pk != tag.pk or tag.state != TagState.ENCODED:
        raise WrongChipError("this link was written by another tag")
    tried = Tag.objects.filter(
        pk=tag.pk,
        key_version=read.tag.key_version,
        state=TagState.ENCODED,
        last_counter__lt=read.counter,
    )
    if not tried.update(last_counter=read.counter):
        raise TagStateError("this link was tried before; tap the tag again")


def _digest_for(tag: Tag, uid: bytes) -> bytes | None:
    """A row keeps the chip it once had: see docs/adr/0018."""
    if tag.kind != TagKind.NTAG424 and not (uid and settings.TAGS_UID_KEY):
        return None
    if tag.kind == TagKind.NTAG424 and len(uid) != UID_BYTES:
        raise WrongChipError(f"such a chip has a UID of {UID_BYTES} bytes")
    digest = keyring.uid_digest(uid)
    if tag.uid_digest is not None and bytes(tag.uid_digest) != digest:
        raise WrongChipError("this tag was begun with another chip")
    return digest


def _facts(tag: Tag) -> dict[str, object]:
    facts: dict[str, object] = {"tag": tag.public_id, "kind": str(tag.kind)}
    if tag.profile:
        facts |= {"profile": tag.profile, "keyVersion": tag.key_version}
    return facts

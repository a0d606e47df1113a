"""A tag and its piece: bound at a place, paused, replaced, retired, and withdrawn with its keys."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from provenance.errors import ProvenanceError
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services.events import Act as Recorded
from provenance.services.events import record, record_all
from tags.codes import new_code
from tags.life import MOVES, Act
from tags.models.tag import Tag, TagKind
from tags.services.moves import TagStateError, move

MOST_AT_ONCE = 500


class PlaceTakenError(ProvenanceError):
    """A tag is in this place of the piece already."""

    code = "place_taken"


class AnotherMakersError(ProvenanceError):
    """Tag, piece and photograph do not belong together."""

    code = "another_makers"


@transaction.atomic
def bind_tag(
    *, tag: Tag, piece: Piece, place: str, by: User, photograph: Photograph | None = None
) -> Tag:
    """Put a tried tag on a piece, at a place, with the photograph that shows it there.

    On a signed piece it is active at once: from now on a check knows that it belongs there.
    Raises TagStateError, PlaceTakenError, AnotherMakersError.
    """
    now = timezone.now()
    _attach(tag, piece.original, place, photograph, at=now)
    record("tag.bound", by=by, maker=piece.maker, piece=piece, facts=_bound(tag), at=now)
    if piece.original.is_issued:
        move(tag, Act.ACTIVATE, at=now)
    return tag


def activate_tags(tags: Iterable[Tag], *, at: datetime) -> None:
    """The piece of these tags is signed, so they speak for it; the signing is the event of it."""
    for tag in tags:
        move(tag, Act.ACTIVATE, at=at)


@transaction.atomic
def suspend_tag(*, tag: Tag, reason: str, by: User) -> Tag:
    """Pause a tag: it is answered, and proves nothing. Raises TagStateError."""
    move(tag, Act.SUSPEND, at=timezone.now())
    facts = _facts(tag) | {"reason": reason}
    record("tag.suspended", by=by, maker=_maker(tag), piece=tag.piece, facts=facts)
    return tag


@transaction.atomic
def lift_tag(*, tag: Tag, reason: str, by: User) -> Tag:
    """End the pause of a tag. Raises TagStateError."""
    move(tag, Act.LIFT, at=timezone.now())
    facts = _facts(tag) | {"reason": reason}
    record("tag.reinstated", by=by, maker=_maker(tag), piece=tag.piece, facts=facts)
    return tag


@transaction.atomic
def mark_tampered(*, tag: Tag, by: User | None = None) -> Tag:
    """The seal of a tag was seen open. It stays so, whatever the chip says later.

    Raises TagStateError.
    """
    now = timezone.now()
    move(tag, Act.TAMPER, at=now, tampered_at=now)
    record("tag.tampered", by=by, maker=_maker(tag), piece=tag.piece, facts=_facts(tag), at=now)
    return tag


@transaction.atomic
def replace_tag(
    *, tag: Tag, by_tag: Tag, reason: str, by: User, photograph: Photograph | None = None
) -> Tag:
    """Put a tried tag in the place of another on the same piece; the old one says so for ever.

    One event tells of both: what ends, and what is bound in its place.
    Raises TagStateError, AnotherMakersError.
    """
    now = timezone.now()
    if tag.piece is None:
        raise TagStateError("this tag is on no piece")
    piece, place = tag.piece, tag.place
    move(tag, Act.REPLACE, at=now, replaced_by=by_tag)
    _attach(by_tag, piece, place, photograph, at=now)
    if piece.is_issued:
        move(by_tag, Act.ACTIVATE, at=now)
    facts = _bound(by_tag) | {"replaces": tag.public_id, "reason": reason}
    record("tag.replaced", by=by, maker=piece.maker, piece=piece, facts=facts, at=now)
    return by_tag


@transaction.atomic
def replace_printed_code(*, tag: Tag, reason: str, by: User) -> Tag:
    """Draw a new code in the place of a printed one; the old one says so for ever.

    Raises TagStateError.
    """
    now = timezone.now()
    if tag.piece is None or tag.kind != TagKind.QR:
        raise TagStateError("this tag is no printed code")
    move(tag, Act.REPLACE, at=now)
    fresh = Tag.objects.create(piece=tag.piece, place=tag.place, code=new_code(), bound_at=now)
    Tag.objects.filter(pk=tag.pk).update(replaced_by=fresh)
    if tag.piece.is_issued:
        move(fresh, Act.ACTIVATE, at=now)
    facts = _bound(fresh) | {"replaces": tag.public_id, "reason": reason}
    record("tag.replaced", by=by, maker=tag.piece.maker, piece=tag.piece, facts=facts, at=now)
    return fresh


@transaction.atomic
def retire_tag(*, tag: Tag, reason: str, by: User) -> Tag:
    """Use a tag no more: lost, broken, or given up in the drawer. Raises TagStateError."""
    move(tag, Act.RETIRE, at=timezone.now())
    facts = _facts(tag) | {"reason": reason}
    record("tag.retired", by=by, maker=_maker(tag), piece=tag.piece, facts=facts)
    return tag


def compromise_batch(*, profile: str, key_version: int, reason: str, by: User | None) -> int:
    """Believe no chip keyed with this version of a profile's master keys any more; how many.

    In steps: each commits what it did, and run again it does the rest.
    """
    many = 0
    while done := _compromise_some(profile, key_version, reason, by):
        many += done
    return many


@transaction.atomic
def _compromise_some(profile: str, key_version: int, reason: str, by: User | None) -> int:
    now, way = timezone.now(), MOVES[Act.COMPROMISE]
    keyed = Tag.objects.of_batch(profile, key_version).filter(state__in=way.before)
    found = keyed.select_for_update(of=("self",)).select_related("piece__maker", "maker")
    tags = list(found.order_by("pk")[:MOST_AT_ONCE])
    keyed.filter(pk__in=[tag.pk for tag in tags]).update(state=way.after, since=now, ended_at=now)
    batch = {"profile": profile, "keyVersion": key_version, "reason": reason}
    acts = (Recorded(_maker(tag), tag.piece, _facts(tag) | batch) for tag in tags)
    record_all("tag.compromised", acts, by=by, at=now)
    return len(tags)


def _attach(
    tag: Tag, piece: Piece, place: str, photograph: Photograph | None, *, at: datetime
) -> None:
    if tag.maker_id != piece.maker_id or (photograph and photograph.piece_id != piece.pk):
        raise AnotherMakersError("tag, piece and photograph do not belong together")
    try:
        with transaction.atomic():
            move(tag, Act.BIND, at=at, piece=piece, place=place, photograph=photograph, bound_at=at)
    except IntegrityError as problem:
        raise PlaceTakenError("there is a tag in this place already") from problem


def _bound(tag: Tag) -> dict[str, object]:
    return _facts(tag) | {"place": tag.place}


def _facts(tag: Tag) -> dict[str, object]:
    return {"tag": tag.public_id, "kind": str(tag.kind)}


def _maker(tag: Tag) -> Maker | None:
    return tag.piece.maker if tag.piece else tag.maker

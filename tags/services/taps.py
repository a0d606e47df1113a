"""A tap that holds: its state is asked, its counter is spent once, and what came of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from provenance.verdict import TagAnswer
from tags.answers import CONFLICT_WITHIN, OF_STATE, SESSION, TWICE_WITHIN
from tags.errors import InvalidTapError, Refusal
from tags.life import CONSUMING, TagState
from tags.models.tag import Tag
from tags.models.tap import Tap
from tags.services import shared_commit, statements
from tags.services.binding import mark_tampered
from tags.services.readings import Read, Signed, find
from tags.services.shared_commit import Execute, in_shared_commit


@dataclass(frozen=True)
class Asker:
    """Who taps, as far as it is kept: digests of a browser's tap session and of its network.

    `is_known` says that the session tapped here before.
    """

    session: bytes
    network: bytes
    country: str = ""
    is_known: bool = False


@dataclass(frozen=True)
class Tapped:
    """What a tap came to. `record` is the public id of the piece whose page tells it, or ""."""

    answer: TagAnswer
    record: str


@sensitive_variables()
def take_tap(signed: Sequence[Signed], *, asker: Asker) -> Tapped:
    """Steps 4 and 6 to 8 of a tap, whose signature holds: tag, state, counter, row of its session.

    Raises InvalidTapError for a chip that is no tag of ours.
    """
    now = timezone.now()
    read, answer = in_shared_commit(partial(_spent, signed, asker, now))
    if read is None:
        raise InvalidTapError(Refusal.BAD_MAC)
    if answer is None and _opens_a_seal(read):
        answer = _spent_and_marked(read, asker, now)
    if answer is not None:
        return Tapped(answer, read.tag.record)
    with transaction.atomic():
        return _not_spent(read, asker, now)


def _spent(
    signed: Sequence[Signed], asker: Asker, now: datetime, execute: Execute
) -> tuple[Read | None, TagAnswer | None]:
    """The tag, if it is one of ours, and the answer whose counter it spent, if any."""
    read = find(execute, signed)
    # 6: a tag that is paused or ended is answered, and spends nothing.
    if read is None or read.tag.state not in CONSUMING or _opens_a_seal(read):
        return read, None
    return read, _spend(execute, read, asker, now)


def _spend(execute: Execute, read: Read, asker: Asker, now: datetime) -> TagAnswer | None:
    # 7 and 8: of equal counters one is new; its row waits for the page of the piece.
    before = read.tag.last_counter
    answer = _answer_of(read)
    row = _row(
        read,
        asker,
        now,
        answer=answer,
        is_consumed=True,
        reads=read.counter - before if 0 <= before < read.counter else None,
        is_second=asker.is_known
        and statements.has_answered(
            execute, read.tag, session=asker.session, since=now - TWICE_WITHIN
        ),
    )
    return answer if statements.spend(execute, read.tag, row) else None


def _answer_of(read: Read) -> TagAnswer:
    if read.tag.state == TagState.TAMPERED or _opens_a_seal(read):
        return TagAnswer.TAMPERED
    return TagAnswer.LIVE if read.tag.record else TagAnswer.NOT_BOUND


def _opens_a_seal(read: Read) -> bool:
    """The first answer that says so."""
    return read.is_opened and read.tag.state == TagState.ACTIVE


@transaction.atomic
def _spent_and_marked(read: Read, asker: Asker, now: datetime) -> TagAnswer | None:
    answer = _spend(shared_commit.execute, read, asker, now)
    if answer is not None:
        mark_tampered(tag=Tag.objects.select_related("piece__maker").get(pk=read.tag.pk))
    return answer


def _not_spent(read: Read, asker: Asker, now: datetime) -> Tapped:
    # One after the other: two that mark the same taps as contradicted could wait for each other.
    locked = Tag.objects.select_for_update(no_key=True)
    state = TagState(locked.values_list("state", flat=True).get(pk=read.tag.pk))
    if state not in CONSUMING:
        answer = OF_STATE.get(state, TagAnswer.NOT_BOUND)
        return _kept(read, asker, now, answer=answer)
    if asker.is_known and _own(read, asker, since=now - SESSION).exists():
        # The same browser again: a page that was reloaded, a tab that was opened anew.
        return Tapped(TagAnswer.SAME_TAP, read.tag.record)
    is_conflict = _contradicts(read, asker, now)
    return _kept(read, asker, now, answer=TagAnswer.USED_LINK, is_conflict=is_conflict)


def _contradicts(read: Read, asker: Asker, now: datetime) -> bool:
    """A lower count that nobody spent, from elsewhere, shortly after a live tap: mark both."""
    taps = _taps_of(read)
    if taps.filter(counter=read.counter).exists():
        return False
    live = taps.filter(
        answer=TagAnswer.LIVE, counter__gt=read.counter, at__gt=now - CONFLICT_WITHIN
    ).exclude(session=asker.session)
    return live.update(is_conflict=True) > 0


def _own(read: Read, asker: Asker, *, since: datetime) -> QuerySet[Tap]:
    return _taps_of(read).filter(session=asker.session, is_consumed=True, at__gt=since)


def _taps_of(read: Read) -> QuerySet[Tap]:
    return Tap.objects.filter(tag=read.tag.pk, key_version=read.tag.key_version)


def _kept(
    read: Read, asker: Asker, now: datetime, *, answer: TagAnswer, is_conflict: bool = False
) -> Tapped:
    row = _row(read, asker, now, answer=answer, is_conflict=is_conflict)
    statements.keep_tap(shared_commit.execute, row)
    return Tapped(answer, read.tag.record)


def _row(
    read: Read,
    asker: Asker,
    now: datetime,
    *,
    answer: TagAnswer,
    is_consumed: bool = False,
    reads: int | None = None,
    is_second: bool = False,
    is_conflict: bool = False,
) -> statements.Kept:
    """What is kept of a tap; the cookie of the session leads to it."""
    return statements.Kept(
        tag=read.tag.pk,
        key_version=read.tag.key_version,
        counter=read.counter,
        at=now,
        answer=answer.value,
        is_consumed=is_consumed,
        session=asker.session,
        network=asker.network,
        country=asker.country,
        reads=reads,
        is_second=is_second,
        is_conflict=is_conflict,
    )

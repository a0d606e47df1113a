"""Looking at domains: a worker takes a due one under a lease, looks outside, and writes it down."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provenance import domains
from provenance.fetching import LookupFailedError
from provenance.lookup import Internet, Outside
from provenance.models.identity import DomainProof, DomainState, DomainWay
from provenance.models.maker import Maker
from provenance.services import identity
from provenance.services.events import record

# Several times the longest a look may take (lookup.WALL_SECONDS, and the DNS before it).
LEASE = timedelta(minutes=2)
STANDS_FOR = timedelta(days=30)
# A name server takes a while to tell a new record; one that stood may be away for a night.
FIRST_PAUSES = tuple(timedelta(minutes=many) for many in (1, 5, 30, 120, 480, 1440))
LATER_PAUSES = tuple(timedelta(hours=many) for many in (1, 8, 24))
NOWHERE = "The line stands neither in the TXT record nor in the file."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """One domain held under a lease; `until` is also the proof that we hold it still."""

    proof: DomainProof
    until: datetime

    @property
    def maker(self) -> Maker:
        return self.proof.maker

    @property
    def was_proven(self) -> bool:
        return bool(self.proof.state == DomainState.PROVEN)

    @property
    def pauses(self) -> tuple[timedelta, ...]:
        return LATER_PAUSES if self.was_proven else FIRST_PAUSES


@dataclass(frozen=True)
class Found:
    """What a look found: where the line stands, or why it was not seen."""

    way: str = ""
    reason: str = ""


def check_next(outside: Outside | None = None) -> bool:
    """Look at one due domain. False when none is due."""
    task = take()
    if task is None:
        return False
    found = look(task.proof, outside or Internet())
    write_down(task, found)
    return True


def look(proof: DomainProof, outside: Outside) -> Found:
    """Look at the TXT record, then at the file. Touches no database."""
    problems = []
    for way, lines_of in (
        (DomainWay.DNS, outside.txt_lines),
        (DomainWay.FILE, outside.file_lines),
    ):
        try:
            if domains.proves(lines_of(proof.domain), token=proof.token):
                return Found(way=way.value)
        except LookupFailedError as problem:
            problems.append(str(problem))
    return Found(reason=_sentence(problems))


def _sentence(problems: list[str]) -> str:
    if not problems:
        return NOWHERE
    told = "; ".join(problems)
    return f"The line was not found: {told}."


@transaction.atomic
def take() -> Task | None:
    now = timezone.now()
    due = DomainProof.objects.due(now)
    # SKIP LOCKED: on PostgreSQL the workers pass one another; SQLite has one writer anyway.
    found = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if found is None:
        return None
    until = now + LEASE
    held = due.filter(pk=found.pk)
    if not held.update(due_at=until, leased_until=until, attempts=F("attempts") + 1):
        return None
    mine = DomainProof.objects.filter(pk=found.pk, leased_until=until)
    mine.exclude(state=DomainState.PROVEN).update(state=DomainState.DOING)
    return Task(DomainProof.objects.select_related("maker").get(pk=found.pk), until)


@transaction.atomic
def write_down(task: Task, found: Found) -> None:
    # The maker's row orders us against a decision of staff.
    Maker.objects.select_for_update().get(pk=task.proof.maker_id)
    now = timezone.now()
    if found.way:
        _stands(task, found, now)
    elif task.proof.attempts > len(task.pauses):
        _fails(task, found, now)
    else:
        pause = task.pauses[task.proof.attempts - 1]
        state = DomainState.PROVEN if task.was_proven else DomainState.WANTED
        _move(task, state=state, reason=found.reason, due_at=now + pause)


def _stands(task: Task, found: Found, now: datetime) -> None:
    since = task.proof.proven_at if task.was_proven else now
    is_ours = _move(
        task,
        state=DomainState.PROVEN,
        proven_at=since,
        checked_at=now,
        due_at=now + STANDS_FOR,
        lapsed_at=None,
        way=found.way,
        reason="",
        attempts=0,
    )
    if is_ours and not task.was_proven:
        identity.lift(task.maker)
        facts = {"domain": task.proof.domain, "way": found.way}
        record("domain.proven", by=None, maker=task.maker, facts=facts)


def _fails(task: Task, found: Found, now: datetime) -> None:
    lapsed = {"lapsed_at": now} if task.was_proven else {}
    is_ours = _move(task, state=DomainState.FAILED, reason=found.reason, attempts=0, **lapsed)
    if is_ours and task.was_proven:
        identity.lower(task.maker)
        facts = {"domain": task.proof.domain, "reason": found.reason}
        record("domain.lapsed", by=None, maker=task.maker, facts=facts)


def _move(task: Task, **fields: object) -> bool:
    """Write while this lease holds; False when the domain was dropped or taken over meanwhile."""
    held = DomainProof.objects.filter(pk=task.proof.pk, leased_until=task.until)
    moved = held.update(leased_until=None, **fields)
    if not moved:
        log.info("a domain was dropped or taken over while it was looked up")
    return bool(moved)

"""Preparing: a worker takes a sealed upload under a lease and makes it safe to show."""

import logging
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from memories import media, media_plan
from memories.errors import BadSealError, LeaseLostError, MediaUnavailableError, UnsafeUploadError
from memories.media_plan import Variant
from memories.models.item import Item, ItemState, Rendition
from memories.models.worker import WorkerSign
from memories.services import films, making, originals, storage
from memories.services.making import Made

# Several times the longest a photograph may take (media_plan.Limits.wall_seconds); of a film, the
# lease is renewed while it is made.
LEASE = timedelta(minutes=2)
RENEWED_AFTER = timedelta(seconds=15)
MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=15)
NOT_PREPARED = "We could not prepare this. Please upload it again."
NOT_CUT = "We could not cut this photograph. Its original is kept: cut it another way."
NOT_ARRIVED = "This did not arrive whole. Please upload it again."

log = logging.getLogger(__name__)


@dataclass
class Task:
    """One item held under a lease; `until` is also the proof that we hold it still."""

    item: Item
    until: datetime
    is_first: bool

    @property
    def plan(self) -> Sequence[Variant]:
        return media_plan.FIRST if self.is_first else media_plan.LATER

    def renew(self, percent: int) -> None:
        """Tell how far it is, and hold the item for longer. Raises LeaseLostError."""
        now = timezone.now()
        if self.until - now > LEASE - RENEWED_AFTER:
            return
        held = Item.objects.filter(pk=self.item.pk, leased_until=self.until)
        until = now + LEASE
        if not held.update(leased_until=until, due_at=until, progress=percent):
            raise LeaseLostError("this item is no longer ours to prepare")
        self.until = until


def prepare_next() -> bool:
    """Do one due task. False when nothing is due."""
    task = take_task()
    if task is None:
        return False
    _attempt(task)
    return True


def take_task() -> Task | None:
    """Take a due item under a lease: those nobody can see yet before those that get finer."""
    unseen = [ItemState.WANTED, ItemState.DOING]
    return _take(unseen, is_first=True) or _take([ItemState.READY], is_first=False)


@transaction.atomic
def _take(states: Sequence[ItemState], *, is_first: bool) -> Task | None:
    now = timezone.now()
    due = Item.objects.due(now).filter(state__in=states)
    # SKIP LOCKED: on PostgreSQL the workers pass one another; SQLite has one writer anyway.
    found = due.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if found is None:
        return None
    until = now + LEASE
    changed = {"state": ItemState.DOING} if is_first else {}
    moved = due.filter(pk=found.pk).update(
        due_at=until, leased_until=until, attempts=F("attempts") + 1, **changed
    )
    if not moved:
        return None
    return Task(Item.objects.get(pk=found.pk), until, is_first)


def _attempt(task: Task) -> None:
    if task.item.attempts > MOST_ATTEMPTS:
        # Whoever took it so often never came back: it is the photograph that kills workers.
        _give_up(task, NOT_PREPARED)
        return
    try:
        _make(task)
    except UnsafeUploadError as refusal:
        _give_up(task, str(refusal))
    except (FileNotFoundError, BadSealError):
        _give_up(task, NOT_ARRIVED)
    except LeaseLostError:
        log.info("an item was erased or taken over while it was prepared")
    except (MediaUnavailableError, OSError) as problem:
        log.warning("an item waits for another try: %s", type(problem).__name__)
        _put_back(task)


def _make(task: Task) -> None:
    with tempfile.TemporaryDirectory() as bench:
        source = Path(bench) / "upload"
        _fetch(task.item, source)
        into = Path(bench) / "made"
        into.mkdir()
        made = making.make(task.item, source, into=into, plan=task.plan, on_progress=task.renew)
        folder = storage.new_rendition_folder(task.item)
        try:
            renditions = [_store(task.item, folder, each) for each in made.files]
            _stand(task, made, renditions)
        except (LeaseLostError, OSError):
            _clear_away(task.item, folder)
            raise


def _clear_away(item: Item, folder: str) -> None:
    """Take back what was stored; of an item erased meanwhile nothing at all may stay."""
    is_erased = not Item.objects.filter(pk=item.pk).exists()
    storage.erase(storage.folder_of(item) if is_erased else folder)


def _fetch(item: Item, target: Path) -> None:
    with target.open("wb") as copy:
        for chunk in originals.read(item):
            copy.write(chunk)


def _store(item: Item, folder: str, made: media.Derivative) -> Rendition:
    with made.path.open("rb") as content:
        file = storage.private().save(f"{folder}/{made.name}", File(content))
    return Rendition(
        item=item,
        name=made.name,
        file=file,
        width=made.width,
        height=made.height,
        bytes=made.bytes,
    )


@transaction.atomic
def _stand(task: Task, made: Made, renditions: Sequence[Rendition]) -> None:
    """Let the renditions stand, if the lease is still ours; the finer ones are wanted next."""
    if task.is_first:
        _move(task, state=ItemState.READY, attempts=0, due_at=timezone.now(), **made.facts)
        films.outdate(task.item.montage)
        # The keeper may have written a date meanwhile: theirs stays.
        Item.objects.filter(pk=task.item.pk, when="").update(when=_month(made.taken_at))
    else:
        _move(task, is_refined=True)
    Rendition.objects.bulk_create(renditions)


def _month(taken_at: datetime | None) -> str:
    """What the camera knew, as gently as one remembers it; the keeper may write it otherwise."""
    return f"{taken_at:%B %Y}" if taken_at else ""


def _move(task: Task, **fields: object) -> None:
    """Write to the item while this lease holds. Raises LeaseLostError."""
    held = Item.objects.filter(pk=task.item.pk, leased_until=task.until)
    if not held.update(leased_until=None, **fields):
        raise LeaseLostError("this item is no longer ours to prepare")


def _put_back(task: Task) -> None:
    if task.item.attempts >= MOST_ATTEMPTS:
        _give_up(task, NOT_PREPARED)
        return
    pause = FIRST_PAUSE * 2 ** (task.item.attempts - 1)
    Item.objects.filter(pk=task.item.pk, leased_until=task.until).update(
        state=ItemState.WANTED if task.is_first else ItemState.READY,
        leased_until=None,
        due_at=timezone.now() + pause,
    )


def _give_up(task: Task, refusal: str) -> None:
    """Refuse the photograph with its sentence; a ready one just goes without finer copies."""
    try:
        if not task.is_first:
            _move(task, is_refined=True)
            return
        if task.item.width is not None:
            # It stood once and is only cut anew: its original is not to blame, and stays.
            _move(task, state=ItemState.FAILED, refusal=NOT_CUT)
            return
        _move(task, state=ItemState.FAILED, refusal=refusal, upload_file="")
    except LeaseLostError:
        return
    storage.private().delete(task.item.upload_file)


def give_sign(name: str) -> None:
    """Leave a sign of life, which /readyz reads."""
    WorkerSign.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})

"""Erasing: a whole page at once, and what an act that was cut off left lying."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from memories.models.film import FilmJob, FilmState
from memories.models.item import Item, Rendition
from memories.models.montage import Montage
from memories.services import films, resumable, storage
from memories.services.epochs import end_access

# Longer than any upload or any work on one may take: what no row names by then, none ever will.
LEFT_AFTER = timedelta(days=1)
AT_ONCE = 200


@transaction.atomic
def erase_montage(*, montage: Montage) -> None:
    """Delete a page for good: rows, originals and their key, every derivative, every access."""
    folders = [storage.folder_of(item) for item in montage.items.all()]
    folders += films.folders_of(montage)
    resumable.forget_all(montage)
    end_access(montage)
    montage.delete()
    for folder in folders:
        transaction.on_commit(partial(storage.erase, folder))


def sweep(*, now: datetime) -> int:
    """Erase what no row names; the number of files and folders that went.

    A row stands before the first byte of an item is stored, so that a folder without a row is
    left over. In the folder of an item a file may be about to be named, so it must be old.
    """
    swept = 0
    for names in _batches(_folders(storage.ITEMS)):
        known = set(Item.objects.filter(public_id__in=names).values_list("public_id", flat=True))
        for name in names:
            if name not in known:
                storage.erase(f"{storage.ITEMS}/{name}")
                swept += 1
        swept += _sweep_files(known, now - LEFT_AFTER)
    return swept + _sweep_films(now - LEFT_AFTER)


def _sweep_films(before: datetime) -> int:
    """Erase what was stored of films that are gone, and of tries that came to nothing."""
    swept = 0
    for names in _batches(_folders(storage.FILMS)):
        jobs = FilmJob.objects.filter(public_id__in=names)
        for job in jobs.filter(state=FilmState.READY).select_related("montage__piece"):
            films.is_current(job)
        named = {*jobs.values_list("file", flat=True)}
        for name in names:
            for file in _files(f"{storage.FILMS}/{name}"):
                if file not in named and storage.changed_before(file, before):
                    storage.private().delete(file)
                    swept += 1
    return swept


def _sweep_files(public_ids: set[str], before: datetime) -> int:
    """Erase old files of these items that are neither their upload nor a rendition."""
    items = Item.objects.filter(public_id__in=public_ids)
    named = {*items.values_list("upload_file", flat=True)}
    named |= {*Rendition.objects.filter(item__in=items).values_list("file", flat=True)}
    swept = 0
    for public_id in public_ids:
        for file in _files(f"{storage.ITEMS}/{public_id}"):
            if file not in named and storage.changed_before(file, before):
                storage.private().delete(file)
                swept += 1
    return swept


def _folders(folder: str) -> list[str]:
    try:
        return storage.private().listdir(folder)[0]
    except FileNotFoundError:
        return []


def _files(folder: str) -> Iterator[str]:
    try:
        folders, files = storage.private().listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _files(f"{folder}/{name}")


def _batches(names: list[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(names), AT_ONCE):
        yield names[at : at + AT_ONCE]

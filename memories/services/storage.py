"""Where the bytes of a memory lie: one folder for each item, so that erasing misses nothing."""

import secrets
from datetime import datetime

from django.core.files.storage import Storage, storages

from memories.models.film import FILE, FilmJob
from memories.models.item import Item

ITEMS = "memories"
FILMS = "films"


def private() -> Storage:
    """The one storage nothing is served from by path."""
    return storages["private"]


def folder_of(item: Item) -> str:
    return f"{ITEMS}/{item.public_id}"


def new_upload_name(item: Item) -> str:
    """The device's own name for the file never becomes a path."""
    return f"{folder_of(item)}/upload-{secrets.token_hex(8)}"


def new_rendition_folder(item: Item) -> str:
    """A fresh folder for each try, so that two workers never write the same file."""
    return f"{folder_of(item)}/{secrets.token_hex(8)}"


def film_folder_of(job: FilmJob) -> str:
    return f"{FILMS}/{job.public_id}"


def new_film_name(job: FilmJob) -> str:
    """A fresh name for each try, so that two workers never write the same file."""
    return f"{film_folder_of(job)}/{secrets.token_hex(8)}/{FILE}"


def erase_unnamed_film(job: FilmJob) -> None:
    """Take back what was stored of a film that was not to stand; one that stands stays."""
    if not FilmJob.objects.filter(pk=job.pk).exclude(file="").exists():
        erase(film_folder_of(job))


def changed_before(name: str, moment: datetime) -> bool:
    """Whether a file is older than that; one that is gone meanwhile is not."""
    try:
        return private().get_modified_time(name) < moment
    except FileNotFoundError:
        return False


def erase(folder: str) -> None:
    """Delete a folder and all that lies in it; a folder that is not there is erased already."""
    store = private()
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        store.delete(f"{folder}/{name}")
    for name in folders:
        erase(f"{folder}/{name}")
    store.delete(folder)

"""Where the bytes of a memory lie: one folder for each item, so that erasing misses nothing."""

import secrets

from django.core.files.storage import Storage, storages

from memories.models import Item


def private() -> Storage:
    """The one storage nothing is served from by path."""
    return storages["private"]


def folder_of(item: Item) -> str:
    return f"memories/{item.public_id}"


def new_upload_name(item: Item) -> str:
    """The device's own name for the file never becomes a path."""
    return f"{folder_of(item)}/upload-{secrets.token_hex(8)}"


def new_rendition_folder(item: Item) -> str:
    """A fresh folder for each try, so that two workers never write the same file."""
    return f"{folder_of(item)}/{secrets.token_hex(8)}"


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

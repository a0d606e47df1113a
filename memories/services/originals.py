"""Originals: sealed under the key of their montage as they arrive, served to nobody else."""

import tempfile
from collections.abc import Iterable, Iterator

from django.core.files import File

from memories import keyring, sealing
from memories.errors import MemoriesKeyError
from memories.models.item import Item
from memories.models.montage import Montage
from memories.models.originals import MontageKey
from memories.services import storage

HELD_IN_MEMORY = 4 * 1024**2


def keep(item: Item, content: Iterable[bytes]) -> str:
    """Seal an upload into the private storage; the name under which it lies.

    Raises MemoriesKeyError, and OSError when the storage fails.
    """
    key = key_of(item.montage)
    with tempfile.SpooledTemporaryFile(max_size=HELD_IN_MEMORY) as sealed:
        for piece in sealing.seal(content, key=key, bound_to=_owner_of(item)):
            sealed.write(piece)
        sealed.seek(0)
        return storage.private().save(item.upload_file, File(sealed))


def read(item: Item) -> Iterator[bytes]:
    """The original in pieces, each authenticated before it is given.

    Raises FileNotFoundError, BadSealError and MemoriesKeyError.
    """
    if not item.upload_file:
        raise FileNotFoundError("this memory was brought before originals were kept")
    key = key_of(item.montage)
    with storage.private().open(item.upload_file) as sealed:
        yield from sealing.unseal(sealed, key=key, bound_to=_owner_of(item))


def key_of(montage: Montage) -> bytes:
    """The data key of a montage, drawn now if there was none. Raises MemoriesKeyError."""
    site = keyring.site_key()
    name = sealing.fingerprint(site)
    kept = MontageKey.objects.filter(montage=montage).first() or _draw(montage, site, name)
    if kept.site_key != name:
        raise MemoriesKeyError("MEMORIES_KEY is not the key these originals were sealed under.")
    return sealing.unwrap(bytes(kept.wrapped), site_key=site, bound_to=_owner_of_key(montage))


def _draw(montage: Montage, site: bytes, name: str) -> MontageKey:
    """A new key; of two that are drawn at once, the one that stands first counts."""
    drawn = sealing.wrap(sealing.new_key(), site_key=site, bound_to=_owner_of_key(montage))
    kept, _ = MontageKey.objects.get_or_create(
        montage=montage, defaults={"wrapped": drawn, "site_key": name}
    )
    return kept


def _owner_of(item: Item) -> bytes:
    return f"item {item.public_id}".encode("ascii")


def _owner_of_key(montage: Montage) -> bytes:
    return f"montage {montage.pk}".encode("ascii")

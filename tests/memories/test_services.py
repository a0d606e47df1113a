"""The acts on a montage: laws, turns between two phones, and what erasing leaves."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError

from memories.errors import (
    ChangedElsewhereError,
    NobodyMaySeeError,
    NothingToShowError,
    UnknownItemError,
)
from memories.models.item import Item, ItemState, Rendition
from memories.models.montage import Montage, MontageLevel, Opening
from memories.services import arrange, storage
from tests.factories import make_memory, make_montage, make_open_montage, make_user

pytestmark = pytest.mark.django_db

WORDS = arrange.PageWords("The long way to Wells", "", Opening.COVER)


def captions(montage: Montage) -> list[str]:
    return [item.caption for item in montage.items.all()]


def test_a_montage_begins_private_and_unpublished():
    montage = make_montage()

    assert (montage.level, montage.published_at) == (MontageLevel.ONLY_ME, None)


def test_asking_twice_for_ones_own_montage_gives_the_same():
    montage = make_montage()

    again = arrange.montage_of(piece=montage.piece, keeper=montage.keeper)

    assert again == montage


def test_the_second_phone_overwrites_nothing():
    montage = make_montage()
    arrange.describe_page(montage=montage, revision=1, words=WORDS)

    with pytest.raises(ChangedElsewhereError):
        arrange.describe_page(
            montage=montage, revision=1, words=arrange.PageWords("Other", "", "cover")
        )

    montage.refresh_from_db()
    assert (montage.title, montage.revision) == ("The long way to Wells", 2)


def test_publishing_what_another_phone_changed_is_refused():
    montage = make_montage(level=MontageLevel.CODE)
    make_memory(montage)
    arrange.describe_page(montage=montage, revision=1, words=WORDS)

    with pytest.raises(ChangedElsewhereError):
        arrange.publish(montage=montage, revision=1)


def test_a_page_for_me_alone_is_not_published():
    montage = make_montage()
    make_memory(montage)

    with pytest.raises(NobodyMaySeeError):
        arrange.publish(montage=montage, revision=1)

    montage.refresh_from_db()
    assert (montage.published_at, montage.revision) == (None, 1)


@pytest.mark.parametrize("state", [ItemState.WANTED, ItemState.DOING, None])
def test_a_page_without_a_ready_photograph_is_not_published(state):
    montage = make_montage(level=MontageLevel.CODE)
    if state:
        make_memory(montage)
        montage.items.update(state=state)

    with pytest.raises(NothingToShowError):
        arrange.publish(montage=montage, revision=1)


def test_a_page_with_only_private_photographs_is_not_published():
    montage = make_montage(level=MontageLevel.CODE)
    make_memory(montage, level=MontageLevel.ONLY_ME)

    with pytest.raises(NothingToShowError):
        arrange.publish(montage=montage, revision=1)


def test_new_words_alone_end_no_access():
    montage = make_open_montage()

    arrange.describe_page(montage=montage, revision=1, words=WORDS)

    montage.refresh_from_db()
    assert (montage.access_epoch, montage.is_published) == (1, True)


def test_closing_the_page_always_works_and_ends_every_access():
    montage = make_open_montage()
    Montage.objects.filter(pk=montage.pk).update(revision=9)

    arrange.unpublish(montage=montage)

    montage.refresh_from_db()
    assert (montage.published_at, montage.access_epoch, montage.revision) == (None, 2, 10)


def test_memories_move_one_place_by_a_button():
    montage = make_montage()
    _, _, last = (make_memory(montage, caption=caption) for caption in "abc")

    arrange.move_item(montage=montage, revision=1, item=last.public_id, direction="up")

    assert captions(montage) == ["a", "c", "b"]


def test_the_order_of_a_drag_keeps_what_arrived_meanwhile_at_the_end():
    montage = make_montage()
    a, b, c = (make_memory(montage, caption=caption) for caption in "abc")
    make_memory(montage, caption="new")

    arrange.order_items(
        montage=montage, revision=1, order=[c.public_id, "stranger", a.public_id, b.public_id]
    )

    assert captions(montage) == ["c", "a", "b", "new"]


def test_moving_what_was_erased_is_refused_by_name():
    montage = make_montage()

    with pytest.raises(UnknownItemError):
        arrange.move_item(montage=montage, revision=1, item="gone", direction="up")


def test_a_memory_of_another_montage_does_not_move():
    mine = make_montage()
    other = make_memory(make_montage(maker=mine.piece.maker, user=make_user("sana")))

    with pytest.raises(UnknownItemError):
        arrange.move_item(montage=mine, revision=1, item=other.public_id, direction="down")


def test_erasing_deletes_rows_files_and_what_a_dead_worker_left(
    django_capture_on_commit_callbacks,
):
    item = make_memory(make_montage(), content=b"CANARY of the erased")
    storage.private().save(f"{storage.folder_of(item)}/left/480.webp", ContentFile(b"CANARY"))
    folder = storage.folder_of(item)

    with django_capture_on_commit_callbacks(execute=True):
        arrange.erase_item(item=item)

    assert not Item.objects.exists()
    assert not Rendition.objects.exists()
    assert not storage.private().exists(folder)
    assert b"CANARY of the erased" not in _everything_stored()


def _everything_stored() -> bytes:
    root = Path(storage.private().location)
    return b"\n".join(file.read_bytes() for file in root.rglob("*") if file.is_file())


def test_erasing_that_is_rolled_back_keeps_the_files(django_capture_on_commit_callbacks):
    item = make_memory(make_montage())

    with django_capture_on_commit_callbacks(execute=False):
        arrange.erase_item(item=item)

    assert storage.private().exists(storage.folder_of(item))


def test_a_keeper_has_one_montage_behind_a_piece():
    montage = make_montage()

    with pytest.raises(IntegrityError):
        Montage.objects.create(piece=montage.piece, keeper=montage.keeper)

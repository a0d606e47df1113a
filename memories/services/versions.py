"""Versions: what a page was like after each change, and the way back to it."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from memories.models.chapter import Chapter
from memories.models.item import Item
from memories.models.montage import Montage
from memories.models.version import Version
from memories.services import chapters

MOST_KEPT: Final = 50
# Who may see the page or a memory is left out: going back must never open what was closed.
PAGE: Final = ("title", "words", "opening", "template", "theme")
ITEM: Final = ("caption", "alt", "when", "focus_x", "focus_y")
AT_FIRST: Final = "As it was at first"


def begin(montage: Montage) -> None:
    """Keep what stands before the first change of all, so that even that can be undone."""
    if montage.version == 0:
        _keep(montage, AT_FIRST, before=None)


def keep(montage: Montage, said: str) -> None:
    """Keep the page as it is after a change; the oldest versions beyond the bound go."""
    _keep(montage, said, before=montage.version)
    kept = montage.versions.values_list("number", flat=True)[:MOST_KEPT]
    montage.versions.exclude(number__in=list(kept)).delete()


def _keep(montage: Montage, said: str, *, before: int | None) -> None:
    number = (montage.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    Version.objects.create(
        montage=montage, number=number, before=before, said=said, body=_body_of(montage)
    )
    _be(montage, number)


def _be(montage: Montage, number: int) -> None:
    montage.version = number
    Montage.objects.filter(pk=montage.pk).update(version=number)


def _body_of(montage: Montage) -> dict[str, Any]:
    line = chapters.whole_line(montage)
    items = [each for each in line if isinstance(each, Item)]
    return {
        "page": {name: getattr(montage, name) for name in PAGE},
        "line": [each.public_id for each in line],
        "chapters": {each.public_id: each.title for each in line if isinstance(each, Chapter)},
        "items": {item.public_id: {name: getattr(item, name) for name in ITEM} for item in items},
    }


def before(montage: Montage) -> Version | None:
    """The version that an undo would go back to."""
    if montage.version == 0:
        return None
    numbers = montage.versions.filter(number=montage.version).values("before")
    found: Version | None = montage.versions.filter(number__in=numbers).first()
    return found


@transaction.atomic
def restore(montage: Montage, version: Version) -> None:
    """Arrange the page as it was then. What arrived since stays, at the end; what was erased is
    gone. The page is at that version from now on.
    """
    body = version.body
    for name, value in body["page"].items():
        setattr(montage, name, value)
    montage.save(update_fields=list(body["page"]))
    _restore_chapters(montage, body["chapters"])
    items = list(montage.items.filter(public_id__in=body["items"]))
    for item in items:
        for name, value in body["items"][item.public_id].items():
            setattr(item, name, value)
    Item.objects.bulk_update(items, ITEM)
    chapters.hang(montage, body["line"])
    _be(montage, version.number)


def _restore_chapters(montage: Montage, titles: Mapping[str, str]) -> None:
    montage.chapters.exclude(public_id__in=titles).delete()
    for public_id, title in titles.items():
        montage.chapters.update_or_create(
            public_id=public_id, defaults={"title": title}, create_defaults=_new(title)
        )


def _new(title: str) -> dict[str, Any]:
    return {"title": title, "position": 0}


def forget(item: Item) -> None:
    """Take what was ever said of a memory out of all versions: erased means everywhere."""
    held = list(Version.objects.filter(montage_id=item.montage_id))
    for version in held:
        version.body["items"].pop(item.public_id, None)
        version.body["line"] = [each for each in version.body["line"] if each != item.public_id]
    Version.objects.bulk_update(held, ["body"])

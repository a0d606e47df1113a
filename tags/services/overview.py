"""What a maker sees of all tags: the drawer, those on pieces, and what is worth a look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from provenance.models.maker import Maker
from provenance.verdict import TagAnswer
from tags.answers import MANY_NETWORKS, MANY_OPENINGS
from tags.life import IN_STOCK, WORDS, TagState
from tags.models.tag import Tag, TagKind, TagQuerySet
from tags.models.tap import Tap
from tags.patterns import MANY_USED_LINKS, Seen

LOOKED_BACK = timedelta(days=90)
MOST_UNUSUAL = 20


@dataclass(frozen=True)
class Drawer:
    """So many tags of one kind in one state."""

    kind: str
    state: str
    many: int


@dataclass(frozen=True)
class Watched:
    """A tag on a piece and how it was read; `live_at` is its last live tap."""

    tag: Tag
    seen: Seen
    live_at: datetime | None


def drawers_of(maker: Maker) -> Sequence[Drawer]:
    """What lies in the drawer, in the order in which tags are made ready."""
    rows = Tag.objects.in_stock_of(maker).values_list("kind", "state").annotate(many=Count("pk"))
    found = sorted(rows.order_by(), key=lambda row: (row[0], IN_STOCK.index(TagState(row[1]))))
    return [
        Drawer(TagKind(kind).label, WORDS[TagState(state)], many) for kind, state, many in found
    ]


def tags_on_pieces(maker: Maker) -> TagQuerySet:
    """The standing tags on the maker's pieces, the newest first."""
    tags = Tag.objects.on_pieces_of(maker).standing().select_related("piece")
    return tags.order_by("-bound_at", "-pk")


def unusual_tags(maker: Maker) -> TagQuerySet:
    """Those among them that are worth a look."""
    recent = _recent().filter(tag=OuterRef("pk"))
    used = recent.filter(answer=TagAnswer.USED_LINK)
    # The first so many, not a count: a link that ten thousand opened is found as fast.
    often = used.order_by("pk").values("pk")[MANY_USED_LINKS - 1 : MANY_USED_LINKS]
    return tags_on_pieces(maker).filter(
        Q(times_opened__gte=MANY_OPENINGS, most_networks__gte=MANY_NETWORKS)
        | Q(state=TagState.TAMPERED)
        | Exists(recent.filter(is_conflict=True))
        | Exists(often)
    )[:MOST_UNUSUAL]


def watched(tags: Iterable[Tag]) -> Sequence[Watched]:
    """These tags with their readings, in one more query."""
    tags = list(tags)
    counted = (
        _recent()
        .filter(tag__in=tags)
        .values("tag")
        .annotate(
            live_at=Max("at", filter=Q(answer=TagAnswer.LIVE)),
            used=Count("pk", filter=Q(answer=TagAnswer.USED_LINK)),
            conflicts=Count("pk", filter=Q(answer=TagAnswer.USED_LINK, is_conflict=True)),
        )
        .order_by()
    )
    rows = counted.values_list("tag", "live_at", "used", "conflicts")
    by_tag = {tag: (live_at, used, conflicts) for tag, live_at, used, conflicts in rows}
    return [_watched(tag, *by_tag.get(tag.pk, (None, 0, 0))) for tag in tags]


def _watched(tag: Tag, live_at: datetime | None, used_links: int, conflicts: int) -> Watched:
    seen = Seen(
        times_opened=tag.times_opened,
        most_networks=tag.most_networks,
        used_links=used_links,
        conflicts=conflicts,
        tampered_at=tag.tampered_at,
    )
    return Watched(tag, seen, live_at)


def _recent() -> QuerySet[Tap]:
    return Tap.objects.filter(at__gt=timezone.now() - LOOKED_BACK)

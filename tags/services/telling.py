"""A letter to the maker whose code unusually many opened; the visitor was told on the page."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.template.loader import render_to_string

from provenance.services.post import send_after_commit
from tags import codes
from tags.answers import MANY_NETWORKS, MANY_OPENINGS, is_unusual
from tags.models.tag import Tag
from tags.models.tap import Opening
from tags.patterns import Seen, advice_on

# One letter about a tag in so long, and it is about these days.
APART = timedelta(days=30)


def tell_makers(*, now: datetime) -> int:
    """Write of every code that many opened lately, once in thirty days; how many letters."""
    return sum(_tell(tag, now) for tag in _opened_often(now))


def _opened_often(now: datetime) -> Iterator[Tag]:
    often = Q(times_opened__gte=MANY_OPENINGS, most_networks__gte=MANY_NETWORKS)
    tags = Tag.objects.standing().filter(often, _is_due(now), piece__isnull=False)
    found = tags.select_related("piece__maker__user").order_by("pk")
    return (tag for tag in found if _is_still_opened(tag, now))


def _is_due(now: datetime) -> Q:
    return Q(told_at__isnull=True) | Q(told_at__lt=now - APART)


def _is_still_opened(tag: Tag, now: datetime) -> bool:
    """Whether these days alone are unusual: what is long over is worth no letter."""
    days = Opening.objects.filter(tag=tag, day__gt=(now - APART).date()).values("day")
    rows = list(days.annotate(all=Sum("times"), many=Count("pk")).values_list("all", "many"))
    return is_unusual(sum(times for times, _ in rows), max((many for _, many in rows), default=0))


@transaction.atomic
def _tell(tag: Tag, now: datetime) -> bool:
    """Send it, unless another worker was first."""
    is_mine = Tag.objects.filter(_is_due(now), pk=tag.pk).update(told_at=now) == 1
    if is_mine and tag.piece:
        words = {
            "advice": advice_on(Seen(tag.times_opened, tag.most_networks)),
            "code": codes.show_code(tag.code),
            "piece": tag.piece,
            "desk": f"{settings.SITE_URL}/workshop/tags/{tag.public_id}",
            "site_name": settings.SITE_NAME,
        }
        send_after_commit(
            subject=f"The code of the {tag.piece.title} was opened often.",
            text=render_to_string("tags/email/opened_often.txt", words),
            to=tag.piece.maker.user.email,
        )
    return is_mine

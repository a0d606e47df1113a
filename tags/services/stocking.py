"""The drawer: what lies in it, and tags set aside to be written."""

from collections import Counter

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count

from provenance.models.maker import Maker
from tags import keyring
from tags.life import TagState
from tags.models.tag import Tag, TagKind
from tags.services import bench


def counts_of(maker: Maker) -> Counter[tuple[str, str]]:
    """How many tags of each kind lie in each state."""
    rows = Tag.objects.in_stock_of(maker).order_by().values_list("kind", "state")
    return Counter({(kind, state): n for kind, state, n in rows.annotate(many=Count("pk"))})


def profiles_here() -> list[str]:
    """The kinds of chips that are set up whole, by name."""
    names = (written.name for written in settings.TAGS_PROFILES)
    return [name for name in names if keyring.kind_named(name)]


@transaction.atomic
def set_aside(*, maker: Maker, count: int, by: User, profile: str = "") -> list[Tag]:
    """Set so many tags aside to be written: plain ones, or chips of a profile.

    Blank ones of the drawer are taken first; the rest is taken into stock. Raises NoSuchKeysError.
    """
    kind = TagKind.NTAG424 if profile else TagKind.NFC
    blank = Tag.objects.in_stock_of(maker).filter(kind=kind, state=TagState.BLANK)
    tags = list(blank.order_by("pk")[:count])
    if len(tags) < count:
        tags += bench.add_stock(maker=maker, kind=kind, count=count - len(tags), by=by)
    return [bench.reserve_tag(tag=tag, by=by, profile=profile) for tag in tags]

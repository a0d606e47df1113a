"""The signed cookie that says: this browser opened the code of a piece itself.

It names the tag and its epoch and stands for nothing in the database. A piece's id alone, which
every certificate carries, opens nothing.
"""

from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from provenance.models.piece import Piece
from tags.models.tag import Tag

COOKIE = "tm_code"
LIFETIME = timedelta(days=180)
# The pieces of a family fit; a browser that collects codes keeps the latest.
MOST_KEPT = 12

_SALT = "tags.capabilities"


class Named(Protocol):
    """A tag, as far as a capability names it."""

    @property
    def public_id(self) -> str: ...

    @property
    def epoch(self) -> int: ...


def grant(response: HttpResponse, request: HttpRequest, tag: Named) -> None:
    """Let this browser remember that it opened the code of `tag`."""
    new = (tag.public_id, tag.epoch)
    others = [held for held in read(request) if held[0] != new[0]]
    response.set_signed_cookie(
        COOKIE,
        signing.b64_encode(_written([new, *others][:MOST_KEPT]).encode()).decode(),
        salt=_SALT,
        max_age=LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def holds_code(request: HttpRequest, piece: Piece) -> bool:
    """Whether this browser opened a code of the piece that still stands, in its present epoch."""
    held = dict(read(request))
    if not held:
        return False
    epochs = Tag.objects.standing().filter(piece=piece).values_list("public_id", "epoch")
    return any(held.get(public_id) == epoch for public_id, epoch in epochs)


def read(request: HttpRequest) -> list[tuple[str, int]]:
    """The tags this browser opened, as (public id, epoch), the latest first."""
    try:
        value = request.get_signed_cookie(COOKIE, salt=_SALT, max_age=LIFETIME)
        text = signing.b64_decode(str(value).encode()).decode()
    except (KeyError, signing.BadSignature, ValueError):
        return []
    return [(name, int(epoch)) for name, _, epoch in (each.partition(".") for each in text.split())]


def _written(held: list[tuple[str, int]]) -> str:
    return " ".join(f"{name}.{epoch}" for name, epoch in held)

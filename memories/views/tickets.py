"""Signed cookies that say what a browser may open: each a list of names with an access epoch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from memories.models.montage import Montage

MOST_KEPT = 12


@dataclass(frozen=True)
class Cookie:
    name: str
    lifetime: timedelta

    @property
    def salt(self) -> str:
        return f"memories.tickets.{self.name}"


PIN: Final = Cookie("tm_pin", timedelta(days=7))
# How long an invitation itself lasts, the database says each time.
GUEST: Final = Cookie("tm_guest", timedelta(days=366))


def name_of(montage: Montage) -> str:
    """How a ticket names a montage: each keeper's own, and no row number to count."""
    return salted_hmac("memories.tickets", str(montage.pk)).hexdigest()[:22]


def read(request: HttpRequest, cookie: Cookie) -> dict[str, int]:
    """The names in the cookie with their epochs, the latest first; {} where none is to be believed.

    Whether an epoch is still the present one is for the asker to compare.
    """
    try:
        value = request.get_signed_cookie(cookie.name, salt=cookie.salt, max_age=cookie.lifetime)
        text = signing.b64_decode(str(value).encode()).decode()
    except (KeyError, signing.BadSignature, ValueError):
        return {}
    return {name: int(epoch) for name, _, epoch in (each.partition(".") for each in text.split())}


def grant(
    response: HttpResponse, request: HttpRequest, cookie: Cookie, *, name: str, epoch: int
) -> None:
    """Let this browser hold one more; of many it keeps the latest."""
    held = {name: epoch} | {
        other: of_other for other, of_other in read(request, cookie).items() if other != name
    }
    text = " ".join(f"{each}.{number}" for each, number in list(held.items())[:MOST_KEPT])
    response.set_signed_cookie(
        cookie.name,
        signing.b64_encode(text.encode()).decode(),
        salt=cookie.salt,
        max_age=cookie.lifetime,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

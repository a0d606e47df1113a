"""What a request tells of a visit: whether somebody came at all, and from which country."""

import re

from django.conf import settings
from django.http import HttpRequest

from provenance import countries

# Programs that open a link before a person does: previews in messages, searchers, checkers.
# Phones of one house are called Cubot.
_ROBOTS = re.compile(
    r"(?<!cu)bot\b|bot[/;_-]|crawl|spider|slurp|preview|facebookexternalhit|facebot|whatsapp|"
    r"embedly|iframely|vkshare|pinterest/|flipboard|snap url",
    re.IGNORECASE,
)
_MARKS_OF_A_LOOK = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


def only_looks(request: HttpRequest) -> bool:
    """Whether nobody came yet: HEAD, a page fetched in advance, a preview of a link.

    A button on the page they get asks by POST, which no such program sends.
    """
    if request.method == "HEAD":
        return True
    told = " ".join(request.META.get(mark, "") for mark in _MARKS_OF_A_LOOK).lower()
    if "prefetch" in told or "preview" in told:
        return True
    return bool(_ROBOTS.search(request.META.get("HTTP_USER_AGENT", "")))


def country_of(request: HttpRequest) -> str:
    """Two letters, where a proxy of ours writes them; else ""."""
    if not settings.COUNTRY_HEADER:
        return ""
    told = request.headers.get(settings.COUNTRY_HEADER, "").strip().upper()
    return told if told in countries.NAMES else ""

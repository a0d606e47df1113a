"""The pages that strangers open speak their language; the rest of the site speaks English."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

# By the name of their address. Half a page in two languages is worse than a whole one in English.
TRANSLATED = frozenset(
    {"provenance:piece", "tags:code", "tags:find_code", "tags:tap", "memories:cover"}
)
# A tap is never opened again for another language: its link counts once.
WITHOUT_CHOICE = frozenset({"tags:tap", "memories:cover"})
CHOICE = "lang"
REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Language:
    """A language as the foot of a page offers it."""

    code: str
    name: str
    is_current: bool


class VisitorsLanguage:
    """Sets the language of a translated page: the one chosen, else what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
            if _is_translated(request):
                _tell(request, response)
            return response
        finally:
            translation.deactivate()

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]
    ) -> None:
        """Before the view, and in force until its answer, or its "not here", is written."""
        if _is_translated(request):
            translation.activate(_chosen(request) or translation.get_language_from_request(request))


def offered(request: HttpRequest) -> list[Language]:
    """The languages to choose from at the foot of this page; none where there is no choice."""
    if not _is_translated(request) or _name_of(request) in WITHOUT_CHOICE:
        return []
    current = translation.get_language()
    return [Language(code[:2], name, code == current) for code, name in settings.LANGUAGES]


def _name_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _is_translated(request: HttpRequest) -> bool:
    return _name_of(request) in TRANSLATED


def _chosen(request: HttpRequest) -> str | None:
    """The language asked for in the address, as the settings name it."""
    if _name_of(request) in WITHOUT_CHOICE:
        return None
    asked = request.GET.get(CHOICE, "")
    return next((code for code, _ in settings.LANGUAGES if code[:2] == asked), None)


def _tell(request: HttpRequest, response: HttpResponse) -> None:
    response.headers["Content-Language"] = (translation.get_language() or "en")[:2]
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    if chosen := _chosen(request):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=REMEMBERED,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

"""How often one network may try something, on pages as in the API (rates: REST_FRAMEWORK)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.throttling import SimpleRateThrottle


class NetworkThrottle(SimpleRateThrottle):
    """Counts by network address, which is kept only as a keyed hash and only for the window."""

    def __init__(self, scope: str, subject: str = "") -> None:
        self.scope = scope
        self.subject = subject
        super().__init__()

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        who = self.subject or self.get_ident(request)  # type: ignore[arg-type]
        return f"limit:{self.scope}:{salted_hmac('limits', who).hexdigest()}"


def address_of(request: HttpRequest) -> str:
    """The address that asks, past as many proxies as are ours; "" where nobody says."""
    told: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not settings.PROXY_DEPTH or not told:
        return str(request.META.get("REMOTE_ADDR") or "")
    addresses = told.split(",")
    return addresses[-min(settings.PROXY_DEPTH, len(addresses))].strip()


def allows(request: HttpRequest, scope: str, *, subject: str = "") -> bool:
    """Count one try of `scope` by this network (or by `subject`, an account); False: too many."""
    throttle = NetworkThrottle(scope, subject)
    return throttle.allow_request(request, None)  # type: ignore[arg-type]


def has_room(request: HttpRequest, scope: str, *, subject: str = "") -> bool:
    """Whether one more try of `scope` would be allowed, without counting it."""
    throttle = NetworkThrottle(scope, subject)
    key = throttle.get_cache_key(request, None)
    most, seconds = throttle.parse_rate(throttle.get_rate())
    since = throttle.timer() - (seconds or 0)
    tries: list[float] = throttle.cache.get(key, [])
    return sum(tried > since for tried in tries) < (most or 0)

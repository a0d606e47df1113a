"""Who may call: a maker's program by its token, anyone else by the network it calls from."""

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from provenance import limits
from provenance.models.maker import Maker
from provenance.services import access

MISS = "token_miss"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer tm_...`; the maker it belongs to becomes `request.auth`."""

    def authenticate(self, request: Request) -> tuple[object, Maker] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        # Counted by network, so that a guesser learns nothing more once his misses are spent.
        if not limits.has_room(request._request, MISS):
            raise Throttled(wait=60)
        maker = access.maker_of_token(text.strip())
        if maker is None:
            limits.allows(request._request, MISS)
            raise AuthenticationFailed("This token is unknown or withdrawn.", "token_unknown")
        return maker.user, maker

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class HasToken(BasePermission):
    """Only a maker's own program."""

    def has_permission(self, request: Request, view: object) -> bool:
        return isinstance(request.auth, Maker)


class _Throttle(limits.NetworkThrottle):
    """One budget per maker, whatever the number of tokens; else one per network."""

    named: str

    def __init__(self) -> None:
        super().__init__(self.named)

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        maker = getattr(request, "auth", None)
        if isinstance(maker, Maker):
            self.subject = f"maker:{maker.public_id}"
        return super().get_cache_key(request, view)


class ReadThrottle(_Throttle):
    named = "read"


class WriteThrottle(_Throttle):
    named = "write"


class VerifyThrottle(_Throttle):
    named = "verify"


class UploadThrottle(_Throttle):
    named = "upload"

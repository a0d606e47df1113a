"""The desk every call comes to: who may, how often, in which language of the two ends."""

from typing import ClassVar

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from provenance.api.access import HasToken, ReadThrottle, WriteThrottle
from provenance.api.bodies import AlwaysJSON, StrictJSON
from provenance.models.maker import Maker


class Desk(APIView):
    """Reading is open to all and counted by network; writing needs a token."""

    content_negotiation_class = AlwaysJSON
    parser_classes = [StrictJSON]
    metadata_class = None
    maker_only: ClassVar[frozenset[str]] = frozenset({"POST"})

    def get_permissions(self) -> list[HasToken]:
        return [HasToken()] if self.request.method in self.maker_only else []

    def get_throttles(self) -> list[BaseThrottle]:
        return [ReadThrottle() if self.request.method in SAFE_METHODS else WriteThrottle()]

    @property
    def default_response_headers(self) -> dict[str, str]:
        """A verdict is of this moment, and a draft is nobody else's: no cache keeps either."""
        return {**super().default_response_headers, "Cache-Control": "no-store"}

    @property
    def maker(self) -> Maker | None:
        """Whose program is calling, if it said so."""
        return self.request.auth if isinstance(self.request.auth, Maker) else None


class Schema(SpectacularJSONAPIView):
    """This API in the words of OpenAPI 3."""

    content_negotiation_class = AlwaysJSON
    throttle_classes = [ReadThrottle]


class NothingHere(Desk):
    """Every other address below /api/v1."""

    maker_only = frozenset()

    @extend_schema(exclude=True)
    def get(self, request: Request, rest: str) -> HttpResponse:
        raise Http404

    post = put = patch = delete = get

"""How a public file is answered: its exact bytes, checkable, cacheable, open to every site."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import MediaType
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_http_methods

CREDENTIAL = "application/vc"
FOREVER = "public, max-age=31536000, immutable"
# A changed status, and a key reported stolen, are seen within a minute by whoever asks: the
# platform's own memory of its keys is up to half a minute old, and a copy lives as long.
SHORT = "public, max-age=30"
# Shorter ones fit into one packet either way.
LEAST_TO_PACK = 1024

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def open_to_all(view: View[Rest]) -> View[Rest]:
    """GET and HEAD, and for a browser on another site's page the question whether it may."""

    allowed = require_http_methods(["GET", "HEAD", "OPTIONS"])(view)

    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return _permission()
        try:
            response = allowed(request, *args, **kwargs)
        except Http404 as problem:
            response = response_for_exception(request, problem)
        if response.status_code >= 400:
            # A program on another site reads a refusal too, and not that "the network failed".
            response["Access-Control-Allow-Origin"] = "*"
        return response

    return answer


def public_file(
    request: HttpRequest, content: bytes, *, kind: str, cache: str, name: str = ""
) -> HttpResponseBase:
    """Answer these bytes; with `?download=1` as a file called `name`."""
    is_packed = len(content) >= LEAST_TO_PACK and takes_gzip(request)
    etag = _etag(content, kind, is_packed=is_packed)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(_packed(content) if is_packed else content, content_type=kind)
        if is_packed:
            response["Content-Encoding"] = "gzip"
    opened(response, etag=etag, cache=cache)
    patch_vary_headers(response, ["Accept-Encoding"])
    if name and request.GET.get("download"):
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def opened(response: HttpResponseBase, *, etag: str, cache: str) -> None:
    """Say how to know a public file again, how long it keeps, and that every site may read it."""
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link"


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the visitor takes gzip, as RFC 9110 section 12.5.3 reads the header."""
    header = request.headers.get("Accept-Encoding", "")
    # Django's reader of weighted names serves codings too: it takes all before a slash.
    weights = {each.main_type: each.quality for each in map(MediaType, header.split(","))}
    return weights.get("gzip", weights.get("*", 0)) > 0


def _packed(content: bytes) -> bytes:
    # Nothing secret stands in a public file, so its packed length tells nobody anything; without
    # a time in it the same content is packed to the same bytes.
    return gzip.compress(content, compresslevel=6, mtime=0)


def _etag(content: bytes, kind: str, *, is_packed: bool) -> str:
    """A strong one: other bytes, another kind or another coding have another (RFC 9110 8.8.3.3)."""
    digest = hashlib.sha256(kind.encode() + b"\n" + content).hexdigest()
    return f'"{digest}-gzip"' if is_packed else f'"{digest}"'


def _permission() -> HttpResponse:
    """The answer to a preflight (Fetch section 3.2): anyone may read, with these headers."""
    response = HttpResponse(status=204)
    response["Allow"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response

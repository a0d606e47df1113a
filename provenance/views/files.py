"""How a public file is answered: its exact bytes, checkable, cacheable, open to every site."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

CREDENTIAL = "application/vc"
FOREVER = "public, max-age=31536000, immutable"


def public_file(
    request: HttpRequest, content: bytes, *, kind: str, cache: str, name: str = ""
) -> HttpResponseBase:
    """Answer these bytes; with `?download=1` as a file called `name`."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    response = response or HttpResponse(content, content_type=kind)
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["Access-Control-Allow-Origin"] = "*"
    if name and request.GET.get("download"):
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

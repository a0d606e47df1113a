"""Sending a private file to somebody who may have it: whole, in part, or only "unchanged"."""

from collections.abc import Iterator
from typing import IO, Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import get_conditional_response

from memories import ranges
from memories.errors import UnsatisfiableRangeError
from memories.ranges import Part
from memories.services import storage

BLOCK = 64 * 1024


def send(request: HttpRequest, name: str, *, etag: str, content_type: str) -> HttpResponseBase:
    """Answer GET and HEAD with the private file of this name; 304, 206 and 416 as asked.

    Whether the visitor may have it was asked before, whatever the answer. Raises Http404.
    """
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = _content(request, name, etag, content_type)
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    return answer


def _content(request: HttpRequest, name: str, etag: str, content_type: str) -> HttpResponseBase:
    store = storage.private()
    try:
        part = _part(request, etag, size=store.size(name))
        file = store.open(name)
    except UnsatisfiableRangeError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{store.size(name)}"})
    except FileNotFoundError as problem:
        raise Http404 from problem
    if part is None:
        return FileResponse(file, content_type=content_type)
    return StreamingHttpResponse(
        _Blocks(file, part),
        status=206,
        content_type=content_type,
        headers={"Content-Range": part.content_range, "Content-Length": str(part.length)},
    )


def _part(request: HttpRequest, etag: str, *, size: int) -> Part | None:
    # RFC 9110 section 14.2: a range is a wish of GET alone.
    if request.method != "GET" or not ranges.still_holds(
        request.headers.get("If-Range"), etag=etag
    ):
        return None
    return ranges.part_of(request.headers.get("Range"), size=size)


class _Blocks:
    """A part of a file, in blocks; Django closes it when the answer ends."""

    def __init__(self, file: IO[Any], part: Part) -> None:
        self._file = file
        self._left = part.length
        file.seek(part.first)

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (block := self._file.read(min(BLOCK, self._left))):
            self._left -= len(block)
            yield block

    def close(self) -> None:
        self._file.close()

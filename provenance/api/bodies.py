"""Reading what a program sends: capped, strict, and each call that creates under its own key."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from provenance import identifiers
from provenance.api.errors import MissingKeyError
from provenance.canonical import BUNDLE_LIMIT, canonical_bytes, check_subset, parse_object
from provenance.errors import TooLargeError
from provenance.models.maker import Maker
from provenance.services import repeat

BODY_LIMIT = 256 * 1024
# What a form adds around its one file.
FORM_MARGIN = 64 * 1024
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class AlwaysJSON(DefaultContentNegotiation):
    """We speak JSON whatever the caller prefers; only what he sends must be what he says it is."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class StrictJSON(BaseParser):
    """A JSON object of the subset we sign: no doubled keys, no floats, text in NFC."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        value = parse_object(read_capped(stream, BODY_LIMIT), limit=BODY_LIMIT)
        check_subset(value)
        return value


class RawJSON(BaseParser):
    """JSON left as the bytes it came in: a signature is over bytes."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return read_capped(stream, BUNDLE_LIMIT)


class RawCredential(RawJSON):
    media_type = "application/vc"


class RawLinkedData(RawJSON):
    media_type = "application/ld+json"


class PhotographForm(MultiPartParser):
    """A form with a file, refused by its announced size before a byte is read."""

    holds = "a photograph"

    @property
    def most(self) -> int:
        return int(settings.UPLOAD_PHOTO_MAX_BYTES)

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        announced = str((parser_context or {})["request"].META.get("CONTENT_LENGTH"))
        if announced.isdecimal() and int(announced) > self.most + FORM_MARGIN:
            raise TooLargeError(f"{self.holds} has at most {self.most // 1024**2} MB")
        return super().parse(stream, media_type, parser_context)


class EvidenceForm(PhotographForm):
    """The same for any file that shows a step; what kind it is, and so its limit, is read later."""

    holds = "a file of evidence"

    @property
    def most(self) -> int:
        return max(settings.UPLOAD_FILM_MAX_BYTES, settings.UPLOAD_FILE_MAX_BYTES, super().most)


def read_capped(stream: Any, limit: int) -> bytes:
    data: bytes = stream.read(limit + 1)
    if len(data) > limit:
        raise TooLargeError(f"it is larger than {limit // 1024} KiB")
    return data


def asked_under_key(request: Request) -> repeat.Request:
    """What is asked, and under which Idempotency-Key. Raises MissingKeyError."""
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise MissingKeyError(
            "send an Idempotency-Key of 1 to 200 characters, a new one for each new request"
        )
    digest = hashlib.sha256(canonical_bytes([request.path, *_fields(request.data)])).digest()
    return repeat.Request(maker_of(request), key, digest)


def bytes_of(request: Request) -> bytes:
    """The body as it came; nothing at all is no bytes."""
    data: object = request.data
    return data if isinstance(data, bytes) else b""


def maker_of(request: Request) -> Maker:
    """Whose program is calling, where `HasToken` has let it in."""
    maker: Any = request.auth
    return cast("Maker", maker)


def public_id(text: str) -> str:
    """An id as we draw them; whatever else stands in the address is nothing of ours."""
    if not identifiers.PATTERN.fullmatch(text):
        raise Http404
    return text


def valid(shape: Serializer[Any]) -> dict[str, Any]:
    """What a shape found in the body. Raises ValidationError with every field that is wrong."""
    shape.is_valid(raise_exception=True)
    found: dict[str, Any] = shape.validated_data
    return found


def answer_once(asked: repeat.Request, status: int, act: Callable[[], object]) -> HttpResponse:
    """Answer a call that creates something, once per Idempotency-Key."""
    given = repeat.answer_given(asked) or repeat.answer_once(
        asked, lambda: repeat.Answer(status, JSONRenderer().render(act()))
    )
    return answer_with(given)


def answer_with(given: repeat.Answer) -> HttpResponse:
    return HttpResponse(given.body, status=given.status, content_type="application/json")


def _fields(data: Any) -> list[object]:
    """The body as the same list whenever it says the same, however a form draws its borders."""
    return [[name, _field(data[name])] for name in sorted(data)]


def _field(value: object) -> object:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()

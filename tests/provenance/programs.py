"""A maker's program as the tests drive it: it has a token, and a new key for each new request."""

import itertools
import json
from copy import deepcopy
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from provenance.models.maker import Maker
from provenance.services import access

RING: dict[str, Any] = {
    "title": "Marlowe ring",
    "kind": "ring",
    "year": 2026,
    "mass_grams": "6.81",
    "edition": {"kind": "numbered", "number": 3, "of": 12},
    "parts": [
        {"id": "shank", "element": "gold", "fineness": 750, "mass_grams": "5.62"},
        {"id": "head", "element": "platinum", "fineness": 950, "mass_grams": "0.86"},
    ],
    "stones": [
        {
            "species": "corundum",
            "variety": "sapphire",
            "origin": "natural",
            "shape": "oval",
            "carat_each": "1.52",
            "treatment": ["heat"],
        },
        {
            "species": "diamond",
            "origin": "laboratory-grown",
            "count": 6,
            "carat_each": "0.02",
            "treatment": ["none-known"],
        },
    ],
    "marks": [{"kind": "sponsor", "text": "TWB"}, {"kind": "fineness", "text": "750"}],
    "circumference_mm": "54.4",
    "care": ["Take it off to swim."],
}


class Program:
    """Mira's own program; without a token it is a stranger's."""

    def __init__(self, maker: Maker | None = None) -> None:
        self.http = Client(raise_request_exception=False)
        self._numbers = itertools.count(1)
        self.headers: dict[str, str] = {}
        if maker:
            token = access.make_token(maker=maker, label="bench", by=maker.user)
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> HttpResponse:
        return self.http.get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, body: object, *, key: str | None = None) -> HttpResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send(path, data, kind="application/json", key=key)

    def send(self, path: str, data: object, *, kind: str, key: str | None = None) -> HttpResponse:
        own = key if key is not None else f"request-{next(self._numbers)}"
        headers = {**self.headers, "Idempotency-Key": own}
        return self.http.post(f"/api/v1/{path}", data, content_type=kind, headers=headers)

    def photograph(
        self, piece: str, picture: bytes, *, role: str = "front", key: str | None = None
    ) -> HttpResponse:
        own = key if key is not None else f"request-{next(self._numbers)}"
        return self.http.post(
            f"/api/v1/pieces/{piece}/photographs",
            {
                "file": SimpleUploadedFile("ring.jpg", picture),
                "role": role,
                "digital_source_type": "digitalCapture",
                "alt": f"The {role} of the ring",
            },
            headers={**self.headers, "Idempotency-Key": own},
        )


def ring(**changes: object) -> dict[str, Any]:
    """The ring with some fields changed; a field set to ... is left out."""
    facts = {**deepcopy(RING), **changes}
    return {name: value for name, value in facts.items() if value is not ...}

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


# The ring with everything said of it that can be said.
WHOLE_RING: dict[str, Any] = {
    **RING,
    "year": 2025,
    "year_to": 2026,
    "collection": "Harbour",
    "parts": [
        {
            "id": "shank",
            "name": "Shank",
            "role": "band",
            "element": "gold",
            "fineness": 750,
            "colour": "white",
            "alloy": "palladium white gold",
            "mass_grams": "5.62",
            "coating": {
                "metal": "rhodium",
                "method": "electroplated",
                "fineness": None,
                "micrometres": "0.300",
                "note": "",
            },
        },
        {
            "id": "head",
            "name": "Head",
            "role": "",
            "element": "platinum",
            "fineness": 950,
            "colour": "",
            "alloy": "",
            "mass_grams": "0.86",
            "coating": None,
        },
    ],
    "stones": [
        {
            "species": "corundum",
            "variety": "sapphire",
            "origin": "natural",
            "count": 1,
            "country": "LK",
            "shape": "oval",
            "cut": "mixed",
            "carat_each": "1.520",
            "carat_total": None,
            "carat_basis": "measured",
            "treatment": ["heat"],
            "treatment_care": "No torch near it.",
            "sizes_mm": ["7.60", "6.10", "3.90"],
            "colour": "vivid blue",
            "clarity": "eye clean",
            "cut_grade": "very good",
            "graded_by": "report",
            "reports": [
                {
                    "lab": "EXAMPLE LAB",
                    "number": "0000000000",
                    "date": "2026-08-03",
                    "url": "https://lab.example/0000000000",
                    "is_inscribed": True,
                }
            ],
            "note": "",
        }
    ],
    "marks": [{"kind": "maker", "text": "MT", "place": "inside"}],
    "sourcing": [
        {
            "kind": "recycled",
            "about": "shank",
            "scheme": "Chain of custody",
            "scope": "product",
            "document": "CoC 17",
            "expires": "2027-12-31",
            "statement": "",
        }
    ],
    "height_mm": "24.5",
    "width_mm": "21.3",
    "depth_mm": "7.2",
    "description": "An oval sapphire.",
    "warranty": "Claws checked for two years.",
    "keywords": ["sapphire", "blue ring"],
    "sku": "MAR-03",
    "gtin": "4006381333931",
    "serial": "003-12",
    "markets": ["GB", "FR"],
    "hallmark_exemption": "A study piece.",
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

    def put(self, path: str, body: object, *, key: str | None = None) -> HttpResponse:
        own = key if key is not None else f"request-{next(self._numbers)}"
        headers = {**self.headers, "Idempotency-Key": own}
        data = json.dumps(body).encode()
        return self.http.put(f"/api/v1/{path}", data, "application/json", headers=headers)

    def delete(self, path: str) -> HttpResponse:
        return self.http.delete(f"/api/v1/{path}", headers=self.headers)

    def show(
        self, piece: str, step: str, content: bytes, *, key: str | None = None, **facts: str
    ) -> HttpResponse:
        """Put a file behind a step: a photograph by a camera, unless the facts say otherwise."""
        own = key if key is not None else f"request-{next(self._numbers)}"
        told = {"type": "photo", "digital_source_type": "digitalCapture", "step": step} | facts
        return self.http.post(
            f"/api/v1/pieces/{piece}/evidence",
            {"file": SimpleUploadedFile("bench.jpg", content), **told},
            headers={**self.headers, "Idempotency-Key": own},
        )

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

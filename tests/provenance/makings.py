"""Certificates, keys and status lists for the tests of the pure core, made without a database."""

import json
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from provenance import bundle, keys, statuslist
from provenance.canonical import JSONObject
from provenance.case import TagRead
from provenance.credentials import (
    PURPOSES,
    StatusEntry,
    StatusRefs,
    attach_proofs,
    build_certificate,
    create_proof,
    create_proofs,
    status_url,
)
from provenance.keys import MemorySigner
from provenance.trust import Trust, read_did_document
from provenance.verification import Outcome, Verdict, verify

SITE = "https://touchmark.example"
PLATFORM = "did:web:touchmark.example"
MIRA = "did:web:touchmark.example:j:tidewell-bench"
ISSUED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INDEX = 94_568
LISTS = {"revocation": 1, "suspension": 2, "refresh": 3}
LIST_URLS = {purpose: status_url(SITE, number) for purpose, number in LISTS.items()}
RING: JSONObject = {
    "id": f"{SITE}/p/3vQ8mZ7rTn2LkXw5Yb9HcD",
    "type": "JewelryPiece",
    "name": "Marlowe ring",
    "kind": "ring",
    "year": 2026,
    "edition": {"n": 3, "of": 12, "kind": "numbered"},
    "size": {"circumference": {"value": "54.4", "unitCode": "MMT"}, "us": "7", "uk": "N 1/2"},
    "mass": {"value": "6.81", "unitCode": "GRM"},
    "maker": {
        "id": MIRA,
        "name": "Tidewell Bench, Bristol",
        "identityLevel": "I2",
        "sponsorsMark": "TWB",
        "country": "GB",
        "keyLevel": "recorded",
    },
    "parts": [
        {
            "id": "shank",
            "metal": {"element": "gold", "fineness": 750, "colour": "yellow"},
            "mass": {"value": "5.62", "unitCode": "GRM"},
            "coating": None,
        },
        {
            "id": "head",
            "metal": {"element": "platinum", "fineness": 950},
            "mass": {"value": "0.86", "unitCode": "GRM"},
            "coating": None,
        },
    ],
    "stones": [
        {
            "id": "s1",
            "species": "corundum",
            "variety": "sapphire",
            "origin": "natural",
            "count": 1,
            "shape": "oval",
            "carat": {"each": "1.52", "basis": "measured"},
            "treatment": ["heat"],
        }
    ],
    "marks": [{"kind": "sponsor", "text": "TWB"}, {"kind": "fineness", "text": "750"}],
    "photos": [
        {"role": "front", "sha256": "f6" * 32, "digitalSourceType": "digitalCapture"},
        {"role": "scale", "sha256": "07" * 32, "digitalSourceType": "digitalCapture"},
    ],
    "care": ["No ultrasonic cleaning — Café-crème cloth only"],
    "tags": [{"kind": "qr", "id": "Zr3wLq8uSg5nXf7PoBt6Kw", "bound": "2026-11-20"}],
    "nonce": "pW2cD0m3o3Qm9b1hYwq7Zg",
}


def make_signer(did: str = PLATFORM, seed: int = 1) -> MemorySigner:
    return MemorySigner.from_seed(
        bytes([seed]) * 32, verification_method_of=lambda key: keys.verification_method(did, key)
    )


PLATFORM_SIGNER = make_signer()
MIRA_SIGNER = make_signer(MIRA, seed=2)
SANA_SIGNER = make_signer("did:web:stranger.example", seed=3)


def make_document(*, did: str = PLATFORM, key: bytes = PLATFORM_SIGNER.public_key) -> JSONObject:
    return keys.did_document(did, keys=[key])


def make_body(
    subject: JSONObject | None = None, *, site: str = SITE, maker: Mapping[str, str] | None = None
) -> JSONObject:
    piece: dict[str, Any] = deepcopy(subject or RING)
    piece["maker"] |= maker or {}
    entries = {purpose: StatusEntry(number, INDEX) for purpose, number in LISTS.items()}
    return build_certificate(
        site_url=site,
        public_id="4kWm8QpT2vXz6Ls9RbNdYc",
        issuer_name="Touchmark",
        valid_from=ISSUED,
        status=StatusRefs(**entries),
        subject=piece,
    )


def make_certificate(
    body: JSONObject | None = None, *, signers: Iterable[keys.Signer] = (PLATFORM_SIGNER,)
) -> JSONObject:
    body = body or make_body()
    return attach_proofs(body, create_proofs(body, signers=[*signers], created=ISSUED))


def make_held_certificate(*, signers: Iterable[keys.Signer] | None = None) -> JSONObject:
    """A certificate whose maker's key is held here: it carries two proofs."""
    body = make_body(maker={"keyLevel": "held", "key": MIRA_SIGNER.verification_method})
    return make_certificate(body, signers=signers or (PLATFORM_SIGNER, MIRA_SIGNER))


def make_status_list(
    purpose: str,
    /,
    *,
    set_indexes: Iterable[int] = (),
    signer: keys.Signer = PLATFORM_SIGNER,
    **changes: Any,
) -> JSONObject:
    facts: dict[str, Any] = {
        "url": LIST_URLS[purpose],
        "issuer": PLATFORM,
        "purpose": purpose,
        "valid_from": ISSUED,
        "valid_until": ISSUED + timedelta(hours=24),
    }
    body = statuslist.build_status_list(set_indexes=set_indexes, **(facts | changes))
    return attach_proofs(body, [create_proof(body, signer=signer, created=ISSUED)])


def make_lists(**replaced: JSONObject | bytes) -> dict[str, bytes | JSONObject]:
    """The three lists with nothing set, but for those given by purpose."""
    return {
        LIST_URLS[purpose]: replaced.get(purpose) or make_status_list(purpose)
        for purpose in PURPOSES
    }


def believing(*documents: JSONObject) -> Trust:
    return Trust(documents=tuple(read_did_document(each) for each in documents))


BELIEVING_PLATFORM = believing(make_document())


def make_bundle(certificate: JSONObject | None = None) -> JSONObject:
    return bundle.build_bundle(
        certificate=certificate or make_certificate(),
        did_documents=[make_document()],
        status_lists=[make_status_list(purpose) for purpose in PURPOSES],
        as_of=ISSUED,
    )


@dataclass(frozen=True)
class Hearing:
    """Everything `verify` is told, all of it good; each test spoils one thing."""

    certificate: bytes | JSONObject = field(default_factory=make_certificate)
    trust: Trust = BELIEVING_PLATFORM
    lists: Mapping[str, bytes | JSONObject] = field(default_factory=make_lists)
    now: datetime = NOON
    tag: TagRead | None = None

    def verdict(self) -> Verdict:
        return verify(
            self.certificate,
            trust=self.trust,
            status_lists=self.lists,
            now=self.now,
            tag=self.tag,
        )


def changed(document: JSONObject, change: Callable[[Any], object]) -> JSONObject:
    """A copy of the document after somebody changed it."""
    # As it travels: a list that stands in two places of ours is two lists in a file.
    copy: JSONObject = json.loads(json.dumps(document))
    change(copy)
    return copy


def signed_again(
    change: Callable[[Any], object], *, signers: Iterable[keys.Signer] = (PLATFORM_SIGNER,)
) -> JSONObject:
    """A certificate that its issuer really signed with something odd in its body."""
    return make_certificate(changed(make_body(), change), signers=signers)


def outcomes(verdict: Verdict) -> dict[int, Outcome]:
    return {check.number: check.outcome for check in verdict.checks}


def reason(verdict: Verdict, number: int) -> str:
    return verdict.checks[number - 1].reason


def failed_numbers(verdict: Verdict) -> list[int]:
    return [check.number for check in verdict.failed]


def open_numbers(verdict: Verdict) -> list[int]:
    return [check.number for check in verdict.needed_not_checked]

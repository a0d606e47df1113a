"""`python -m tests.vectors.freeze SOURCE`: add certificates as the code of today signs them.

Each lies in `certificates` with the documents, status lists and moment that its verifier needs, and
in SHA256SUMS by its digest. The command only ever adds: what somebody was once handed must verify
with every later version, so no file there is written twice. Keys come from fixed seeds.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from provenance import jewelry, keys, statuslist
from provenance.bundle import build_bundle
from provenance.canonical import JSONObject, canonical_bytes, digest_of
from provenance.credentials import (
    PURPOSES,
    StatusEntry,
    StatusRefs,
    attach_proofs,
    build_certificate,
    certificate_url,
    create_proofs,
    status_url,
    write_time,
)
from provenance.keys import MemorySigner
from provenance.statement import MakerStatement, SubjectFrame, TagStatement, subject_of
from provenance.subject import piece_of

FOLDER = Path(__file__).parent / "certificates"
SUMS = FOLDER / "SHA256SUMS"
WHOLE_SUBJECT = FOLDER.parents[1] / "interop" / "complete-subject.json"
SITE = "https://touchmark.example"
PLATFORM, MAKER = "did:web:touchmark.example", "did:web:touchmark.example:j:tidewell-bench"
SIGNED = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
CHECKED = SIGNED + timedelta(hours=2, minutes=30)
LISTS = {purpose: number for number, purpose in enumerate(PURPOSES, 1)}
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def signer_of(did: str, seed: int) -> MemorySigner:
    return MemorySigner.from_seed(
        bytes([seed]) * 32, verification_method_of=lambda key: keys.verification_method(did, key)
    )


PLATFORM_SIGNER, MAKER_SIGNER = signer_of(PLATFORM, 41), signer_of(MAKER, 42)


@dataclass(frozen=True)
class Signed:
    """What is signed, by whom, and how it stands when it is checked."""

    name: str
    says: str
    subject: JSONObject
    signers: tuple[MemorySigner, ...] = (PLATFORM_SIGNER,)
    answer: str = "current"
    set_for: tuple[str, ...] = field(default=())

    @property
    def public_id(self) -> str:
        return ident(self.name, "certificate")

    def body(self) -> JSONObject:
        place = int.from_bytes(hashlib.sha256(self.name.encode()).digest()) % statuslist.LENGTH
        entries = {purpose: StatusEntry(number, place) for purpose, number in LISTS.items()}
        return build_certificate(
            site_url=SITE,
            public_id=self.public_id,
            issuer_name="Touchmark",
            valid_from=SIGNED,
            status=StatusRefs(**entries),
            subject=self.subject,
        )

    def vector(self, source: str) -> dict[str, Any]:
        certificate = _signed(self.body(), *self.signers)
        documents = [
            _signed(keys.did_document(did, keys=[signer.public_key]), PLATFORM_SIGNER)
            for did, signer in ((PLATFORM, PLATFORM_SIGNER), (MAKER, MAKER_SIGNER))
        ]
        bundle = build_bundle(
            certificate=certificate,
            did_documents=documents,
            status_lists=[self._list(certificate, purpose) for purpose in PURPOSES],
            as_of=SIGNED,
        )
        return {
            "desc": self.says,
            "source": source,
            "at": write_time(CHECKED),
            "fingerprint": keys.fingerprint(PLATFORM_SIGNER.public_key),
            "did": documents[0],
            "sha256": hashlib.sha256(canonical_bytes(certificate)).hexdigest(),
            "digest": digest_of(certificate).hex(),
            "answer": self.answer,
            "certificate": certificate,
            "bundle": bundle,
        }

    def _list(self, certificate: Any, purpose: str) -> JSONObject:
        place = int(certificate["credentialStatus"][0]["statusListIndex"])
        body = statuslist.build_status_list(
            url=status_url(SITE, LISTS[purpose]),
            issuer=PLATFORM,
            purpose=purpose,
            set_indexes=[place] if purpose in self.set_for else [],
            valid_from=SIGNED,
            valid_until=SIGNED + timedelta(hours=24),
        )
        return _signed(body, PLATFORM_SIGNER)


def ident(name: str, what: str) -> str:
    """An id of 128 bits as the site draws them, the same each time for this name."""
    number = int.from_bytes(hashlib.sha256(f"{name} {what}".encode()).digest()[:16])
    letters = ""
    while number:
        number, digit = divmod(number, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return letters.rjust(22, "0")


def _signed(document: JSONObject, *signers: MemorySigner) -> JSONObject:
    return attach_proofs(document, create_proofs(document, signers=[*signers], created=SIGNED))


def subject(name: str, piece: jewelry.Piece, *, level: str = "recorded", **extra: Any) -> Any:
    photographs = tuple(
        jewelry.Photograph(
            role, hashlib.sha256(f"{name} {role}".encode()).hexdigest(), 1638, 2048, source
        )
        for role, source in (
            ("front", "digitalCapture"),
            ("scale", "computationalCapture"),
            ("marks", "digitalCapture"),
        )
    )
    key = "" if level == "recorded" else MAKER_SIGNER.verification_method
    maker = MakerStatement(
        MAKER, "Tidewell Bench, Bristol", "Mira Tidewell", "I2", "GB", level, "TWB", key
    )
    tags = (TagStatement("qr", ident(name, "tag"), "2026-11-27"),)
    url = f"{SITE}/p/{ident(extra.pop('piece_of', name), 'piece')}"
    frame = SubjectFrame(url, maker, tags, ident(name, "nonce"), extra=extra)
    return subject_of(replace(piece, photographs=photographs), frame)


def certificates() -> Iterator[Signed]:
    """Every kind of certificate that the code signs."""
    told = json.loads(WHOLE_SUBJECT.read_text(encoding="utf-8"))
    whole = replace(piece_of(told), year=2025, year_to=2026, hallmark_exemption="")
    ring = replace(
        whole, year=2026, year_to=None, sourcing=(), warranty="", gtin="", serial="", description=""
    )
    both = (PLATFORM_SIGNER, MAKER_SIGNER)
    held, own = "signed-held", "signed-own"
    yield Signed(
        held,
        "All that can be said of a piece; two proofs, the maker's by a key that is kept for her.",
        subject(held, whole, level="held"),
        both,
    )
    yield Signed(
        own,
        "Two proofs, the maker's by a key that she alone has.",
        subject(own, ring, level="own"),
        both,
    )
    yield Signed(
        "signed-making",
        "A whole record of making, its evidence, and the label that follows from it.",
        told,
    )
    first = Signed(
        "signed-replaced",
        "A newer certificate took its place.",
        subject("signed-replaced", ring, level="held"),
        both,
        "superseded",
        ("refresh",),
    )
    yield first
    before = {
        "id": certificate_url(SITE, first.public_id),
        "digest": digest_of(first.body()).hex(),
        "version": 1,
        "reason": "The sapphire was exchanged in repair.",
    }
    newer = subject(
        "signed-replacing", whole, level="held", supersedes=before, piece_of="signed-replaced"
    )
    yield Signed("signed-replacing", "It takes the place of signed-replaced.", newer, both)
    words = replace(
        ring,
        title="指輪 „Sjöstjärna“ 💍 لؤلؤة",
        collection="Ἀνθολογία Ёлка İğne ﬁligree",
        description="Zoë’s ring — 0,5 ‰ more\u00a0gold…\n\u200fשלום\u200e, नमस्ते, 𝒦, \u2028é.",
        care=("Trocken halten: ß ≠ ss.", "乾いた布で拭く。"),
        marks=(jewelry.Mark("sponsor", "TWB", "à l’intérieur"), jewelry.Mark("maker", "★ 925")),
    )
    yield Signed(
        "signed-scripts",
        "Letters of many scripts and beyond the basic plane, and two proofs over them.",
        subject("signed-scripts", words, level="own"),
        both,
    )


def sums() -> dict[str, str]:
    """What is frozen: SHA-256 as 64 hex digits, by the name of the file."""
    lines = SUMS.read_text(encoding="utf-8").splitlines() if SUMS.exists() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m tests.vectors.freeze SOURCE", file=sys.stderr)
        return 2
    for each in certificates():
        path = FOLDER / f"{each.name}.json"
        if not path.exists():
            text = json.dumps(each.vector(arguments[0]), indent=1, ensure_ascii=False)
            path.write_text(f"{text}\n", encoding="utf-8")
            print(f"added {path.name}")
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.json")
    }
    listed = sorted((found | sums()).items())
    SUMS.write_text("".join(f"{digest}  {name}\n" for name, digest in listed), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

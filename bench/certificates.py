"""Issuing and verifying certificates, beside bare Ed25519 and beside Digital Bazaar's library."""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.table import Row, print_table
from provenance.canonical import JSONObject, canonical_bytes, parse_object
from provenance.credentials import (
    StatusEntry,
    StatusRefs,
    attach_proofs,
    build_certificate,
    create_proofs,
    proofs_of,
    verify_proof,
)
from provenance.keys import MemorySigner, did_document, did_web, verification_method

ROOT = Path(__file__).parents[1]
SITE = "https://touchmark.example"
DID = did_web(SITE)
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SEED = bytes(range(32))
ROUNDS = 15
SECONDS_A_ROUND = 0.1
PEER = "@digitalbazaar/vc"


class Rates(NamedTuple):
    """Acts a second: ours, the limit beside it, and the middle of the ratios of each round."""

    ours: float
    limit: float
    ratio: float


def measure(*, quick: bool = False) -> list[Row]:
    """The rows of this promise; `quick` measures a third as long."""
    rounds = ROUNDS // 3 if quick else ROUNDS
    signer, body = make_signer(), make_body()
    issued = [beside(issuing(body, [signer] * count), signing(), rounds=rounds) for count in (1, 2)]
    verified, verified_two = (
        beside(verifying(body, [signer] * count), raw_verifying(), rounds=rounds)
        for count in (1, 2)
    )
    rows = [
        _limit_row("issue, one proof", issued[0], "Ed25519 sign", ">= 0.40"),
        _limit_row("issue, per proof of two", _per_proof(issued[1], 2), "Ed25519 sign", ">= 0.40"),
        _limit_row("verify from bytes", verified, "Ed25519 verify", ">= 0.50"),
        _limit_row(
            "verify, per proof of two", _per_proof(verified_two, 2), "Ed25519 verify", ">= 0.50"
        ),
    ]
    return rows + _peer_rows(body, issued[0].ours, verified.ours, seconds=rounds / 10)


def make_signer() -> MemorySigner:
    return MemorySigner.from_seed(
        SEED, verification_method_of=lambda key: verification_method(DID, key)
    )


def make_body() -> JSONObject:
    """The largest certificate there is today: a ring with its whole making record."""
    path = ROOT / "tests" / "interop" / "complete-subject.json"
    subject: JSONObject = json.loads(path.read_text(encoding="utf-8"))
    places = (StatusEntry(number, 94_568) for number in (1, 2, 3))
    return build_certificate(
        site_url=SITE,
        public_id="4kWm8QpT2vXz6Ls9RbNdYc",
        issuer_name="Touchmark",
        valid_from=NOW,
        status=StatusRefs(*places),
        subject=subject,
    )


def issuing(body: JSONObject, signers: list[MemorySigner]) -> Callable[[], object]:
    return lambda: attach_proofs(body, create_proofs(body, signers=signers, created=NOW))


def verifying(body: JSONObject, signers: list[MemorySigner]) -> Callable[[], object]:
    data = canonical_bytes(attach_proofs(body, create_proofs(body, signers=signers, created=NOW)))

    def act() -> None:
        certificate = parse_object(data)
        for proof in proofs_of(certificate):
            verify_proof(certificate, proof, public_key=signers[0].public_key)

    return act


def signing() -> Callable[[], object]:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    return lambda: key.sign(bytes(64))


def raw_verifying() -> Callable[[], object]:
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    public, signature = private.public_key(), private.sign(bytes(64))
    return lambda: public.verify(signature, bytes(64))


def beside(ours: Callable[[], object], limit: Callable[[], object], *, rounds: int) -> Rates:
    """Measure both by turns, so that other work on the machine slows them alike."""
    pairs = [(_rate(ours), _rate(limit)) for _ in range(rounds)]
    return Rates(
        statistics.median(mine for mine, _ in pairs),
        statistics.median(theirs for _, theirs in pairs),
        statistics.median(mine / theirs for mine, theirs in pairs),
    )


def _rate(act: Callable[[], object]) -> float:
    start, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < SECONDS_A_ROUND:
        for _ in range(20):
            act()
        count += 20
    return count / spent


def _per_proof(rates: Rates, proofs: int) -> Rates:
    return Rates(rates.ours * proofs, rates.limit, rates.ratio * proofs)


def _limit_row(name: str, rates: Rates, limit: str, promise: str) -> Row:
    return Row(name, rates.ours, "/s", limit, rates.limit, rates.ratio, promise)


def _peer_rows(body: JSONObject, issued: float, verified: float, *, seconds: float) -> list[Row]:
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "@digitalbazaar" / "vc").exists():
        return [Row("issue", issued, "/s", f"{PEER}: not installed, run npm ci")]
    told = _ask_peer(node, body, seconds)
    return [
        Row("issue", issued, "/s", PEER, told["issue"], issued / told["issue"], ">= 5"),
        Row("verify", verified, "/s", PEER, told["verify"], verified / told["verify"], ">= 2"),
    ]


def _ask_peer(node: str, body: JSONObject, seconds: float) -> dict[str, float]:
    context = ROOT / "provenance" / "contexts" / "jewelry-v1.jsonld"
    asked = {
        "credential": body,
        "documents": {
            DID: did_document(DID, keys=[make_signer().public_key]),
            f"{SITE}/contexts/jewelry/v1": json.loads(context.read_text(encoding="utf-8")),
        },
        "seed": SEED.hex(),
        "controller": DID,
        "now": "2026-11-20T09:30:00Z",
        "seconds": seconds,
    }
    done = subprocess.run(
        [node, str(ROOT / "bench" / "digitalbazaar.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    told: dict[str, float] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    print_table(measure())

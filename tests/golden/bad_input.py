"""Files that nobody signed, that cannot be read, or that somebody bent."""

import base64
from collections.abc import Callable
from typing import Any

from provenance import keys
from provenance.canonical import JSONObject, canonical_bytes
from provenance.keys import base58_decode, base58_encode
from tests.golden.case import OUT_OF_SUBSET, UNREADABLE, Case, Expected, expect
from tests.golden.scenery import HELD, PLATFORM_DID, RECORDED, lists, signed_after, with_proof
from tests.provenance.makings import PLATFORM, SANA_SIGNER, changed

CONTEXT = "https://stranger.example/contexts/v1"
ORDER = 2**252 + 27742317777372353535851937790883648493
# A point of order eight (RFC 8032 section 8.9), spelled as a Multikey by hand: ours refuses to.
WEAK_POINT = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
WEAK_METHOD = f"{PLATFORM}#z" + base58_encode(b"\xed\x01" + WEAK_POINT)
BAD_PROOF = expect("failed", failed=[4])


def _case(name: str, says: str, file: JSONObject | bytes, expected: Expected, **facts: Any) -> Case:
    return Case(name, says, file, expected, trusted=(PLATFORM_DID,), lists=lists(), **facts)


def unreadable() -> list[Case]:
    whole = canonical_bytes(RECORDED)
    return [
        _case("truncated", "Its last byte is missing.", whole[:-1], UNREADABLE),
        _case("byte-order-mark", "It begins with a mark.", b"\xef\xbb\xbf" + whole, UNREADABLE),
        _case("not-utf-8", "One byte is no UTF-8.", whole.replace(b"Marl", b"M\xffrl"), UNREADABLE),
        _case("not-an-object", "It is a list.", b"[1]", UNREADABLE),
        _case("nothing", "It is empty.", b"", UNREADABLE),
        _case("nan", "NaN is not JSON.", b'{"mass":NaN}', UNREADABLE),
        _case("one-megabyte", "It is larger than any we publish.", b" ", UNREADABLE, repeat=2**20),
        _case("ten-thousand-levels", "It is deeper.", b"[", UNREADABLE, repeat=10_000),
        _case("member-twice", "A member stands twice.", _twice(whole), OUT_OF_SUBSET),
        _subset("float", "A number has a fraction.", b"2026.5"),
        _subset("float-of-a-whole-number", "It is written with a point.", b"2026.0"),
        _subset("too-large-number", "2^53+1, which many readers round.", b"9007199254740993"),
        _subset("lone-surrogate", "Half a character.", b'"\\ud800"'),
        _subset("not-composed", "A letter and its accent stand apart.", b'"e\\u0301"'),
    ]


def _subset(name: str, says: str, year: bytes) -> Case:
    """It can be read, but two programs could read it differently: 1 and 4 notice."""
    file = canonical_bytes(RECORDED).replace(b'"year":2026', b'"year":' + year)
    return _case(name, says, file, expect("failed", failed=[1, 4]))


def _twice(whole: bytes) -> bytes:
    return whole.replace(b'"year":2026', b'"year":2026,"year":2025')


def bent_proofs() -> list[Case]:
    none = expect("failed", failed=[1, 4, 6])
    return [
        _case(
            "proof-set-empty",
            "It carries no proof at all.",
            changed(RECORDED, lambda c: c.update(proof=[])),
            none,
        ),
        _case("signature-63", "The signature is cut.", _signature(lambda s: s[:63]), BAD_PROOF),
        _case("signature-65", "A byte hangs on it.", _signature(lambda s: s + b"\0"), BAD_PROOF),
        _case("signature-malleated", "S plus the order.", _signature(_malleated), BAD_PROOF),
        _case("signature-base64", "It is not base58.", _base64(), BAD_PROOF),
        _case(
            "signature-zero", "All its bytes are zero.", _signature(lambda s: bytes(64)), BAD_PROOF
        ),
        _case(
            "proof-purpose",
            "It was made for another purpose.",
            with_proof(RECORDED, proofPurpose="authentication"),
            BAD_PROOF,
        ),
        _case(
            "proof-suite",
            "It claims another suite.",
            with_proof(RECORDED, cryptosuite="eddsa-rdfc-2022"),
            BAD_PROOF,
        ),
        _case(
            "proof-key-of-another",
            "It names the key of another DID.",
            with_proof(RECORDED, verificationMethod=SANA_SIGNER.verification_method),
            BAD_PROOF,
        ),
        _case(
            "proof-key-weak",
            "It names a key of small order, under which anything verifies.",
            with_proof(RECORDED, verificationMethod=WEAK_METHOD),
            BAD_PROOF,
        ),
        _case(
            "proof-key-unpublished",
            "It names a key that the issuer does not publish.",
            with_proof(RECORDED, verificationMethod=_other_method()),
            BAD_PROOF,
        ),
        _case(
            "proof-chained",
            "It hangs on another proof.",
            with_proof(RECORDED, previousProof="urn:uuid:1"),
            BAD_PROOF,
        ),
        Case(
            "proof-key-weak-and-nobody-asked",
            "The name of the key spells out a weak point: no trust is needed to refuse it.",
            with_proof(RECORDED, verificationMethod=WEAK_METHOD),
            expect("failed", failed=[4], left_open=[3, 7, 8]),
            lists=lists(),
        ),
        _case("proofs-swapped", "The two signatures changed places.", _swapped(), _both_fail()),
    ]


def _signature(bend: Callable[[bytes], bytes]) -> JSONObject:
    proof: Any = RECORDED["proof"]
    bent = bend(base58_decode(proof["proofValue"][1:]))
    return with_proof(RECORDED, proofValue="z" + base58_encode(bent))


def _malleated(signature: bytes) -> bytes:
    s = int.from_bytes(signature[32:], "little") + ORDER
    return signature[:32] + s.to_bytes(32, "little")


def _base64() -> JSONObject:
    proof: Any = RECORDED["proof"]
    raw = base58_decode(proof["proofValue"][1:])
    value = "u" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return with_proof(RECORDED, proofValue=value)


def _other_method() -> str:
    return keys.verification_method(PLATFORM, SANA_SIGNER.public_key)


def _swapped() -> JSONObject:
    def swap(certificate: Any) -> None:
        one, two = certificate["proof"]
        one["proofValue"], two["proofValue"] = two["proofValue"], one["proofValue"]

    return changed(HELD, swap)


def _both_fail() -> Expected:
    return expect("failed", failed=[4, 5])


def bent_bodies() -> list[Case]:
    word = changed(RECORDED, lambda c: c["credentialSubject"].update(name="Marlow ring"))
    held_word = changed(HELD, lambda c: c["credentialSubject"].update(name="Marlow ring"))
    return [
        _case("word-changed", "One letter of the title is gone.", word, BAD_PROOF),
        _case("word-changed-held", "Both proofs notice it.", held_word, _both_fail()),
        _case(
            "context-appended",
            "A context was added after signing, to document and proof alike.",
            changed(RECORDED, _append_context),
            expect("failed", failed=[2, 4]),
        ),
        _case(
            "context-appended-to-the-document",
            "Other verifiers accept it: their rule asks for a beginning, ours for equality.",
            changed(RECORDED, lambda c: c["@context"].append(CONTEXT)),
            expect("failed", failed=[2, 4]),
        ),
        _case(
            "context-unknown",
            "The issuer signed words that another site explains.",
            signed_after(lambda b: b["@context"].__setitem__(1, CONTEXT)),
            expect("failed", failed=[2]),
        ),
        _case(
            "id-of-another-site",
            "The issuer signed an address that is not its own.",
            signed_after(lambda b: b.update(id="https://stranger.example/c/1")),
            expect("failed", failed=[2]),
        ),
        _case(
            "type-added",
            "It calls itself something more.",
            signed_after(lambda b: b["type"].append("Diploma")),
            expect("failed", failed=[1]),
        ),
        _case(
            "status-entry-missing",
            "It names two places in the lists.",
            signed_after(lambda b: b["credentialStatus"].pop()),
            expect("failed", failed=[1], left_open=[7]),
        ),
    ]


def _append_context(certificate: Any) -> None:
    certificate["@context"].append(CONTEXT)
    certificate["proof"]["@context"].append(CONTEXT)

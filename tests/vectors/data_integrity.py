"""vc-di-eddsa: every stage of an eddsa-jcs-2022 proof, and the proof as a whole."""

from collections.abc import Iterator
from typing import Any

from provenance.canonical import jcs_bytes, sha256, without_proof
from provenance.credentials import create_proof, proofs_of, read_time, verify_proof
from provenance.errors import OutOfSubsetError
from provenance.keys import (
    MemorySigner,
    base58_decode,
    base58_encode,
    multikey,
    read_multikey,
    verify_signature,
)
from tests.vectors.rows import Format, Row, expect, expect_refusal, skip

SUITE = "eddsa-jcs-2022"
CHAINS = "proof-set-chain"
PRIVATE_PREFIX = b"\x80\x26"
NO_RDF = "needs RDF canonicalisation; we sign with eddsa-jcs-2022 only"


def recognises(data: Any) -> bool:
    vectors = data.get("vectors") if isinstance(data, dict) else None
    return isinstance(vectors, dict) and any(_is_suite(name) for name in vectors)


def rows(data: Any) -> Iterator[Row]:
    vectors = data["vectors"]
    for name, files in vectors.items():
        if not _is_suite(name):
            continue
        if name.startswith(SUITE):
            yield from _suite(name, files, files.get("keyPair.json") or vectors.get("keyPair.json"))
        elif name.startswith(CHAINS):
            yield from _chain(name, files)
        else:
            yield skip(name, NO_RDF)
    if SUITE in vectors and "unsigned.json" in vectors:
        unsigned = vectors["unsigned.json"]
        signed = vectors[SUITE].get("signedJCS.json", {})
        yield expect(f"{SUITE} unsigned document", unsigned, lambda: without_proof(signed))


def _is_suite(name: str) -> bool:
    return name.startswith(("eddsa-", "ecdsa-", "bbs-", CHAINS))


def _suite(name: str, files: Any, pair: Any) -> Iterator[Row]:
    signed = files.get("signedJCS.json")
    if not isinstance(signed, dict) or not isinstance(signed.get("proof"), dict):
        yield expect(name, "a signed document", lambda: "none")
        return
    yield from _stages(name, files, signed)
    yield expect(f"{name} key pair", pair["publicKeyMultibase"], lambda: _public_of(pair))
    yield from _signatures(name, files, signed, pair)
    yield from _whole(name, signed, pair)


def _stages(name: str, files: Any, signed: Any) -> Iterator[Row]:
    options = {key: value for key, value in signed["proof"].items() if key != "proofValue"}
    stages = {
        "canonDocJCS.txt": lambda: jcs_bytes(without_proof(signed)).decode(),
        "docHashJCS.txt": lambda: _document_hash(signed).hex(),
        "proofConfigJCS.json": lambda: options,
        "proofCanonJCS.txt": lambda: jcs_bytes(options).decode(),
        "proofHashJCS.txt": lambda: sha256(jcs_bytes(options)).hex(),
        "combinedHashJCS.txt": lambda: _signed_bytes(signed).hex(),
    }
    for file, make in stages.items():
        if file in files:
            yield expect(f"{name} {file}", _stripped(files[file]), make)


def _signatures(name: str, files: Any, signed: Any, pair: Any) -> Iterator[Row]:
    def sign() -> bytes:
        return _signer(pair, signed).sign(_signed_bytes(signed))

    def proof_value() -> str:
        return "z" + base58_encode(sign())

    if "sigHexJCS.txt" in files:
        yield expect(f"{name} sigHexJCS.txt", files["sigHexJCS.txt"].strip(), lambda: sign().hex())
    if "sigBTC58JCS.txt" in files:
        yield expect(f"{name} sigBTC58JCS.txt", files["sigBTC58JCS.txt"].strip(), proof_value)
    yield expect(f"{name} signature made again", signed["proof"].get("proofValue"), proof_value)


def _whole(name: str, signed: Any, pair: Any) -> Iterator[Row]:
    def verify(document: Any) -> None:
        _verify(document, document["proof"], read_multikey(pair["publicKeyMultibase"]))

    yield expect(f"{name} signed document holds", None, lambda: verify(signed))
    yield expect_refusal(
        f"{name} changed document refused", lambda: verify({**signed, "changed": True})
    )
    later = {**signed["proof"], "created": "2099-01-01T00:00:00Z"}
    yield expect_refusal(
        f"{name} changed proof refused", lambda: verify({**signed, "proof": later})
    )
    yield expect(f"{name} proof issued again", signed["proof"], lambda: _issued(signed, pair))


def _chain(name: str, files: Any) -> Iterator[Row]:
    keys = {
        pair["publicKeyMultibase"]: pair for pair in files.get("multiKeyPairs.json", {}).values()
    }
    for file, document in files.items():
        if file.startswith("signed") and isinstance(document, dict):
            yield _proof_set(f"{name} {file}", document, keys)


def _proof_set(name: str, document: Any, keys: Any) -> Row:
    def verify() -> None:
        for proof in proofs:
            key = str(proof["verificationMethod"]).partition("#")[2]
            _verify(document, proof, read_multikey(keys[key]["publicKeyMultibase"]))

    proofs = proofs_of(document)
    if any(proof.get("cryptosuite") != SUITE for proof in proofs):
        return skip(name, NO_RDF)
    if any("previousProof" in proof for proof in proofs):
        return skip(name, "is a proof chain; we have proof sets only")
    return expect(name, None, verify)


def _verify(document: Any, proof: Any, public_key: bytes) -> None:
    try:
        verify_proof(document, proof, public_key=public_key)
    except OutOfSubsetError:
        # A document of others may hold floats: the standard's own bytes, then.
        signature = base58_decode(proof["proofValue"][1:])
        verify_signature(public_key, signature, _signed_bytes({**document, "proof": proof}))


def _issued(signed: Any, pair: Any) -> Any:
    created = read_time(signed["proof"]["created"])
    return create_proof(signed, signer=_signer(pair, signed), created=created)


def _signer(pair: Any, signed: Any) -> MemorySigner:
    return MemorySigner.from_seed(
        _seed(pair), verification_method_of=lambda _: signed["proof"]["verificationMethod"]
    )


def _seed(pair: Any) -> bytes:
    raw = base58_decode(pair["privateKeyMultibase"][1:])
    if raw[:2] != PRIVATE_PREFIX:
        raise ValueError("the private key is not an Ed25519 Multikey")
    return raw[2:]


def _public_of(pair: Any) -> str:
    signer = MemorySigner.from_seed(_seed(pair), verification_method_of=multikey)
    return multikey(signer.public_key)


def _document_hash(signed: Any) -> bytes:
    return sha256(jcs_bytes(without_proof(signed)))


def _signed_bytes(signed: Any) -> bytes:
    options = {key: value for key, value in signed["proof"].items() if key != "proofValue"}
    return sha256(jcs_bytes(options)) + _document_hash(signed)


def _stripped(expected: Any) -> Any:
    return expected.strip() if isinstance(expected, str) else expected


FORMAT = Format("vc-di-eddsa", recognises, rows)

"""`python -m provenance make-key | sign | sign-again`: a key that its maker keeps."""

import getpass
import json
import sys
from datetime import datetime
from pathlib import Path

from provenance import keys
from provenance.canonical import JSONObject, parse_object, without_proof
from provenance.credentials import (
    CERTIFICATE_TYPES,
    create_proof,
    maker_of,
    subject_of,
    text_of,
)
from provenance.errors import BadKeyError, MalformedError, ProvenanceError
from provenance.letters import seen

UNREADABLE = 2
SHORTEST_PASSPHRASE = 15
# What a site asks of a maker who registers a key.
CHALLENGE_TYPES = ["KeyPossession"]
OF_ANOTHER = "the key is not one of the maker that the document names"


def make_key(path: Path, passphrase_file: Path | None) -> int:
    """Make a key in a new encrypted file and tell its public half; 2 when it cannot be made."""
    try:
        passphrase = _new_passphrase(passphrase_file)
        public_key = keys.write_key_file(path, passphrase=passphrase)
    except (ProvenanceError, OSError, ValueError) as problem:
        return _refuse(problem)
    print(f"key          {keys.multikey(public_key)}")
    print(f"fingerprint  {keys.fingerprint(public_key)}")
    return 0


def sign(
    body: Path, key: Path, passphrase_file: Path | None, out: Path | None, *, now: datetime
) -> int:
    """Sign a body the site prepared and write the proof; 2 when something is unreadable."""
    try:
        document = without_proof(parse_object(body.read_bytes()))
        told, named = _told(document), _key_named(document)
        print(told, file=sys.stderr)
        signer = _signer(key, _passphrase(passphrase_file), named)
        proof = create_proof(document, signer=signer, created=now)
        _put(json.dumps(proof, indent=2, ensure_ascii=False) + "\n", out)
    except (ProvenanceError, OSError, ValueError) as problem:
        return _refuse(problem)
    return 0


def sign_again(
    sheet: Path, key: Path, passphrase_file: Path | None, out: Path | None, *, now: datetime
) -> int:
    """Sign what a stolen key signed before, a document to a line; 2 when a line is unreadable.

    A line in is `{"document": ..., "key": ...}`, a line out `{"id": ..., "proof": ...}`. All are
    read and told before the first is signed; one that does not fit stops them all.
    """
    try:
        lines = [_line(line) for line in sheet.read_bytes().splitlines()]
        for told in [_told(document) for document, _ in lines]:
            print(told, file=sys.stderr)
        passphrase = _passphrase(passphrase_file)
        signers = {named: _signer(key, passphrase, named) for _, named in lines}
        proofs = [
            {
                "id": document["id"],
                "proof": create_proof(document, signer=signers[named], created=now),
            }
            for document, named in lines
        ]
        _put("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in proofs), out)
    except (ProvenanceError, OSError, ValueError, KeyError) as problem:
        return _refuse(problem)
    return 0


def _line(line: bytes) -> tuple[JSONObject, str]:
    """One document and the name its new proof bears: a key of the very maker it names."""
    told = parse_object(line)
    document, named = told.get("document"), told.get("key")
    if not isinstance(document, dict) or not isinstance(named, str):
        raise MalformedError("a line holds a document and the key to sign it with")
    if named.partition("#")[0] != maker_of(document).get("id"):
        raise BadKeyError(OF_ANOTHER)
    return without_proof(document), named


def _signer(key: Path, passphrase: bytes, named: str) -> keys.Signer:
    signer = keys.load_signer(key, passphrase=passphrase, verification_method_of=lambda _: named)
    if keys.read_multikey(named.partition("#")[2]) != signer.public_key:
        raise BadKeyError("the file names another key than the one you sign with")
    return signer


def _key_named(document: JSONObject) -> str:
    """The key that this very kind of document names, and no other member of it."""
    if _is_challenge(document):
        named, maker = document.get("key"), document.get("maker")
    else:
        named, maker = maker_of(document).get("key"), maker_of(document).get("id")
    if not isinstance(named, str):
        raise MalformedError("the file names no key of its maker")
    if named.partition("#")[0] != maker:
        raise BadKeyError(OF_ANOTHER)
    return named


def _told(document: JSONObject) -> str:
    """Nobody signs what they did not see: one line says what this is.

    Raises MalformedError for what says neither that it is a certificate nor a challenge.
    """
    if _is_challenge(document):
        return seen(f"You show that this key is yours, to {text_of(document, 'maker')}.")
    if document.get("type") != [*CERTIFICATE_TYPES]:
        raise MalformedError("the file is neither a certificate nor a challenge; nothing is signed")
    title = text_of(subject_of(document), "name")
    place, moment = text_of(document, "id"), text_of(document, "validFrom")
    return seen(f"You sign: {title}, {place}, dated {moment}.")


def _is_challenge(document: JSONObject) -> bool:
    return document.get("type") == CHALLENGE_TYPES


def _put(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, encoding="utf-8")


def _passphrase(file: Path | None) -> bytes:
    if file is None:
        return getpass.getpass("Passphrase of the key: ").encode()
    return file.read_text(encoding="utf-8").rstrip("\r\n").encode()


def _new_passphrase(file: Path | None) -> bytes:
    passphrase = _passphrase(file)
    if len(passphrase.decode()) < SHORTEST_PASSPHRASE:
        raise BadKeyError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    if file is None and getpass.getpass("The same once more: ").encode() != passphrase:
        raise BadKeyError("the two passphrases differ")
    return passphrase


def _refuse(problem: Exception) -> int:
    told = problem if isinstance(problem, ProvenanceError) else "a file cannot be read or written"
    print(f"provenance: {told}", file=sys.stderr)
    return UNREADABLE

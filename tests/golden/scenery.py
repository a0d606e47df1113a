"""Who and what stands in the golden cases: keys from fixed seeds, documents, lists, bundles."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from provenance import bundle, keys, statuslist
from provenance.canonical import JSONObject
from provenance.credentials import PURPOSES, attach_proofs, create_proof, create_proofs
from tests.provenance.makings import (
    ISSUED,
    LIST_URLS,
    MIRA,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    changed,
    make_body,
    make_certificate,
    make_signer,
)

# Deflate may be written in many ways, and the lists are signed: their text is kept, not made.
ENCODED = dict(
    line.split() for line in (Path(__file__).parent / "encoded.txt").read_text().splitlines()
)
NEW_SIGNER = make_signer(seed=7)
NEW_MIRA_SIGNER = make_signer(MIRA, seed=8)
# A key that Sana made herself, under the platform's name.
SANA_AS_PLATFORM = make_signer(PLATFORM, seed=3)
CARD = keys.fingerprint(PLATFORM_SIGNER.public_key)
THEFT = datetime(2026, 12, 1, tzinfo=UTC)
THEFT_AT = "2026-12-01T00:00:00Z"
BEFORE_ALL = "2026-11-20T09:30:00Z"
LATER = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
LATER_AT = "2026-12-10T12:00:00Z"

PLATFORM_DID = keys.did_document(PLATFORM, keys=[PLATFORM_SIGNER.public_key])
ROTATED_DID = keys.did_document(PLATFORM, keys=[NEW_SIGNER.public_key, PLATFORM_SIGNER.public_key])
STOLEN_DID = keys.did_document(
    PLATFORM, keys=[NEW_SIGNER.public_key], revoked={PLATFORM_SIGNER.public_key: THEFT_AT}
)
MIRA_DID = keys.did_document(MIRA, keys=[MIRA_SIGNER.public_key])
MIRA_ROTATED_DID = keys.did_document(
    MIRA, keys=[NEW_MIRA_SIGNER.public_key, MIRA_SIGNER.public_key]
)


def mira_stolen(since: str = THEFT_AT) -> JSONObject:
    """Mira's document after the key was stolen that her certificates name."""
    return keys.did_document(
        MIRA, keys=[NEW_MIRA_SIGNER.public_key], revoked={MIRA_SIGNER.public_key: since}
    )


def signed(document: JSONObject, *signers: keys.Signer, at: datetime = ISSUED) -> JSONObject:
    return attach_proofs(document, create_proofs(document, signers=[*signers], created=at))


RECORDED = make_certificate()
HELD_BODY = make_body(maker={"keyLevel": "held", "key": MIRA_SIGNER.verification_method})
OWN_BODY = make_body(maker={"keyLevel": "own", "key": MIRA_SIGNER.verification_method})
HELD = signed(HELD_BODY, PLATFORM_SIGNER, MIRA_SIGNER)
OWN = signed(OWN_BODY, PLATFORM_SIGNER, MIRA_SIGNER)


def with_proof(certificate: JSONObject, **facts: Any) -> JSONObject:
    """The certificate with members of its one proof replaced, and not signed again."""
    return changed(certificate, lambda c: c["proof"].update(facts))


def signed_after(
    change: Callable[[Any], object], *signers: keys.Signer, body: JSONObject | None = None
) -> JSONObject:
    """What the signers really signed, with something odd in its body."""
    return signed(changed(body or make_body(), change), *(signers or (PLATFORM_SIGNER,)))


def status_list(
    purpose: str,
    encoded: str = "clear",
    *,
    signer: keys.Signer = PLATFORM_SIGNER,
    at: datetime = ISSUED,
    **members: Any,
) -> JSONObject:
    body = statuslist.build_status_list(
        url=LIST_URLS[purpose],
        issuer=PLATFORM,
        purpose=purpose,
        set_indexes=(),
        valid_from=at,
        valid_until=at + timedelta(hours=24),
    )
    body = changed(body, lambda b: b["credentialSubject"].update(encodedList=ENCODED[encoded]))
    body |= members
    return attach_proofs(body, [create_proof(body, signer=signer, created=at)])


def lists(
    *, set_for: Iterable[str] = (), replaced: Iterable[JSONObject] = (), **made: Any
) -> dict[str, JSONObject]:
    """The three lists by their address: the bit set for some purposes, some replaced whole."""
    found = {
        LIST_URLS[purpose]: status_list(purpose, "set" if purpose in set_for else "clear", **made)
        for purpose in PURPOSES
    }
    return found | {str(each["id"]): each for each in replaced}


def bundled(certificate: JSONObject, *documents: JSONObject, **made: Any) -> JSONObject:
    return bundle.build_bundle(
        certificate=certificate,
        did_documents=[*documents],
        status_lists=[*lists(**made).values()],
        as_of=made.get("at", ISSUED),
    )

"""Certificates that hold, and whom their verifier must believe for it."""

import json
from typing import Any

from provenance import keys
from provenance.canonical import JSONObject
from tests.golden.case import Case, Expected, expect
from tests.golden.scenery import (
    CARD,
    HELD,
    LATER,
    LATER_AT,
    MIRA_DID,
    NEW_SIGNER,
    OWN,
    PLATFORM_DID,
    RECORDED,
    ROTATED_DID,
    SANA_AS_PLATFORM,
    bundled,
    lists,
    signed,
    signed_after,
)
from tests.provenance.makings import (
    MIRA,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    SITE,
    changed,
    make_body,
    make_signer,
)

CURRENT = expect("current")
UNKNOWN_ISSUER = expect("unconfirmed", left_open=[3])
LOCAL = "http://localhost:8000"
LOCAL_SIGNER = make_signer(keys.did_web(LOCAL))
QR = {"kind": "qr", "id": "Zr3wLq8uSg5nXf7PoBt6Kw"}


def good() -> list[Case]:
    held = {"trusted": (PLATFORM_DID,), "lists": lists()}
    return [
        Case("recorded", "Recorded by the platform for its maker.", RECORDED, CURRENT, **held),
        Case("held", "The maker's key is held by the platform.", HELD, _with_maker(), **held),
        Case("own", "The maker signed with a key of her own.", OWN, _with_maker(), **held),
        Case(
            "spaced", "Spaces and the order of members do not matter.", _spaced(), CURRENT, **held
        ),
        Case(
            "card-fingerprint",
            "The fingerprint on the card makes the bundled key known.",
            bundled(RECORDED, PLATFORM_DID),
            CURRENT,
            fingerprints=(CARD,),
        ),
        Case(
            "spelled-out-key",
            "The name of a key is the key: the fingerprint is enough.",
            RECORDED,
            CURRENT,
            fingerprints=(CARD,),
            lists=lists(),
        ),
        Case(
            "maker-document-at-hand",
            "A maker's document that nobody signed changes nothing.",
            HELD,
            _with_maker(),
            supplied=(MIRA_DID,),
            **held,
        ),
        _local(),
        *_rotated(),
        *_tagged(),
    ]


def _with_maker() -> Expected:
    return expect("current", passed=[5])


def _spaced() -> bytes:
    members = dict(reversed(RECORDED.items()))
    return json.dumps(members, indent=2, ensure_ascii=False).encode()


def _local() -> Case:
    """The status lists are another site's here, so what they would say stays open."""
    certificate = signed(make_body(site=LOCAL), LOCAL_SIGNER)
    document = keys.did_document(keys.did_web(LOCAL), keys=[LOCAL_SIGNER.public_key])
    return Case(
        "local-http",
        "Plain http is accepted on localhost alone.",
        certificate,
        expect("unconfirmed", left_open=[7, 8]),
        trusted=(document,),
    )


def _rotated() -> list[Case]:
    after = lists(signer=NEW_SIGNER, at=LATER)
    return [
        Case(
            "retired-key",
            "A key that was only retired still proves what it signed.",
            RECORDED,
            CURRENT,
            trusted=(ROTATED_DID,),
            lists=after,
            at=LATER_AT,
        ),
        Case(
            "old-card-new-key",
            "The key on an old card signed the document that names its successor.",
            bundled(
                signed(make_body(), NEW_SIGNER),
                signed(ROTATED_DID, NEW_SIGNER, PLATFORM_SIGNER, at=LATER),
                signer=NEW_SIGNER,
                at=LATER,
            ),
            CURRENT,
            fingerprints=(CARD,),
            at=LATER_AT,
        ),
        Case(
            "old-card-after-ten-rotations",
            "Every key there ever was has signed today's document.",
            bundled(
                signed(make_body(), NEW_SIGNER),
                signed(_ten_times_rotated(), *_TEN, PLATFORM_SIGNER, at=LATER),
                signer=NEW_SIGNER,
                at=LATER,
            ),
            CURRENT,
            fingerprints=(CARD,),
            at=LATER_AT,
        ),
        Case(
            "old-card-old-word",
            "What the key on the card said of its successor three weeks ago is told no more.",
            bundled(
                signed(make_body(), NEW_SIGNER),
                signed(ROTATED_DID, NEW_SIGNER, PLATFORM_SIGNER),
                signer=NEW_SIGNER,
                at=LATER,
            ),
            UNKNOWN_ISSUER,
            fingerprints=(CARD,),
            at=LATER_AT,
        ),
    ]


_TEN = (NEW_SIGNER, *(make_signer(seed=seed) for seed in range(20, 29)))


def _ten_times_rotated() -> JSONObject:
    return keys.did_document(
        PLATFORM, keys=[*(key.public_key for key in _TEN), PLATFORM_SIGNER.public_key]
    )


def _tagged() -> list[Case]:
    held = {"trusted": (PLATFORM_DID,), "lists": lists()}
    return [
        Case(
            "tag-named",
            "The printed code that was read is named in the body.",
            RECORDED,
            expect("current", passed=[11]),
            tag=QR,
            **held,
        ),
        Case(
            "tag-of-another-piece",
            "The tag that was read is recorded for no such piece.",
            RECORDED,
            expect("failed", failed=[11]),
            tag=QR | {"id": "AAAAAAAAAAAAAAAAAAAAAA"},
            **held,
        ),
    ]


def trust() -> list[Case]:
    other = keys.fingerprint(NEW_SIGNER.public_key)
    return [
        Case(
            "key-came-with-the-file",
            "A bundle that brings its own key proves nothing.",
            bundled(RECORDED, PLATFORM_DID),
            UNKNOWN_ISSUER,
        ),
        Case(
            "another-fingerprint",
            "The fingerprint is of another key.",
            bundled(RECORDED, PLATFORM_DID),
            UNKNOWN_ISSUER,
            fingerprints=(other,),
        ),
        Case(
            "document-at-hand",
            "A document that is merely at hand makes nothing known.",
            RECORDED,
            UNKNOWN_ISSUER,
            supplied=(PLATFORM_DID,),
            lists=lists(),
        ),
        Case(
            "forged-whole",
            "Sana forged key, certificate and lists under the issuer's name.",
            forged(),
            UNKNOWN_ISSUER,
        ),
        Case(
            "forged-whole-beside-the-card",
            "The same forgery, asked with the fingerprint on the card.",
            forged(),
            UNKNOWN_ISSUER,
            fingerprints=(CARD,),
        ),
        Case(
            "forged-whole-beside-the-document",
            "The same forgery, asked with the issuer's real document.",
            forged(),
            expect("failed", failed=[4], left_open=[7, 8]),
            trusted=(PLATFORM_DID,),
        ),
        Case(
            "forged-succession",
            "Sana's document names her key beside the real one, and only she signed it.",
            bundled(
                signed(make_body(), SANA_AS_PLATFORM),
                signed(_with_sana(), SANA_AS_PLATFORM),
                signer=SANA_AS_PLATFORM,
            ),
            UNKNOWN_ISSUER,
            fingerprints=(CARD,),
        ),
        Case(
            "key-renamed-by-a-stranger",
            "A document at hand gives the key on the card another value; its name is the key.",
            RECORDED,
            CURRENT,
            fingerprints=(CARD,),
            supplied=(changed(PLATFORM_DID, _renamed),),
            lists=lists(),
        ),
        Case(
            "proof-by-a-stranger-in-the-issuers-name",
            "Beside the proof by the key on the card stands one by a key that nobody knows.",
            signed(make_body(), PLATFORM_SIGNER, SANA_AS_PLATFORM),
            expect("unconfirmed", left_open=[4]),
            fingerprints=(CARD,),
            lists=lists(),
        ),
        Case(
            "maker-alone-believed",
            "Who believes only the maker's document does not know the issuer.",
            HELD,
            expect("unconfirmed", left_open=[3], passed=[5]),
            trusted=(MIRA_DID,),
            lists=lists(),
        ),
    ]


def places() -> list[Case]:
    """Who may issue, where a certificate may stand, and whose log it must be in."""
    held = {"trusted": (PLATFORM_DID,), "lists": lists()}
    logged = PLATFORM_DID | {
        "service": [
            {"id": f"{PLATFORM}#log", "type": "TransparencyLog", "serviceEndpoint": f"{SITE}/log"}
        ]
    }
    return [
        Case(
            "issuer-is-a-maker",
            "A maker has a name of her own on the site, and is not the site.",
            signed_after(_issued_by_mira, MIRA_SIGNER),
            expect("failed", failed=[2], left_open=[7, 8]),
            trusted=(PLATFORM_DID, MIRA_DID),
        ),
        Case(
            "id-climbs-out",
            "Its place is on the issuer's site, but not among the certificates.",
            signed_after(lambda b: b.update(id=f"{SITE}/c/../4kWm8QpT2vXz6Ls9RbNdYc")),
            expect("failed", failed=[2]),
            **held,
        ),
        Case(
            "id-without-a-site",
            "It has the letters of a certificate's place, and names no site.",
            signed_after(lambda b: b.update(id="4kWm8QpT2vXz6Ls9RbNdYc")),
            expect("failed", failed=[2]),
            **held,
        ),
        Case(
            "log-named-by-a-vouched-document",
            "The document that the card's key signed names a log, and nobody looked into it.",
            bundled(RECORDED, signed(logged, PLATFORM_SIGNER)),
            expect("unconfirmed"),
            fingerprints=(CARD,),
        ),
        Case(
            "log-named-by-the-newer-document",
            "Of two documents that are believed, the newer names a log.",
            RECORDED,
            expect("unconfirmed"),
            trusted=(PLATFORM_DID, logged),
            lists=lists(),
        ),
    ]


def _issued_by_mira(body: Any) -> None:
    body["issuer"]["id"] = MIRA


def forged() -> JSONObject:
    document = keys.did_document(PLATFORM, keys=[SANA_AS_PLATFORM.public_key])
    certificate = signed(make_body(), SANA_AS_PLATFORM)
    return bundled(certificate, document, signer=SANA_AS_PLATFORM)


def _renamed(document: Any) -> None:
    sana = keys.multikey(SANA_AS_PLATFORM.public_key)
    document["verificationMethod"][0]["publicKeyMultibase"] = sana


def _with_sana() -> JSONObject:
    return keys.did_document(
        PLATFORM, keys=[SANA_AS_PLATFORM.public_key, PLATFORM_SIGNER.public_key]
    )

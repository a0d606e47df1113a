"""Keys that were stolen: what was signed before, after, and again with another key."""

from datetime import datetime, timedelta
from typing import Any

from provenance import keys
from provenance.canonical import JSONObject
from provenance.credentials import attach_proofs, create_proof
from tests.golden.case import Case, Expected, expect
from tests.golden.scenery import (
    BEFORE_ALL,
    CARD,
    HELD,
    HELD_BODY,
    LATER,
    LATER_AT,
    MIRA_ROTATED_DID,
    NEW_MIRA_SIGNER,
    NEW_SIGNER,
    PLATFORM_DID,
    RECORDED,
    ROTATED_DID,
    SANA_AS_PLATFORM,
    STOLEN_DID,
    THEFT_AT,
    bundled,
    lists,
    mira_stolen,
    signed,
)
from tests.provenance.makings import (
    ISSUED,
    MIRA,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    changed,
    make_body,
    make_signer,
)

GOOD_WITH_MAKER = expect("current", passed=[5])


def platform_stolen() -> list[Case]:
    after = {"lists": lists(signer=NEW_SIGNER, at=LATER), "at": LATER_AT}
    unreliable = expect("unreliable", failed=[4], since=THEFT_AT)
    return [
        Case(
            "platform-key-stolen",
            "Whoever has the key can write an early date, so the date helps nothing.",
            RECORDED,
            unreliable,
            trusted=(STOLEN_DID,),
            **after,
        ),
        Case(
            "platform-key-stolen-signed-again",
            "The same body, signed again with the new key.",
            signed(make_body(), NEW_SIGNER, at=LATER),
            expect("current"),
            trusted=(STOLEN_DID,),
            **after,
        ),
        Case(
            "platform-key-stolen-old-lists",
            "A list that the stolen key signed tells nothing.",
            signed(make_body(), NEW_SIGNER),
            expect("unconfirmed", left_open=[7, 8]),
            trusted=(STOLEN_DID,),
            lists=lists(),
        ),
        Case(
            "platform-key-stolen-held",
            "The maker's proof rests on a text whose issuer's proof is open.",
            HELD,
            expect("unreliable", failed=[4], left_open=[5], since=THEFT_AT),
            trusted=(STOLEN_DID,),
            **after,
        ),
        Case(
            "platform-key-stolen-two-documents",
            "An old document and a newer one are believed: the worse of the two counts.",
            RECORDED,
            unreliable,
            trusted=(PLATFORM_DID, STOLEN_DID),
            **after,
        ),
        Case(
            "platform-key-stolen-vouches",
            "A stolen key cannot name a successor.",
            bundled(
                signed(make_body(), SANA_AS_PLATFORM),
                signed(_with_sana(), PLATFORM_SIGNER),
                signer=SANA_AS_PLATFORM,
            ),
            expect("failed", failed=[4], left_open=[7, 8]),
            trusted=(STOLEN_DID,),
        ),
        Case(
            "platform-key-stolen-card-of-new-key",
            "The card of the new key, and the bundle as the site serves it today.",
            bundled(
                signed(make_body(), NEW_SIGNER, at=LATER),
                signed(STOLEN_DID, NEW_SIGNER, at=LATER),
                signer=NEW_SIGNER,
                at=LATER,
            ),
            expect("current"),
            fingerprints=(keys.fingerprint(NEW_SIGNER.public_key),),
            at=LATER_AT,
        ),
        Case(
            "platform-key-stolen-card-of-old-key",
            "The card of the stolen key cannot make the new one known.",
            bundled(
                signed(make_body(), NEW_SIGNER, at=LATER),
                signed(STOLEN_DID, NEW_SIGNER, at=LATER),
                signer=NEW_SIGNER,
                at=LATER,
            ),
            expect("unconfirmed", left_open=[3]),
            fingerprints=(CARD,),
            at=LATER_AT,
        ),
    ]


def words_of_old() -> list[Case]:
    """What was true of a key before its theft, brought after it."""
    new_card = (keys.fingerprint(NEW_SIGNER.public_key),)
    return [
        Case(
            "platform-key-stolen-document-from-before",
            "A thief brings what the good key said of the stolen one before the theft.",
            bundled(
                signed(make_body(), PLATFORM_SIGNER, at=LATER),
                signed(ROTATED_DID, NEW_SIGNER, PLATFORM_SIGNER),
                at=LATER,
            ),
            expect("unconfirmed", left_open=[3]),
            fingerprints=new_card,
            at=LATER_AT,
        ),
        *(
            Case(
                name,
                says,
                signed(make_body(), SANA_AS_PLATFORM),
                expect("failed", failed=[4], left_open=[7, 8]),
                trusted=(ROTATED_DID,),
                supplied=supplied,
                lists=lists(signer=SANA_AS_PLATFORM, at=LATER),
                at=LATER_AT,
            )
            for name, says, supplied in _thief_and_warning()
        ),
        Case(
            "platform-key-stolen-by-another-name",
            "The stolen key is the same key under another name of a held document.",
            signed(make_body(), _as_key_1()),
            expect("unreliable", failed=[4], since=THEFT_AT),
            trusted=(changed(PLATFORM_DID, _with_key_1), STOLEN_DID),
            lists=lists(signer=NEW_SIGNER, at=LATER),
            at=LATER_AT,
        ),
        Case(
            "platform-key-stolen-told-by-a-stranger",
            "A document that no trusted key signed takes nothing away from the key on the card.",
            bundled(RECORDED, STOLEN_DID),
            expect("current"),
            fingerprints=(CARD,),
        ),
    ]


def _thief_and_warning() -> list[tuple[str, str, tuple[JSONObject, JSONObject]]]:
    """What the stolen key says, and what the good one says of it, in either order."""
    thief = signed(_with_sana(), PLATFORM_SIGNER, at=LATER)
    warning = signed(STOLEN_DID, NEW_SIGNER, at=LATER)
    says = "What a stolen key named falls with it, whoever is heard first."
    return [
        ("platform-key-stolen-thief-heard-first", says, (thief, warning)),
        ("platform-key-stolen-thief-heard-last", says, (warning, thief)),
    ]


def _as_key_1() -> keys.Signer:
    """The platform's first key, which calls itself by another name."""
    return keys.MemorySigner.from_seed(
        bytes([1]) * 32, verification_method_of=lambda _: f"{PLATFORM}#key-1"
    )


def _with_key_1(document: Any) -> None:
    (method,) = document["verificationMethod"]
    document["verificationMethod"] = [method | {"id": f"{PLATFORM}#key-1"}]
    document["assertionMethod"] = [f"{PLATFORM}#key-1"]


def _with_sana() -> JSONObject:
    return keys.did_document(
        PLATFORM, keys=[SANA_AS_PLATFORM.public_key, PLATFORM_SIGNER.public_key]
    )


def maker_stolen() -> list[Case]:
    held = {"lists": lists()}
    late = expect("unreliable", failed=[5], since=BEFORE_ALL)
    again = signed(HELD_BODY, PLATFORM_SIGNER, NEW_MIRA_SIGNER)
    return [
        _maker_case(
            "maker-key-stolen-later", "Signed before the theft.", HELD, GOOD_WITH_MAKER, THEFT_AT
        ),
        _maker_case(
            "maker-key-stolen-before", "Signed at the moment of the theft.", HELD, late, BEFORE_ALL
        ),
        _maker_case(
            "maker-signed-again",
            "Signed before the theft, and again with the maker's new key.",
            again,
            GOOD_WITH_MAKER,
            THEFT_AT,
        ),
        _maker_case(
            "maker-signed-again-too-late",
            "Signed after the theft: signing again does not mend it.",
            again,
            late,
            BEFORE_ALL,
        ),
        _maker_case(
            "maker-key-stolen-between",
            "The body was dated before the theft, and the maker's own proof after it.",
            _signed_late(ISSUED + timedelta(hours=2)),
            expect("unreliable", failed=[5], since="2026-11-20T10:30:00Z"),
            "2026-11-20T10:30:00Z",
        ),
        Case(
            "maker-successor-stolen-too",
            "The key that stood in for the stolen one was stolen as well.",
            again,
            expect("unreliable", failed=[5], since=LATER_AT),
            trusted=(PLATFORM_DID, _mira_robbed_twice()),
            lists=lists(),
        ),
        Case(
            "maker-key-stolen-told-by-the-bundle",
            "The platform's trusted key signed the maker's document in the bundle.",
            bundled(HELD, signed(mira_stolen(BEFORE_ALL), PLATFORM_SIGNER)),
            late,
            fingerprints=(CARD,),
        ),
        Case(
            "maker-key-stolen-told-by-a-stranger",
            "A document that no trusted key signed cannot take anything away.",
            bundled(HELD, mira_stolen(BEFORE_ALL)),
            GOOD_WITH_MAKER,
            fingerprints=(CARD,),
        ),
        Case(
            "maker-key-retired",
            "The maker goes on with a new key; nothing was stolen.",
            HELD,
            GOOD_WITH_MAKER,
            trusted=(PLATFORM_DID, MIRA_ROTATED_DID),
            **held,
        ),
        Case(
            "maker-key-newer-than-the-document",
            "The maker's document at hand is older than the key that the body names.",
            HELD,
            GOOD_WITH_MAKER,
            trusted=(PLATFORM_DID, keys.did_document(MIRA, keys=[NEW_MIRA_SIGNER.public_key])),
            **held,
        ),
    ]


def _signed_late(moment: datetime) -> JSONObject:
    ours, hers = (
        create_proof(HELD_BODY, signer=signer, created=at)
        for signer, at in ((PLATFORM_SIGNER, ISSUED), (MIRA_SIGNER, moment))
    )
    return attach_proofs(HELD_BODY, [ours, hers])


def _mira_robbed_twice() -> JSONObject:
    stolen = {MIRA_SIGNER.public_key: THEFT_AT, NEW_MIRA_SIGNER.public_key: LATER_AT}
    return keys.did_document(MIRA, keys=[make_signer(MIRA, seed=9).public_key], revoked=stolen)


def _maker_case(name: str, says: str, file: JSONObject, expected: Expected, since: str) -> Case:
    trusted = (PLATFORM_DID, mira_stolen(since))
    return Case(name, says, file, expected, trusted=trusted, lists=lists())


def maker_proofs() -> list[Case]:
    held = {"trusted": (PLATFORM_DID,), "lists": lists()}
    stranger = make_signer("did:web:stranger.example", seed=3)
    unnamed = make_body(maker={"keyLevel": "held"})
    unlevelled = make_body(maker={"keyLevel": "sworn"})
    again = signed(HELD_BODY, PLATFORM_SIGNER, NEW_MIRA_SIGNER)
    return [
        Case(
            "maker-proof-missing",
            "The body says that the maker holds a key, and only the platform signed.",
            signed(HELD_BODY, PLATFORM_SIGNER),
            expect("failed", failed=[5]),
            **held,
        ),
        Case(
            "maker-proof-by-another-key",
            "The maker's new key cannot stand in for one that was not stolen.",
            again,
            expect("failed", failed=[5]),
            trusted=(PLATFORM_DID, MIRA_ROTATED_DID),
            lists=lists(),
        ),
        Case(
            "maker-proof-by-an-unpublished-key",
            "A key that the maker never published cannot stand in at all.",
            signed(HELD_BODY, PLATFORM_SIGNER, make_signer(MIRA, seed=9)),
            expect("failed", failed=[5]),
            trusted=(PLATFORM_DID, mira_stolen()),
            lists=lists(),
        ),
        Case(
            "platform-proof-missing",
            "The maker alone signed.",
            signed(HELD_BODY, MIRA_SIGNER),
            expect("failed", failed=[4], left_open=[5]),
            **held,
        ),
        Case(
            "proof-by-a-stranger",
            "A third proof, by neither issuer nor maker.",
            signed(make_body(), PLATFORM_SIGNER, stranger),
            expect("failed", failed=[4]),
            **held,
        ),
        Case(
            "maker-key-unnamed",
            "The body names no key, so no proof can be the maker's.",
            signed(unnamed, PLATFORM_SIGNER, MIRA_SIGNER),
            expect("failed", failed=[5]),
            **held,
        ),
        Case(
            "key-level-unknown",
            "The body must say who holds the maker's key.",
            signed(unlevelled, PLATFORM_SIGNER),
            expect("failed", failed=[5]),
            **held,
        ),
    ]

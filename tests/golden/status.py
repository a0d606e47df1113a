"""Withdrawn, suspended, replaced, out of date; and lists that cannot answer."""

from datetime import timedelta
from typing import Any

from provenance.canonical import JSONObject
from provenance.credentials import write_time
from tests.golden.case import Case, Expected, expect
from tests.golden.scenery import (
    PLATFORM_DID,
    RECORDED,
    SANA_AS_PLATFORM,
    lists,
    signed,
    signed_after,
    status_list,
    with_proof,
)
from tests.provenance.makings import ISSUED, LIST_URLS, PLATFORM_SIGNER, changed, make_body

UNKNOWN_STATUS = expect("unconfirmed", left_open=[7])


def _case(name: str, says: str, expected: Expected, **facts: object) -> Case:
    told: dict = {"trusted": (PLATFORM_DID,), "lists": lists(), "file": RECORDED} | facts
    return Case(name=name, says=says, expected=expected, **told)


def bits() -> list[Case]:
    revoked, suspended = expect("revoked", failed=[7]), expect("paused", failed=[8])
    both = expect("revoked", failed=[7, 8])
    return [
        _case("revoked", "It was withdrawn.", revoked, lists=lists(set_for=["revocation"])),
        _case("suspended", "It is suspended.", suspended, lists=lists(set_for=["suspension"])),
        _case(
            "superseded",
            "There is a newer one; this invalidates nothing.",
            expect("superseded"),
            lists=lists(set_for=["refresh"]),
        ),
        _case(
            "revoked-and-suspended",
            "The graver answer counts.",
            both,
            lists=lists(set_for=["revocation", "suspension"]),
        ),
        _case(
            "superseded-and-revoked",
            "A newer one does not hide that this was withdrawn.",
            revoked,
            lists=lists(set_for=["revocation", "refresh"]),
        ),
    ]


def silent_lists() -> list[Case]:
    nothing = expect("unconfirmed", left_open=[7, 8])
    address = LIST_URLS["revocation"]
    return [
        _case("lists-missing", "Nobody gave the status lists.", nothing, lists={}),
        _case(
            "lists-expired",
            "The lists are a day old: known as of then, and never green.",
            nothing,
            at="2026-11-21T09:30:01Z",
        ),
        _case(
            "lists-last-second",
            "At their last second they still count.",
            expect("current"),
            at="2026-11-21T09:30:00Z",
        ),
        _case(
            "lists-from-the-future",
            "They were published after the moment asked about.",
            nothing,
            lists=lists(at=ISSUED + timedelta(hours=3)),
        ),
        _listed("list-bomb", "It unpacks to sixteen megabytes.", status_list("revocation", "bomb")),
        _listed("list-too-short", "It has 8192 entries.", status_list("revocation", "short")),
        _listed(
            "list-of-another-purpose",
            "The suspension list stands where the other is named.",
            status_list("suspension", id=address),
        ),
        _listed(
            "list-of-another-issuer",
            "Somebody else issued it.",
            status_list("revocation", issuer="did:web:stranger.example"),
        ),
        _listed(
            "list-signed-by-another",
            "A key that the issuer does not publish signed it.",
            status_list("revocation", signer=SANA_AS_PLATFORM),
        ),
        _listed(
            "list-changed",
            "A bit was cleared after it was signed.",
            changed(
                status_list("revocation", "set"),
                lambda d: d["credentialSubject"].update(
                    encodedList=status_list("refresh")["credentialSubject"]["encodedList"]
                ),
            ),
        ),
    ]


def odd_places() -> list[Case]:
    """Status entries and lists that only look like those of a certificate."""

    def another_kind(body: Any) -> None:
        body["credentialStatus"][0]["type"] = "Other"

    def twice(body: Any) -> None:
        body["credentialStatus"][1]["statusPurpose"] = "revocation"

    def true_bit(body: Any) -> None:
        body["credentialStatus"][0]["statusSize"] = True

    odd = expect("failed", failed=[1])
    return [
        _case(
            "status-of-another-kind",
            "A place of a kind we do not publish.",
            odd,
            file=signed_after(another_kind),
        ),
        _case(
            "status-purpose-twice",
            "One purpose stands twice, another is missing.",
            expect("failed", failed=[1], left_open=[8]),
            file=signed_after(twice),
        ),
        _case(
            "status-size-true",
            "The size of a bit is no truth.",
            UNKNOWN_STATUS,
            file=signed_after(true_bit),
        ),
        Case(
            "list-of-a-stranger-and-nobody-asked",
            "Nothing is believed, and a stranger's list says that it was withdrawn.",
            RECORDED,
            expect("unconfirmed", left_open=[3, 7]),
            lists=lists()
            | {LIST_URLS["revocation"]: status_list("revocation", "set", signer=SANA_AS_PLATFORM)},
        ),
    ]


def _listed(name: str, says: str, listed: JSONObject) -> Case:
    replaced = lists() | {LIST_URLS["revocation"]: listed}
    return _case(name, says, UNKNOWN_STATUS, lists=replaced)


def dates() -> list[Case]:
    wrong = expect("failed", failed=[6])
    hour, later = timedelta(hours=1), ISSUED + timedelta(hours=4)
    return [
        _case(
            "valid-from-the-future",
            "It is valid only from a later day.",
            wrong,
            file=signed_after(lambda b: b.update(validFrom="2026-11-21T00:00:00Z")),
        ),
        _case(
            "valid-until-the-past",
            "It was valid until an earlier hour.",
            wrong,
            file=signed_after(lambda b: b.update(validUntil="2026-11-20T10:00:00Z")),
        ),
        _case(
            "created-in-the-future",
            "The proof bears a later moment.",
            wrong,
            file=signed(make_body(), PLATFORM_SIGNER, at=later),
        ),
        _case(
            "created-within-the-skew",
            "Clocks may differ by five minutes.",
            expect("current"),
            file=signed(make_body(), PLATFORM_SIGNER, at=ISSUED + 2 * hour + hour / 2),
        ),
        _case(
            "date-without-zone",
            "A moment without its time zone is no moment.",
            expect("failed", failed=[1, 6]),
            file=signed_after(lambda b: b.update(validFrom=write_time(ISSUED)[:-1])),
        ),
        _case(
            "expiry-added-to-the-proof",
            "A member added to the proof is a change to what was signed.",
            expect("failed", failed=[4, 6]),
            file=with_proof(RECORDED, expires="2026-11-20T10:00:00Z"),
        ),
    ]

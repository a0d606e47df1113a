"""What is said while a needed check is open: what was found good, the rest unknown, no more."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from provenance.carriers import Carrier, proven_by_file
from provenance.keys import fingerprint
from provenance.trust import Trust, read_did_document
from provenance.verdict import CertificateAnswer, Facts, TagAnswer, headline, limit_words
from provenance.verdict_facts import facts_of, is_signed
from provenance.verdict_open import open_limit, open_words
from provenance.verification import Check, Outcome, Verdict
from tests.provenance.makings import (
    ISSUED,
    NOON,
    PLATFORM_SIGNER,
    Hearing,
    make_document,
)

ROOT = Path(__file__).parents[2]
NEEDED = (3, 4, 5, 7, 8, 9, 10)
LAST_KNOWN = "Last known on 20 November 2026. "
ASKED = "We could not ask whether it still stands. Try again online."
CASES: list[tuple[tuple[int, ...], bool, str]] = [
    (
        (3,),
        True,
        "Who signed this is not known. "
        "The key came with the file. Compare its fingerprint with the card.",
    ),
    (
        (3, 4, 7, 8),
        False,
        "Who signed this is not known. "
        "No key of its issuer is at hand, so the signature was not checked.",
    ),
    ((4, 7, 8), False, "The signature was not checked. Its signer’s key is not at hand."),
    ((4, 7), True, "The signature was not fully checked. What is open stands in the list."),
    (
        (5,),
        True,
        "One signature good, one not checked. "
        "The platform’s holds. The maker’s own could not be checked.",
    ),
    (
        (5, 8),
        True,
        f"One signature good, one not checked. {LAST_KNOWN}{ASKED}",
    ),
    ((7,), True, f"Signature good, status unknown. {LAST_KNOWN}{ASKED}"),
    ((8, 10), True, f"Signature good, status unknown. {LAST_KNOWN}{ASKED}"),
    (
        (9, 10),
        True,
        "Signature good, public log not checked. Whether it stands in the log is not known.",
    ),
    (
        (10,),
        True,
        "Signature good, label not checked. "
        "Whether its making label follows from its record is not known here.",
    ),
    ((), True, "Not everything was checked. What is open stands in the list."),
    ((11,), True, "Not everything was checked. What is open stands in the list."),
]


def verdict_with(open_checks: tuple[int, ...], *, has_key: bool = True) -> Verdict:
    """A verdict in which all needed checks passed but these."""
    checks = tuple(
        Check(
            number,
            f"check {number}",
            Outcome.NOT_CHECKED if number in open_checks or number == 11 else Outcome.PASSED,
            "A reason.",
            is_needed=number in open_checks or number != 11,
        )
        for number in range(1, 12)
    )
    known = fingerprint(PLATFORM_SIGNER.public_key) if has_key else None
    return Verdict(checks, CertificateAnswer.UNCONFIRMED, known, status_as_of=ISSUED)


def said_of(verdict: Verdict) -> str:
    spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts_of(verdict, Facts()))
    return f"{spoken.title} {spoken.line}"


@pytest.mark.parametrize(("open_checks", "has_key", "said"), CASES)
def test_the_first_open_check_gives_the_words(open_checks, has_key, said):
    assert said_of(verdict_with(open_checks, has_key=has_key)) == said


@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize("more", [(), (5,), (7, 8), (5, 7, 8, 9, 10)])
@pytest.mark.parametrize("first", [(3,), (4,), (3, 4)])
def test_no_signature_is_called_good_that_no_key_we_know_made(first, more, has_key):
    said = said_of(verdict_with(first + more, has_key=has_key))

    assert "good" not in said
    assert "holds" not in said


@pytest.mark.parametrize("first", [(3,), (4,), (3, 4)])
def test_no_day_is_told_of_lists_that_nobody_known_signed(first):
    assert "Last known" not in said_of(verdict_with((*first, 7, 8)))


def test_a_day_is_not_told_either_where_the_signature_failed():
    verdict = verdict_with((7, 8))
    spoilt = replace(verdict.checks[3], outcome=Outcome.FAILED)
    failed = replace(verdict, checks=(*verdict.checks[:3], spoilt, *verdict.checks[4:]))

    assert facts_of(failed, Facts()).at is None


@pytest.mark.parametrize("number", NEEDED)
def test_every_open_check_has_a_limit_of_its_own_question(number):
    words = limit_words(CertificateAnswer.UNCONFIRMED, Facts(open_checks=(number,)))

    assert words == open_limit([number])
    assert words != open_limit([])
    assert words.endswith(".")


def test_what_is_open_beside_the_makers_signature_is_told_too():
    assert open_limit([5, 7]) == "whether its maker signed it too, or whether it still stands."
    assert open_limit([5, 10]) == "whether its maker signed it too."


@pytest.mark.parametrize(
    ("number", "outcome", "signed"),
    [
        (3, Outcome.NOT_CHECKED, False),
        (4, Outcome.NOT_CHECKED, False),
        (4, Outcome.FAILED, False),
        (5, Outcome.FAILED, False),
        (5, Outcome.NOT_CHECKED, True),
        (6, Outcome.FAILED, True),
        (7, Outcome.NOT_CHECKED, True),
    ],
)
def test_a_file_proves_who_signed_it_only_once_its_signatures_hold(number, outcome, signed):
    verdict = verdict_with(())
    checks = [
        replace(each, outcome=outcome) if each.number == number else each for each in verdict.checks
    ]

    proven = proven_by_file(is_signed=is_signed(replace(verdict, checks=tuple(checks))))

    assert proven.carrier is Carrier.FILE
    assert proven.proves.startswith("Who signed it") is signed


SAID_BY_LISTS = ("superseded", "revoked", "paused", "unreliable")


@pytest.mark.parametrize("answer", SAID_BY_LISTS)
@pytest.mark.parametrize("first", [(3,), (4,), (3, 4)])
def test_what_a_file_of_nobody_known_says_of_itself_is_told_as_what_it_says(answer, first):
    verdict = replace(verdict_with((*first, 9)), answer=CertificateAnswer(answer))

    said = said_of(verdict)

    assert said.endswith(". So the file says. Whether its issuer signed it is not known.")
    assert limit_words(verdict.answer, facts_of(verdict, Facts())) == open_limit(first)


@pytest.mark.parametrize("answer", SAID_BY_LISTS)
def test_what_the_issuer_signed_is_no_hearsay_though_something_is_open(answer):
    verdict = replace(verdict_with((5, 9, 10)), answer=CertificateAnswer(answer))

    assert "So the file says." not in said_of(verdict)


def test_what_the_site_itself_knows_is_no_hearsay():
    facts = Facts(by="maker", at=ISSUED, open_checks=(4,))

    spoken = headline(TagAnswer.NOT_SCANNED, CertificateAnswer.REVOKED, facts=facts)

    assert spoken.line == "By its maker, 20 November 2026. This cannot be undone."


def test_without_any_fact_the_words_claim_nothing():
    title, line = open_words([], has_key=False, known_on=date(2026, 11, 20))

    assert "good" not in f"{title} {line}"
    assert "2026" not in line


# -- real files ---------------------------------------------------------------------------------


def test_a_foreign_file_is_not_called_good_though_it_brings_keys_and_lists():
    brought = Trust(supplied=(read_did_document(make_document()),))

    said = said_of(Hearing(trust=brought).verdict())

    assert said.startswith("Who signed this is not known. The key came with the file.")


def test_a_file_whose_key_is_believed_grows_old_with_its_day():
    hearing = Hearing(now=NOON + timedelta(days=3))

    assert said_of(hearing.verdict()) == f"Signature good, status unknown. {LAST_KNOWN}{ASKED}"


# -- the same words in the browser --------------------------------------------------------------

IN_NODE = """
import { readFileSync } from "node:fs";
const { headlineOf } = await import(process.argv[1]);
const asked = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(asked.map((each) => headlineOf(...each))));
"""


def in_node(asked: list[Any]) -> list[dict[str, Any]]:
    words = (ROOT / "static" / "js" / "verify" / "words.js").as_uri()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", IN_NODE, words],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def since_in_script(verdict: Verdict) -> float | None:
    since = verdict.unreliable_since
    return since.timestamp() * 1000 if since else None


def for_script(verdict: Verdict) -> dict[str, Any]:
    """A verdict as static/js/verify/verify.js makes it."""
    return {
        "answer": verdict.answer,
        "checks": [
            {
                "number": check.number,
                "outcome": check.outcome,
                "reason": check.reason,
                "isNeeded": check.is_needed,
            }
            for check in verdict.checks
        ],
        "fingerprint": verdict.fingerprint,
        "statusAsOf": ISSUED.timestamp() * 1000,
        "unreliableSince": since_in_script(verdict),
    }


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_browser_says_the_same_of_every_set_of_open_checks():
    sets = [
        tuple(number for number, is_open in zip(NEEDED, chosen, strict=True) if is_open)
        for chosen in product([True, False], repeat=len(NEEDED))
    ]
    verdicts = [verdict_with(each, has_key=has_key) for each in sets for has_key in (True, False)]

    answers = in_node([[for_script(verdict), None] for verdict in verdicts])

    for verdict, answer in zip(verdicts, answers, strict=True):
        facts = facts_of(verdict, Facts())
        spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts)
        limit = limit_words(verdict.answer, facts)
        assert [answer["title"], answer["line"], answer["limit"]] == [
            spoken.title,
            spoken.line,
            limit,
        ]


ALONE = [
    answer
    for answer in CertificateAnswer
    if str(answer)
    in ("current", "superseded", "revoked", "paused", "unreliable", "unconfirmed", "failed")
]


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("answer", ALONE)
@pytest.mark.parametrize("still_open", [(7, 8), (3, 7), (4,), ()])
def test_the_browser_says_the_same_of_every_answer(answer, still_open):
    verdict = verdict_with(still_open)
    spoilt = replace(verdict.checks[5], outcome=Outcome.FAILED)
    checks = (*verdict.checks[:5], spoilt, *verdict.checks[6:])
    verdict = replace(verdict, checks=checks, answer=answer)

    (told,) = in_node([[for_script(verdict), None]])

    facts = facts_of(verdict, Facts())
    spoken = headline(TagAnswer.NOT_SCANNED, answer, facts=facts)
    limit = limit_words(spoken.answer, facts)
    assert [told[each] for each in ("title", "line", "limit")] == [spoken.title, spoken.line, limit]


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize("still_open", [(), (9,), (3, 7)])
@pytest.mark.parametrize("since", [ISSUED, None])
@pytest.mark.parametrize("lost", [(), (4,), (5,), (4, 5)])
def test_the_browser_names_the_same_lost_key(lost, since, still_open):
    verdict = verdict_with(still_open)
    checks = [
        replace(each, outcome=Outcome.FAILED) if each.number in lost else each
        for each in verdict.checks
    ]
    answer = CertificateAnswer.UNRELIABLE
    verdict = replace(verdict, checks=tuple(checks), answer=answer, unreliable_since=since)

    (told,) = in_node([[for_script(verdict), None]])

    facts = facts_of(verdict, Facts())
    spoken = headline(TagAnswer.NOT_SCANNED, answer, facts=facts)
    limit = limit_words(answer, facts)
    assert [told[each] for each in ("title", "line", "limit")] == [spoken.title, spoken.line, limit]


SITE = {
    "kind": "ring",
    "answer": "paused",
    "words": {"title": "Paused.", "line": "By its maker, 27 November 2026.", "limit": "how."},
    "unreliableSince": None,
    "lostKey": None,
    "cause": {"reason": "The clasp."},
}


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize(
    ("found", "site", "is_told"),
    [
        ("paused", SITE, True),
        ("revoked", SITE, False),
        ("failed", SITE, False),
        ("current", SITE, False),
        ("failed", SITE | {"answer": "failed"}, False),
        ("unconfirmed", SITE | {"answer": "unconfirmed"}, False),
        ("unreliable", SITE | {"answer": "unreliable"}, True),
        ("unreliable", SITE | {"answer": "unreliable", "unreliableSince": 1}, False),
        ("unreliable", SITE | {"answer": "unreliable", "lostKey": "maker"}, False),
    ],
)
def test_the_sites_words_stand_only_where_it_came_to_the_same_answer(found, site, is_told):
    verdict = replace(verdict_with((7, 8)), answer=CertificateAnswer(found))

    (told,) = in_node([[for_script(verdict), site]])

    assert told["bySite"] is is_told
    assert (told.get("line") == SITE["words"]["line"]) is is_told
    assert told["cause"] == (SITE["cause"] if is_told else None)

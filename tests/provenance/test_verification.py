"""The verdict: each of the eleven checks has tests that break it, and it never stops at one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from provenance import keys
from provenance.canonical import canonical_bytes
from provenance.credentials import attach_proofs
from provenance.trust import Trust, read_did_document
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.provenance.makings import (
    ISSUED,
    LIST_URLS,
    MIRA,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    SANA_SIGNER,
    SITE,
    Hearing,
    believing,
    changed,
    failed_numbers,
    make_body,
    make_certificate,
    make_document,
    make_held_certificate,
    make_lists,
    make_signer,
    make_status_list,
    open_numbers,
    outcomes,
    reason,
    signed_again,
)

NAMES = [
    "The file is well formed",
    "Its words have the meaning we publish",
    "We know the issuer",
    "The platform’s signature holds",
    "The maker’s signature holds",
    "The dates make sense",
    "It is not withdrawn",
    "It is not suspended",
    "It is in the public log",
    "The making label follows from the record",
    "This tag belongs to this piece",
]


def test_a_good_certificate_is_current():
    verdict = Hearing().verdict()

    assert [check.name for check in verdict.checks] == NAMES
    assert [check.number for check in verdict.checks] == list(range(1, 12))
    assert verdict.answer is CertificateAnswer.CURRENT
    assert verdict.exit_code == 0
    assert verdict.fingerprint == keys.fingerprint(PLATFORM_SIGNER.public_key)
    assert verdict.status_as_of == ISSUED


def test_what_was_not_checked_is_never_called_passed():
    verdict = Hearing().verdict()

    still_open = [n for n, outcome in outcomes(verdict).items() if outcome is Outcome.NOT_CHECKED]
    assert still_open == [5, 9, 10, 11]
    assert reason(verdict, 5) == "Recorded by the platform for the maker."
    assert reason(verdict, 9) == "This site keeps no public log yet."
    assert reason(verdict, 10) == "This certificate holds no making record."
    assert reason(verdict, 11) == "No tag was read."


def test_bytes_and_object_get_the_same_verdict():
    certificate = make_certificate()

    assert (
        Hearing(canonical_bytes(certificate)).verdict()
        == Hearing(json.dumps(certificate, indent=2).encode()).verdict()
        == Hearing(certificate).verdict()
    )


# 1


@pytest.mark.parametrize(
    ("data", "exit_code"),
    [
        pytest.param(canonical_bytes(make_certificate())[:-1], 2, id="truncated"),
        pytest.param(b"\xef\xbb\xbf" + canonical_bytes(make_certificate()), 2, id="BOM"),
        pytest.param(b"\xff\xfe", 2, id="not UTF-8"),
        pytest.param(b"[1]", 2, id="a list"),
        pytest.param(b'{"a":NaN}', 2, id="NaN"),
        pytest.param(b" " * 1024 * 1024, 2, id="1 MB"),
        pytest.param(b"[" * 10_000, 2, id="10,000 levels"),
        pytest.param(b'{"id":"a","id":"b"}', 1, id="a key twice"),
        pytest.param(b"{}", 1, id="an empty object"),
        pytest.param(b'{"mass":6.81}', 1, id="a float"),
        pytest.param(b'{"n":9007199254740993}', 1, id="2^53+1"),
    ],
)
def test_a_file_that_is_not_well_formed_fails_the_first_check(data, exit_code):
    verdict = Hearing(data).verdict()

    assert outcomes(verdict)[1] is Outcome.FAILED
    assert len(verdict.checks) == 11
    assert verdict.answer is CertificateAnswer.FAILED
    assert verdict.exit_code == exit_code


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c.update(proof=[]), id="an empty proof set"),
        pytest.param(lambda c: c.pop("proof"), id="no proof"),
        pytest.param(lambda c: c.update(proof=[c["proof"]] * 9), id="nine proofs"),
        pytest.param(lambda c: c.update(type="JewelryCertificate"), id="type not a list"),
        pytest.param(lambda c: c["type"].append("Diploma"), id="another type"),
        pytest.param(lambda c: c.update(issuer="did:web:touchmark.example"), id="nameless issuer"),
        pytest.param(lambda c: c["issuer"].pop("id"), id="issuer without id"),
        pytest.param(lambda c: c.update(validFrom="yesterday"), id="no date"),
        pytest.param(lambda c: c.update(credentialSubject=[]), id="no piece"),
        pytest.param(lambda c: c["credentialStatus"].pop(), id="two status entries"),
        pytest.param(lambda c: c.update(credentialStatus={}), id="status not a list"),
        pytest.param(lambda c: c.pop("id"), id="no id"),
    ],
)
def test_a_certificate_of_another_shape_fails(change):
    verdict = Hearing(changed(make_certificate(), change)).verdict()

    assert set(failed_numbers(verdict)) & {1, 2}
    assert verdict.answer is CertificateAnswer.FAILED
    assert verdict.exit_code == 1


# 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c["@context"].append("https://x.example"), id="appended"),
        pytest.param(lambda c: c["@context"].reverse(), id="swapped"),
        pytest.param(lambda c: c["@context"].pop(), id="ours left out"),
        pytest.param(lambda c: c.update({"@context": c["@context"][0]}), id="text"),
        pytest.param(
            lambda c: c["@context"].__setitem__(1, "https://x.example/contexts/jewelry/v1"),
            id="of another site",
        ),
        pytest.param(
            lambda c: c["@context"].__setitem__(1, c["@context"][1].replace("https", "http")),
            id="without https",
        ),
        pytest.param(lambda c: c.update(id="https://x.example/c/1"), id="id elsewhere"),
        pytest.param(lambda c: c.update(id=c["id"].replace("https", "http")), id="id over http"),
        pytest.param(lambda c: c.update(id=f"{SITE}.evil.example/c/1"), id="id on a longer host"),
        pytest.param(lambda c: c["issuer"].update(id="did:key:z6Mk"), id="issuer not did:web"),
    ],
)
def test_words_explained_elsewhere_fail_even_when_signed(change):
    verdict = Hearing(signed_again(change)).verdict()

    assert 2 in failed_numbers(verdict)
    assert verdict.exit_code == 1


@pytest.mark.parametrize("site", ["http://localhost:8000", "https://192.168.1.20"])
def test_a_demonstration_at_home_may_do_without_https(site):
    did = keys.did_web(site)
    signer = make_signer(did)
    certificate = make_certificate(make_body(site=site), signers=[signer])
    trust = believing(make_document(did=did, key=signer.public_key))

    verdict = Hearing(certificate, trust=trust).verdict()

    assert outcomes(verdict)[2] is Outcome.PASSED
    assert outcomes(verdict)[4] is Outcome.PASSED


# 3


def test_a_file_that_brings_its_own_key_is_unconfirmed():
    trust = Trust(supplied=(read_did_document(make_document()),))

    verdict = Hearing(trust=trust).verdict()

    fingerprint = keys.fingerprint(PLATFORM_SIGNER.public_key)
    assert outcomes(verdict)[3] is Outcome.NOT_CHECKED
    assert reason(verdict, 3) == f"The key came with the file, fingerprint {fingerprint}."
    assert verdict.answer is CertificateAnswer.UNCONFIRMED
    assert verdict.exit_code == 3


def test_the_fingerprint_on_the_card_makes_the_key_known():
    fingerprint = keys.fingerprint(PLATFORM_SIGNER.public_key)

    verdict = Hearing(trust=Trust(fingerprints=frozenset({fingerprint}))).verdict()

    assert outcomes(verdict)[3] is Outcome.PASSED
    assert verdict.exit_code == 0


def forged_whole():
    """Sana forges everything: key, certificate, status lists, and the issuer's own name."""
    sana = make_signer(PLATFORM, seed=3)
    lists = make_lists(**{p: make_status_list(p, signer=sana) for p in LIST_URLS})
    supplied = (read_did_document(make_document(key=sana.public_key)),)
    return make_certificate(signers=[sana]), lists, supplied


def test_a_bundle_forged_whole_is_unconfirmed_under_the_cards_fingerprint():
    certificate, lists, supplied = forged_whole()
    fingerprint = keys.fingerprint(PLATFORM_SIGNER.public_key)
    trust = Trust(fingerprints=frozenset({fingerprint}), supplied=supplied)

    verdict = Hearing(certificate, trust, lists).verdict()

    assert outcomes(verdict)[3] is Outcome.NOT_CHECKED
    assert verdict.exit_code == 3


def test_a_bundle_forged_whole_fails_under_the_issuers_own_document():
    certificate, lists, supplied = forged_whole()
    trust = replace(believing(make_document()), supplied=supplied)

    verdict = Hearing(certificate, trust, lists).verdict()

    assert failed_numbers(verdict) == [4]
    assert open_numbers(verdict) == [7, 8]
    assert verdict.exit_code == 1


def test_an_issuer_nobody_named_is_not_known():
    verdict = Hearing(trust=believing(make_document(did=MIRA))).verdict()

    assert outcomes(verdict)[3] is Outcome.NOT_CHECKED


# 4


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c["credentialSubject"].update(name="Marlow ring"), id="the name"),
        pytest.param(lambda c: c["proof"].update(created="2026-11-19T09:30:00Z"), id="the moment"),
        pytest.param(lambda c: c["proof"].update(proofPurpose="authentication"), id="purpose"),
        pytest.param(
            lambda c: c["proof"].update(proofValue=c["proof"]["proofValue"][:-1]), id="63"
        ),
        pytest.param(lambda c: c["proof"].update(proofValue="uAAAA"), id="base64"),
        pytest.param(lambda c: c["proof"].update(cryptosuite="eddsa-rdfc-2022"), id="suite"),
        pytest.param(
            lambda c: c["proof"].update(verificationMethod=SANA_SIGNER.verification_method),
            id="the key of another DID",
        ),
        pytest.param(
            lambda c: c["proof"].update(verificationMethod=f"{PLATFORM}#1"), id="an unknown key"
        ),
        pytest.param(lambda c: c["proof"].update(verificationMethod=7), id="a number for a key"),
    ],
)
def test_a_changed_certificate_fails(change):
    verdict = Hearing(changed(make_certificate(), change)).verdict()

    assert 4 in failed_numbers(verdict)
    assert verdict.answer is CertificateAnswer.FAILED
    assert verdict.exit_code == 1


def test_a_proof_by_a_stranger_beside_a_good_one_fails():
    certificate = make_certificate(signers=[PLATFORM_SIGNER, SANA_SIGNER])

    assert failed_numbers(Hearing(certificate).verdict()) == [4]


def test_one_bad_proof_of_the_issuer_spoils_the_good_one():
    good = make_certificate()
    bad = {**good["proof"], "created": "2026-11-20T09:30:01Z"}

    assert 4 in failed_numbers(Hearing(attach_proofs(good, [good["proof"], bad])).verdict())


def test_a_certificate_signed_by_its_maker_alone_fails():
    certificate = make_held_certificate(signers=[MIRA_SIGNER])

    assert 4 in failed_numbers(Hearing(certificate).verdict())


def test_a_stolen_key_makes_what_it_signed_unreliable_whatever_date_it_bears():
    new = make_signer(seed=7)
    stolen = {PLATFORM_SIGNER.public_key: "2026-12-01T00:00:00Z"}
    document = keys.did_document(PLATFORM, keys=[new.public_key], revoked=stolen)
    lists = make_lists(**{p: make_status_list(p, signer=new) for p in LIST_URLS})

    verdict = Hearing(trust=believing(document), lists=lists).verdict()

    assert failed_numbers(verdict) == [4]
    assert reason(verdict, 4) == "Its key was reported stolen as of 2026-12-01 00:00 UTC."
    assert verdict.answer is CertificateAnswer.UNRELIABLE
    assert verdict.unreliable_since == datetime(2026, 12, 1, tzinfo=UTC)


def test_a_key_that_may_no_longer_assert_makes_the_certificate_unreliable():
    document = changed(make_document(), lambda d: d["assertionMethod"].clear())

    verdict = Hearing(trust=believing(document)).verdict()

    assert failed_numbers(verdict) == [4]
    assert verdict.answer is CertificateAnswer.UNRELIABLE
    assert verdict.unreliable_since is None


def test_an_older_key_that_still_may_sign_holds():
    document = keys.did_document(
        PLATFORM, keys=[make_signer(seed=7).public_key, PLATFORM_SIGNER.public_key]
    )

    assert Hearing(trust=believing(document)).verdict().exit_code == 0

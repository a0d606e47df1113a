"""The certificate: built as the standard says, signed by one or several, read with suspicion."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance import credentials, keys
from provenance.canonical import canonical_bytes, without_proof
from provenance.errors import (
    BadKeyError,
    BadProofError,
    MalformedError,
    OutOfSubsetError,
    ProvenanceError,
)
from tests.provenance.makings import (
    INDEX,
    ISSUED,
    MIRA_SIGNER,
    PLATFORM,
    PLATFORM_SIGNER,
    SANA_SIGNER,
    SITE,
    changed,
    make_body,
    make_certificate,
    make_held_certificate,
)


def check(document, proof=None, *, key=PLATFORM_SIGNER.public_key):
    credentials.verify_proof(document, proof or document["proof"], public_key=key)


def test_a_certificate_has_the_shape_the_standard_asks_for():
    body = make_body()

    assert body["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://touchmark.example/contexts/jewelry/v1",
    ]
    assert body["id"] == f"{SITE}/c/4kWm8QpT2vXz6Ls9RbNdYc"
    assert body["type"] == ["VerifiableCredential", "JewelryCertificate"]
    assert body["issuer"] == {"id": PLATFORM, "name": "Touchmark"}
    assert body["validFrom"] == "2026-11-20T09:30:00Z"


def test_a_certificate_names_its_place_in_three_status_lists():
    entries = make_body()["credentialStatus"]

    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension", "refresh"]
    assert len({entry["id"] for entry in entries}) == 3
    assert entries[0] == {
        "id": f"{SITE}/status/1#{INDEX}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": f"{SITE}/status/1",
    }


def test_one_signer_leaves_a_proof_and_two_leave_a_set():
    assert isinstance(make_certificate()["proof"], dict)
    assert len(make_held_certificate()["proof"]) == 2


def test_each_proof_of_a_set_holds_under_its_own_key_and_no_other():
    certificate = make_held_certificate()
    platform, mira = credentials.proofs_of(certificate)

    check(certificate, platform)
    check(certificate, mira, key=MIRA_SIGNER.public_key)

    with pytest.raises(BadProofError):
        check(certificate, mira)


def test_a_proof_does_not_depend_on_the_proofs_beside_it():
    certificate = make_held_certificate()

    alone = credentials.attach_proofs(certificate, credentials.proofs_of(certificate)[:1])

    check(alone)


def test_proving_again_does_not_touch_the_body():
    certificate = make_certificate()

    proof = credentials.create_proof(certificate, signer=SANA_SIGNER, created=ISSUED)
    again = credentials.attach_proofs(certificate, [proof])

    assert without_proof(again) == without_proof(certificate)
    check(again, key=SANA_SIGNER.public_key)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c["credentialSubject"].update(name="Marlow ring"), id="the name"),
        pytest.param(lambda c: c["credentialSubject"].update(year=2025), id="the year"),
        pytest.param(lambda c: c["credentialSubject"].pop("care"), id="something left out"),
        pytest.param(lambda c: c.update(extra=None), id="something added"),
        pytest.param(lambda c: c["proof"].update(created="2026-11-20T09:30:01Z"), id="the moment"),
        pytest.param(lambda c: c["proof"].update(domain="x"), id="an option added to the proof"),
        pytest.param(lambda c: c["proof"].pop("created"), id="an option taken from the proof"),
        pytest.param(lambda c: c["@context"].append("https://x.example"), id="a context appended"),
        pytest.param(
            lambda c: (c["@context"].append("x"), c["proof"]["@context"].append("x")),
            id="a context appended on both sides",
        ),
    ],
)
def test_a_changed_certificate_does_not_hold(change):
    certificate = changed(make_certificate(), change)

    with pytest.raises(BadProofError):
        check(certificate)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"proofPurpose": "authentication"}, id="wrong purpose"),
        pytest.param({"type": "Ed25519Signature2020"}, id="another type"),
        pytest.param({"cryptosuite": "eddsa-rdfc-2022"}, id="another cryptosuite"),
        pytest.param({"previousProof": "urn:uuid:1"}, id="a proof chain"),
        pytest.param({"proofValue": "z"}, id="empty"),
        pytest.param({"proofValue": None}, id="no value"),
        pytest.param({"proofValue": "z" + "1" * 10_000}, id="long"),
        pytest.param({"proofValue": "uAAAA"}, id="base64url"),
        pytest.param({"proofValue": "zO0Il" + "2" * 80}, id="not base58"),
    ],
)
def test_a_proof_of_another_kind_is_refused(change):
    certificate = changed(make_certificate(), lambda c: c["proof"].update(change))

    with pytest.raises(BadProofError):
        check(certificate)


@pytest.mark.parametrize("length", [63, 65])
def test_a_signature_of_63_or_65_bytes_is_refused(length):
    def cut(certificate):
        raw = keys.base58_decode(certificate["proof"]["proofValue"][1:])
        certificate["proof"]["proofValue"] = "z" + keys.base58_encode((raw + raw)[:length])

    with pytest.raises(BadProofError):
        check(changed(make_certificate(), cut))


def test_a_proof_swapped_with_another_certificates_is_refused():
    other = make_certificate(changed(make_body(), lambda b: b.update(id=f"{SITE}/c/another")))

    with pytest.raises(BadProofError):
        check(make_certificate(), other["proof"])


def test_a_document_that_nobody_could_sign_is_refused_by_name():
    certificate = changed(make_certificate(), lambda c: c.update(mass=6.81))

    with pytest.raises(OutOfSubsetError):
        check(certificate)


def test_a_weak_key_verifies_nothing():
    with pytest.raises(BadKeyError):
        check(make_certificate(), key=bytes(32))


@pytest.mark.parametrize("proof", [[], None, "proof", [1], [{}] * 9, [None]])
def test_a_document_without_readable_proofs_is_malformed(proof):
    with pytest.raises(ProvenanceError):
        check(make_body(), credentials.proofs_of({**make_body(), "proof": proof})[0])


def test_a_certificate_is_never_left_without_proof():
    with pytest.raises(MalformedError):
        credentials.attach_proofs(make_body(), [])


def test_a_moment_without_time_zone_cannot_be_signed():
    with pytest.raises(MalformedError):
        credentials.write_time(ISSUED.replace(tzinfo=None))


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_reads_back_to_the_second(moment):
    to_the_second = moment.replace(microsecond=0)

    assert credentials.read_time(credentials.write_time(moment)) == to_the_second


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        20261120,
        "2026-11-20",
        "2026-11-20T09:30:00",
        "2026-13-20T09:30:00Z",
        "2026-11-20T25:00:00Z",
        "20261120T093000Z",
        "0001-01-01T00:00:00+23:59",
        "2026-11-20T09:30:00+99:00",
        "２０26-11-20T09:30:00Z",
    ],
)
def test_what_is_not_a_moment_is_refused(text):
    with pytest.raises(MalformedError):
        credentials.read_time(text)


def test_other_peoples_ways_to_write_a_moment_are_read():
    assert credentials.read_time("2026-11-20T10:30:00.5+01:00").hour == 9


def test_signing_twice_gives_the_same_bytes():
    assert canonical_bytes(make_certificate()) == canonical_bytes(make_certificate())


def test_a_document_without_contexts_is_not_signed():
    with pytest.raises(MalformedError):
        credentials.create_proof({"id": "x"}, signer=PLATFORM_SIGNER, created=ISSUED)

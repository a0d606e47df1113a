"""Verifying by the API: the same eleven answers as offline, and a name for every bad file."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance import __main__ as offline
from provenance import keys
from provenance.bundle import build_bundle
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import attach_proofs, create_proof, proofs_of
from provenance.keys import MemorySigner, base58_encode
from provenance.models.certificate import Actor, Certificate
from provenance.services import platform
from provenance.services.bundles import bundle_of
from provenance.services.identity import decide_identity
from provenance.services.revoke import revoke_certificate
from provenance.verdict import day_words
from tests.factories import make_certificate, make_staff
from tests.golden.bad_input import WEAK_POINT
from tests.provenance.makings import changed, make_bundle, make_document
from tests.provenance.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def file_of(certificate: Certificate) -> bytes:
    return bytes(certificate.files.get().content)


def verify(data: bytes, *, query: str = "", kind: str = "application/vc"):
    return Program().send(f"verifications{query}", data, kind=kind)


def forged_elsewhere(certificate: Certificate) -> bytes:
    """The same body, signed by a stranger who says he is the platform."""
    document = parse_object(file_of(certificate))
    sana = MemorySigner.from_seed(
        bytes(range(32)),
        verification_method_of=lambda key: keys.verification_method(platform.did(), key),
    )
    proof = create_proof(document, signer=sana, created=timezone.now())
    return canonical_bytes(attach_proofs(document, [proof]))


@pytest.mark.parametrize("kind", ["application/vc", "application/json", "application/ld+json"])
def test_a_certificate_of_ours_passes_whatever_json_it_is_called(kind):
    answer = verify(file_of(make_certificate()), kind=kind)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["answer"], told["exit_code"]) == ("current", 0)
    assert told["fingerprint"] == platform.fingerprint()
    assert [check["number"] for check in told["checks"]] == list(range(1, 12))
    assert {check["outcome"] for check in told["checks"]} == {"passed", "not checked"}


def test_the_api_answers_as_the_laptop_does(tmp_path, capsys):
    certificate, now = make_certificate(), timezone.now()
    lists = platform.status_lists_of(certificate.status_batch, now=now)
    bundle = canonical_bytes(
        build_bundle(
            certificate=parse_object(file_of(certificate)),
            did_documents=[platform.did_document()],
            status_lists=[parse_object(each) for each in lists.values()],
            as_of=now,
        )
    )
    (tmp_path / "bundle.json").write_bytes(bundle)
    (tmp_path / "did.json").write_bytes(canonical_bytes(platform.did_document()))

    told = verify(bundle, kind="application/json").json()
    code = offline.main(
        ["verify", str(tmp_path / "bundle.json"), "--trust", str(tmp_path / "did.json"), "--json"]
    )

    laptop = json.loads(capsys.readouterr().out)
    assert (told["exit_code"], told["answer"]) == (code, laptop["answer"])
    assert told["checks"] == laptop["checks"]


def test_a_withdrawn_certificate_is_well_formed_and_revoked():
    certificate = make_certificate()
    revoke_certificate(
        certificate=certificate,
        reason="The stone was swapped.",
        actor=Actor.MAKER,
        by=certificate.maker.user,
    )

    answer = verify(file_of(certificate))

    assert answer.status_code == 200
    assert (answer.json()["answer"], answer.json()["exit_code"]) == ("revoked", 1)


def test_a_verdict_says_in_words_what_a_page_says_and_what_it_proves():
    told = verify(file_of(make_certificate())).json()

    assert told["headline"] == "You opened the record."
    assert told["line"] == "No tag was read. Certificate current."
    assert told["limit"].startswith("whether the ring in your hand")
    assert told["proven"] == {
        "carrier": "file",
        "name": "A certificate file",
        "proves": "Who signed it, and that not one letter was changed since.",
        "proves_not": "That its words are true, or that the piece in your hand is the one they "
        "describe.",
    }


def test_the_identity_of_the_maker_stands_beside_every_verdict_as_it_is_today():
    certificate = make_certificate()
    maker = certificate.maker
    staff = make_staff()
    decide_identity(
        maker=maker, level="I3", reason="Vouched for.", by=staff, co_signer="The Bristol Guild"
    )

    read = Program().get(f"certificates/{certificate.public_id}").json()["verdict"]["maker"]
    checked = verify(file_of(certificate)).json()["maker"]

    assert (
        read
        == checked
        == {
            "slug": "tidewell-bench",
            "name": "Tidewell Bench, Bristol",
            "identity_level": "I3",
            "identity_words": "Co-signed by a guild or a second maker: level I3",
            "co_signer": "The Bristol Guild",
        }
    )


def test_nothing_is_said_of_a_maker_whom_this_site_does_not_know():
    assert verify(canonical_bytes(make_document())).json()["maker"] is None


def test_one_changed_word_is_refused_with_every_check():
    data = file_of(make_certificate()).replace(b"Marlowe ring", b"Marlowe rang")

    answer = verify(data)

    assert answer.status_code == 422
    assert answer.json()["code"] == "does_not_hold"
    assert answer.json()["checks"][3]["outcome"] == "failed"
    assert len(answer.json()["checks"]) == 11


def test_a_forgery_that_brings_its_own_key_is_refused():
    certificate = make_certificate()

    answer = verify(forged_elsewhere(certificate))

    assert answer.json()["exit_code"] != 0
    assert answer.json()["answer"] in {"failed", "unconfirmed"}


def test_a_key_on_a_card_is_believed_only_when_the_visitor_says_so(settings):
    data = file_of(make_certificate())
    fingerprint = platform.fingerprint().replace(" ", "")
    settings.SITE_URL = "https://elsewhere.example"

    without, with_key = verify(data), verify(data, query=f"?fingerprint={fingerprint}")

    assert without.json()["checks"][2]["outcome"] == "not checked"
    assert with_key.json()["checks"][2]["outcome"] == "passed"


def test_a_file_whose_signer_is_not_known_is_not_called_good(settings):
    data = file_of(make_certificate())
    settings.SITE_URL = "https://elsewhere.example"

    told = verify(data).json()

    assert told["answer"] == "unconfirmed"
    assert told["headline"] == "Who signed this is not known."
    assert told["line"].startswith("The key came with the file.")
    assert told["limit"] == "whether its issuer signed it, or whether it still stands."
    assert told["proven"]["proves"].startswith("Only what the file says.")


def test_a_foreign_bundle_that_grew_old_is_told_with_its_day(settings, tmp_path, capsys):
    old = timezone.now() - timedelta(days=3)
    with time_machine.travel(old, tick=False):
        certificate = make_certificate()
        (tmp_path / "bundle.json").write_bytes(bundle_of(certificate, now=old).content)
    fingerprint = platform.fingerprint()
    settings.SITE_URL = "https://elsewhere.example"
    bundle = (tmp_path / "bundle.json").read_bytes()

    told = verify(bundle, query=f"?fingerprint={fingerprint.replace(' ', '')}").json()
    offline.main(["verify", str(tmp_path / "bundle.json"), "--trust-key", fingerprint, "--json"])

    laptop = json.loads(capsys.readouterr().out)["headline"]
    assert (told["headline"], told["line"]) == (laptop["title"], laptop["line"])
    assert told["headline"] == "Signature good, status unknown."
    assert told["line"].startswith(f"Last known on {day_words(old)}. We could not ask")


def test_nobody_vouches_for_the_day_of_lists_whose_key_came_with_the_file(settings):
    certificate, now = make_certificate(), timezone.now()
    bundle = bundle_of(certificate, now=now).content
    settings.SITE_URL = "https://elsewhere.example"

    told = verify(bundle).json()

    assert told["line"] == "The key came with the file. Compare its fingerprint with the card."


def test_a_fingerprint_that_is_none_is_named():
    answer = verify(b"{}", query="?fingerprint=abc")

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "fingerprint")


def test_more_fingerprints_than_are_taken_are_refused_and_none_is_dropped_in_silence():
    eight = "&".join(["fingerprint=" + "0" * 32] * 8)

    taken, refused = verify(b"{}", query=f"?{eight}"), verify(b"{}", query=f"?{eight}&fingerprint=")

    assert taken.status_code == 422
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused.json()["errors"] == [
        {
            "path": "fingerprint",
            "code": "max_length",
            "detail": "At most 8 fingerprints are taken at once.",
        }
    ]


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("z" + base58_encode(b"\xed\x01" + WEAK_POINT), id="of small order"),
        pytest.param("a\0b", id="with a null"),
        pytest.param("z6Mk", id="cut short"),
    ],
)
def test_a_bad_key_that_a_bundle_brings_is_a_fault_of_the_bundle(key, caplog):
    document = changed(
        make_document(), lambda d: d["verificationMethod"][0].update(publicKeyMultibase=key)
    )
    bundle = changed(make_bundle(), lambda b: b.update(didDocuments=[document]))

    answer = verify(canonical_bytes(bundle))

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert answer.json()["detail"].startswith("A key in didDocuments of the bundle: ")
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b"\xef\xbb\xbf{}", 400, "malformed"),
        (b"\xff", 400, "malformed"),
        (b'{"a": NaN}', 400, "malformed"),
        (b'{"a": 1, "a": 1}', 400, "out_of_subset"),
        (b'{"a": 1.5}', 422, "does_not_hold"),
        (b'{"a": 9007199254740993}', 422, "does_not_hold"),
        (b"{}", 422, "does_not_hold"),
        (b'{"proof": []}', 422, "does_not_hold"),
        (b'{"type": "TouchmarkBundle"}', 400, "malformed"),
        (b"[" * 10_000, 413, "too_large"),
        (b'{"a": "' + b"a" * 300_000 + b'"}', 413, "too_large"),
        (b'{"a": "' + b"a" * 2_100_000 + b'"}', 413, "too_large"),
        (b'{"credentialStatus": [{"statusListCredential": 7}, 7]}', 422, "does_not_hold"),
    ],
)
def test_a_file_that_is_none_is_refused_by_name(data, status, code):
    answer = verify(data)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: {**proof, "proofValue": proof["proofValue"][:-1]},
        lambda proof: {**proof, "proofValue": proof["proofValue"] + "1"},
        lambda proof: {**proof, "proofValue": "u" + proof["proofValue"][1:]},
        lambda proof: {**proof, "proofPurpose": "authentication"},
        lambda proof: {**proof, "created": "2999-01-01T00:00:00Z"},
        lambda proof: {**proof, "verificationMethod": 7},
        lambda proof: {},
    ],
)
def test_a_tampered_proof_is_refused_by_name(change):
    document = parse_object(file_of(make_certificate()))
    (proof,) = proofs_of(document)

    answer = verify(canonical_bytes({**document, "proof": change(proof)}))

    assert answer.status_code == 422
    assert answer.json()["code"] == "does_not_hold"


def test_a_list_of_ours_that_does_not_exist_is_not_made_up():
    document = parse_object(file_of(make_certificate()))
    for entry in document["credentialStatus"]:
        entry["statusListCredential"] = "https://touchmark.example/status/999999999"

    answer = verify(canonical_bytes(document))

    assert answer.status_code == 422


def test_verifying_needs_no_key_of_its_own_and_keeps_nothing(django_assert_max_num_queries):
    data = file_of(make_certificate())

    with django_assert_max_num_queries(8):
        answer = Program().http.post("/api/v1/verifications", data, content_type="application/vc")

    assert answer.status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@context",
                    "id",
                    "type",
                    "issuer",
                    "proof",
                    "credentialStatus",
                    "statusLists",
                    "x",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(value=JSON)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_json_at_all_breaks_the_verifier(value):
    cache.clear()

    answer = verify(json.dumps(value).encode("utf-8", "replace"))

    assert answer.status_code in {200, 400, 413, 422}
    assert "code" in answer.json() or "answer" in answer.json()

"""A maker's own key was stolen: a sheet is signed on her machine, and its proofs come back."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from provenance.__main__ import main
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof, proofs_of
from provenance.errors import BadProofError, MalformedError
from provenance.keys import load_signer, multikey, write_key_file
from provenance.models.certificate import Actor, Certificate, StatusBatch, Suspension
from provenance.models.keys import SigningKey
from provenance.models.log import Event
from provenance.services import key_life, keyring, maker_keys, platform, reproof, suspend
from provenance.services.standing import standing_of
from provenance.statuslist import decode_list, is_set
from provenance.verdict import CertificateAnswer
from tags.services import issuing as tag_services
from tests.factories import make_draft, make_mira, make_own_key

pytestmark = pytest.mark.django_db

SEPTEMBER = datetime(2027, 9, 20, 9, 0, tzinfo=UTC)
THEFT = datetime(2027, 10, 1, tzinfo=UTC)
NOVEMBER = datetime(2027, 11, 2, 9, 0, tzinfo=UTC)
PASSPHRASE = "behind the blue enamel jar"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(SEPTEMBER, tick=False) as clock:
        yield clock


@pytest.fixture
def machine(tmp_path):
    """Mira's own machine: a new key in a file, and the passphrase beside it."""
    write_key_file(tmp_path / "new.pem", passphrase=PASSPHRASE.encode())
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    return tmp_path


@pytest.fixture
def mira(machine, _now):
    """Two rings of September; her key is lost in October, and in November she has a new one."""
    maker = make_mira()
    signer = make_own_key(maker)
    for title in ("Marlowe ring", "Braid band"):
        _certify(maker, signer, title)
    _now.move_to(NOVEMBER)
    old = SigningKey.objects.get(maker=maker)
    key_life.report_maker_compromise(key=old, at=THEFT, reason="Lost.", by=maker.user)
    _register(maker, machine)
    return maker


def _certify(maker, signer, title):
    piece = make_draft(maker, title=title)
    pending = tag_services.prepare_with_code(piece=piece, by=maker.user)
    _complete(maker, signer, pending, created=SEPTEMBER)


def _complete(maker, signer, pending, *, created):
    proof = create_proof(parse_object(bytes(pending.body)), signer=signer, created=created)
    tag_services.complete_with_code(pending=pending, proof=canonical_bytes(proof), by=maker.user)


def _register(maker, machine):
    signer = load_signer(
        machine / "new.pem",
        passphrase=PASSPHRASE.encode(),
        verification_method_of=lambda key: maker_keys.method_named(maker, key),
    )
    asked = maker_keys.challenge(maker, signer.public_key)
    (machine / "asked.json").write_text(json.dumps(asked))
    assert _run(machine, "sign", "asked.json", "shown.json") == 0
    proof = (machine / "shown.json").read_bytes()
    maker_keys.register_own_key(maker=maker, asked=asked, proof=proof, by=maker.user)


def _run(machine, command, taken, brought):
    return main(
        [
            command,
            str(machine / taken),
            *("--key", str(machine / "new.pem"), "--out", str(machine / brought)),
            *("--passphrase-file", str(machine / "passphrase")),
        ]
    )


def signed_sheet(maker, machine):
    (machine / "again.jsonl").write_bytes(reproof.sheet_for_maker(maker))
    assert _run(machine, "sign-again", "again.jsonl", "proofs.jsonl") == 0
    return (machine / "proofs.jsonl").read_bytes()


def file_of(certificate):
    return bytes(certificate.files.order_by("-pk").first().content)


def test_the_sheet_goes_out_and_its_proofs_stand_beside_the_platforms(client, mira, machine):
    client.force_login(mira.user)
    (machine / "again.jsonl").write_bytes(client.get("/workshop/keys/again.jsonl").content)
    bodies = {each.pk: bytes(each.body) for each in Certificate.objects.all()}

    _run(machine, "sign-again", "again.jsonl", "proofs.jsonl")
    proofs = SimpleUploadedFile("proofs.jsonl", (machine / "proofs.jsonl").read_bytes())
    answer = client.post("/workshop/keys/again", {"file": proofs})

    assert answer.status_code == 303
    assert reproof.waiting_for_maker(mira).count() == 0
    new = multikey(bytes(SigningKey.objects.get(maker=mira, compromised_at=None).public_key))
    for certificate in Certificate.objects.all():
        platforms, makers = proofs_of(parse_object(file_of(certificate)))
        assert makers["verificationMethod"].endswith(new)
        assert makers["created"] == "2027-11-02T09:00:00Z"
        assert "#" in platforms["verificationMethod"]
        assert bytes(certificate.body) == bodies[certificate.pk]
    assert Event.objects.filter(kind="certificate.reproofed").count() == 2


@pytest.fixture
def doubtful(_now):
    """A ring prepared an hour before the theft and signed an hour after it, the proof backdated."""
    maker = make_mira()
    signer = make_own_key(maker)
    _now.move_to(THEFT - timedelta(hours=1))
    pending = tag_services.prepare_with_code(piece=make_draft(maker), by=maker.user)
    backdated = timezone.now()
    _now.move_to(THEFT + timedelta(hours=1))
    _complete(maker, signer, pending, created=backdated)
    _now.move_to(NOVEMBER)
    return Certificate.objects.select_related("maker").get()


def _report(certificate):
    key = SigningKey.objects.get(maker=certificate.maker)
    return key_life.report_maker_compromise(
        key=key, at=THEFT, reason="Lost.", by=certificate.maker.user
    )


def test_what_was_dated_before_the_theft_and_signed_after_it_is_not_signed_again(doubtful, machine):
    _report(doubtful)
    _register(doubtful.maker, machine)

    assert doubtful.valid_from < THEFT
    assert not reproof.waiting_for_maker(doubtful.maker).exists()


def test_what_was_dated_before_the_theft_and_signed_after_it_is_paused_for_everybody(doubtful):
    before = _answer(doubtful)

    paused = _report(doubtful)

    pause = doubtful.suspensions.get()
    assert (before, paused) == (CertificateAnswer.CURRENT, 1)
    assert (pause.by, pause.reason) == (Actor.STAFF, key_life.SIGNED_AFTER)
    assert _answer(doubtful) is CertificateAnswer.PAUSED
    signed = platform.status_list_of(StatusBatch.objects.get(), "suspension", now=NOVEMBER)
    encoded = parse_object(signed)["credentialSubject"]["encodedList"]
    assert is_set(decode_list(encoded), doubtful.status_index)
    assert Event.objects.filter(kind="certificate.suspended").count() == 1


def _answer(certificate):
    fresh = Certificate.objects.select_related("piece", "status_batch").get(pk=certificate.pk)
    return standing_of(fresh, now=NOVEMBER).verdict.answer


def test_the_staff_lift_what_the_maker_signed_herself_after_all(doubtful):
    _report(doubtful)

    with pytest.raises(suspend.SuspendedByPlatformError):
        _lift(doubtful, Actor.MAKER)
    _lift(doubtful, Actor.STAFF)

    assert _answer(doubtful) is CertificateAnswer.CURRENT


def _lift(certificate, actor):
    suspend.lift_suspension(
        certificate=certificate, reason="She did.", actor=actor, by=certificate.maker.user
    )


def test_what_is_withdrawn_or_paused_by_the_staff_already_is_left_as_it_is(doubtful):
    suspend.suspend_certificate(
        certificate=doubtful, reason="A report.", actor=Actor.STAFF, by=doubtful.maker.user
    )

    assert _report(doubtful) == 0
    assert doubtful.suspensions.get().reason == "A report."


def test_what_was_signed_before_the_theft_is_not_paused(mira):
    assert not Suspension.objects.exists()


def test_who_reports_a_theft_reads_how_many_were_paused(client, doubtful):
    client.force_login(doubtful.maker.user)
    key = multikey(bytes(SigningKey.objects.get(maker=doubtful.maker).public_key))
    typed = {"key": key, "at": "2027-10-01T00:00", "reason": "Lost.", "sure": "on"}

    page = client.post("/workshop/keys/stolen", typed, follow=True)

    assert "1 certificate was prepared before that moment" in page.content.decode()


def test_the_command_that_reports_a_theft_says_how_many_were_paused(doubtful, capsys):
    key = multikey(bytes(SigningKey.objects.get(maker=doubtful.maker).public_key))

    call_command(
        "report_compromise", "--at", "2027-10-01T00:00:00Z", "--reason", "Lost.", "--key", key
    )

    assert "paused          1" in capsys.readouterr().out


def test_a_sheet_that_names_what_is_not_to_be_signed_again_takes_nothing_and_says_which(
    client, doubtful, machine
):
    _report(doubtful)
    _register(doubtful.maker, machine)
    key = SigningKey.objects.in_use().get(maker=doubtful.maker)
    line = {"document": parse_object(bytes(doubtful.body)), "key": keyring.method_of(key)}
    (machine / "again.jsonl").write_bytes(canonical_bytes(line))
    assert _run(machine, "sign-again", "again.jsonl", "proofs.jsonl") == 0
    sheet = SimpleUploadedFile("proofs.jsonl", (machine / "proofs.jsonl").read_bytes())

    client.force_login(doubtful.maker.user)
    page = client.post("/workshop/keys/again", {"file": sheet})

    assert page.status_code == 400
    assert "Nothing was taken" in page.content.decode()
    assert doubtful.public_id in page.content.decode()
    assert doubtful.proofs.count() == 2


def test_who_signs_is_told_every_certificate_first(mira, machine, capsys):
    signed_sheet(mira, machine)

    told = capsys.readouterr().err
    assert "You sign: Marlowe ring, https://touchmark.example/c/" in told
    assert "You sign: Braid band, https://touchmark.example/c/" in told


def test_a_sheet_that_is_sent_twice_is_taken_once(mira, machine):
    sheet = signed_sheet(mira, machine)

    taken = [reproof.take_own_proofs(maker=mira, sheet=sheet) for _ in range(2)]

    assert taken == [2, 0]
    assert Event.objects.filter(kind="certificate.reproofed").count() == 2


def test_half_a_sheet_leaves_the_other_half_waiting(mira, machine):
    first, _ = signed_sheet(mira, machine).splitlines()

    assert reproof.take_own_proofs(maker=mira, sheet=first) == 1
    assert reproof.waiting_for_maker(mira).count() == 1


def swapped(lines):
    one, other = (json.loads(line) for line in lines)
    one["proof"], other["proof"] = other["proof"], one["proof"]
    return [json.dumps(one), json.dumps(other)]


def with_proof(**members):
    def spoil(lines):
        told = json.loads(lines[1])
        return [lines[0], json.dumps(told | {"proof": told["proof"] | members})]

    return spoil


SPOILT = {
    "nothing": (lambda lines: [], MalformedError),
    "no json": (lambda lines: [lines[0], "proof"], MalformedError),
    "no proof": (lambda lines: [lines[0], '{"id": "x"}'], MalformedError),
    "no id": (lambda lines: [lines[0], lines[1].replace("/c/", "/")[:40]], MalformedError),
    "nul": (lambda lines: [lines[0].replace("/c/", "/c/\\u0000")], MalformedError),
    "another site's": (
        lambda lines: [lines[0], json.dumps(json.loads(lines[1]) | {"id": "0" * 22})],
        MalformedError,
    ),
    "swapped": (swapped, BadProofError),
    "hidden member": (with_proof(note="x"), MalformedError),
    "old moment": (with_proof(created="2027-09-20T09:00:00Z"), BadProofError),
    "to come": (with_proof(created="2027-11-02T10:00:00Z"), BadProofError),
    "501 lines": (lambda lines: lines[:1] * 501, MalformedError),
}


@pytest.mark.parametrize(("spoil", "error"), SPOILT.values(), ids=SPOILT)
def test_one_line_that_does_not_fit_takes_nothing(client, mira, machine, spoil, error):
    lines = signed_sheet(mira, machine).decode().splitlines()
    spoilt = "\n".join(spoil(lines)).encode()

    with pytest.raises(error):
        reproof.take_own_proofs(maker=mira, sheet=spoilt)

    client.force_login(mira.user)
    page = client.post("/workshop/keys/again", {"file": SimpleUploadedFile("p", spoilt or b" ")})
    assert page.status_code == 400
    assert reproof.waiting_for_maker(mira).count() == 2


def test_a_proof_by_another_key_is_not_taken(mira, machine):
    sheet = signed_sheet(mira, machine)
    SigningKey.objects.in_use().filter(maker=mira).update(retired_at=NOVEMBER)
    make_own_key(mira, seed=9)

    with pytest.raises(BadProofError, match="another key"):
        reproof.take_own_proofs(maker=mira, sheet=sheet)


def test_a_certificate_of_another_workshop_is_none_of_hers(mira, machine):
    other = make_mira("rhea")
    make_own_key(other, seed=7)
    sheet = signed_sheet(mira, machine)

    with pytest.raises(MalformedError, match="none of this workshop"):
        reproof.take_own_proofs(maker=other, sheet=sheet)


@pytest.mark.parametrize(
    ("member", "value"),
    [("key", "did:web:elsewhere.example#z6Mk"), ("key", 7), ("document", "text")],
)
def test_the_program_signs_no_sheet_with_a_line_that_does_not_fit(
    mira, machine, capsys, member, value
):
    lines = reproof.sheet_for_maker(mira).splitlines()
    lines[1] = json.dumps(json.loads(lines[1]) | {member: value}).encode()
    (machine / "again.jsonl").write_bytes(b"\n".join(lines))

    code = _run(machine, "sign-again", "again.jsonl", "proofs.jsonl")

    assert code == 2
    assert not (machine / "proofs.jsonl").exists()
    assert capsys.readouterr().err.startswith("provenance: ")

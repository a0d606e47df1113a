"""A maker's own key: made and used on her machine, without Django, and never shown."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provenance import keys
from provenance.__main__ import main
from provenance.canonical import JSONObject, canonical_bytes
from provenance.credentials import CREDENTIALS_V2, attach_proofs, verify_proof
from tests.provenance.makings import MIRA, changed, make_body, make_signer

ROOT = Path(__file__).parents[2]
PASSPHRASE = "under the third bench peg"
STRANGERS_KEY = make_signer(MIRA, seed=3).verification_method


@pytest.fixture
def bench(tmp_path, capsys):
    """Mira's folder: her passphrase in a file, and a key made with it."""
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n")
    assert run(tmp_path, "make-key", "key.pem") == 0
    (tmp_path / "multikey").write_text(capsys.readouterr().out.split()[1])
    return tmp_path


def run(folder: Path, command: str, file: str, *more: str) -> int:
    secret = ["--passphrase-file", str(folder / "passphrase")]
    return main([command, str(folder / file), *secret, *more])


def public_key(folder: Path) -> bytes:
    return keys.read_multikey((folder / "multikey").read_text())


def body_of(folder: Path) -> JSONObject:
    named = keys.verification_method(MIRA, public_key(folder))
    return make_body(maker={"keyLevel": "own", "key": named})


def challenge_of(folder: Path) -> JSONObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["KeyPossession"],
        "maker": MIRA,
        "key": keys.verification_method(MIRA, public_key(folder)),
        "nonce": "pW2cD0m3o3Qm9b1hYwq7Zg",
        "made": "2026-11-20T09:30:00Z",
    }


def sign(folder: Path, body: JSONObject | bytes) -> int:
    data = body if isinstance(body, bytes) else canonical_bytes(body)
    (folder / "body.json").write_bytes(data)
    return run(folder, "sign", "body.json", "--key", str(folder / "key.pem"))


def test_a_key_is_made_in_an_encrypted_file_that_nobody_else_reads(bench):
    file = bench / "key.pem"

    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in file.read_bytes()
    keys.check_public_key(public_key(bench))


def test_a_body_is_signed_and_the_signer_is_told_what_it_says(bench, capsys):
    body = body_of(bench)

    code = sign(bench, body)

    printed = capsys.readouterr()
    assert code == 0
    verify_proof(body, json.loads(printed.out), public_key=public_key(bench))
    assert "You sign: Marlowe ring" in printed.err


def test_a_title_cannot_hide_what_is_signed(bench, capsys):
    body = changed(body_of(bench), lambda b: b["credentialSubject"].update(name="Ring\x1b[2K\rX"))

    code = sign(bench, body)

    assert code == 0
    assert "You sign: Ring?[2K?X, https://" in capsys.readouterr().err


def test_a_body_that_carries_a_proof_is_signed_without_it(bench, capsys):
    body = body_of(bench)

    sign(bench, attach_proofs(body, [{"type": "DataIntegrityProof"}]))

    verify_proof(body, json.loads(capsys.readouterr().out), public_key=public_key(bench))


def test_the_proof_goes_where_it_is_sent(bench, capsys):
    (bench / "body.json").write_bytes(canonical_bytes(body_of(bench)))

    run(bench, "sign", "body.json", "--key", str(bench / "key.pem"), "--out", str(bench / "p.json"))

    assert json.loads((bench / "p.json").read_text())["type"] == "DataIntegrityProof"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda b: b["credentialSubject"]["maker"].pop("key"), id="no key named"),
        pytest.param(
            lambda b: b["credentialSubject"]["maker"].update(key=STRANGERS_KEY),
            id="another key named",
        ),
        pytest.param(
            lambda b: b.update(
                key=b["credentialSubject"]["maker"].pop("key"), maker="did:web:x.example"
            ),
            id="a key where no certificate names it",
        ),
        pytest.param(
            lambda b: b["credentialSubject"]["maker"].update(id=f"{MIRA}-two"), id="another maker"
        ),
        pytest.param(lambda b: b["credentialSubject"].pop("name"), id="no title"),
        pytest.param(lambda b: b["credentialSubject"].update(name=None), id="a title of null"),
        pytest.param(lambda b: b.pop("id"), id="no place"),
        pytest.param(lambda b: b.pop("validFrom"), id="no date"),
        pytest.param(lambda b: b.pop("type"), id="no kind"),
        pytest.param(lambda b: b.update(type=["KeyPossession"]), id="called a challenge"),
        pytest.param(lambda b: b.update(type="KeyPossession"), id="a kind of text"),
        pytest.param(lambda b: b["type"].append("KeyPossession"), id="two kinds"),
        pytest.param(lambda b: b.pop("@context"), id="no context"),
        pytest.param(lambda b: b.update(weight=1.5), id="a float"),
    ],
)
def test_a_body_that_makes_no_sense_is_not_signed(bench, capsys, spoil):
    body = changed(body_of(bench), spoil)

    code = sign(bench, json.dumps(body).encode())

    printed = capsys.readouterr()
    assert code == 2
    assert printed.out == ""
    assert "You show" not in printed.err


def test_a_challenge_is_signed_and_the_signer_is_told_to_whom(bench, capsys):
    asked = challenge_of(bench)

    code = sign(bench, asked)

    printed = capsys.readouterr()
    assert code == 0
    assert f"You show that this key is yours, to {MIRA}." in printed.err
    verify_proof(asked, json.loads(printed.out), public_key=public_key(bench))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda c: c.pop("key"), id="no key"),
        pytest.param(lambda c: c.pop("maker"), id="nobody"),
        pytest.param(lambda c: c.update(maker="did:web:x.example"), id="another maker"),
        pytest.param(lambda c: c.update(key=STRANGERS_KEY), id="another key"),
        pytest.param(lambda c: c.update(type=["JewelryCertificate"]), id="half a certificate"),
    ],
)
def test_a_challenge_that_makes_no_sense_is_not_signed(bench, capsys, spoil):
    code = sign(bench, changed(challenge_of(bench), spoil))

    assert code == 2
    assert capsys.readouterr().out == ""


def test_a_sheet_with_a_line_that_is_no_certificate_is_not_signed(bench, capsys):
    body = body_of(bench)
    named = body["credentialSubject"]["maker"]["key"]
    nameless = changed(body, lambda b: b["credentialSubject"].pop("name"))
    lines = [canonical_bytes({"document": each, "key": named}) for each in (body, nameless)]
    (bench / "again.jsonl").write_bytes(b"\n".join(lines))

    code = run(bench, "sign-again", "again.jsonl", "--key", str(bench / "key.pem"))

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert "its name is missing" in printed.err


def test_a_wrong_passphrase_opens_nothing_and_is_told_to_nobody(bench, capsys):
    (bench / "passphrase").write_text("a guess that is long enough")

    code = sign(bench, body_of(bench))

    printed = capsys.readouterr()
    assert code == 2
    assert printed.out == ""
    assert "guess" not in printed.err


def test_an_empty_passphrase_is_asked_for(bench, capsys):
    (bench / "passphrase").write_text("")

    code = sign(bench, body_of(bench))

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert "the key file needs its passphrase" in printed.err


def test_a_short_passphrase_keeps_no_key(tmp_path):
    (tmp_path / "passphrase").write_text("short")

    assert run(tmp_path, "make-key", "key.pem") == 2
    assert not (tmp_path / "key.pem").exists()


def test_a_key_file_is_never_overwritten(bench):
    before = (bench / "key.pem").read_bytes()

    assert run(bench, "make-key", "key.pem") == 2
    assert (bench / "key.pem").read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff", b"{"], ids=["empty", "list", "byte", "cut"]
)
def test_what_cannot_be_read_is_told_with_code_2(bench, content):
    assert sign(bench, content) == 2


def test_files_that_are_not_there_are_told_with_code_2(bench):
    assert run(bench, "sign", "nowhere.json", "--key", str(bench / "key.pem")) == 2
    assert main(["make-key", str(bench / "n.pem"), "--passphrase-file", str(bench / "no")]) == 2


def test_without_a_file_the_passphrase_is_asked_for_twice(tmp_path, monkeypatch):
    answers = iter([PASSPHRASE, PASSPHRASE, PASSPHRASE, "another one, mistyped"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))

    assert main(["make-key", str(tmp_path / "one.pem")]) == 0
    assert main(["make-key", str(tmp_path / "two.pem")]) == 2


def test_it_signs_without_django_and_without_a_network(bench):
    (bench / "body.json").write_bytes(canonical_bytes(body_of(bench)))
    program = (
        "import runpy, sys\n"
        "sys.argv = ['provenance', 'sign', 'body.json', '--key', 'key.pem',"
        " '--passphrase-file', 'passphrase']\n"
        "try:\n"
        "    runpy.run_module('provenance', run_name='__main__')\n"
        "finally:\n"
        "    found = {name.partition('.')[0] for name in sys.modules}\n"
        "    print(sorted(found & {'django', 'rest_framework', 'web3', 'socket'}))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=bench,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"

"""`python -m provenance verify` on a laptop: no Django, no network, no traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provenance import keys
from provenance.__main__ import main
from provenance.canonical import JSONObject, canonical_bytes
from tests.provenance.makings import (
    INDEX,
    PLATFORM_SIGNER,
    changed,
    make_bundle,
    make_certificate,
    make_document,
    make_signer,
    make_status_list,
)

ROOT = Path(__file__).parents[2]
FINGERPRINT = keys.fingerprint(PLATFORM_SIGNER.public_key)
AT_NOON = ["--at", "2026-11-20T12:00:00Z"]


def write(path: Path, content: bytes | JSONObject) -> str:
    path.write_bytes(content if isinstance(content, bytes) else canonical_bytes(content))
    return str(path)


@pytest.fixture
def bundle(tmp_path):
    return write(tmp_path / "bundle.json", make_bundle())


@pytest.fixture
def did(tmp_path):
    return write(tmp_path / "did.json", make_document())


def run(*arguments: str) -> int:
    return main(["verify", *arguments])


def usage_error(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments])
    return int(str(stopped.value.code))


def test_a_bundle_verifies_with_the_fingerprint_of_the_card(bundle, capsys):
    code = run(bundle, "--trust-key", FINGERPRINT, *AT_NOON)

    told = capsys.readouterr().out
    assert code == 0
    assert " 1. The file is well formed: passed" in told
    assert "11. This tag belongs to this piece: not checked" in told
    assert FINGERPRINT in told


def test_a_bundle_verifies_with_the_issuers_document(bundle, did):
    assert run(bundle, "--trust", did, *AT_NOON) == 0


def test_a_bundle_alone_is_unconfirmed(bundle, capsys):
    code = run(bundle, *AT_NOON)

    told = capsys.readouterr().out
    assert code == 3
    assert "Who signed this is not known. The key came with the file." in told
    assert "Signature good" not in told
    assert "Last known" not in told


def test_a_document_that_is_merely_at_hand_makes_nothing_known(tmp_path, did):
    certificate = write(tmp_path / "certificate.json", make_certificate())

    assert run(certificate, "--did", did, *AT_NOON) == 3


def test_a_certificate_without_its_lists_is_unconfirmed(tmp_path, did):
    certificate = write(tmp_path / "certificate.json", make_certificate())

    assert run(certificate, "--trust", did, *AT_NOON) == 3


def test_another_fingerprint_does_not_fit(bundle):
    other = keys.fingerprint(make_signer(seed=5).public_key)

    assert run(bundle, "--trust-key", other, *AT_NOON) == 3


def test_a_bundle_grows_old(bundle, capsys):
    code = run(bundle, "--trust-key", FINGERPRINT, "--at", "2027-11-20T12:00:00Z")

    assert code == 3
    assert "Last known on 20 November 2026." in capsys.readouterr().out


def test_one_changed_word_in_a_bundle_fails(tmp_path):
    spoiled = changed(
        make_bundle(), lambda b: b["certificate"]["credentialSubject"].update(name="Marlow ring")
    )
    bundle = write(tmp_path / "bundle.json", spoiled)

    assert run(bundle, "--trust-key", FINGERPRINT, *AT_NOON) == 1


def test_a_withdrawn_certificate_fails_and_says_so(tmp_path, capsys):
    withdrawn = make_status_list("revocation", set_indexes=[INDEX])
    bundle = write(
        tmp_path / "bundle.json",
        changed(make_bundle(), lambda b: b["statusLists"].__setitem__(0, withdrawn)),
    )

    assert run(bundle, "--trust-key", FINGERPRINT, *AT_NOON) == 1
    assert "Certificate withdrawn." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "purpose", "code", "words", "more"),
    [
        (0, "revocation", 1, "Certificate withdrawn.", "Why stands at: "),
        (1, "suspension", 1, "Paused. The reason stands on the site.", "Why stands at: "),
        (2, "refresh", 0, "There is a newer certificate.", "It leads to the newer one: "),
    ],
)
def test_what_does_not_simply_stand_is_told_with_where_to_read_more(
    tmp_path, capsys, place, purpose, code, words, more
):
    listed = make_status_list(purpose, set_indexes=[INDEX])
    told = changed(make_bundle(), lambda b: b["statusLists"].__setitem__(place, listed))
    bundle = write(tmp_path / "bundle.json", told)

    believed = run(bundle, "--trust-key", FINGERPRINT, *AT_NOON), capsys.readouterr().out
    doubted = run(bundle, *AT_NOON), capsys.readouterr().out

    assert believed[0] == code
    assert words in believed[1]
    assert f"{more}{make_bundle()['certificate']['id']}" in believed[1]
    # Whoever made the file may have made the address too.
    assert more not in doubted[1]


def test_a_program_gets_the_same_answers(bundle, capsys):
    code = run(bundle, "--trust-key", FINGERPRINT, "--json", *AT_NOON)

    told = json.loads(capsys.readouterr().out)
    assert told["exitCode"] == code == 0
    assert told["answer"] == "current"
    assert told["fingerprint"] == FINGERPRINT
    assert [check["number"] for check in told["checks"]] == list(range(1, 12))
    assert {"number", "name", "outcome", "reason", "needed"} == told["checks"][0].keys()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not a certificate", id="words"),
        pytest.param(b"\xff" * 100, id="not UTF-8"),
        pytest.param(b" " * 3_000_000, id="3 MB"),
        pytest.param(b"[" * 10_000, id="10,000 levels"),
        pytest.param(b'{"type":"TouchmarkBundle","version":1}', id="an empty bundle"),
        pytest.param(b'{"type":"TouchmarkBundle","version":9}', id="a later bundle"),
    ],
)
def test_what_cannot_be_read_is_told_with_code_2(tmp_path, content):
    assert run(write(tmp_path / "file", content), *AT_NOON) == 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda b: b.update(didDocuments={}), id="documents not a list"),
        pytest.param(lambda b: b.update(didDocuments=[1]), id="a number for a document"),
        pytest.param(lambda b: b.update(didDocuments=[{}]), id="an empty document"),
        pytest.param(lambda b: b.update(didDocuments=[{}] * 17), id="seventeen documents"),
        pytest.param(
            lambda b: b["didDocuments"][0]["verificationMethod"][0].update(
                publicKeyMultibase="z6Mk"
            ),
            id="a broken key",
        ),
        pytest.param(
            lambda b: b["didDocuments"][0]["verificationMethod"][0].update(controller="did:web:x"),
            id="somebody else's key",
        ),
        pytest.param(lambda b: b.update(statusLists=None), id="no lists"),
        pytest.param(lambda b: b.update(asOf="now"), id="no date"),
        pytest.param(lambda b: b.update(certificate=[]), id="no certificate"),
    ],
)
def test_a_broken_bundle_is_told_with_code_2(tmp_path, change):
    bundle = write(tmp_path / "bundle.json", changed(make_bundle(), change))

    assert run(bundle, "--trust-key", FINGERPRINT, *AT_NOON) == 2


def padded(*, to: int, inner: str) -> bytes:
    """A bundle with something wrong in it, and so many letters that it has about this size."""
    whole = canonical_bytes(make_bundle())
    room = ",".join([f'"{number}":"{"x" * 1000}"' for number in range(to // 1000)])
    return b'{"room":{' + room.encode() + b"}," + inner.encode() + b"," + whole[1:]


@pytest.mark.parametrize("size", [0, 300_000])
@pytest.mark.parametrize(
    ("inner", "code", "words"),
    [
        ('"version":1', 1, "A key stands twice in one object."),
        ('"at":NaN', 2, "NaN is not JSON."),
        ('"at":', 2, "It is not JSON."),
        (f'"at":{"[" * 40}{"]" * 40}', 2, "It is nested deeper than 32 levels."),
    ],
    ids=["a key twice", "NaN", "no JSON", "too deep"],
)
def test_what_is_wrong_with_a_bundle_does_not_depend_on_its_size(
    tmp_path, capsys, size, inner, code, words
):
    bundle = write(tmp_path / "bundle.json", padded(to=size, inner=inner))

    ended = run(bundle, "--trust-key", FINGERPRINT, "--json", *AT_NOON)

    told = json.loads(capsys.readouterr().out)
    assert (ended, told["exitCode"]) == (code, code)
    assert told["checks"][0]["reason"] == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(300_000, "It is larger than 256 KiB."), (2_200_000, "It is larger than 2048 KiB.")],
)
def test_what_is_too_large_is_told_with_the_bound_that_it_broke(tmp_path, capsys, size, words):
    """A certificate may have 256 KiB; what might still be a bundle, 2 MiB."""
    file = write(tmp_path / "file.json", b'{"room":"' + b"x" * size + b'"}')

    ended = run(file, "--json", *AT_NOON)

    told = json.loads(capsys.readouterr().out)
    assert (ended, told["checks"][0]["reason"]) == (2, words)


def test_a_program_is_told_in_json_what_cannot_be_read(tmp_path, bundle, capsys):
    key = {"publicKeyMultibase": "a\0b"}
    broken = changed(
        make_bundle(), lambda b: b["didDocuments"][0]["verificationMethod"][0].update(key)
    )
    file, nowhere = write(tmp_path / "broken.json", broken), str(tmp_path / "nowhere.json")

    codes = [run(file, "--json"), run(bundle, "--json", "--trust", nowhere)]

    told = capsys.readouterr()
    first, second = told.out.replace("}\n{", "}\0{").split("\0")
    assert codes == [2, 2]
    problem = "a key in didDocuments of the bundle: the key is not base58"
    assert json.loads(first) == {"exitCode": 2, "problem": f"{file}: {problem}"}
    assert json.loads(second) == {"exitCode": 2, "problem": f"{nowhere}: it cannot be read"}
    assert told.err.count("provenance: ") == 2


def test_a_file_that_is_not_there_is_told_with_code_2(tmp_path, bundle, did):
    nowhere = str(tmp_path / "nowhere.json")

    assert run(nowhere) == 2
    assert run(str(tmp_path)) == 2
    assert run(bundle, "--trust", nowhere) == 2
    assert run(bundle, "--did", bundle) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("verify",),
        ("sign", "x"),
        ("engrave", "x"),
        ("verify", "x", "--trust-key", "short"),
        ("verify", "x", "--at", "noon"),
        ("verify", "x", "--unknown"),
    ],
)
def test_a_wrong_call_is_told_with_code_2(arguments):
    assert usage_error(*arguments) == 2


def test_it_runs_without_django_and_from_any_folder(bundle, tmp_path):
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['provenance', 'verify', {bundle!r}, '--trust-key', {FINGERPRINT!r}]\n"
        f"sys.argv += {AT_NOON!r}\n"
        "try:\n"
        "    runpy.run_module('provenance', run_name='__main__')\n"
        "finally:\n"
        "    found = {name.partition('.')[0] for name in sys.modules}\n"
        "    print(sorted(found & {'django', 'rest_framework', 'web3', 'socket'}))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_terminal_that_knows_only_ascii_shows_no_traceback(bundle, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "provenance", "verify", bundle, *AT_NOON],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert done.stderr == ""


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_moment_at_an_end_of_the_calendar_is_wrong_usage(moment, tmp_path):
    file = tmp_path / "file.json"
    file.write_bytes(canonical_bytes(make_bundle()))

    with pytest.raises(SystemExit) as ended:
        main(["verify", str(file), "--at", moment])

    assert ended.value.code == 2

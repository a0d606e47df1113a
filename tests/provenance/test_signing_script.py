"""A maker signs in the browser what she would sign with the program: same words, same proof, same
refusals; here in Node, beside the program itself."""

import json
import random
import shutil
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from provenance import keys, sign_command
from provenance.canonical import canonical_bytes
from provenance.credentials import CREDENTIALS_V2
from tests.provenance.makings import MIRA, changed, make_body, make_signer
from tests.provenance.signing_script import in_node

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
]

PASSPHRASE = "under the third bench peg"
MANY = 40
NOW = datetime(2026, 11, 20, 9, 30, 15, 999_999, tzinfo=UTC)
STRANGERS_KEY = make_signer(MIRA, seed=3).verification_method
TITLES = [
    *("Marlowe ring", "Ring\x1b[2K\rX", "Bague d’été", "指輪", "x\u202ey", "a\u00a0b\u2003c"),
    *('"quoted" \\ and / slashed', "tab\there", "\x7f\x80\x9f", "💍 🫙", "e" * 3000, ""),
    *("\u200b", "\u2028"),
]


class Bench:
    """Mira's folder with a key in it, and what the program says of each file."""

    def __init__(self, folder, capsys):
        self.folder, self.capsys = folder, capsys
        self.public_key = keys.write_key_file(folder / "key.pem", passphrase=PASSPHRASE.encode())
        (folder / "passphrase").write_text(PASSPHRASE)

    @property
    def named(self):
        return keys.verification_method(MIRA, self.public_key)

    def body(self, **maker):
        return make_body(maker={"keyLevel": "own", "key": self.named} | maker)

    def challenge(self):
        return {
            "@context": [CREDENTIALS_V2],
            "type": ["KeyPossession"],
            "maker": MIRA,
            "key": self.named,
            "nonce": "pW2cD0m3o3Qm9b1hYwq7Zg",
            "made": "2026-11-20T09:30:00Z",
        }

    def asked(self, data, kind="body", *, now=NOW, key=None):
        return {
            kind: data,
            "key": key or (self.folder / "key.pem").read_bytes(),
            "passphrase": PASSPHRASE,
            "created": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
        }

    def program(self, data, kind="body", *, now=NOW):
        """What it tells, and what it writes; the reason instead where it refuses."""
        (self.folder / "in").write_bytes(data)
        sign = {"body": sign_command.sign, "sheet": sign_command.sign_again}[kind]
        files = (self.folder / name for name in ("in", "key.pem", "passphrase"))
        code = sign(*files, None, now=now)
        printed = self.capsys.readouterr()
        told = printed.err.splitlines()
        if code:
            return {"reason": told[-1].removeprefix("provenance: ")}
        return {"told": told, "file": printed.out}


def titled(body, title):
    name = unicodedata.normalize("NFC", title)
    return changed(body, lambda b: b["credentialSubject"].update(name=name))


@pytest.fixture
def bench(tmp_path, capsys):
    return Bench(tmp_path, capsys)


def test_the_proof_is_the_programs_to_the_byte_whoever_signs_whatever_whenever(
    tmp_path_factory, capsys
):
    dice = random.Random(1)
    asked, wanted = [], []
    for number in range(MANY):
        mira = Bench(tmp_path_factory.mktemp("bench"), capsys)
        title = TITLES[number % len(TITLES)] + dice.choice(["", " for Ada", " (№ 3)"])
        document = dice.choice([titled(mira.body(), title), mira.challenge()])
        now = NOW + timedelta(seconds=dice.uniform(0, 10**9))
        data = dice.choice([canonical_bytes(document), json.dumps(document, indent=1).encode()])
        asked.append(mira.asked(data, now=now))
        wanted.append(mira.program(data, now=now))

    answers = in_node(asked)

    assert all("file" in each for each in wanted)
    for answer, want in zip(answers, wanted, strict=True):
        assert {name: answer.get(name) for name in ("told", "file")} == want


def test_a_sheet_is_signed_line_by_line_as_the_program_does(bench):
    bodies = [titled(bench.body(key=STRANGERS_KEY), title) for title in TITLES]
    lines = [canonical_bytes({"document": each, "key": bench.named}) for each in bodies]
    sheets = [b"\n".join(lines) + b"\n", b"\r\n".join(lines), b"\r".join(lines[:2]), lines[0], b""]

    answers = in_node(bench.asked(each, "sheet") for each in sheets)

    for sheet, answer in zip(sheets, answers, strict=True):
        want = bench.program(sheet, "sheet")
        assert answer["told"] == want["told"]
        assert rows_of(answer["file"]) == rows_of(want["file"])


def rows_of(sheet):
    return [json.loads(line) for line in sheet.splitlines()]


SPOILT = {
    "no key named": lambda b: b["credentialSubject"]["maker"].pop("key"),
    "a key of null": lambda b: b["credentialSubject"]["maker"].update(key=None),
    "another key": lambda b: b["credentialSubject"]["maker"].update(key=STRANGERS_KEY),
    "no key at all": lambda b: b["credentialSubject"]["maker"].update(key=MIRA),
    "an empty key": lambda b: b["credentialSubject"]["maker"].update(key=f"{MIRA}#"),
    "a weak key": lambda b: b["credentialSubject"]["maker"].update(
        key=f"{MIRA}#z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"
    ),
    "a key and more": lambda b: b["credentialSubject"]["maker"].update(
        key=b["credentialSubject"]["maker"]["key"] + "#"
    ),
    "a key where no certificate names it": lambda b: b.update(
        key=b["credentialSubject"]["maker"].pop("key"), maker="did:web:x.example"
    ),
    "another maker": lambda b: b["credentialSubject"]["maker"].update(id=f"{MIRA}-two"),
    "no maker": lambda b: b["credentialSubject"].pop("maker"),
    "a maker of text": lambda b: b["credentialSubject"].update(maker="Mira"),
    "no subject": lambda b: b.pop("credentialSubject"),
    "a list of subjects": lambda b: b.update(credentialSubject=[b["credentialSubject"]]),
    "no title": lambda b: b["credentialSubject"].pop("name"),
    "a title of null": lambda b: b["credentialSubject"].update(name=None),
    "no place": lambda b: b.pop("id"),
    "a place of two": lambda b: b.update(id=["x", "y"]),
    "no date": lambda b: b.pop("validFrom"),
    "no kind": lambda b: b.pop("type"),
    "called a challenge": lambda b: b.update(type=["KeyPossession"]),
    "a kind of text": lambda b: b.update(type="KeyPossession"),
    "two kinds": lambda b: b["type"].append("KeyPossession"),
    "its kinds swapped": lambda b: b["type"].reverse(),
    "no context": lambda b: b.pop("@context"),
    "a float": lambda b: b.update(weight=1.5),
    "a float of a whole number": lambda b: b.update(weight=1.0),
    "a number too large": lambda b: b.update(weight=2**53),
    "half a character": lambda b: b.update(note="\ud800"),
    "half a character in its title": lambda b: b["credentialSubject"].update(name="x\ud800"),
    "a text not composed": lambda b: b.update(note="e\u0301"),
    "a key beyond ASCII": lambda b: b.update({"é": 1}),
    "nested too deep": lambda b: b.update(note=nested(40)),
    "too large": lambda b: b.update(note="x" * 256 * 1024),
}
CHALLENGE = {
    "no key": lambda c: c.pop("key"),
    "nobody": lambda c: c.pop("maker"),
    "a maker of two": lambda c: c.update(maker=[MIRA]),
    "another maker": lambda c: c.update(maker="did:web:x.example"),
    "another key": lambda c: c.update(key=STRANGERS_KEY),
    "half a certificate": lambda c: c.update(type=["JewelryCertificate"]),
    "two kinds": lambda c: c.update(type=["KeyPossession", "KeyPossession"]),
}
UNREADABLE = [b"", b"[]", b"\xff", b"{", b"null", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"{} {}"]


def nested(depth):
    return [nested(depth - 1)] if depth else []


def test_what_the_program_refuses_to_sign_is_refused_in_its_words(bench):
    files = [
        *(json.dumps(changed(bench.body(), spoil)).encode() for spoil in SPOILT.values()),
        *(json.dumps(changed(bench.challenge(), spoil)).encode() for spoil in CHALLENGE.values()),
        *UNREADABLE,
    ]

    answers = in_node(map(bench.asked, files))

    for name, file, answer in zip([*SPOILT, *CHALLENGE, *UNREADABLE], files, answers, strict=True):
        assert {"reason": answer.get("reason")} == bench.program(file), name


LINES = {
    "no document": lambda told: told.pop("document"),
    "a document of text": lambda told: told.update(document="text"),
    "no key": lambda told: told.pop("key"),
    "a key that is a number": lambda told: told.update(key=7),
    "a key of another": lambda told: told.update(key=f"did:web:x.example#{told['key']}"),
    "another key": lambda told: told.update(key=STRANGERS_KEY),
    "no title": lambda told: told["document"]["credentialSubject"].pop("name"),
    "another maker": lambda told: told["document"]["credentialSubject"]["maker"].update(id="x"),
    "a challenge": lambda told: told.update(
        document={"type": ["KeyPossession"], "maker": MIRA, "key": told["key"], "@context": []}
    ),
}


def test_one_line_that_does_not_fit_stops_a_whole_sheet(bench):
    good = {"document": bench.body(), "key": bench.named}
    spoilt = [json.dumps(changed(good, spoil)).encode() for spoil in LINES.values()]
    sheets = [b"\n".join([canonical_bytes(good), line]) for line in [*spoilt, b"", b"{"]]
    sheets[-2] += b"\n"

    answers = in_node(bench.asked(each, "sheet") for each in sheets)

    for name, sheet, answer in zip([*LINES, "empty", "cut"], sheets, answers, strict=True):
        assert {"reason": answer.get("reason")} == bench.program(sheet, "sheet"), name


def test_a_document_that_carries_proofs_is_signed_without_them(bench):
    data = json.dumps(bench.body() | {"proof": [{"type": "DataIntegrityProof"}]}).encode()

    (answer,) = in_node([bench.asked(data)])

    assert answer["file"] == bench.program(data)["file"]


def test_every_letter_is_shown_as_a_terminal_would_show_it(bench):
    """What steers or hides becomes a question mark; here every letter of the first plane."""
    letters = [chr(number) for number in range(0x10000) if not 0xD800 <= number < 0xE000]
    known = [letter for letter in letters if unicodedata.category(letter) != "Cn"]
    titles = ["".join(known[at : at + 3000]) for at in range(0, len(known), 3000)]
    files = [canonical_bytes(titled(bench.body(), title)) for title in titles]

    answers = in_node(map(bench.asked, files))

    assert [answer["told"] for answer in answers] == [bench.program(file)["told"] for file in files]

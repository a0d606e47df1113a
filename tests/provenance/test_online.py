"""`python -m provenance verify --online`: what its site says counts, within narrow bounds."""

import contextlib
import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from provenance import keys
from provenance.__main__ import main
from provenance.bundle import build_bundle
from provenance.canonical import JSONObject, canonical_bytes
from provenance.credentials import PURPOSES, attach_proofs, create_proofs, status_url
from provenance.online import NO_PLACE, NO_SITE, Patience, Site, ask_site, verify_online
from provenance.trust import Trust
from provenance.verdict import CertificateAnswer
from provenance.verification import Outcome
from tests.provenance.makings import (
    INDEX,
    ISSUED,
    LISTS,
    NOON,
    changed,
    make_body,
    make_signer,
    make_status_list,
)

AT_NOON = ["--at", "2026-11-20T12:00:00Z"]
QUICK = Patience(each=0.3, total=0.9)


class Raw(bytes):
    """A whole answer, as it goes over the line."""


class Platform:
    """A site on this machine: what stands at its addresses, and what it was asked."""

    def __init__(self, *, scheme: str = "http") -> None:
        self.pages: dict[str, bytes | int | str] = {}
        self.asked: list[str] = []
        self.is_over = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}"
        self.did = keys.did_web(self.url)
        self.maker = f"{self.did}:j:tidewell-bench"
        self.signer = make_signer(self.did)
        self.hers = make_signer(self.maker, seed=2)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                page = site.pages.get(self.path, 404)
                if page == "never":
                    site.is_over.wait(10)
                elif page == "drop by drop":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    while not site.is_over.wait(0.05):
                        with contextlib.suppress(OSError):
                            self.wfile.write(b"X: x\r\n")
                elif isinstance(page, Raw):
                    self.wfile.write(page)
                elif isinstance(page, int):
                    self.send_error(page)
                elif isinstance(page, str):
                    self.send_response(302)
                    self.send_header("Location", page)
                    self.end_headers()
                else:
                    self.send_response(200)
                    self.end_headers()
                    with contextlib.suppress(OSError):  # who reads may have had enough
                        self.wfile.write(page)

            def log_message(self, *_: Any) -> None:
                pass

        return Answers

    def put(self, path: str, page: JSONObject | bytes | int | str) -> None:
        self.pages[path] = canonical_bytes(page) if isinstance(page, dict) else page

    def put_list(self, purpose: str, *, set_indexes: tuple[int, ...] = ()) -> None:
        self.put(f"/status/{LISTS[purpose]}", self.listed(purpose, set_indexes))

    def listed(
        self, purpose: str, set_indexes: tuple[int, ...] = (), *, since: datetime = ISSUED
    ) -> JSONObject:
        return make_status_list(
            purpose,
            set_indexes=set_indexes,
            signer=self.signer,
            url=status_url(self.url, LISTS[purpose]),
            issuer=self.did,
            valid_from=since,
            valid_until=since + timedelta(hours=24),
        )

    def certificate(self, *, level: str = "recorded", issuer: str = "") -> JSONObject:
        facts = {"id": self.maker, "keyLevel": level}
        signers = [self.signer]
        if level != "recorded":
            facts["key"] = self.hers.verification_method
            signers.append(self.hers)
        body = make_body(site=self.url, maker=facts)
        if issuer:
            body = changed(body, lambda b: b["issuer"].update(id=issuer))
        return attach_proofs(body, create_proofs(body, signers=signers, created=ISSUED))

    def bundle(self, certificate: JSONObject | None = None) -> JSONObject:
        return build_bundle(
            certificate=certificate or self.certificate(),
            did_documents=[keys.did_document(self.did, keys=[self.signer.public_key])],
            status_lists=[self.listed(purpose) for purpose in PURPOSES],
            as_of=ISSUED,
        )


@contextlib.contextmanager
def running(platform: Platform) -> Iterator[Platform]:
    server = threading.Thread(target=platform.server.serve_forever, kwargs={"poll_interval": 0.01})
    server.start()
    try:
        yield platform
    finally:
        platform.is_over.set()
        platform.server.shutdown()
        platform.server.server_close()
        server.join()


@pytest.fixture
def site() -> Iterator[Platform]:
    with running(Platform()) as platform:
        document = keys.did_document(platform.did, keys=[platform.signer.public_key])
        platform.put("/.well-known/did.json", document)
        hers = keys.did_document(platform.maker, keys=[platform.hers.public_key])
        platform.put("/j/tidewell-bench/did.json", hers)
        for purpose in PURPOSES:
            platform.put_list(purpose)
        yield platform


def verify(folder: Path, file: JSONObject | bytes, *more: str) -> int:
    path = folder / "file.json"
    path.write_bytes(file if isinstance(file, bytes) else canonical_bytes(file))
    return main(["verify", str(path), "--online", *AT_NOON, *more])


def outcomes(told: dict[str, Any]) -> dict[int, str]:
    return {check["number"]: check["outcome"] for check in told["checks"]}


def problems(site: Site) -> dict[str, str | None]:
    return {each.url: each.problem for each in site.asked}


# -- what the site says -------------------------------------------------------------------------


def test_a_certificate_alone_is_current_once_its_site_was_asked(site, tmp_path, capsys):
    code = verify(tmp_path, site.certificate(), "--json")

    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (code, told["answer"], printed.err) == (0, "current", "")
    assert told["online"] == [
        {"url": f"{site.url}{path}", "problem": None}
        for path in ("/.well-known/did.json", "/status/1", "/status/2", "/status/3")
    ]


def test_the_reader_is_told_which_site_was_believed(site, tmp_path, capsys):
    code = verify(tmp_path, site.certificate())

    told = capsys.readouterr().out
    assert code == 0
    assert f"Asked was the site that the file names: {site.url}. Is it the one on the card?" in told


def test_no_more_is_asked_than_decides(site, tmp_path):
    recorded = verify(tmp_path, site.certificate()), [*site.asked]
    site.asked.clear()
    held = verify(tmp_path, site.certificate(level="held")), [*site.asked]

    lists = ["/status/1", "/status/2", "/status/3"]
    assert recorded == (0, ["/.well-known/did.json", *lists])
    assert held == (0, ["/.well-known/did.json", "/j/tidewell-bench/did.json", *lists])


def test_without_the_word_nobody_is_asked(site, tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(canonical_bytes(site.bundle()))

    assert main(["verify", str(path), *AT_NOON]) == 3
    assert site.asked == []


@pytest.mark.parametrize(
    ("purpose", "code", "answer"),
    [("revocation", 1, "revoked"), ("suspension", 1, "paused"), ("refresh", 0, "superseded")],
)
def test_what_the_site_says_now_counts_more_than_the_lists_of_the_file(
    site, tmp_path, capsys, purpose, code, answer
):
    site.put_list(purpose, set_indexes=(INDEX,))

    ended = verify(tmp_path, site.bundle(), "--json")

    assert (ended, json.loads(capsys.readouterr().out)["answer"]) == (code, answer)


def test_a_key_that_its_site_calls_stolen_signs_nothing(site, tmp_path, capsys):
    stolen = {site.signer.public_key: "2026-11-01T00:00:00Z"}
    site.put("/.well-known/did.json", keys.did_document(site.did, keys=[], revoked=stolen))

    code = verify(tmp_path, site.bundle(), "--json")

    assert (code, json.loads(capsys.readouterr().out)["answer"]) == (1, "unreliable")


def test_a_makers_key_that_her_document_calls_stolen_signs_nothing(site, tmp_path, capsys):
    stolen = {site.hers.public_key: "2026-11-01T00:00:00Z"}
    document = keys.did_document(site.maker, keys=[], revoked=stolen)
    site.put("/j/tidewell-bench/did.json", document)

    code = verify(tmp_path, site.certificate(level="held"), "--json")

    assert (code, outcomes(json.loads(capsys.readouterr().out))[5]) == (1, "failed")


def test_a_forgery_by_a_key_the_site_does_not_publish_fails(site, tmp_path):
    other = make_signer(site.did, seed=9)
    body = make_body(site=site.url, maker={"id": site.maker})
    forged = attach_proofs(body, create_proofs(body, signers=[other], created=ISSUED))

    assert verify(tmp_path, forged) == 1


# -- what does not come is not known ------------------------------------------------------------


def test_a_site_that_is_down_leaves_everything_open_and_is_named(site, tmp_path, capsys):
    bundle, card = site.bundle(), keys.fingerprint(site.signer.public_key)
    site.server.shutdown()
    site.server.server_close()

    code = verify(tmp_path, bundle, "--trust-key", card, "--json")

    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (code, told["answer"]) == (3, "unconfirmed")
    assert {n for n, outcome in outcomes(told).items() if outcome == "failed"} == set()
    assert [told["checks"][number - 1]["reason"] for number in (4, 7, 8)] == [
        "The web site did not answer."
    ] * 3
    assert f"provenance: {site.url}/status/1: the web site did not answer" in printed.err
    assert {each["problem"] for each in told["online"]} == {"the web site did not answer"}


def test_what_a_file_says_of_a_withdrawal_counts_though_its_site_is_silent(site, tmp_path):
    withdrawn = site.listed("revocation", (INDEX,))
    bundle = changed(site.bundle(), lambda b: b["statusLists"].__setitem__(0, withdrawn))
    site.put("/status/1", 503)

    assert verify(tmp_path, bundle) == 1


@pytest.mark.parametrize(
    ("path", "checks"),
    [
        ("/.well-known/did.json", {3, 4}),
        ("/j/tidewell-bench/did.json", {5}),
        ("/status/1", {7}),
        ("/status/2", {8}),
        ("/status/3", {7}),
    ],
)
def test_each_address_that_fails_leaves_open_what_rests_on_it(site, tmp_path, capsys, path, checks):
    site.put(path, 500)

    code = verify(tmp_path, site.certificate(level="held"), "--json")

    told = json.loads(capsys.readouterr().out)
    needed = {each["number"] for each in told["checks"] if each["needed"]}
    left = {number for number, outcome in outcomes(told).items() if outcome == "not checked"}
    assert (code, left & needed) == (3, checks)
    assert [each for each in told["online"] if each["problem"]] == [
        {"url": f"{site.url}{path}", "problem": "the web site answered 500"}
    ]


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        pytest.param(b"", "it is not JSON", id="nothing"),
        pytest.param(b"[]", "it is JSON, but not an object", id="a list"),
        pytest.param(b"{}", "it is not a DID document", id="an empty object"),
        pytest.param(b'{"id":"a","id":"a"}', "a key stands twice in one object", id="twice"),
    ],
)
def test_a_page_that_is_no_document_is_refused(site, page, problem):
    site.put("/.well-known/did.json", page)

    asked = ask_site(site.certificate())

    told = problems(asked)[f"{site.url}/.well-known/did.json"]
    assert told == f"what the web site answered is of no use: {problem}"
    assert asked.documents == ()


def test_a_document_of_another_name_is_refused(site):
    site.put("/.well-known/did.json", keys.did_document("did:web:x.example", keys=[]))

    verdict, asked = verify_online(site.certificate(), trust=Trust(), status_lists={}, now=NOON)

    assert asked[0].problem.endswith("it is the DID document of another name")
    assert verdict.checks[2].outcome is Outcome.NOT_CHECKED
    assert verdict.answer is CertificateAnswer.UNCONFIRMED


def test_a_list_that_the_site_cannot_sign_for_replaces_the_files_own(site, tmp_path):
    strangers = make_signer("did:web:stranger.example", seed=3)
    forged = make_status_list(
        "revocation", signer=strangers, url=status_url(site.url, 1), issuer=site.did
    )
    site.put("/status/1", forged)

    assert verify(tmp_path, site.bundle()) == 3


# -- bounds -------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["elsewhere", "http://127.0.0.1:1/did.json"])
def test_a_redirect_is_refused_and_not_followed(site, way):
    there = f"{site.url}/elsewhere" if way == "elsewhere" else way
    site.put("/elsewhere", site.pages["/.well-known/did.json"])
    site.put("/.well-known/did.json", there)

    asked = ask_site(site.certificate())

    assert "is not followed" in (problems(asked)[f"{site.url}/.well-known/did.json"] or "")
    assert "/elsewhere" not in site.asked


def test_what_is_too_large_is_refused(site):
    site.put("/.well-known/did.json", b" " * 10_000_000)
    site.put("/status/1", b'{"a":"' + b"a" * 263_000 + b'"}')

    told = problems(ask_site(site.certificate()))

    assert told[f"{site.url}/.well-known/did.json"] == "what stands there is larger than we read"
    assert (told[f"{site.url}/status/1"] or "").endswith("it is larger than 256 KiB")


@pytest.mark.parametrize("page", ["never", "drop by drop"])
def test_whoever_is_slow_is_not_waited_for(site, page):
    for path in site.pages:
        site.put(path, page)

    started = datetime.now(UTC)
    asked = ask_site(site.certificate(level="held"), patience=QUICK)

    assert datetime.now(UTC) - started < timedelta(seconds=QUICK.total + 2)
    assert set(problems(asked).values()) == {
        "the web site took too long",
        "there was no time left to ask",
    }
    assert set(asked.unanswered) == {4, 5, 7, 8}


# -- addresses that a stranger wrote ------------------------------------------------------------


def test_a_maker_does_not_speak_for_the_platform(site):
    """Who has a page beneath a site could else be the issuer of whatever they like."""
    forged = site.certificate(issuer=site.maker)

    asked = ask_site(forged)

    assert (asked.documents, site.asked) == ((), [])
    assert problems(asked) == {f"{site.url}/j/tidewell-bench/did.json": NO_SITE}
    assert set(asked.unanswered) == {4, 7, 8}


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/status/1",
        "{site}/admin/reboot",
        "{site}/status/1?now",
        "{site}/status/../admin",
        "{site}@stranger.example/status/1",
        "{site}.stranger.example/status/1",
        "https://touchmark.example/status/1",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_list_that_stands_elsewhere_is_not_asked_for(site, url):
    there = url.format(site=site.url)
    bent = changed(
        site.certificate(),
        lambda c: c["credentialStatus"][0].update(statusListCredential=there),
    )

    asked = ask_site(bent)

    assert "is not asked for" in (problems(asked)[there] or "")
    assert site.asked == ["/.well-known/did.json", "/status/2", "/status/3"]
    assert 7 in asked.unanswered


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c.pop("issuer"), id="no issuer"),
        pytest.param(lambda c: c.update(issuer="did:key:z6Mk"), id="another kind of name"),
        pytest.param(lambda c: c.update(issuer="did:web:a.example/x"), id="no name at all"),
        pytest.param(lambda c: c.update(issuer="did:web:a.example\r\nHost: b"), id="two lines"),
        pytest.param(lambda c: c.update(issuer="did:web:touchmark.example"), id="another site"),
        pytest.param(lambda c: c.update(id="https://touchmark.example/c/x"), id="elsewhere"),
        pytest.param(lambda c: c.pop("id"), id="nowhere"),
    ],
)
def test_a_certificate_that_does_not_say_whose_it_is_leads_nowhere(site, change):
    asked = ask_site(changed(site.certificate(), change))

    assert (asked.documents, asked.lists, site.asked) == ((), {}, [])
    assert asked.unanswered == dict.fromkeys((4, 7, 8), NO_PLACE)


def test_another_sites_maker_is_not_asked(site):
    body = make_body(site=site.url, maker={"id": "did:web:127.0.0.1%3A1:j:x", "keyLevel": "held"})
    hers = make_signer("did:web:127.0.0.1%3A1:j:x", seed=2)
    proofs = create_proofs(body, signers=[site.signer, hers], created=ISSUED)

    ask_site(attach_proofs(body, proofs))

    assert site.asked == ["/.well-known/did.json", "/status/1", "/status/2", "/status/3"]


def test_a_port_that_cannot_be_is_no_answer():
    body = changed(
        make_body(),
        lambda b: b.update(issuer="did:web:127.0.0.1%3A99999", id="https://127.0.0.1:99999/c/x"),
    )

    told = problems(ask_site(body))

    assert told.pop("https://127.0.0.1:99999/.well-known/did.json") == "the web site did not answer"


def test_a_site_that_cannot_show_its_name_is_not_believed(tmp_path):
    """Where a certificate says https, its own site must prove its name, and http is not tried."""
    platform = Platform(scheme="https")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    platform.server.socket = context.wrap_socket(platform.server.socket, server_side=True)
    platform.server.handle_error = lambda *_: None
    with running(platform):
        told = problems(ask_site(platform.certificate()))

    assert set(told.values()) == {"the web site cannot show that it is the one of this name"}
    assert platform.asked == []


def _self_signed(folder: Path) -> Path:
    key, name = (
        Ed25519PrivateKey.generate(),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, None)
    )
    file = folder / "site.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def test_an_address_cannot_rewrite_the_terminal_that_it_is_told_on(site, tmp_path, capsys):
    bent = changed(
        site.certificate(),
        lambda c: c["credentialStatus"][0].update(statusListCredential="\x1b[2K\rall is well"),
    )

    verify(tmp_path, bent)

    assert "provenance: ?[2K?all is well: it is not a status list" in capsys.readouterr().err


def test_what_cannot_be_read_asks_nobody(tmp_path, capsys):
    code = verify(tmp_path, b"not a certificate", "--json")

    assert code == 2
    assert json.loads(capsys.readouterr().out)["online"] == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("Content-Length: 99999999999999999999\r\n\r\n{}", id="length"),
        pytest.param("Transfer-Encoding: chunked\r\n\r\n" + "f" * 24 + "\r\n{}", id="chunk"),
    ],
)
def test_a_length_that_no_answer_has_leaves_its_check_open_at_once(site, answer):
    site.put("/.well-known/did.json", Raw(f"HTTP/1.1 200 OK\r\n{answer}".encode()))

    asked = ask_site(site.certificate())

    assert "too long" not in asked.unanswered[4]
    assert asked.unanswered.keys() == {4}


def test_asked_about_a_day_that_is_over_the_lists_of_the_file_still_answer(site):
    for purpose in PURPOSES:
        later = site.listed(purpose, (INDEX,), since=NOON + timedelta(days=3))
        site.put(f"/status/{LISTS[purpose]}", later)
    of_the_file = {str(each["id"]): each for each in map(site.listed, PURPOSES)}

    verdict, _ = verify_online(
        site.certificate(), trust=Trust(), status_lists=of_the_file, now=NOON
    )

    assert verdict.answer is CertificateAnswer.CURRENT


def test_a_certificate_without_its_sites_address_is_never_green(site, tmp_path, capsys):
    bent = changed(site.certificate(), lambda c: c.update(id=c["id"].rpartition("/")[2]))
    signed = attach_proofs(bent, create_proofs(bent, signers=[site.signer], created=ISSUED))
    held = tmp_path / "did.json"
    held.write_bytes(canonical_bytes(keys.did_document(site.did, keys=[site.signer.public_key])))

    code = verify(tmp_path, site.bundle(signed), "--trust", str(held), "--json")

    told = json.loads(capsys.readouterr().out)
    assert (code, outcomes(told)[2], outcomes(told)[4]) == (1, "failed", "not checked")
    assert site.asked == []


def test_what_the_issuer_left_open_no_maker_of_its_name_closes(site):
    issuers_own = f"{site.did}:.well-known"
    facts = {"id": issuers_own, "keyLevel": "held", "key": f"{issuers_own}#key"}
    body = make_body(site=site.url, maker=facts)
    maker = make_signer(issuers_own, seed=2)
    certificate = attach_proofs(
        body, create_proofs(body, signers=[site.signer, maker], created=ISSUED)
    )
    site.put("/.well-known/did.json", 503)

    asked = ask_site(certificate)

    assert {4, 5} <= asked.unanswered.keys()

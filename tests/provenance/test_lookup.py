"""Looking at a domain: only public addresses, no redirects, few bytes, little time."""

import socket
import time

import dns.exception
import dns.resolver
import pytest

from provenance import lookup
from provenance.domains import BadDomainError, proof_line, proves, read_domain
from provenance.fetching import LookupFailedError
from provenance.lookup import Internet, public_address, read_lines
from tests.fakes import FakeConnection

FOUND = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def soon() -> float:
    return time.monotonic() + 5


def lines(*parts: bytes) -> list[str]:
    return read_lines(FakeConnection(*parts), domain="tidewell.example", until=soon())


# -- domains as people type them ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("tidewell.example", "tidewell.example"),
        (" https://WWW.Tidewell.example/rings?x=1 ", "www.tidewell.example"),
        ("tidewell.example.", "tidewell.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_is_read_as_people_type_it(typed, read):
    assert read_domain(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "tidewell",
        "localhost",
        "bench.local",
        "metadata.google.internal",
        "192.168.1.1",
        "[::1]",
        "0x7f.1",
        "a..example",
        "-a.example",
        "mira@tidewell.example",
        "tidewell.example:8443",
        "tide well.example",
        "tidewell.example\r\nHost: inside.example",
        "a" * 64 + ".example",
        ".".join(["abcdefghi"] * 30) + ".example",
    ],
)
def test_what_is_no_domain_of_a_workshop_is_refused(typed):
    with pytest.raises(BadDomainError):
        read_domain(typed)


@pytest.mark.parametrize(
    "typed",
    ["straße.example", "STRAẞE.example", "λόγος.example", "a\u200db.example", "\u200ca.example"],
)
def test_a_name_that_old_and_new_rules_read_as_two_domains_is_asked_for_in_ascii(typed):
    with pytest.raises(BadDomainError, match="xn--"):
        read_domain(typed)

    assert read_domain("xn--strae-oqa.example") == "xn--strae-oqa.example"


def test_only_the_whole_line_proves():
    line = proof_line("abc")

    assert proves([f"  {line} "], token="abc")
    assert not proves([f"{line}d", f"x{line}", line.upper()], token="abc")


# -- where it may go ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.5",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a00:1",
        "2001:0:7f00:1::",
    ],
)
def test_an_address_inside_is_never_called(address):
    with pytest.raises(LookupFailedError):
        public_address([address])


def test_a_domain_that_also_points_inside_is_refused_whole():
    with pytest.raises(LookupFailedError):
        public_address(["93.184.215.14", "10.0.0.1"])


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:1.1.1.1"])
def test_a_public_address_is_called(address):
    assert public_address([address]) == address


def test_a_domain_without_an_address_is_told(monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    with pytest.raises(LookupFailedError):
        Internet().file_lines("tidewell.example")


def test_the_address_that_was_judged_is_the_one_that_is_called(monkeypatch):
    """A second answer of the DNS, pointing inside, is never asked for."""
    called = []

    def answers_once(*args, **kwargs):
        if called:
            raise AssertionError("the name was resolved twice")
        called.append("resolved")
        return [(2, 1, 6, "", ("93.184.215.14", 443))]

    def connect(address, timeout):
        called.append(address)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", answers_once)
    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(LookupFailedError):
        Internet().file_lines("tidewell.example")

    assert called == ["resolved", ("93.184.215.14", 443)]


# -- what it takes ------------------------------------------------------------------------------


def test_the_lines_of_the_file_are_read():
    assert lines(FOUND, b"touchmark-maker=abc\n", b"# ours\n") == ["touchmark-maker=abc", "# ours"]


def test_a_file_in_chunks_is_read():
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert lines(head + b"4\r\nline\r\n0\r\n\r\n") == ["line"]


def test_it_asks_in_the_name_of_the_domain():
    connection = FakeConnection(FOUND)

    read_lines(connection, domain="tidewell.example", until=soon())

    assert connection.told.startswith(b"GET /.well-known/touchmark.txt HTTP/1.1\r\n")
    assert b"\r\nHost: tidewell.example\r\n" in connection.told


@pytest.mark.parametrize("status", [404, 410])
def test_no_file_is_no_line(status):
    assert lines(f"HTTP/1.1 {status} Gone\r\n\r\n".encode()) == []


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 500, 503])
def test_a_redirect_is_not_followed_and_an_error_proves_nothing(status):
    answer = f"HTTP/1.1 {status} X\r\nLocation: http://169.254.169.254/\r\n\r\nline".encode()

    with pytest.raises(LookupFailedError, match=str(status)):
        lines(answer)


def test_a_file_without_an_end_is_left():
    with pytest.raises(LookupFailedError, match="larger"):
        lines(FOUND, *[b"x" * 4096] * 10)


def test_a_site_that_drips_is_left_when_the_time_is_up():
    with pytest.raises(LookupFailedError, match="too long"):
        read_lines(FakeConnection(FOUND), domain="tidewell.example", until=time.monotonic() - 1)


def test_what_is_no_http_is_told(monkeypatch):
    monkeypatch.setattr(lookup, "addresses_of", lambda domain: ["93.184.215.14"])
    monkeypatch.setattr(lookup, "connect", lambda domain, address: Opened(b"SSH-2.0-OpenSSH\r\n"))

    with pytest.raises(LookupFailedError):
        Internet().file_lines("tidewell.example")


class Opened(FakeConnection):
    """A connection one leaves with `with`."""

    def __enter__(self) -> "Opened":
        return self

    def __exit__(self, *problem: object) -> None:
        pass


# -- the DNS ------------------------------------------------------------------------------------


class Record:
    strings = (b"touchmark-", b"maker=abc")


def test_the_parts_of_a_txt_record_are_one_line(monkeypatch):
    asked = []

    def resolve(name, kind, *, lifetime):
        asked.append((name, kind))
        return [Record()]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)

    assert Internet().txt_lines("tidewell.example") == ["touchmark-maker=abc"]
    assert asked == [("_touchmark.tidewell.example", "TXT")]


@pytest.mark.parametrize(
    ("problem", "is_known"),
    [
        (dns.resolver.NXDOMAIN, True),
        (dns.resolver.NoAnswer, True),
        (dns.resolver.NoNameservers, False),
        (dns.exception.Timeout, False),
    ],
)
def test_no_record_and_no_answer_are_told_apart(monkeypatch, problem, is_known):
    def resolve(*args, **kwargs):
        raise problem

    monkeypatch.setattr(dns.resolver, "resolve", resolve)

    if is_known:
        assert Internet().txt_lines("tidewell.example") == []
    else:
        with pytest.raises(LookupFailedError):
            Internet().txt_lines("tidewell.example")

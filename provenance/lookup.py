"""Looking at a domain from outside, within narrow bounds: its TXT record, its well-known file."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from http.client import HTTPException
from typing import Protocol

import dns.exception
import dns.resolver

from provenance.domains import WELL_KNOWN, record_name
from provenance.fetching import Connection, LookupFailedError, exchange

WALL_SECONDS = 10.0
DNS_SECONDS = 5.0
MOST_BYTES = 16 * 1024
MOST_LINES = 50
AGENT = "Touchmark domain check"


class Outside(Protocol):
    """What a check may ask of the world outside."""

    def txt_lines(self, domain: str) -> Sequence[str]:
        """The TXT records at `_touchmark.` of this domain; LookupFailedError if nobody answers."""

    def file_lines(self, domain: str) -> Sequence[str]:
        """The lines of its well-known file; none when there is no such file."""


class Internet:
    """The real outside. Only a worker asks it, never a page."""

    def txt_lines(self, domain: str) -> Sequence[str]:
        try:
            answer = dns.resolver.resolve(record_name(domain), "TXT", lifetime=DNS_SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as problem:
            raise LookupFailedError("the name servers of the domain did not answer") from problem
        rows = [b"".join(record.strings) for record in answer][:MOST_LINES]
        return [row.decode("utf-8", "replace") for row in rows]

    def file_lines(self, domain: str) -> Sequence[str]:
        try:
            address = public_address(addresses_of(domain))
            with connect(domain, address) as connection:
                return read_lines(connection, domain=domain, until=time.monotonic() + WALL_SECONDS)
        except (OSError, HTTPException) as problem:
            raise LookupFailedError("the web site of the domain did not answer") from problem


def addresses_of(domain: str) -> list[str]:
    """Every address of a host, asked once: what is judged is also what is called."""
    found = socket.getaddrinfo(domain, 443, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def public_address(addresses: Sequence[str]) -> str:
    """The first address, if all of them are public; LookupFailedError otherwise.

    A domain that also points inside is refused whole: it may be a way into our own network.
    """
    if not addresses or not all(map(_is_public, addresses)):
        raise LookupFailedError("the domain does not lead to a public web site")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        # These carry an IPv4 address inside, which some routers would deliver to.
        inner = address.ipv4_mapped or address.sixtofour or _behind_nat64(address)
        if inner or address.teredo:
            return bool(inner) and _is_public(str(inner))
    return address.is_global and not address.is_multicast


def _behind_nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address not in ipaddress.IPv6Network("64:ff9b::/96"):  # RFC 6052 section 2.1
        return None
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def connect(domain: str, address: str) -> AbstractContextManager[ssl.SSLSocket]:
    """A checked TLS connection to this address, in the name of the domain."""
    plain = socket.create_connection((address, 443), timeout=DNS_SECONDS)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=domain)
    except OSError:
        plain.close()
        raise


def read_lines(connection: Connection, *, domain: str, until: float) -> list[str]:
    """Ask for the well-known file; the lines of a 200, none of a 404 or 410.

    Anything else, a redirect too, and more than 16 KiB or more time than `until` (monotonic
    seconds) raise LookupFailedError.
    """
    request = (
        f"GET {WELL_KNOWN} HTTP/1.1\r\nHost: {domain}\r\nUser-Agent: {AGENT}\r\n"
        "Accept: text/plain\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    answer = exchange(connection, request.encode(), most=MOST_BYTES, until=until)
    if answer.status in {404, 410}:
        return []
    if answer.status != 200:
        raise LookupFailedError(f"the web site answered {answer.status} for the file")
    return answer.read(MOST_BYTES).decode("utf-8", "replace").splitlines()[:MOST_LINES]

"""Asking a certificate's own site how it stands: the verifier's one room with a network.

Loaded with `--online` only. The addresses come from a file that anybody may have made, so a fetch
goes to the host that the issuer's did:web names and nowhere else, to three kinds of address, with
checked TLS (without only where `keys.origins_of` says that the host is local).
"""

import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import SplitResult, urlsplit

from provenance.canonical import CERTIFICATE_LIMIT, JSONObject, parse_object
from provenance.credentials import (
    CLOCK_SKEW,
    PURPOSES,
    controller_of,
    issuer_of,
    maker_of,
    proofs_of,
    read_time,
    text_of,
)
from provenance.errors import MalformedError, ProvenanceError
from provenance.fetching import LookupFailedError, exchange
from provenance.keys import did_web_url, is_site, origins_of
from provenance.standing import StatusLists
from provenance.trust import DidDocument, Trust, read_did_document
from provenance.verification import Verdict, left_open, verify

HEADERS_LIMIT = 16 * 1024
AGENT = "Touchmark verifier"
PORTS = {"https": 443, "http": 80}
# The checks that rest on what is asked for.
OF_ISSUER, OF_MAKER, OF_SITE = (4,), (5,), (4, 7, 8)
OF_LIST = {"revocation": (7,), "refresh": (7,), "suspension": (8,)}
UNREADABLE = "what the web site answered is of no use"
NO_SITE = "its issuer is no site of its own, so nobody is asked"
NO_PLACE = "it does not say where its issuer's site is, so nobody is asked"
NO_DID = "its maker has no name that can be asked for"
ELSEWHERE = "it is not a status list at the issuer's own address, so it is not asked for"
_LIST_PATH = re.compile(r"/status/[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True)
class Patience:
    """How many seconds one request may take, and all of them together."""

    each: float = 5.0
    total: float = 20.0


@dataclass(frozen=True)
class Asked:
    """One address, the checks that rest on what stands there, and why it was not learnt."""

    url: str
    checks: tuple[int, ...]
    problem: str | None = None


@dataclass(frozen=True)
class Site:
    """What a site says: documents to believe, lists by their address, and what was asked."""

    documents: tuple[DidDocument, ...] = ()
    lists: StatusLists = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()

    @property
    def unanswered(self) -> Mapping[int, str]:
        """Why each check stays open that rests on something which did not come."""
        return {
            number: each.problem
            for each in reversed(self.asked)
            for number in each.checks
            if each.problem
        }


PATIENCE = Patience()


def verify_online(
    certificate: JSONObject,
    *,
    trust: Trust,
    status_lists: StatusLists,
    now: datetime,
    patience: Patience = PATIENCE,
) -> tuple[Verdict, tuple[Asked, ...]]:
    """Verify with what the certificate's site says now; a check that it left open is not passed.

    Never raises for anything that the file or the site says.
    """
    site = ask_site(certificate, patience=patience)
    # Asked about a moment that is over, today's lists know nothing, and the file's may.
    fetched = {url: each for url, each in site.lists.items() if not _is_later(each, now)}
    verdict = verify(
        certificate,
        trust=replace(trust, documents=(*trust.documents, *site.documents)),
        status_lists={**site.lists, **status_lists, **fetched},
        now=now,
    )
    return left_open(verdict, site.unanswered), site.asked


def _is_later(listed: bytes | JSONObject, now: datetime) -> bool:
    try:
        return isinstance(listed, dict) and read_time(listed.get("validFrom")) > now + CLOCK_SKEW
    except MalformedError:
        return False


def ask_site(certificate: JSONObject, *, patience: Patience = PATIENCE) -> Site:
    """Ask for what decides on a certificate: at most five addresses of one host.

    1. The DID document of the issuer. It is believed, since it stands where did:web says; so the
       issuer must be a site as a whole, or a maker on it could speak for its platform.
    2. That of the maker beneath the issuer, where the certificate carries a proof of the maker.
    3. The status lists that the certificate names at the issuer's own address.
    """
    try:
        issuer = issuer_of(certificate)
        origin = _origin_of(certificate, issuer)
    except MalformedError:
        # Whatever else its checks say of it: who asked nobody has learnt nothing.
        place = certificate.get("id")
        return Site(asked=(Asked(place if isinstance(place, str) else "", OF_SITE, NO_PLACE),))
    if not is_site(issuer):
        url = did_web_url(issuer)
        return Site(asked=(Asked(url, OF_SITE, NO_SITE),))
    caller = _Caller(patience)
    documents = _documents(caller, origin, _names(certificate, issuer))
    lists = _lists(caller, origin, certificate)
    return Site(tuple(documents), dict(lists), tuple(caller.asked))


def _origin_of(certificate: JSONObject, issuer: str) -> str:
    """Where the issuer's words about this certificate stand: https, if it says https itself."""
    place = text_of(certificate, "id")
    for origin in origins_of(issuer):
        if place.startswith(f"{origin}/c/"):
            return origin
    raise MalformedError("the certificate stands at another address than its issuer")


def _names(certificate: JSONObject, issuer: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield issuer, OF_ISSUER
    maker = maker_of(certificate).get("id")
    if isinstance(maker, str) and maker.startswith(f"{issuer}:") and _signs(certificate, maker):
        yield maker, OF_MAKER


def _signs(certificate: JSONObject, did: str) -> bool:
    try:
        return any(controller_of(proof) == did for proof in proofs_of(certificate))
    except MalformedError:
        return False


def _documents(
    caller: "_Caller", origin: str, names: Iterator[tuple[str, tuple[int, ...]]]
) -> Iterator[DidDocument]:
    for did, checks in names:
        try:
            url = origin + did_web_url(did).removeprefix(origins_of(did)[-1])
        except MalformedError:
            caller.note(did, checks, NO_DID)
            continue
        found = caller.object_at(url, checks)
        if found is None:
            continue
        try:
            yield _document_of(did, found)
        except ProvenanceError as problem:
            caller.note(url, checks, f"{UNREADABLE}: {problem}")


def _document_of(did: str, found: JSONObject) -> DidDocument:
    document = read_did_document(found)
    if document.did != did:
        raise MalformedError("it is the DID document of another name")
    return document


def _lists(
    caller: "_Caller", origin: str, certificate: JSONObject
) -> Iterator[tuple[str, JSONObject]]:
    for url, checks in _places(certificate).items():
        path = url.removeprefix(origin)
        if path == url or not _LIST_PATH.fullmatch(path):
            caller.note(url, checks, ELSEWHERE)
        elif found := caller.object_at(url, checks):
            yield url, found


def _places(certificate: JSONObject) -> dict[str, tuple[int, ...]]:
    """The address of the list for each purpose, three at most, and the checks resting on it."""
    entries = certificate.get("credentialStatus")
    places: dict[str, tuple[int, ...]] = {}
    for purpose in PURPOSES:
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("statusPurpose") == purpose:
                if isinstance(url := entry.get("statusListCredential"), str):
                    places[url] = (*places.get(url, ()), *OF_LIST[purpose])
                break
    return places


class _Caller:
    """Asks one address after the other while there is time, and notes what came of each."""

    def __init__(self, patience: Patience) -> None:
        self._each = patience.each
        self._until = time.monotonic() + patience.total
        self.asked: list[Asked] = []

    def note(self, url: str, checks: tuple[int, ...], problem: str | None = None) -> None:
        """What came of an address; the last word on it counts."""
        self.asked = [each for each in self.asked if (each.url, each.checks) != (url, checks)]
        self.asked.append(Asked(url, checks, problem))

    def object_at(self, url: str, checks: tuple[int, ...]) -> JSONObject | None:
        """The JSON object that stands there; None, and the reason is noted, where none does."""
        until = min(self._until, time.monotonic() + self._each)
        try:
            found = parse_object(_bytes_at(url, until=until))
        except LookupFailedError as problem:
            self.note(url, checks, str(problem))
            return None
        except ProvenanceError as problem:
            self.note(url, checks, f"{UNREADABLE}: {problem}")
            return None
        self.note(url, checks)
        return found


def _bytes_at(url: str, *, until: float) -> bytes:
    """What stands at an address. The name service and TLS know no deadline, so a thread waits."""
    if until <= time.monotonic():
        raise LookupFailedError("there was no time left to ask")
    answers: SimpleQueue[bytes | LookupFailedError] = SimpleQueue()
    Thread(target=lambda: answers.put(_answer(url, until)), daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.0, until - time.monotonic()))
    except Empty:
        raise LookupFailedError("the web site took too long") from None
    if isinstance(answer, LookupFailedError):
        raise answer
    return answer


def _answer(url: str, until: float) -> bytes | LookupFailedError:
    try:
        return _fetched(urlsplit(url), until)
    except LookupFailedError as problem:
        return problem
    except ssl.SSLCertVerificationError:
        return LookupFailedError("the web site cannot show that it is the one of this name")
    except TimeoutError:
        return LookupFailedError("the web site took too long")
    except (OSError, HTTPException, ValueError):
        return LookupFailedError("the web site did not answer")


def _fetched(url: SplitResult, until: float) -> bytes:
    request = (
        f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUser-Agent: {AGENT}\r\n"
        "Accept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )
    with _connected(url, until) as connection:
        most = CERTIFICATE_LIMIT + HEADERS_LIMIT
        answer = exchange(connection, request.encode(), most=most, until=until)
    if 300 <= answer.status < 400:
        raise LookupFailedError("the web site leads to another address, which is not followed")
    if answer.status != 200:
        raise LookupFailedError(f"the web site answered {answer.status}")
    # Of a length that no answer has, no more is read than may come.
    return answer.read(most)


def _connected(url: SplitResult, until: float) -> socket.socket:
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    within = max(0.001, until - time.monotonic())
    plain = socket.create_connection((host, port), timeout=within)
    if url.scheme == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except (OSError, ValueError):
        plain.close()
        raise

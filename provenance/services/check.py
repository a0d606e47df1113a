"""Checking a file that somebody brings: this site's key and lists are what we believe."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from provenance.bundle import documents_in, is_bundle, read_bundle
from provenance.canonical import (
    BUNDLE_LIMIT,
    CERTIFICATE_LIMIT,
    JSONObject,
    digest_of,
    parse_object,
)
from provenance.enclosed import bundle_in, is_pdf
from provenance.errors import ProvenanceError, TooLargeError
from provenance.models.certificate import Certificate, StatusBatch
from provenance.services import platform
from provenance.standing import StatusLists
from provenance.trust import DidDocument
from provenance.verification import Verdict, verify

MOST_ENTRIES = 3


@dataclass(frozen=True)
class Brought:
    """A certificate to judge, and what came along with it and is not believed for that.

    `is_from_pdf` says that it lay inside a PDF, whose pages nobody compared with it.
    """

    certificate: JSONObject
    supplied: tuple[DidDocument, ...] = ()
    lists: StatusLists | None = None
    is_from_pdf: bool = False


def read_file(data: bytes) -> Brought:
    """Read a certificate, a bundle, or a PDF with a bundle inside.

    Raises MalformedError, OutOfSubsetError, TooLargeError.
    """
    if is_pdf(data):
        return replace(read_file(bundle_in(data)), is_from_pdf=True)
    value = parse_object(data, limit=BUNDLE_LIMIT)
    if is_bundle(value):
        bundle = read_bundle(value)
        return Brought(bundle.certificate, documents_in(bundle), bundle.status_lists)
    if len(data) > CERTIFICATE_LIMIT:
        raise TooLargeError(f"a certificate has at most {CERTIFICATE_LIMIT // 1024} KiB")
    return Brought(value)


def check_file(brought: Brought, *, fingerprints: frozenset[str], now: datetime) -> Verdict:
    """All eleven checks of it. `fingerprints` are keys the visitor believes beside our own."""
    trust = replace(platform.own_trust(), fingerprints=fingerprints, supplied=brought.supplied)
    lists = {**(brought.lists or {}), **dict(_own_lists(brought.certificate, now))}
    return verify(brought.certificate, trust=trust, status_lists=lists, now=now)


def known_here(certificate: JSONObject) -> Certificate | None:
    """The certificate of this site with exactly this body, whatever its proofs."""
    try:
        digest = digest_of(certificate)
    except ProvenanceError:
        return None
    found: Certificate | None = (
        Certificate.objects.select_related("piece__maker", "maker").filter(digest=digest).first()
    )
    return found


def _own_lists(certificate: JSONObject, now: datetime) -> Iterator[tuple[str, bytes]]:
    """The lists of this site that a certificate names, as they stand now."""
    entries = certificate.get("credentialStatus")
    for entry in entries[:MOST_ENTRIES] if isinstance(entries, list) else []:
        url = entry.get("statusListCredential") if isinstance(entry, dict) else None
        number = _list_number(url) if isinstance(url, str) else None
        if number is None:
            continue
        try:
            yield platform.list_url(number), platform.status_list(number, now=now)
        except StatusBatch.DoesNotExist:
            continue


def _list_number(url: str) -> int | None:
    digits = url.removeprefix(f"{settings.SITE_URL}/status/")
    if digits == url or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return int(digits) or None

"""Domains a maker says are theirs: how one is typed, and the line that proves it."""

import re
from collections.abc import Iterable

from provenance.errors import ProvenanceError

WELL_KNOWN = "/.well-known/touchmark.txt"
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# RFC 6761 and RFC 2606: names that are nobody's, or everybody's.
_NOBODYS = {"localhost", "local", "internal", "test", "invalid", "onion", "arpa", "alt"}
_PREFIX = "touchmark-maker="
# RFC 5894 section 7.2: sharp s, final sigma, and the joiners lead to one domain by the rules of
# 2003, which Python knows, and to another by those of 2008, which registries follow.
_DEVIATING = re.compile("[\u00df\u03c2\u200c\u200d]")


class BadDomainError(ProvenanceError):
    """What was typed is not a domain that could be somebody's."""

    code = "bad_domain"


def read_domain(typed: str) -> str:
    """Read a domain as people type it, in its ASCII form (RFC 5890); BadDomainError if none.

    >>> read_domain(" https://www.Tidewell.co.uk/rings ")
    'www.tidewell.co.uk'
    """
    text = re.sub(r"^[a-z]+://", "", typed.strip().lower()).partition("/")[0].rstrip(".")
    if _DEVIATING.search(text):
        raise BadDomainError("programs disagree on this spelling; type the form that begins xn--")
    try:
        name = text.encode("idna").decode()
    except UnicodeError as problem:
        raise BadDomainError("this is not a domain; one looks like tidewell.co.uk") from problem
    labels = name.split(".")
    if len(name) > 240 or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise BadDomainError("this is not a domain; one looks like tidewell.co.uk")
    if labels[-1] in _NOBODYS or labels[-1].isdecimal():
        raise BadDomainError("this name cannot belong to one workshop alone")
    return name


def record_name(domain: str) -> str:
    """Where the TXT record stands: `_touchmark.` before the domain."""
    return f"_touchmark.{domain}"


def proof_line(token: str) -> str:
    """The line that proves a domain: in a TXT record, or alone in the well-known file."""
    return f"{_PREFIX}{token}"


def proves(lines: Iterable[str], *, token: str) -> bool:
    """Whether one of these lines is the line of this token.

    >>> proves(["v=spf1 -all", ' "touchmark-maker=abc" '], token="abc")
    True
    """
    return proof_line(token) in (line.strip().strip('"').strip() for line in lines)

"""The rules of a making label, for people and for programs: who says so, and where."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from provenance.canonical import canonical_bytes
from provenance.making_evidence import Grade
from provenance.making_label_words import grade_in_words
from provenance.making_words import words_of
from provenance.policy import Policy, UnknownPolicyError, policy_named, read_data
from provenance.views.files import open_to_all, public_file

# A citation may be corrected without a new version, so it is not kept for ever.
_AN_HOUR: Final = "public, max-age=3600"
_GROUPS: Final = (
    ("M", "When “Handmade” may be said"),
    ("H", "Work by hand"),
    ("D", "Design"),
    ("AX", "Evidence"),
    ("C", "Later on"),
    ("WGSP", "Words in titles and descriptions"),
)


@dataclass(frozen=True)
class RuleShown:
    """A rule for people: its id, what it says, and its source."""

    ident: str
    plain: str
    source: str


@require_safe
def policy(request: HttpRequest, name: str) -> HttpResponse:
    """Every rule in plain words with its source, and what the evidence grades mean."""
    found = _found(name)
    context = {
        "policy": found.name,
        "groups": [(title, _rules(found, letters)) for letters, title in _GROUPS],
        "grades": [grade_in_words(grade, found.name) for grade in Grade],
    }
    response = render(request, "provenance/policy.html", context)
    response["Cache-Control"] = _AN_HOUR
    return response


@open_to_all
def policy_json(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rules as data: what labels are derived from, what titles are read by, and the words."""
    data = _data(_found(name).name)
    kind, file = "application/json", f"{name}.json"
    return public_file(request, data, kind=kind, cache=_AN_HOUR, name=file)


def _found(name: str) -> Policy:
    try:
        return policy_named(name)
    except UnknownPolicyError as problem:
        raise Http404 from problem


def _rules(policy: Policy, letters: str) -> list[RuleShown]:
    return [
        RuleShown(ident, rule["plain"], _source(policy, ident, rule.get("source", "")))
        for ident, rule in words_of(policy.name).rules.items()
        if ident[0] in letters
    ]


def _source(policy: Policy, ident: str, of_words: str) -> str:
    rule = policy.rules.get(ident)
    return rule.source if rule else of_words


@lru_cache(maxsize=4)
def _data(name: str) -> bytes:
    files = {"policy": name, "wording": f"{name}.wording", "words": f"{name}.words"}
    return canonical_bytes({member: read_data(file) for member, file in files.items()})

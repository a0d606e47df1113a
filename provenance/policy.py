"""The rules a label follows, as data of one version: phrases, texts, sources and vocabulary.

A version is never changed once a certificate names it; a change is a new file beside it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from provenance.errors import ProvenanceError

CURRENT_POLICY: Final = "strict-2026-11"
_NAME = re.compile(r"[a-z]+-\d{4}-\d{2}(\.wording|\.words|\.jewelry)?", re.ASCII)


class UnknownPolicyError(ProvenanceError):
    """A record names rules that this version of the program does not hold."""

    code = "unknown_policy"


@dataclass(frozen=True)
class Rule:
    """What a rule says when it refuses, and where it comes from."""

    says: str
    source: str


@dataclass(frozen=True)
class Operation:
    """A hand operation that may be claimed, and the kinds of step that carry or kill the claim."""

    claim: str
    rule: str
    kinds: frozenset[str]
    killed_by: frozenset[str]
    said_by: str = ""


@dataclass(frozen=True)
class Policy:
    """One version of the rules; every field is read from its file and means what it says there."""

    name: str
    kinds: Mapping[str, str]
    controls: Mapping[str, frozenset[str]]
    control_words: Mapping[str, str]
    ai_kinds: frozenset[str]
    ai_controls: frozenset[str]
    judged: frozenset[str]
    by_hand: frozenset[str]
    by_machine: frozenset[str]
    materials: Mapping[str, re.Pattern[str]]
    evidence_types: frozenset[str]
    sources: Mapping[str, frozenset[str]]
    named_by: Mapping[str, frozenset[str]]
    operations: tuple[Operation, ...]
    said_by_handmade: frozenset[str]
    design_phrases: Mapping[str, str]
    design_claim: str
    base_phrases: Mapping[str, str]
    beside_base: str
    counts_against: Mapping[str, str]
    rules: Mapping[str, Rule]
    texts: Mapping[str, str]


@cache
def policy_named(name: str = CURRENT_POLICY) -> Policy:
    """The policy of this name and version; UnknownPolicyError when it is not held here.

    >>> policy_named("strict-2026-11").base_phrases["handmade"]
    'Handmade'
    """
    # A list of a policy, such as "strict-2026-11.wording", is no policy.
    if "." in name:
        raise UnknownPolicyError("the policy it names is not known here")
    return _policy(read_data(name))


def read_data(name: str) -> dict[str, object]:
    """A JSON file of a policy: "strict-2026-11", with ".wording" or with ".words" after it."""
    # The name comes from a stranger's certificate and becomes a file name.
    if not _NAME.fullmatch(name):
        raise UnknownPolicyError("the policy it names is not known here")
    file = resources.files("provenance.policies") / f"{name}.json"
    try:
        data: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise UnknownPolicyError("the policy it names is not known here") from problem
    return data


def _policy(data: dict[str, object]) -> Policy:
    materials = _lists(data["materials"])
    return Policy(
        name=str(data["name"]),
        kinds=_texts(data["kinds"]),
        controls=_sets(data["controls"]),
        control_words=_texts(data["control_words"]),
        ai_kinds=_set(data["ai_kinds"]),
        ai_controls=_set(data["ai_controls"]),
        judged=_set(data["judged"]),
        by_hand=_set(data["by_hand"]),
        by_machine=_set(data["by_machine"]),
        materials={name: _any_word(words) for name, words in materials.items()},
        evidence_types=_set(data["evidence_types"]),
        sources=_sets(data["sources"]),
        named_by=_sets(data["named_by"]),
        operations=tuple(_operation(each) for each in _objects(data["operations"])),
        said_by_handmade=_set(data["said_by_handmade"]),
        design_phrases=_texts(data["design_phrases"]),
        design_claim=str(data["design_claim"]),
        base_phrases=_texts(data["base_phrases"]),
        beside_base=str(data["beside_base"]),
        counts_against=_texts(data["counts_against"]),
        rules={name: _rule(_texts(each)) for name, each in _object(data["rules"]).items()},
        texts=_texts(data["texts"]),
    )


def _rule(data: Mapping[str, str]) -> Rule:
    return Rule(data["says"], data["source"])


def _operation(data: dict[str, object]) -> Operation:
    return Operation(
        claim=str(data["claim"]),
        rule=str(data["rule"]),
        kinds=_set(data["kinds"]),
        killed_by=_set(data["killed_by"]),
        said_by=str(data.get("said_by", "")),
    )


def _any_word(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(map(re.escape, words))})s?\b", re.IGNORECASE)


def _object(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, object]]:
    return [_object(each) for each in value] if isinstance(value, list) else []


def _texts(value: object) -> dict[str, str]:
    return {key: str(text) for key, text in _object(value).items()}


def _set(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _sets(value: object) -> dict[str, frozenset[str]]:
    return {key: _set(each) for key, each in _object(value).items()}


def _lists(value: object) -> dict[str, list[str]]:
    return {key: sorted(_set(each)) for key, each in _object(value).items()}

"""What the paper of a certificate says, read from its signed bytes alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from provenance import comparison, identity, jewelry, jewelry_words
from provenance.canonical import JSONObject, digest_of
from provenance.countries import NAMES
from provenance.credentials import (
    controller_of,
    issuer_of,
    method_of,
    proofs_of,
    read_time,
    subject_of,
    text_of,
)
from provenance.keys import fingerprint, read_multikey
from provenance.making_told import MakingTold, making_told
from provenance.making_words import Told, ToldEvidence
from provenance.policy import policy_named
from provenance.statement import MakerStatement
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import day_words

ATTACHED: Final = "touchmark-bundle.json"
HOW_TO_VERIFY: Final = (
    "Scan the code on the first page. The site says how the certificate stands today.",
    f"Without the site, take the PDF of this paper: {ATTACHED} lies inside.",
    "On any laptop, with no network: "
    'python -m provenance verify FILE.pdf --trust-key "FINGERPRINT"',
    "Take the fingerprint from the card of the piece or from the issuer’s site as well: "
    "whoever forges a paper can print a fingerprint on it.",
    "Eleven questions are answered: passed, failed or not checked, each with its reason.",
)


@dataclass(frozen=True)
class Line:
    """A name and what stands beside it."""

    name: str
    told: str


@dataclass(frozen=True)
class PartLine:
    """A part with its metal and its weight, as a row of a table."""

    name: str
    metal: str
    weight: str


@dataclass(frozen=True)
class ReportLine:
    """A laboratory's report: what is said of it, and where the laboratory answers for it."""

    told: str
    url: str


@dataclass(frozen=True)
class StoneLine:
    """A stone as the law wants it said, what else is stated of it, and the reports on it."""

    told: str
    more: str
    reports: tuple[ReportLine, ...]


@dataclass(frozen=True)
class StepLine:
    """A step of making; `shown` are its items of evidence, each in one sentence."""

    title: str
    told: str
    note: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Making:
    """The ticket and what stands behind it; `is_label` only where the label was worked out."""

    says: str
    is_label: bool
    is_stated: bool
    grade: str
    policy: str
    explained: tuple[Line, ...]
    beside: tuple[Line, ...]
    refused: tuple[Line, ...]
    grade_means: str
    footnote: str
    steps: tuple[StepLine, ...]


@dataclass(frozen=True)
class Signature:
    """Who signed what, and when: all that a verifier compares."""

    identifier: str
    digest: str
    fingerprint: str
    issuer: str
    issuer_did: str
    day: str
    moment: str
    for_maker: str


@dataclass(frozen=True)
class Paper:
    """Everything the paper says, in the order of the eye; empty where nothing is stated."""

    title: str
    noun: str
    kept_at: str
    line: str
    edition: str
    made: str
    is_demonstration: bool
    house: str
    person: str
    level: str
    name_notes: tuple[str, ...]
    mark: str
    marks: tuple[comparison.Struck, ...]
    marks_stand: str
    making: Making
    parts: tuple[PartLine, ...]
    mass: str
    stones: tuple[StoneLine, ...]
    facts: tuple[Line, ...]
    care: tuple[str, ...]
    sourcing: tuple[str, ...]
    description: str
    has_photograph: bool
    signature: Signature
    cannot: str
    cannot_all: tuple[str, ...]
    how_to_verify: tuple[str, ...] = HOW_TO_VERIFY


def paper_of(document: JSONObject) -> Paper:
    """Word the paper of a certificate with its proofs.

    Raises MalformedError or BadKeyError for a document that no site of ours would have signed.
    """
    subject = subject_of(document)
    facts, maker = piece_of(subject), maker_of(subject)
    marks = comparison.struck(facts)
    noun = _NOUNS.get(facts.kind, facts.kind)
    return Paper(
        title=facts.title,
        noun=noun,
        kept_at=text_of(subject, "id"),
        line=jewelry_words.printed_line(facts),
        edition=comparison.edition_line(facts.edition),
        made=comparison.years_line(facts),
        is_demonstration=is_demonstration(subject),
        house=maker.name,
        person=_person(maker),
        level=identity.level_words(maker.identity_level, has_mark=bool(maker.sponsors_mark)),
        name_notes=tuple(identity.notes_on_name(maker.name)),
        mark=maker.sponsors_mark,
        marks=marks,
        marks_stand=_where_struck(facts.marks),
        making=_making(making_told(subject, issued=read_time(document.get("validFrom")))),
        parts=tuple(_part(part) for part in facts.parts),
        mass=f"{jewelry.plain(facts.mass)} g",
        stones=tuple(_stone(stone) for stone in facts.stones),
        facts=(*_facts(facts), *_before(subject)),
        care=jewelry_words.care_lines(facts),
        sourcing=tuple(jewelry_words.sourcing_line(claim, facts) for claim in facts.sourcing),
        description=facts.description,
        has_photograph=cover_of(facts) is not None,
        signature=_signature(document),
        cannot=f"whether the {noun} in your hand is the one described here, and what became of "
        "the certificate since. Compare the photograph, and scan the code.",
        cannot_all=tuple(_cannot(noun, facts)),
    )


def cover_of(piece: jewelry.Piece) -> jewelry.Photograph | None:
    """The photograph for the paper: the front if there is one, never a picture by a machine."""
    invented = policy_named().sources["ai"]
    usable = [each for each in piece.photographs if each.source not in invented]
    front = [each for each in usable if each.role == "front"]
    return next(iter([*front, *usable]), None)


def fingerprint_of(document: JSONObject) -> str:
    """The fingerprint of the key that its issuer signed with; "" when no such proof is there."""
    issuer = issuer_of(document)
    methods = [method_of(each) for each in proofs_of(document) if controller_of(each) == issuer]
    keys = (read_multikey(method.partition("#")[2]) for method in methods)
    return next((fingerprint(key) for key in keys), "")


def moment_words(moment: datetime) -> str:
    """A moment in UTC as a paper writes it, to the minute: "20 November 2026, 09:30 UTC"."""
    return f"{day_words(moment)}, {moment:%H:%M} UTC"


_NOUNS: Final = {"earrings": "pair of earrings", "cufflinks": "pair of cufflinks"}


def _person(maker: MakerStatement) -> str:
    return ", ".join(each for each in (maker.person, NAMES.get(maker.country, "")) if each)


def _where_struck(marks: Iterable[jewelry.Mark]) -> str:
    return "; ".join(dict.fromkeys(mark.place.rstrip(".") for mark in marks if mark.place))


def _part(part: jewelry.Part) -> PartLine:
    weight = "not weighed alone" if part.mass is None else f"{jewelry.plain(part.mass)} g"
    name = _capital(part.name or part.ident.replace("-", " "))
    if part.role:
        name = f"{name}, {part.role}"
    return PartLine(name, _capital(jewelry_words.metal_line(part)), weight)


def _stone(stone: jewelry.Stone) -> StoneLine:
    is_clean = stone.treatment == ("none-known",)
    more = (*jewelry_words.stone_details(stone), *(["No treatment known"] if is_clean else []))
    return StoneLine(
        told=_capital(jewelry_words.stone_line(stone)),
        more=" ".join(f"{words}." for words in more),
        reports=tuple(
            ReportLine(jewelry_words.report_line(report), report.url) for report in stone.reports
        ),
    )


def _facts(piece: jewelry.Piece) -> Iterable[Line]:
    stated = {
        "Edition": comparison.edition_line(piece.edition),
        "Made in": comparison.years_line(piece),
        "Size": comparison.size_line(piece),
        "Measures": _capital(comparison.measures_line(piece)),
        "Collection": piece.collection,
        "Maker’s number": piece.sku,
        "Article number": piece.gtin,
        "Serial number": piece.serial,
        "No hallmark": piece.hallmark_exemption,
        "Warranty": piece.warranty,
    }
    return (Line(name, told) for name, told in stated.items() if told)


def _before(subject: JSONObject) -> Iterable[Line]:
    before = subject.get("supersedes")
    if isinstance(before, dict):
        told = f"version {before.get('version')}: “{before.get('reason')}”"
        yield Line("In place of", told)


def _making(told: MakingTold) -> Making:
    grade = told.grade
    return Making(
        says=told.says,
        is_label=told.is_proven,
        is_stated=told.is_stated,
        grade=grade.grade if grade else "",
        policy=told.policy,
        explained=tuple(Line(each.phrase, each.words) for each in told.explained),
        beside=tuple(Line(each.phrase, _capital(each.words)) for each in told.beside),
        refused=tuple(
            Line(each.claim, ", ".join(f"{why.words} ({why.rule})" for why in each.because))
            for each in told.refused
        ),
        grade_means=f"{grade.means} {grade.limit}" if grade else "",
        footnote="“By hand” includes a powered tool that a hand guides."
        if told.has_powered_steps
        else "",
        steps=tuple(_step(step) for step in told.steps),
    )


def _step(step: Told) -> StepLine:
    told = " ".join(each for each in (step.who_and_when, step.with_what, step.withheld) if each)
    return StepLine(step.title, told, step.note, tuple(_shown(each) for each in step.evidence))


def _shown(item: ToldEvidence) -> str:
    told = ", ".join(each for each in (f"{item.name} {item.start}", item.words) if each)
    sentences = (f"{told}.", f"Marked: {item.note}." if item.note else "", item.aside)
    return " ".join(each for each in sentences if each)


def _signature(document: JSONObject) -> Signature:
    signed = read_time(document.get("validFrom"))
    return Signature(
        identifier=text_of(document, "id"),
        digest=digest_of(document).hex(),
        fingerprint=fingerprint_of(document),
        issuer=text_of(document, "issuer", "name"),
        issuer_did=issuer_of(document),
        day=day_words(signed),
        moment=moment_words(signed),
        for_maker=identity.key_level_words(maker_of(subject_of(document)).key_level),
    )


def _cannot(noun: str, piece: jewelry.Piece) -> Iterable[str]:
    yield f"That the {noun} in your hand is the one described. Compare weight, marks and picture."
    yield "That what was recorded is true. The signature says who put it on record, and when."
    yield "How the certificate stands today. It can be withdrawn or replaced after printing."
    if any(stone.reports for stone in piece.stones):
        yield "What a laboratory found. Its report is named here; its verdict is not ours."
    yield f"Who owns the {noun}, or what it is worth. A certificate never says either."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What the piece page says: from a certificate (or a draft) to the words and pictures on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from provenance import comparison, jewelry, jewelry_words
from provenance.bundle import HOW_TO_VERIFY
from provenance.canonical import JSONObject, parse_object
from provenance.carriers import Carrier, carrier_of, proven_by
from provenance.credentials import read_time, subject_of
from provenance.identity import level_words, notes_on_name
from provenance.making_told import MakingTold, making_told
from provenance.models.certificate import Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, PhotographRole, Piece
from provenance.phrases import (
    day_in_words,
    joined,
    listed,
    month_in_words,
    say,
    term,
)
from provenance.services.causes import reason_of
from provenance.services.drafting import draft_subject
from provenance.services.standing import Checked, TagShown
from provenance.statement import MakerStatement
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import CertificateAnswer, Facts, Headline, Ribbon, TagAnswer, limit_words
from provenance.verdict_advice import advice_on
from provenance.verdict_facts import lost_key_of
from provenance.views.linked_data import linked_data
from provenance.views.made import making_context
from provenance.views.pictures import Picture, cover_of, in_role, picture_of

DRAFT = Headline(
    CertificateAnswer.UNKNOWN,
    "A draft, not signed yet.",
    "Only its maker sees this page.",
    Ribbon.QUIET,
    "verdict-draft",
)
_KEEPERS = (
    *(say("First keeper"), say("Second keeper"), say("Third keeper"), say("Fourth keeper")),
    *(say("Fifth keeper"), say("Sixth keeper"), say("Seventh keeper"), say("Eighth keeper")),
    say("Ninth keeper"),
)

Keepers = Sequence[tuple[int, datetime]]


@dataclass(frozen=True)
class Moment:
    """One line of a piece's life: what happened, and when or where."""

    name: str
    told: str


@dataclass(frozen=True)
class Compared:
    """A fact to compare, with the photograph that shows it."""

    icon: str
    name: str
    fact: str
    how: str
    marks: tuple[comparison.Struck, ...]
    photo: Picture | None = None


@dataclass(frozen=True)
class Shown:
    """What a page shows of a piece: its subject, the facts in it, its making, and its pictures."""

    subject: JSONObject
    facts: jewelry.Piece
    making: MakingTold
    photographs: Sequence[Photograph]


def _shown(subject: JSONObject, piece: Piece, *, issued: datetime | None) -> Shown:
    making = making_told(subject, issued=issued)
    return Shown(subject, piece_of(subject), making, list(piece.photographs.all()))


def piece_context(
    certificate: Certificate, checked: Checked, keepers: Keepers
) -> dict[str, object]:
    """The page of an issued piece; what it says of the piece comes from the signed bytes."""
    piece, body = certificate.piece, parse_object(bytes(certificate.body))
    subject = subject_of(body)
    shown = _shown(subject, piece, issued=read_time(body.get("validFrom")))
    return _record(shown, piece) | {
        "headline": checked.headline,
        "limit": checked.limit,
        "checks": checked.verdict.checks,
        "checked_at": checked.at,
        "certificate": certificate.public_id,
        "cause": checked.cause,
        "advice": advice_on(checked.headline.answer, lost_key_of(checked.verdict)),
        "how_to_verify": how_to_verify(),
        "life": _life(certificate, shown.facts, maker_of(subject).name, keepers),
        "linked_data": linked_data(
            body, shown.making, shown.photographs, answer=checked.verdict.answer
        ),
    }


def tag_context(tag: TagShown) -> dict[str, object]:
    """What is told of the tag that was read: how often, and what reading it proves."""
    carrier = Carrier.NOTHING
    if tag.answer is TagAnswer.TAMPERED:
        carrier = Carrier.SEAL
    elif tag.read:
        carrier = carrier_of(tag.read.kind, has_answered=tag.read.has_answered)
    return {"tag_notes": tag.notes, "proven": proven_by(carrier)}


def how_to_verify() -> list[str]:
    """The steps of checking without us, as the bundle tells them; a page numbers them itself."""
    return [term(line.partition(" ")[2], "how to verify") for line in HOW_TO_VERIFY]


def draft_context(piece: Piece) -> dict[str, object]:
    """The same page for a draft, as signing it now would make it; for its maker alone."""
    subject = draft_subject(piece, tags=(), nonce="")
    return _record(_shown(subject, piece, issued=None), piece) | {
        "headline": DRAFT,
        "limit": limit_words(TagAnswer.IDENTIFIED, Facts(kind=piece.noun)),
    }


def maker_card(maker: Maker, stated: MakerStatement) -> dict[str, object]:
    """The maker beside a verdict: as named when it was signed, as well known as today."""
    level = level_words(maker.identity_level, has_mark=bool(stated.sponsors_mark))
    return {
        "mark": stated.sponsors_mark,
        "house": stated.name,
        "line": joined([f"{stated.person}.", level]),
        "href": reverse("provenance:maker", args=[maker.slug]),
        "notes": notes_on_name(stated.name),
    }


def _record(shown: Shown, piece: Piece) -> dict[str, object]:
    subject, facts, photographs = shown.subject, shown.facts, shown.photographs
    edition = comparison.edition_line(facts.edition)
    return {
        "piece": piece.public_id,
        "noun": piece.noun,
        "title": facts.title,
        "sub": joined([edition, comparison.made_line(facts)], "\n"),
        "photo": picture_of(cover_of(photographs), piece.public_id),
        **making_context(shown.making, piece),
        "maker": maker_card(piece.maker, maker_of(subject)),
        "compared": _compared(facts, photographs, piece.public_id),
        "description": facts.description,
        "care": jewelry_words.care_lines(facts),
        "is_demonstration": is_demonstration(subject),
    }


def _compared(
    facts: jewelry.Piece, photographs: Sequence[Photograph], piece: str
) -> list[Compared]:
    shown = {
        "marks": picture_of(in_role(photographs, PhotographRole.MARKS), piece),
        "weight": picture_of(in_role(photographs, PhotographRole.SCALE), piece),
    }
    return [
        Compared(**vars(fact), photo=shown.get(fact.icon))
        for fact in comparison.facts_to_compare(facts)
    ]


def _life(
    certificate: Certificate, facts: jewelry.Piece, house: str, keepers: Keepers
) -> list[Moment]:
    made = joined([f"{house}.", joined([comparison.edition_line(facts.edition), "."], "")])
    first, *later = _line_of(certificate)
    life = [(first.valid_from, say("Made and certified"), made)]
    life += [(each.valid_from, say("Certified anew"), _anew(each)) for each in later]
    if certificate.revoked_at:
        is_by_maker = certificate.revoked_by == "maker"
        by = say("by its maker.") if is_by_maker else say("by this site.")
        life.append((certificate.revoked_at, say("Certificate withdrawn"), by))
    told = [(at, Moment(name, listed([day_in_words(at), more]))) for at, name, more in life]
    # The sort is stable: what happened at one moment keeps this order.
    return [moment for _, moment in sorted([*told, *_kept(keepers)], key=lambda each: each[0])]


def _line_of(certificate: Certificate) -> list[Certificate]:
    """The certificates of the piece up to this one, the first first; no query for a first."""
    if certificate.version == 1:
        return [certificate]
    line = certificate.piece.certificates.filter(version__lte=certificate.version)
    return list(line.order_by("version").only("version", "valid_from", "body"))


def _anew(certificate: Certificate) -> str:
    reason = reason_of(certificate).rstrip(".")
    return say("version %(number)s: %(reason)s.", number=certificate.version, reason=reason)


def _kept(keepers: Keepers) -> list[tuple[datetime, Moment]]:
    kept = [
        (at, Moment(_keeper(n), say("Since %(month)s.", month=month_in_words(at))))
        for n, at in keepers
    ]
    if kept:
        at, last = kept[-1]
        kept[-1] = at, Moment(last.name, joined([last.told, say("We never show names.")]))
    return kept


def _keeper(number: int) -> str:
    if number <= len(_KEEPERS):
        return _KEEPERS[number - 1]
    return say("%(number)sth keeper", number=number)

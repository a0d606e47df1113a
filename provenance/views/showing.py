"""What the piece page says: from a certificate (or a draft) to the words and pictures on it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from provenance import comparison, jewelry
from provenance.canonical import JSONObject, parse_object
from provenance.credentials import subject_of, text_of
from provenance.identity import level_words
from provenance.making import LABEL_WITHOUT_RECORD
from provenance.models.certificate import Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, PhotographRole, Piece
from provenance.services.issue import draft_subject
from provenance.services.standing import Checked
from provenance.statement import GRAM, MakerStatement
from provenance.subject import is_demonstration, maker_of, piece_of
from provenance.verdict import CertificateAnswer, Headline, Ribbon, TagAnswer, limit_words
from provenance.views.pictures import Picture, cover_of, in_role, picture_of

DRAFT = Headline(
    CertificateAnswer.UNKNOWN,
    "A draft, not signed yet.",
    "Only its maker sees this page.",
    Ribbon.QUIET,
    "verdict-draft",
)
_ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth"]
_UNSAFE_IN_A_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}

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


def piece_context(
    certificate: Certificate, checked: Checked, keepers: Keepers
) -> dict[str, object]:
    """The page of an issued piece; what it says of the piece comes from the signed bytes."""
    piece, body = certificate.piece, parse_object(bytes(certificate.body))
    subject = subject_of(body)
    facts = piece_of(subject)
    return _record(subject, facts, piece) | {
        "headline": checked.headline,
        "limit": checked.limit,
        "checks": checked.verdict.checks,
        "checked_at": checked.at,
        "certificate": certificate.public_id,
        "withdrawal": certificate if certificate.revoked_at else None,
        "life": _life(certificate, facts, maker_of(subject).name, keepers),
        "linked_data": linked_data(subject, facts, identifier=text_of(body, "id")),
    }


def draft_context(piece: Piece) -> dict[str, object]:
    """The same page for a draft, as signing it now would make it; for its maker alone."""
    subject = draft_subject(piece, tags=(), nonce="")
    return _record(subject, piece_of(subject), piece) | {
        "headline": DRAFT,
        "limit": limit_words(TagAnswer.IDENTIFIED, piece.noun),
    }


def maker_card(maker: Maker, stated: MakerStatement) -> dict[str, str]:
    """The maker beside a verdict: as named when it was signed, as well known as today."""
    level = level_words(maker.identity_level, has_mark=bool(stated.sponsors_mark))
    return {
        "mark": stated.sponsors_mark,
        "house": stated.name,
        "line": f"{stated.person}. {level}",
        "href": reverse("provenance:maker", args=[maker.slug]),
    }


def linked_data(subject: JSONObject, facts: jewelry.Piece, *, identifier: str) -> SafeString:
    """The record for search engines (schema.org), safe to stand inside a script element."""
    maker = maker_of(subject)
    data = {
        "@context": "https://schema.org",
        "@type": "IndividualProduct",
        "@id": subject["id"],
        "url": subject["id"],
        "name": facts.title,
        "category": facts.kind,
        "description": jewelry.printed_line(facts),
        "material": comparison.metals_line(facts),
        "productionDate": str(facts.year),
        "weight": {
            "@type": "QuantitativeValue",
            "value": jewelry.plain(facts.mass),
            "unitCode": GRAM,
        },
        "manufacturer": {
            "@type": "Organization",
            "name": maker.name,
            "identifier": maker.did,
        },
        "identifier": identifier,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return SafeString(text.translate(_UNSAFE_IN_A_SCRIPT))


def _record(subject: JSONObject, facts: jewelry.Piece, piece: Piece) -> dict[str, object]:
    photographs = list(piece.photographs.all())
    return {
        "piece": piece.public_id,
        "noun": piece.noun,
        "title": facts.title,
        "sub": f"{comparison.edition_line(facts.edition)}\nmade in {facts.year}",
        "photo": picture_of(cover_of(photographs), piece.public_id),
        "label": LABEL_WITHOUT_RECORD,
        "maker": maker_card(piece.maker, maker_of(subject)),
        "compared": _compared(facts, photographs, piece.public_id),
        "description": facts.description,
        "care": facts.care,
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
        Compared(**{**asdict(fact), "marks": fact.marks}, photo=shown.get(fact.icon))
        for fact in comparison.facts_to_compare(facts)
    ]


def _life(
    certificate: Certificate, facts: jewelry.Piece, house: str, keepers: Keepers
) -> list[Moment]:
    edition = comparison.edition_line(facts.edition)
    signed = f"{_day(certificate.valid_from)}, {house}. {edition}."
    life = [Moment("Made and certified", signed)]
    life += [Moment(f"{_ordinal(number)} keeper", f"Since {_month(at)}.") for number, at in keepers]
    if keepers:
        life[-1] = Moment(life[-1].name, f"{life[-1].told} We never show names.")
    if certificate.revoked_at:
        by = "By its maker" if certificate.revoked_by == "maker" else "By this site"
        life.append(Moment("Certificate withdrawn", f"{by}, {_day(certificate.revoked_at)}."))
    return life


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else f"{number}th"


def _day(moment: datetime) -> str:
    return date_format(moment, "j F Y")


def _month(moment: datetime) -> str:
    return date_format(moment, "F Y")

"""What is printed for the box: the card in it, and the label on the rat-tail."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tags import codes, links, qr
from tags.typesetting import set_page

# Three columns of nineteen on A4.
LABELS_ON_A_SHEET = 57


@dataclass(frozen=True)
class Card:
    """The card in the box, A6. Page two carries the claim code and is there only with one."""

    piece: str
    edition: str
    metal: str
    maker: str
    town: str
    mark: str
    site_url: str
    code: str
    fingerprint: str
    claim_code: str | None
    is_demonstration: bool


@dataclass(frozen=True)
class Label:
    """The label on the rat-tail, 55 by 11 mm. A serial number tells it from its sisters."""

    piece: str
    edition: str
    serial: str
    mark: str
    site_url: str
    code: str
    is_demonstration: bool


def card_pdf(card: Card, *, fonts: Path) -> bytes:
    """Set a card as PDF: one page of 105 by 148 mm, two with a claim code.

    The front folds behind the back along its middle, so that the claim code lies inside.
    `fonts` is a folder filled by `fonts.unpack_fonts`. The same card gives the same bytes.
    Raises MalformedLinkError for a site no tag can name, PrintError when the page cannot be set.
    """
    return cards_pdf([card], title=card.piece, fonts=fonts)


def cards_pdf(cards: Sequence[Card], *, title: str, fonts: Path) -> bytes:
    """Set several cards one after the other, each as `card_pdf` sets it."""
    return set_page("card.typ", {"title": title, "cards": [*map(_card, cards)]}, fonts=fonts)


def label_pdf(label: Label, *, fonts: Path) -> bytes:
    """Set a rat-tail label as PDF, one page of 55 by 11 mm; promises as for `card_pdf`."""
    return set_page("label.typ", _label(label), fonts=fonts)


def label_sheets_pdf(labels: Sequence[Label], *, title: str, fonts: Path) -> bytes:
    """Set rat-tail labels on sheets of A4, LABELS_ON_A_SHEET to each, in their order."""
    words = {"title": title, "labels": [*map(_label, labels)]}
    return set_page("labels.typ", words, fonts=fonts)


def _card(card: Card) -> dict[str, object]:
    return {
        "piece": card.piece,
        "edition": card.edition,
        "metal": card.metal,
        "maker": card.maker,
        "town": card.town,
        "mark": card.mark,
        "fingerprint": card.fingerprint.split(),
        "claim": codes.show_claim_code(card.claim_code) if card.claim_code else None,
        **_where(card.site_url, card.code),
        "demonstration": card.is_demonstration,
    }


def _label(label: Label) -> dict[str, object]:
    return {
        "piece": label.piece,
        "edition": label.edition,
        "serial": label.serial,
        "mark": label.mark,
        **_where(label.site_url, label.code),
        "demonstration": label.is_demonstration,
    }


def _where(site_url: str, code: str) -> dict[str, object]:
    symbol = qr.symbol(links.code_url(site_url, code), ground=qr.Ground.PAPER)
    return {
        "modules": symbol.side,
        "path": qr.svg_path(symbol),
        "code": codes.show_code(code),
        "site": links.short_address(site_url),
    }

"""What is printed: the card in the box, and the label on the rat-tail.

Words reach the typesetter as data, never as its language: a name full of `#` and `$` is a name.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import typst

from tags import codes, links, qr
from tags.errors import PrintError
from tags.fonts import SCRIPTS

_PAGES = Path(__file__).resolve().parent.parent / "templates" / "pdf"
# One typesetter holds the fonts and what it has learned of each page; it serves one at a time.
_setting = Lock()


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
    """The label on the rat-tail, 55 by 11 mm."""

    piece: str
    edition: str
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
    words = {
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
    return _set_page("card.typ", words, fonts=fonts)


def label_pdf(label: Label, *, fonts: Path) -> bytes:
    """Set a rat-tail label as PDF, one page of 55 by 11 mm; promises as for `card_pdf`."""
    words = {
        "piece": label.piece,
        "edition": label.edition,
        "mark": label.mark,
        **_where(label.site_url, label.code),
        "demonstration": label.is_demonstration,
    }
    return _set_page("label.typ", words, fonts=fonts)


def _where(site_url: str, code: str) -> dict[str, object]:
    symbol = qr.symbol(links.code_url(site_url, code), ground=qr.Ground.PAPER)
    return {
        "modules": symbol.side,
        "path": qr.svg_path(symbol),
        "code": codes.show_code(code),
        "site": links.short_address(site_url),
    }


def _set_page(page: str, words: Mapping[str, object], *, fonts: Path) -> bytes:
    data = {**words, "scripts": SCRIPTS}
    with _setting:
        try:
            pdf = _typesetter(page, fonts).compile(
                format="pdf", sys_inputs={"data": json.dumps(data)}, timestamp=0
            )
        except typst.TypstError as problem:
            raise PrintError("this page could not be set for printing") from problem
    # A list comes back only for pictures, one for each page.
    if not isinstance(pdf, bytes):
        raise PrintError("this page did not come out as one file")
    return pdf


@lru_cache(maxsize=8)
def _typesetter(page: str, fonts: Path) -> typst.Compiler:
    return typst.Compiler(
        str(_PAGES / page), root=str(_PAGES), font_paths=[str(fonts)], ignore_system_fonts=True
    )

"""The papers of a piece: its certificate to be framed, and the report of one check."""

import base64
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from PIL import Image

from provenance.paper import ATTACHED, Paper, moment_words
from provenance.verdict import Headline
from provenance.verification import Check
from tags import qr
from tags.typesetting import Attachment, set_archival

# The tallest plate is 131 mm: 270 dots to the inch.
_PLATE_PX: Final = 1400
_QUALITY: Final = 86
_WIDE: Final = 1.15


@dataclass(frozen=True)
class Plate:
    """The photograph on the paper: JPEG, its words, and what it is where no camera took it."""

    jpeg: bytes
    alt: str
    note: str
    is_wide: bool


@dataclass(frozen=True)
class Notice:
    """What stands against a certificate, on top of its paper; `cause` in the words given for it.

    `key_is_lost` says that the key of its issuer which signed it is believed no longer.
    """

    title: str
    line: str
    ribbon: str
    cause: str = ""
    key_is_lost: bool = False


@dataclass(frozen=True)
class Enclosed:
    """The bundle inside the PDF, and since when its status lists stand."""

    bundle: bytes
    as_of: datetime


@dataclass(frozen=True)
class Report:
    """One check, as its report tells it; `tag` says what brought the visitor.

    `level` is how well the maker is known at that moment, in words; `key_today` the fingerprint of
    the issuer's key of today, where the one that signed is believed no longer.
    """

    at: datetime
    headline: Headline
    checks: Sequence[Check]
    limit: str
    tag: str
    level: str
    cause: str = ""
    key_today: str = ""


def certificate_pdf(
    paper: Paper,
    *,
    plate: Plate | None,
    notice: Notice | None,
    enclosed: Enclosed,
    fonts: Path,
) -> bytes:
    """Set a certificate as PDF/A-3b, A4, with its bundle inside.

    The same paper, plate, notice and bundle give the same bytes. Raises PrintError when it cannot
    be set, TextTooLongError when no QR symbol holds the address of the piece.
    """
    words = _shared(paper, title=f"{paper.title}: certificate") | {
        "maker_line": _sentences(paper.person, f"{paper.level}, when signed"),
        "notice": asdict(notice) if notice else None,
        "picture": _picture(plate) if plate else None,
        "picture_missing": plate is None and paper.has_photograph,
        "ticket_caption": _ticket_caption(paper),
        "status_as_of": moment_words(enclosed.as_of),
        **_symbol(paper.kept_at),
    }
    return set_archival(
        "certificate.typ",
        words,
        attachment=_attachment(enclosed),
        made_at=enclosed.as_of,
        fonts=fonts,
    )


def report_pdf(paper: Paper, report: Report, *, enclosed: Enclosed, fonts: Path) -> bytes:
    """Set the report of one check as PDF/A-3b, A4; promises as for `certificate_pdf`."""
    words = _shared(paper, title=f"{paper.title}: check report") | {
        "maker_line": _sentences(paper.person, report.level, _level_before(paper, report)),
        "checked": moment_words(report.at),
        "checked_exactly": f"{report.at:%Y-%m-%dT%H:%M:%SZ}",
        "headline": {
            "title": report.headline.title,
            "line": report.headline.line,
            "ribbon": str(report.headline.ribbon),
            "cause": report.cause,
        },
        "checks": [
            {
                "number": check.number,
                "name": check.name,
                "outcome": str(check.outcome),
                "reason": check.reason,
            }
            for check in report.checks
        ],
        "limit": report.limit[:1].upper() + report.limit[1:],
        "tag": report.tag,
        "key_is_lost": bool(report.key_today),
        "trusted": (report.key_today or paper.signature.fingerprint).split(),
        "status_as_of": moment_words(enclosed.as_of),
        **_symbol(paper.signature.identifier),
    }
    return set_archival(
        "report.typ", words, attachment=_attachment(enclosed), made_at=report.at, fonts=fonts
    )


def plate_of(picture: bytes, *, alt: str, note: str) -> Plate:
    """A picture of ours as the press takes it. The caller has opened it before, or checked it."""
    with Image.open(io.BytesIO(picture)) as opened:
        shown = opened.convert("RGB")
    shown.thumbnail((_PLATE_PX, _PLATE_PX), Image.Resampling.BICUBIC, reducing_gap=2.0)
    shown.info.clear()  # nothing of the file travels on but its pixels
    file = io.BytesIO()
    shown.save(file, "JPEG", quality=_QUALITY)
    return Plate(file.getvalue(), alt, note, is_wide=shown.width > shown.height * _WIDE)


def _shared(paper: Paper, *, title: str) -> dict[str, object]:
    signature = paper.signature
    return asdict(paper) | {
        "document_title": title,
        "issuer": signature.issuer,
        "issuer_line": f"{signature.issuer}, {signature.issuer_did}",
        "fingerprint": signature.fingerprint.split(),
        "demonstration": paper.is_demonstration,
        "running": f"{signature.identifier} · {paper.title}",
    }


def _level_before(paper: Paper, report: Report) -> str:
    """How well the maker was known when it was signed, where that has changed."""
    return "" if paper.level == report.level else f"When signed: {paper.level}"


def _sentences(*texts: str) -> str:
    return ". ".join(text for text in texts if text)


def _ticket_caption(paper: Paper) -> str:
    making = paper.making
    if not making.is_label:
        return "Making label"
    return f"Making label, evidence grade {making.grade}, worked out by the rules {making.policy}"


def _picture(plate: Plate) -> dict[str, object]:
    return {
        "jpeg": base64.b64encode(plate.jpeg).decode(),
        "alt": plate.alt,
        "note": plate.note,
        "is_wide": plate.is_wide,
    }


def _attachment(enclosed: Enclosed) -> Attachment:
    told = "The signed certificate with all that verifies it without its site."
    return Attachment(ATTACHED, enclosed.bundle, told)


def _symbol(address: str) -> dict[str, object]:
    symbol = qr.symbol(address, ground=qr.Ground.PAPER)
    return {"modules": symbol.side, "path": qr.svg_path(symbol)}

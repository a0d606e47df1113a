"""The verdict of a scan: one headline from what the tag proved and what the certificate says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class TagAnswer(StrEnum):
    """What the tag proved."""

    LIVE = "live"
    SAME_TAP = "same_tap"
    USED_LINK = "used_link"
    IDENTIFIED = "identified"
    NOT_SCANNED = "not_scanned"
    TAMPERED = "tampered"
    NOT_BOUND = "not_bound"
    SUSPENDED = "suspended"
    REPLACED = "replaced"
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class CertificateAnswer(StrEnum):
    """What the certificate says; `failed` is a file that does not hold, never a record of ours."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    MISSING = "missing"
    CONTESTED = "contested"
    HELD = "held"
    PAUSED = "paused"
    DESTROYED = "destroyed"
    UNRELIABLE = "unreliable"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


Answer = TagAnswer | CertificateAnswer


class Ribbon(StrEnum):
    """The silk of the ribbon: its colour never stands alone."""

    LIVE = "live"
    NAMED = "named"
    CAUTION = "caution"
    STOP = "stop"
    QUIET = "quiet"


@dataclass(frozen=True)
class Facts:
    """What the words of a headline may mention; everything absent is left unsaid.

    `by` is "maker", "keeper" or another role; `at` is the moment the certificate's answer began
    (a report of a missing piece is told to the minute, the rest to the day); `tag_on` the day
    the tag's answer began.
    """

    kind: str = "piece"
    by: str | None = None
    at: datetime | date | None = None
    reason: str | None = None
    version: int | None = None
    tag_on: date | None = None
    tapped_ago: timedelta | None = None
    checked_ago: timedelta | None = None


@dataclass(frozen=True)
class Headline:
    """The first thing a visitor reads: a title, a line of proof, a silk and a punch."""

    answer: Answer
    title: str
    line: str
    ribbon: Ribbon
    punch: str


# The first that applies. A file that fails stands with what is not known at all: nothing
# further down can be believed of it.
ORDER: tuple[Answer, ...] = (
    CertificateAnswer.UNKNOWN,
    TagAnswer.INVALID,
    CertificateAnswer.FAILED,
    CertificateAnswer.MISSING,
    CertificateAnswer.REVOKED,
    CertificateAnswer.PAUSED,
    CertificateAnswer.UNRELIABLE,
    CertificateAnswer.DESTROYED,
    CertificateAnswer.CONTESTED,
    CertificateAnswer.HELD,
    CertificateAnswer.SUPERSEDED,
    TagAnswer.TAMPERED,
    TagAnswer.WITHDRAWN,
    TagAnswer.SUSPENDED,
    TagAnswer.REPLACED,
    TagAnswer.RETIRED,
    TagAnswer.USED_LINK,
    TagAnswer.NOT_BOUND,
    CertificateAnswer.UNCONFIRMED,
    TagAnswer.LIVE,
    TagAnswer.SAME_TAP,
    TagAnswer.IDENTIFIED,
    TagAnswer.NOT_SCANNED,
)

LIMIT_OPENING = "What this check cannot tell you:"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def headline(tag: TagAnswer, certificate: CertificateAnswer, *, facts: Facts) -> Headline:
    """Choose and word the headline of a pair of answers.

    >>> ring = Facts(kind="ring")
    >>> headline(TagAnswer.IDENTIFIED, CertificateAnswer.CURRENT, facts=ring).title
    'This code names the ring.'
    """
    answer = next(answer for answer in ORDER if answer in (tag, certificate))
    title, line = _WORDS[answer](facts)
    ribbon, punch = _LOOK[answer]
    return Headline(answer, title, line, ribbon, f"verdict-{punch}")


def limit_sentence(answer: Answer, kind: str) -> str:
    """Say what a check with this answer cannot tell about a piece of this kind ("ring").

    >>> limit_sentence(TagAnswer.TAMPERED, "ring")
    'What this check cannot tell you: who opened the seal, or what was changed since.'
    """
    return f"{LIMIT_OPENING} {limit_words(answer, kind)}"


def limit_words(answer: Answer, kind: str) -> str:
    """Say the same without its opening, for a page that sets the two apart."""
    return _LIMITS.get(answer, _LIMIT_OF_THE_REST).format(kind=kind)


def _day(moment: datetime | date) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _on(moment: date | None) -> str:
    return f"On {_day(moment)}." if moment else ""


def _ago(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    count, unit = (seconds, "second") if seconds < 60 else (seconds // 60, "minute")
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _join(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _begun(facts: Facts) -> str:
    """Say by whom and when, as far as it is known: "By its maker, 2 October 2027."."""
    by = f"By its {facts.by}" if facts.by else ""
    when = _day(facts.at) if facts.at else ""
    told = ", ".join(part for part in (by, when) if part)
    if told and facts.reason:
        told += f": {facts.reason.rstrip('.')}"
    return f"{told}." if told else ""


def _missing(facts: Facts) -> tuple[str, str]:
    by = f"By its {facts.by}" if facts.by else ""
    when = f"{facts.at.day} {_MONTHS[facts.at.month - 1]}" if facts.at else ""
    if isinstance(facts.at, datetime):
        when += f", {facts.at:%H:%M}"
    told = ", ".join(part for part in (by, when) if part)
    checked = f"Checked {_ago(facts.checked_ago)}." if facts.checked_ago is not None else ""
    return "Reported missing.", _join(f"{told}." if told else "", checked)


def _superseded(facts: Facts) -> tuple[str, str]:
    version = f"Version {facts.version}" if facts.version else ""
    told = ", ".join(part for part in (version, _day(facts.at) if facts.at else "") if part)
    if told and facts.reason:
        told += f": {facts.reason.rstrip('.')}"
    return "There is a newer certificate.", _join(f"{told}." if told else "", "Read it.")


def _unreliable(facts: Facts) -> tuple[str, str]:
    when = f" on {_day(facts.at)}" if facts.at else ""
    return "This signature cannot be relied on.", f"Its key was reported compromised{when}."


def _unconfirmed(facts: Facts) -> tuple[str, str]:
    known = f"Last known on {_day(facts.at)}." if facts.at else ""
    return "Signature good, status unknown.", _join(
        known, "We could not ask whether it still stands. Try again online."
    )


def _tampered(facts: Facts) -> tuple[str, str]:
    when = f"On or before {_day(facts.tag_on)}." if facts.tag_on else ""
    return "The seal was opened.", _join(when, "Compare the piece with care.")


def _same_tap(facts: Facts) -> tuple[str, str]:
    ago = f", {_ago(facts.tapped_ago)}" if facts.tapped_ago is not None else ""
    return f"Same tap{ago}.", "Tap again for a fresh answer."


def _fixed(title: str, line: str) -> Callable[[Facts], tuple[str, str]]:
    return lambda facts: (title.format(kind=facts.kind), line.format(kind=facts.kind))


_WORDS: dict[Answer, Callable[[Facts], tuple[str, str]]] = {
    TagAnswer.LIVE: _fixed("The chip answered just now.", "Its certificate is current."),
    TagAnswer.SAME_TAP: _same_tap,
    TagAnswer.USED_LINK: _fixed("This link was opened before.", "Tap the piece itself."),
    TagAnswer.IDENTIFIED: _fixed(
        "This code names the {kind}.", "Certificate current. Codes can be copied."
    ),
    TagAnswer.NOT_SCANNED: _fixed(
        "You opened the record.", "No tag was read. Certificate current."
    ),
    TagAnswer.TAMPERED: _tampered,
    TagAnswer.NOT_BOUND: _fixed(
        "Not attached to a piece yet.", "This tag is waiting at its maker’s."
    ),
    TagAnswer.SUSPENDED: lambda facts: ("This tag was paused.", _on(facts.tag_on)),
    TagAnswer.REPLACED: lambda facts: (
        "This tag was replaced.",
        _join(_on(facts.tag_on), "Look for the newer one."),
    ),
    TagAnswer.RETIRED: lambda facts: ("This tag was retired.", _on(facts.tag_on)),
    TagAnswer.WITHDRAWN: _fixed(
        "Chip check withdrawn.", "Rely on the certificate and the comparison."
    ),
    TagAnswer.INVALID: _fixed(
        "No valid chip signature.",
        "Something between chip and page was not right. Tap the piece again.",
    ),
    CertificateAnswer.SUPERSEDED: _superseded,
    CertificateAnswer.REVOKED: lambda facts: (
        "Certificate withdrawn.",
        _join(_begun(facts), "This cannot be undone."),
    ),
    CertificateAnswer.MISSING: _missing,
    CertificateAnswer.CONTESTED: _fixed("Two people claim this piece.", "Its maker was told."),
    CertificateAnswer.HELD: _fixed("Recovery is running.", "Wait before you buy."),
    CertificateAnswer.PAUSED: _fixed("Paused.", "The reason stands on the site."),
    CertificateAnswer.DESTROYED: lambda facts: (
        "Recorded as destroyed.",
        _on(facts.at) if facts.at else "",
    ),
    CertificateAnswer.UNRELIABLE: _unreliable,
    CertificateAnswer.UNKNOWN: _fixed("No such record here.", "Check the code, letter by letter."),
    CertificateAnswer.UNCONFIRMED: _unconfirmed,
    CertificateAnswer.FAILED: lambda facts: (
        "This certificate does not hold.",
        facts.reason or "A check failed; it stands in the list.",
    ),
}

_LOOK: dict[Answer, tuple[Ribbon, str]] = {
    TagAnswer.LIVE: (Ribbon.LIVE, "live"),
    TagAnswer.SAME_TAP: (Ribbon.LIVE, "same_tap"),
    TagAnswer.USED_LINK: (Ribbon.CAUTION, "used_link"),
    TagAnswer.IDENTIFIED: (Ribbon.NAMED, "identified"),
    TagAnswer.NOT_SCANNED: (Ribbon.QUIET, "identified"),
    TagAnswer.TAMPERED: (Ribbon.CAUTION, "tampered"),
    TagAnswer.NOT_BOUND: (Ribbon.QUIET, "not_bound"),
    TagAnswer.SUSPENDED: (Ribbon.CAUTION, "replaced"),
    TagAnswer.REPLACED: (Ribbon.CAUTION, "replaced"),
    TagAnswer.RETIRED: (Ribbon.QUIET, "replaced"),
    TagAnswer.WITHDRAWN: (Ribbon.CAUTION, "withdrawn"),
    TagAnswer.INVALID: (Ribbon.QUIET, "unknown"),
    CertificateAnswer.SUPERSEDED: (Ribbon.CAUTION, "superseded"),
    CertificateAnswer.REVOKED: (Ribbon.STOP, "revoked"),
    CertificateAnswer.MISSING: (Ribbon.STOP, "missing"),
    CertificateAnswer.CONTESTED: (Ribbon.CAUTION, "missing"),
    CertificateAnswer.HELD: (Ribbon.CAUTION, "unconfirmed"),
    CertificateAnswer.PAUSED: (Ribbon.CAUTION, "unconfirmed"),
    CertificateAnswer.DESTROYED: (Ribbon.STOP, "revoked"),
    CertificateAnswer.UNRELIABLE: (Ribbon.STOP, "unreliable"),
    CertificateAnswer.UNKNOWN: (Ribbon.QUIET, "unknown"),
    CertificateAnswer.UNCONFIRMED: (Ribbon.QUIET, "unconfirmed"),
    CertificateAnswer.FAILED: (Ribbon.STOP, "unreliable"),
}

_LIMIT_OF_THE_REST = "whether the {kind} in your hand is the one the record names. Compare it."
_LIMITS: dict[Answer, str] = {
    TagAnswer.LIVE: "whether a stone was swapped, or the chip moved to another {kind}.",
    TagAnswer.SAME_TAP: "whether the {kind} is still with whoever tapped it.",
    TagAnswer.IDENTIFIED: (
        "whether the {kind} in your hand is the one it names. Compare it with the photograph."
    ),
    TagAnswer.TAMPERED: "who opened the seal, or what was changed since.",
    TagAnswer.INVALID: "whether the chip, the link or the way between them was at fault.",
    TagAnswer.NOT_BOUND: "which piece this tag will belong to.",
    CertificateAnswer.UNKNOWN: "whether the code was mistyped, or never came from here.",
    CertificateAnswer.MISSING: (
        "who is right, or whether the person holding it knows. Please stay calm and kind."
    ),
    CertificateAnswer.REVOKED: (
        "whether anything is wrong with the {kind}. It says only that this paper was withdrawn."
    ),
    CertificateAnswer.CONTESTED: "which of the two is right.",
    CertificateAnswer.UNRELIABLE: "whether the maker or somebody else signed it.",
    CertificateAnswer.UNCONFIRMED: "whether it was withdrawn, paused or replaced since.",
    CertificateAnswer.FAILED: "who changed it, or whether anything is wrong with the {kind}.",
}

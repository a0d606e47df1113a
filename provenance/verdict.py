"""The verdict of a scan: one headline from what the tag proved and what the certificate says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from provenance import kinds
from provenance.phrases import day_in_words, joined, listed, say, say_count
from provenance.verdict_open import HEARSAY, is_hearsay, open_limit, open_words
from provenance.verdict_unreliable import LostKey, lost_limit, lost_words


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

    `by` is "maker", "keeper" or "issuer"; `at` is the moment the certificate's answer began
    (a report of a missing piece is told to the minute, the rest to the day); `tag_on` the day
    the tag's answer began. `open_checks` are the numbers of the needed checks that could not be
    made, and `has_key` says that a key of the issuer was at hand, believed or not. `lost_key`
    tells whose key makes an answer `unreliable`; then `at` is the moment from which it proves
    nothing.
    """

    kind: str = "piece"
    by: str | None = None
    at: datetime | date | None = None
    reason: str | None = None
    version: int | None = None
    tag_on: date | None = None
    tapped_ago: timedelta | None = None
    checked_ago: timedelta | None = None
    open_checks: tuple[int, ...] = ()
    has_key: bool = False
    lost_key: LostKey | None = None


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

# What lists and documents say that may have come along with the file.
_OUT_OF_THE_FILE: Final = (
    *(CertificateAnswer.REVOKED, CertificateAnswer.PAUSED),
    *(CertificateAnswer.UNRELIABLE, CertificateAnswer.SUPERSEDED),
)

LIMIT_OPENING: Final = say("What this check cannot tell you:")


def headline(tag: TagAnswer, certificate: CertificateAnswer, *, facts: Facts) -> Headline:
    """Choose and word the headline of a pair of answers.

    >>> ring = Facts(kind="ring")
    >>> headline(TagAnswer.IDENTIFIED, CertificateAnswer.CURRENT, facts=ring).title
    'This code names the ring.'
    """
    answer = next(answer for answer in ORDER if answer in (tag, certificate))
    title, line = _WORDS[answer](facts)
    if answer in _OUT_OF_THE_FILE and facts.by is None and is_hearsay(facts.open_checks):
        line = HEARSAY
    ribbon, punch = _LOOK[answer]
    return Headline(answer, title, line, ribbon, f"verdict-{punch}")


def limit_sentence(answer: Answer, facts: Facts) -> str:
    """Say what a check with this answer cannot tell about the piece.

    >>> limit_sentence(TagAnswer.TAMPERED, Facts(kind="ring"))
    'What this check cannot tell you: who opened the seal, or what was changed since.'
    """
    return joined([LIMIT_OPENING, limit_words(answer, facts)])


def limit_words(answer: Answer, facts: Facts) -> str:
    """Say the same without its opening, for a page that sets the two apart."""
    is_open = answer in _OUT_OF_THE_FILE and is_hearsay(facts.open_checks)
    if is_open or answer is CertificateAnswer.UNCONFIRMED:
        return open_limit(facts.open_checks)
    if answer is CertificateAnswer.UNRELIABLE:
        return lost_limit(facts.lost_key)
    return _LIMITS.get(answer, _limit_of_the_rest)(facts.kind)


def day_words(moment: datetime | date) -> str:
    """A day as every page writes it.

    >>> day_words(date(2026, 11, 20))
    '20 November 2026'
    """
    return day_in_words(moment)


def ago_words(span: timedelta) -> str:
    """How long ago something was, in whole seconds or minutes.

    >>> ago_words(timedelta(minutes=4))
    '4 minutes ago'
    """
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return say_count("%(count)s second ago", "%(count)s seconds ago", seconds)
    return say_count("%(count)s minute ago", "%(count)s minutes ago", seconds // 60)


def _on(moment: date | None) -> str:
    return say("On %(day)s.", day=_day(moment)) if moment else ""


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


_BY: Final = {
    "maker": say("By its maker"),
    "keeper": say("By its keeper"),
    "issuer": say("By its issuer"),
}


def _told(first: str, facts: Facts, *, has_year: bool = True) -> str:
    """Say who and when, as far as it is known, and why: "By its maker, 2 October 2027."."""
    when = day_in_words(facts.at, has_year=has_year) if facts.at else ""
    told = listed([first, when])
    if told and facts.reason:
        return say("%(act)s: %(reason)s.", act=told, reason=facts.reason.rstrip("."))
    return joined([told, "."], "") if told else ""


def _begun(facts: Facts) -> str:
    return _told(_BY[facts.by] if facts.by else "", facts)


def _missing(facts: Facts) -> tuple[str, str]:
    day = day_in_words(facts.at, has_year=False) if facts.at else ""
    clock = f"{facts.at:%H:%M}" if isinstance(facts.at, datetime) else ""
    told = listed([_BY[facts.by] if facts.by else "", day, clock])
    checked = (
        say("Checked %(ago)s.", ago=ago_words(facts.checked_ago))
        if facts.checked_ago is not None
        else ""
    )
    return say("Reported missing."), joined([joined([told, "."], "") if told else "", checked])


def _superseded(facts: Facts) -> tuple[str, str]:
    version = say("Version %(number)s", number=facts.version) if facts.version else ""
    return say("There is a newer certificate."), joined([_told(version, facts), say("Read it.")])


def _unreliable(facts: Facts) -> tuple[str, str]:
    since = _day(facts.at) if facts.at else None
    return lost_words(facts.lost_key, since=since, reason=facts.reason)


def _unconfirmed(facts: Facts) -> tuple[str, str]:
    known_on = _day(facts.at) if facts.at else None
    return open_words(facts.open_checks, has_key=facts.has_key, known_on=known_on)


def _tampered(facts: Facts) -> tuple[str, str]:
    when = say("On or before %(day)s.", day=facts.tag_on) if facts.tag_on else ""
    return say("The seal was opened."), joined([when, say("Compare the piece with care.")])


def _same_tap(facts: Facts) -> tuple[str, str]:
    again = say("Tap again for a fresh answer.")
    if facts.tapped_ago is None:
        return say("Same tap."), again
    return say("Same tap, %(ago)s.", ago=ago_words(facts.tapped_ago)), again


def _fixed(title: str, line: str) -> Callable[[Facts], tuple[str, str]]:
    return lambda facts: (title, line)


_WORDS: dict[Answer, Callable[[Facts], tuple[str, str]]] = {
    TagAnswer.LIVE: _fixed(say("The chip answered just now."), say("Its certificate is current.")),
    TagAnswer.SAME_TAP: _same_tap,
    TagAnswer.USED_LINK: _fixed(say("This link was opened before."), say("Tap the piece itself.")),
    TagAnswer.IDENTIFIED: lambda facts: (
        say("This code names %(the_kind)s.", the_kind=kinds.the_object(facts.kind)),
        say("Certificate current. Codes can be copied."),
    ),
    TagAnswer.NOT_SCANNED: _fixed(
        say("You opened the record."), say("No tag was read. Certificate current.")
    ),
    TagAnswer.TAMPERED: _tampered,
    TagAnswer.NOT_BOUND: _fixed(
        say("Not attached to a piece yet."), say("This tag is waiting at its maker’s.")
    ),
    TagAnswer.SUSPENDED: lambda facts: (say("This tag was paused."), _on(facts.tag_on)),
    TagAnswer.REPLACED: lambda facts: (
        say("This tag was replaced."),
        joined([_on(facts.tag_on), say("Look for the newer one.")]),
    ),
    TagAnswer.RETIRED: lambda facts: (say("This tag was retired."), _on(facts.tag_on)),
    TagAnswer.WITHDRAWN: _fixed(
        say("Chip check withdrawn."), say("Rely on the certificate and the comparison.")
    ),
    TagAnswer.INVALID: _fixed(
        say("No valid chip signature."),
        say("Something between chip and page was not right. Tap the piece again."),
    ),
    CertificateAnswer.SUPERSEDED: _superseded,
    CertificateAnswer.REVOKED: lambda facts: (
        say("Certificate withdrawn."),
        joined([_begun(facts), say("This cannot be undone.")]),
    ),
    CertificateAnswer.MISSING: _missing,
    CertificateAnswer.CONTESTED: _fixed(
        say("Two people claim this piece."), say("Its maker was told.")
    ),
    CertificateAnswer.HELD: _fixed(say("Recovery is running."), say("Wait before you buy.")),
    CertificateAnswer.PAUSED: lambda facts: (
        say("Paused."),
        _begun(facts) or say("The reason stands on the site."),
    ),
    CertificateAnswer.DESTROYED: lambda facts: (
        say("Recorded as destroyed."),
        _on(facts.at),
    ),
    CertificateAnswer.UNRELIABLE: _unreliable,
    CertificateAnswer.UNKNOWN: _fixed(
        say("No such record here."), say("Check the code, letter by letter.")
    ),
    CertificateAnswer.UNCONFIRMED: _unconfirmed,
    CertificateAnswer.FAILED: lambda facts: (
        say("This certificate does not hold."),
        facts.reason or say("A check failed; it stands in the list."),
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


def _limit_of_the_rest(kind: str) -> str:
    return say(
        "whether %(the_kind)s in your hand is the one the record names. Compare it.",
        the_kind=kinds.the(kind),
    )


def _always(words: str) -> Callable[[str], str]:
    return lambda kind: words


_LIMITS: dict[Answer, Callable[[str], str]] = {
    TagAnswer.LIVE: lambda kind: say(
        "whether a stone was swapped, or the chip moved to %(another_kind)s.",
        another_kind=kinds.another_object(kind),
    ),
    TagAnswer.SAME_TAP: lambda kind: say(
        "whether %(the_kind)s is still with whoever tapped it.", the_kind=kinds.the(kind)
    ),
    TagAnswer.IDENTIFIED: lambda kind: say(
        "whether %(the_kind)s in your hand is the one it names. Compare it with the photograph.",
        the_kind=kinds.the(kind),
    ),
    TagAnswer.TAMPERED: _always(say("who opened the seal, or what was changed since.")),
    TagAnswer.INVALID: _always(
        say("whether the chip, the link or the way between them was at fault.")
    ),
    TagAnswer.NOT_BOUND: _always(say("which piece this tag will belong to.")),
    CertificateAnswer.UNKNOWN: _always(
        say("whether the code was mistyped, or never came from here.")
    ),
    CertificateAnswer.MISSING: _always(
        say("who is right, or whether the person holding it knows. Please stay calm and kind.")
    ),
    CertificateAnswer.REVOKED: lambda kind: say(
        "whether anything is wrong with %(the_kind)s. It says only that this paper was withdrawn.",
        the_kind=kinds.the_object(kind),
    ),
    CertificateAnswer.PAUSED: _always(say("how this pause will end. Ask before you buy.")),
    CertificateAnswer.CONTESTED: _always(say("which of the two is right.")),
    CertificateAnswer.FAILED: lambda kind: say(
        "who changed it, or whether anything is wrong with %(the_kind)s.",
        the_kind=kinds.the_object(kind),
    ),
}

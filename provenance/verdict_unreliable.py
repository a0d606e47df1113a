"""What is said of a certificate whose signature proves nothing: whose key was lost, and from when.

A theft of the platform's key and one of a maker's cost different things, so each has its words. The
day is the moment from which nothing is believed, and never that of the report.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from provenance.phrases import joined, say


class LostKey(StrEnum):
    """Whose key proves nothing any more: the platform's in check 4, the maker's in check 5."""

    PLATFORM = "platform"
    MAKER = "maker"


@dataclass(frozen=True)
class _Words:
    """`on` is said where the moment is known, `ever` where it is not; `note` goes further."""

    title: str
    on: Callable[[date], str]
    ever: str
    limit: str
    advice: str
    note: str


_OF_NOBODY_NAMED: Final = _Words(
    title=say("This signature cannot be relied on."),
    on=lambda day: say("Its key counts as stolen from %(day)s on", day=day),
    ever=say("Its key is no longer believed."),
    limit=say("who signed it."),
    advice=say(
        "Ask the maker for a new certificate, signed with another key. "
        "Until then rely on the comparison alone."
    ),
    note="",
)
_WORDS: Final[Mapping[LostKey | None, _Words]] = {
    None: _OF_NOBODY_NAMED,
    LostKey.PLATFORM: _Words(
        title=say("The platform’s signature cannot be relied on."),
        on=lambda day: say("The platform’s key counts as stolen from %(day)s on", day=day),
        ever=say("The platform’s key is no longer believed."),
        limit=say("whether the platform or somebody else signed it."),
        advice=say(
            "The platform can sign again what it knows to be older than the theft; then this page "
            "says so at once. Else ask the maker for a new certificate. Until then rely on the "
            "comparison alone."
        ),
        note=say(
            "A thief can write any date, so nothing counts that this key signed. What the platform "
            "knows to be older it can sign again with another key; this one bears no such "
            "signature."
        ),
    ),
    LostKey.MAKER: _Words(
        title=say("The maker’s signature cannot be relied on."),
        on=lambda day: say("The maker’s key counts as stolen from %(day)s on", day=day),
        ever=say("The maker’s key is no longer believed."),
        limit=say("whether the maker or somebody else signed it beside the platform."),
        advice=say(
            "Ask the maker for a certificate that is signed with another key. "
            "Until then rely on the comparison alone."
        ),
        note=say(
            "The platform’s own signature holds: it shows what was put on record here, and when. "
            "That the maker signed it too is not shown."
        ),
    ),
}


def lost_words(
    key: LostKey | None, *, since: date | None = None, reason: str | None = None
) -> tuple[str, str]:
    """The title and the line; `since` is the day from which the key proves nothing.

    >>> lost_words(LostKey.MAKER, since=date(2027, 10, 1))[1]
    'The maker’s key counts as stolen from 1 October 2027 on.'
    """
    words = _WORDS[key]
    if since is None:
        return words.title, words.ever
    told = words.on(since)
    if reason:
        return words.title, say("%(act)s: %(reason)s.", act=told, reason=reason.rstrip("."))
    return words.title, joined([told, "."], "")


def lost_limit(key: LostKey | None) -> str:
    """What such a check cannot tell."""
    return _WORDS[key].limit


def lost_advice(key: LostKey | None) -> str:
    """What a visitor can do."""
    return _WORDS[key].advice


def lost_note(key: LostKey | None) -> str:
    """What the loss means for this certificate, where there is room to say it; "" if not known."""
    return _WORDS[key].note

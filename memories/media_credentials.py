"""What content credentials (C2PA) say of a picture, and how far one may rely on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memories.media_source import TERMS

LONGEST_NAME = 80
LONGEST_REASON = 120


class State(StrEnum):
    """How it stands with the credentials of a picture.

    `NONE`: it has none, which is nothing against it. `UNREAD`: it has some, and we did not read
    them. `BROKEN`: they do not fit the picture or themselves. `SIGNED`: they are sound.
    `CAPTURE`: they are sound and say that a camera took this picture, and when.
    """

    NONE = "none"
    UNREAD = "unread"
    BROKEN = "broken"
    SIGNED = "signed"
    CAPTURE = "capture"


@dataclass(frozen=True)
class Credentials:
    """What was read. `signer` is what the certificate says of itself: nobody checked who that is.

    `digital_source_type` is an IPTC term, also where the credentials are broken: that a picture
    was generated is believed of any. `captured_at` is aware, in UTC. `reason` is a sentence for
    people, on credentials unread or broken.
    """

    state: State
    digital_source_type: str | None = None
    captured_at: datetime | None = None
    signer: str = ""
    generator: str = ""
    reason: str = ""

    @property
    def warning(self) -> str:
        """What the person should hear at once: credentials that are there and prove nothing."""
        return self.told if self.state in {State.UNREAD, State.BROKEN} else ""

    @property
    def told(self) -> str:
        """One sentence or two for the person who brought the picture.

        >>> Credentials(State.NONE).told
        'No content credentials.'
        """
        if self.state is State.NONE:
            return "No content credentials."
        if self.state is State.UNREAD:
            return f"It has content credentials, which were not read. {self.reason}"
        if self.state is State.BROKEN:
            return f"Its content credentials are broken. {self.reason}"
        by = f"“{self.signer}”" if self.signer else "nobody"
        return f"Its content credentials are sound. They name {by}; who that is was not checked."

    def as_evidence(self) -> dict[str, object]:
        """The members of an item of evidence in a making record that these credentials fill.

        Credentials that were not read state nothing: unknown is never "none".
        """
        members: dict[str, object] = {}
        if self.state is not State.UNREAD:
            members["c2pa"] = {"state": str(self.state)}
        if self.captured_at:
            members["captured_at"] = self.captured_at.isoformat()
        return members


NO_CREDENTIALS = Credentials(State.NONE)


def unread(reason: str) -> Credentials:
    return Credentials(State.UNREAD, reason=reason)


def spell(credentials: Credentials) -> dict[str, str]:
    """As JSON members, for the way from one process to another; empty for what is not known."""
    moment = credentials.captured_at
    return {
        "state": str(credentials.state),
        "digital_source_type": credentials.digital_source_type or "",
        "captured_at": moment.isoformat() if moment else "",
        "signer": credentials.signer,
        "generator": credentials.generator,
        "reason": credentials.reason,
    }


def believe(told: Mapping[str, str]) -> Credentials:
    """Read what `spell` wrote; ValueError, TypeError or KeyError where nobody honest wrote it."""
    term, moment = told["digital_source_type"], told["captured_at"]
    credentials = Credentials(
        state=State(told["state"]),
        digital_source_type=term or None,
        captured_at=datetime.fromisoformat(moment) if moment else None,
        signer=told["signer"],
        generator=told["generator"],
        reason=told["reason"],
    )
    _check_words(credentials)
    if term not in TERMS | {""}:
        raise ValueError("an unknown source type")
    if credentials.captured_at and credentials.captured_at.tzinfo is None:
        raise ValueError("a moment without its zone")
    return credentials


def _check_words(credentials: Credentials) -> None:
    for words, most in (
        (credentials.signer, LONGEST_NAME),
        (credentials.generator, LONGEST_NAME),
        (credentials.reason, LONGEST_REASON),
    ):
        if not isinstance(words, str):
            raise TypeError("words of another kind")
        if len(words) > most or not words.isprintable():
            raise ValueError("words that nobody would show")

"""What a tap or a code proved, as time passes: what to answer now, and what to tell beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from provenance.phrases import say
from provenance.verdict import TagAnswer
from tags.life import TERMINAL, TagState

LIVE_FOR = timedelta(seconds=60)
SESSION = timedelta(minutes=10)
TWICE_WITHIN = timedelta(minutes=2)
CONFLICT_WITHIN = timedelta(minutes=10)
# Less than this is a card that friends were shown.
MANY_OPENINGS, MANY_NETWORKS = 20, 8

# A tag in one of these answers so, whatever its signature.
OF_STATE = {
    TagState.SUSPENDED: TagAnswer.SUSPENDED,
    TagState.TAMPERED: TagAnswer.TAMPERED,
    TagState.REPLACED: TagAnswer.REPLACED,
    TagState.RETIRED: TagAnswer.RETIRED,
    TagState.COMPROMISED: TagAnswer.WITHDRAWN,
}


@dataclass(frozen=True)
class Told:
    """What is on record of one tap beside its answer."""

    reads: int | None = None
    is_second: bool = False
    is_conflict: bool = False


def answer_now(recorded: TagAnswer, *, state: str, ago: timedelta) -> TagAnswer:
    """What a tap proves now that its tag stands so and it was made so long ago.

    >>> answer_now(TagAnswer.LIVE, state="active", ago=timedelta(seconds=61)).value
    'same_tap'
    """
    if not timedelta(0) <= ago < SESSION:
        return TagAnswer.NOT_SCANNED
    since = OF_STATE.get(TagState(state))
    if since is not None:
        return since
    if recorded is TagAnswer.NOT_BOUND:
        # Its piece was published since; the chip did answer.
        recorded = TagAnswer.LIVE
    if recorded is TagAnswer.LIVE:
        return TagAnswer.LIVE if ago < LIVE_FOR else TagAnswer.SAME_TAP
    return recorded


def day_of(
    state: str, *, since: datetime, tampered_at: datetime | None, ended_at: datetime | None
) -> datetime | None:
    """The moment whose day the words of a state mention, if they mention one."""
    if state == TagState.TAMPERED:
        return tampered_at
    if state in TERMINAL:
        return ended_at
    return since if state == TagState.SUSPENDED else None


def notes_on_tap(told: Told) -> tuple[str, ...]:
    """Sentences about the chip's own count, the gravest first."""
    notes: list[str] = []
    if told.is_conflict:
        notes.append(
            say(
                "Two phones brought answers of this chip within ten minutes, in the wrong order. "
                "One of them may be a copy of a link: tap the piece again."
            )
        )
    if told.is_second:
        notes.append(say("The chip answered twice, each time with a new number."))
    if told.reads is not None and told.reads > 1:
        notes.append(
            say(
                "The chip was read %(count)s times since the last recorded tap.",
                count=told.reads,
            )
        )
    return tuple(notes)


def notes_on_code(times: int, networks: int) -> tuple[str, ...]:
    """What to say of a printed code that unusually many opened.

    >>> notes_on_code(40, 12)[0]
    'This code was opened 40 times, from at least 12 networks. It may have been copied.'
    """
    if not is_unusual(times, networks):
        return ()
    return (
        say(
            "This code was opened %(times)s times, from at least %(networks)s networks. "
            "It may have been copied.",
            times=times,
            networks=networks,
        ),
    )


def is_unusual(times: int, networks: int) -> bool:
    """Whether so many openings are more than one card in one box explains."""
    return times >= MANY_OPENINGS and networks >= MANY_NETWORKS

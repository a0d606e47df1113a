"""What is unusual about the readings of a tag, told to its maker calmly, with what to do."""

from dataclasses import dataclass
from datetime import datetime

from provenance.verdict import day_words
from tags.answers import is_unusual

MANY_USED_LINKS = 3


@dataclass(frozen=True)
class Seen:
    """How a tag was read in the last ninety days, and its code ever."""

    times_opened: int = 0
    most_networks: int = 0
    used_links: int = 0
    conflicts: int = 0
    tampered_at: datetime | None = None


@dataclass(frozen=True)
class Advice:
    """What was noticed, what it may mean, and what can be done."""

    noticed: str
    meaning: str


def advice_on(seen: Seen) -> tuple[Advice, ...]:
    """Everything worth a look, the gravest first; nothing for a tag that lives quietly."""
    found = (_opened_seal(seen), _conflicts(seen), _openings(seen), _used_links(seen))
    return tuple(each for each in found if each)


def _opened_seal(seen: Seen) -> Advice | None:
    if seen.tampered_at is None:
        return None
    return Advice(
        f"Its seal was opened on or before {day_words(seen.tampered_at)}.",
        "If you opened it in a repair, put a new tag in its place. If not, ask its keeper.",
    )


def _conflicts(seen: Seen) -> Advice | None:
    if not seen.conflicts:
        return None
    return Advice(
        f"{_times(seen.conflicts)} two phones brought its answers in the wrong order.",
        "Somebody may have kept a link back and opened it later. Tap the piece yourself: "
        "if the chip answers, it is where it belongs.",
    )


def _openings(seen: Seen) -> Advice | None:
    if not is_unusual(seen.times_opened, seen.most_networks):
        return None
    return Advice(
        f"Its code was opened {seen.times_opened} times, "
        f"from at least {seen.most_networks} networks.",
        "Someone may have copied it, or it hangs in a window. Whoever opens it reads this too. "
        "A copied code cannot answer as a chip does.",
    )


def _used_links(seen: Seen) -> Advice | None:
    if seen.used_links < MANY_USED_LINKS:
        return None
    return Advice(
        f"Links of its chip were opened again {seen.used_links} times.",
        "As a rule somebody forwarded one. It proves nothing to who opens it, and says so.",
    )


def _times(many: int) -> str:
    return "Once" if many == 1 else f"{many} times"

"""How a season stands and how far it is, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from provenance.models.season import RowState, Season, SeasonState
from provenance.season_pictures import Brought
from provenance.views.workshop import State, day

Counts = Mapping[str, int]
FEW = 5


@dataclass(frozen=True)
class Progress:
    """`done` of `all` and a line; `is_working` while somebody is at it."""

    done: int
    all: int
    line: str
    is_working: bool

    @property
    def percent(self) -> int:
        return 100 * self.done // self.all if self.all else 0


def pieces(many: int) -> str:
    """
    >>> pieces(1), pieces(494)
    ('1 piece', '494 pieces')
    """
    return "1 piece" if many == 1 else f"{many} pieces"


def rows(many: int) -> str:
    """
    >>> rows(1), rows(494)
    ('1 row', '494 rows')
    """
    return "1 row" if many == 1 else f"{many} rows"


def photographs(many: int) -> str:
    """
    >>> photographs(1), photographs(12)
    ('1 photograph', '12 photographs')
    """
    return "1 photograph" if many == 1 else f"{many} photographs"


def told_of(brought: Brought) -> str:
    """What a ZIP brought to a season that was here already.

    >>> told_of(Brought(named=2, unnamed=0, kept=1))
    '2 photographs added. 1 photograph of this name was here already and stays as it is.'
    """
    told = [
        f"{photographs(brought.named)} added." if brought.named else "",
        f"{photographs(brought.unnamed)} kept that no row names yet." if brought.unnamed else "",
        _kept(brought.kept) if brought.kept else "",
    ]
    return " ".join(filter(None, told)) or "There is no photograph in this ZIP."


def _kept(many: int) -> str:
    if many == 1:
        return "1 photograph of this name was here already and stays as it is."
    return f"{many} photographs of these names were here already and stay as they are."


def named_few(names: Sequence[str]) -> str:
    """The first of many files, and how many more there are.

    >>> named_few(["a.jpg", "b.jpg"]), named_few([f"{n}.jpg" for n in range(9)])
    ('a.jpg, b.jpg', '0.jpg, 1.jpg, 2.jpg, 3.jpg and 5 more')
    """
    if len(names) <= FEW:
        return ", ".join(names)
    return f"{', '.join(names[: FEW - 1])} and {len(names) - FEW + 1} more"


def standing_of(season: Season, counts: Counts) -> State:
    line = progress_of(season, counts).line
    family, punch, name = {
        SeasonState.DRAFT: ("quiet", "verdict-draft", "Being looked through"),
        SeasonState.CHECKED: ("caution", "verdict-draft", "Not signed yet"),
        SeasonState.CONFIRMED: ("quiet", "verdict-draft", "Being signed"),
        SeasonState.SIGNING: ("quiet", "verdict-draft", "Being signed"),
        SeasonState.WAITING_FOR_KEY: ("caution", "verdict-draft", "Unlock to continue"),
        SeasonState.DONE: ("live", "verdict-identified", "Signed"),
        SeasonState.ABANDONED: ("quiet", "verdict-unknown", "Abandoned"),
    }[SeasonState(season.state)]
    return State(family, punch, name, line)


def progress_of(season: Season, counts: Counts) -> Progress:
    signed, confirmed = counts[RowState.SIGNED], counts[RowState.SIGNED] + counts[RowState.READY]
    if season.state == SeasonState.DRAFT:
        return _looking(counts)
    if season.state == SeasonState.CHECKED:
        return Progress(counts["all"], counts["all"], _left(counts), is_working=False)
    if season.state in {SeasonState.CONFIRMED, SeasonState.SIGNING}:
        return Progress(signed, confirmed, f"{signed} of {confirmed} signed.", is_working=True)
    if season.state == SeasonState.DONE:
        since = f"{day(season.done_at)}. " if season.done_at else ""
        return Progress(signed, signed, f"{since}{pieces(signed)} certified.", is_working=False)
    return Progress(signed, confirmed, f"{signed} of {confirmed} signed.", is_working=False)


def _looking(counts: Counts) -> Progress:
    looked = counts["all"] - counts[RowState.NEW]
    made = counts["pictures"] - counts["waiting"]
    line = f"{looked} of {counts['all']} rows"
    if counts["pictures"]:
        line = f"{made} of {counts['pictures']} photographs, {line}"
    return Progress(looked + made, counts["all"] + counts["pictures"], f"{line}.", is_working=True)


def _left(counts: Counts) -> str:
    wrong, ready, skipped = (
        counts[state] for state in (RowState.WRONG, RowState.READY, RowState.SKIPPED)
    )
    told = [
        f"{wrong} to fix" if wrong else "",
        f"{ready} right" if ready else "",
        f"{skipped} left out" if skipped else "",
    ]
    line = ", ".join(filter(None, told))
    return f"{line}."

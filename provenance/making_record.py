"""The making record: how a piece was made, step by step, read from a certificate's subject."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final

from provenance.errors import ProvenanceError
from provenance.policy import Policy

WHOLE_PIECE: Final = "piece"
BOUGHT_PART: Final = "form.bought_part"
BOUGHT_IN: Final = "bought_in"
# No step of a piece was done before this; an earlier date is a slip of the finger.
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)


class Fault(StrEnum):
    """What can be wrong with a record; the names never change."""

    WRONG_TYPE = "wrong_type"
    MISSING = "missing"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    REPEATED_ID = "repeated_id"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_CONTROL = "unknown_control"
    CONTROL_DOES_NOT_FIT = "control_does_not_fit"
    UNKNOWN_PART = "unknown_part"
    UNKNOWN_INPUT = "unknown_input"
    UNKNOWN_EVIDENCE = "unknown_evidence"
    UNKNOWN_SOURCE = "unknown_source"
    BAD_DIGEST = "bad_digest"
    REPEATED_EVIDENCE = "repeated_evidence"
    NOT_A_TIME = "not_a_time"
    IN_FUTURE = "in_future"
    BEFORE_MAKER = "before_maker"
    ENDS_BEFORE_START = "ends_before_start"
    CYCLE = "cycle"
    UNKNOWN_POLICY = "unknown_policy"
    MASS_NEGATIVE = "mass_negative"
    MASS_UNIT = "mass_unit"
    MASS_IMPLAUSIBLE = "mass_implausible"
    MASS_DOES_NOT_ADD_UP = "mass_does_not_add_up"


class InvalidRecordError(ProvenanceError):
    """A making record that cannot be read: `path` says where, `fault` what, `sentence` why."""

    code = "invalid_record"

    def __init__(self, path: str, fault: Fault, sentence: str) -> None:
        super().__init__(f"{path}: {sentence}")
        self.path = path
        self.fault = fault
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Span:
    """A moment, or the whole day in UTC when only the day is known."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that shows a step; `sha256` is 64 hex digits, `source` an IPTC digital source type.

    `is_c2pa_capture`: a sound content credential says that a camera took it. `is_in_app`: taken
    in our own page. `party` is who co-signed; `also_used_for` names another piece it stands for.
    """

    kind: str
    sha256: str
    source: str = ""
    captured: Span | None = None
    recorded: Span | None = None
    is_c2pa_capture: bool = False
    has_broken_credentials: bool = False
    is_in_app: bool = False
    party: str = ""
    is_verified_party: bool = False
    also_used_for: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `part` is a part's id or "piece"; inputs are files, parts or materials by name.

    `era` is 0 for the making of the piece, and n for the nth work on it once it was finished.
    """

    ident: str
    kind: str
    part: str
    control: str
    actor: str = ""
    place: str = ""
    started: Span | None = None
    finished: Span | None = None
    recorded: Span | None = None
    tools: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    note: str = ""
    era: int = 0

    @property
    def family(self) -> str:
        """The room of the closed list it stands in: design, model, form and so on."""
        return self.kind.partition(".")[0]

    @property
    def is_outside_work(self) -> bool:
        """Done by somebody outside the workshop, who is named by role alone."""
        return self.actor.startswith("outside")

    @property
    def is_bought_in(self) -> bool:
        """Came ready from outside."""
        return self.kind == BOUGHT_PART or self.control == BOUGHT_IN

    @property
    def is_recorded_afterwards(self) -> bool:
        """Written down on a later day than it was finished."""
        if self.recorded is None or self.finished is None:
            return False
        return self.recorded.first.date() > self.finished.last.date()


@dataclass(frozen=True, slots=True)
class Record:
    """All steps of one piece in the order they were written; the order carries no meaning."""

    steps: tuple[Step, ...]
    parts: tuple[str, ...] = ()
    maker: str = ""
    maker_did: str = ""


@dataclass(frozen=True, slots=True)
class Alteration:
    """Work on a finished piece; steps on `replaced` parts from before it no longer count."""

    on: date
    steps: tuple[Step, ...]
    replaced: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Bounds:
    """What the dates of a record must lie between; None leaves an end open."""

    policy: Policy
    now: datetime | None = None
    born: datetime | None = None

    @property
    def earliest(self) -> datetime:
        """The maker's birth, or a time before anybody's who still works."""
        return self.born or EARLIEST

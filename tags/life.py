"""The life of a tag: which act leads from which states to which, in one table."""

from dataclasses import dataclass
from enum import StrEnum


class TagState(StrEnum):
    """Where a tag stands. A printed code begins bound, since printing it needs no bench."""

    BLANK = "blank"
    RESERVED = "reserved"
    ENCODED = "encoded"
    VERIFIED = "verified"
    BOUND = "bound"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TAMPERED = "tampered"
    REPLACED = "replaced"
    RETIRED = "retired"
    COMPROMISED = "compromised"


class Act(StrEnum):
    """What is done with a tag."""

    RESERVE = "reserve"
    ENCODE = "encode"
    FAIL_ENCODING = "fail_encoding"
    VERIFY = "verify"
    BIND = "bind"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    LIFT = "lift"
    TAMPER = "tamper"
    REPLACE = "replace"
    RETIRE = "retire"
    COMPROMISE = "compromise"


WORDS = {
    TagState.BLANK: "blank",
    TagState.RESERVED: "waiting to be written",
    TagState.ENCODED: "written",
    TagState.VERIFIED: "tried at the bench",
    TagState.BOUND: "bound",
    TagState.ACTIVE: "active",
    TagState.SUSPENDED: "paused",
    TagState.TAMPERED: "seal opened",
    TagState.REPLACED: "replaced",
    TagState.RETIRED: "retired",
    TagState.COMPROMISED: "withdrawn",
}

# In the drawer: on no piece yet.
IN_STOCK = (TagState.BLANK, TagState.RESERVED, TagState.ENCODED, TagState.VERIFIED)
ON_A_PIECE = (TagState.BOUND, TagState.ACTIVE, TagState.SUSPENDED, TagState.TAMPERED)
# Never left again: an old link is answered from here for ever.
TERMINAL = (TagState.REPLACED, TagState.RETIRED, TagState.COMPROMISED)
# Its piece was named with it in public, and stays.
SETTLED = (TagState.ACTIVE, TagState.SUSPENDED, TagState.TAMPERED, *TERMINAL)
# A chip that answers in one of these spends its counter (encoded: at the bench alone).
CONSUMING = (TagState.BOUND, TagState.ACTIVE, TagState.TAMPERED)
# A chip in one of these carries keys of ours.
KEYED = (TagState.ENCODED, TagState.VERIFIED, *ON_A_PIECE)


@dataclass(frozen=True)
class Move:
    """From one of these states to that one."""

    before: tuple[TagState, ...]
    after: TagState


MOVES: dict[Act, Move] = {
    Act.RESERVE: Move((TagState.BLANK,), TagState.RESERVED),
    Act.ENCODE: Move((TagState.RESERVED,), TagState.ENCODED),
    # With the next version of its keys: what the chip holds now is not known.
    Act.FAIL_ENCODING: Move((TagState.RESERVED, TagState.ENCODED), TagState.RESERVED),
    Act.VERIFY: Move((TagState.ENCODED,), TagState.VERIFIED),
    Act.BIND: Move((TagState.VERIFIED,), TagState.BOUND),
    Act.ACTIVATE: Move((TagState.BOUND,), TagState.ACTIVE),
    Act.SUSPEND: Move((TagState.ACTIVE,), TagState.SUSPENDED),
    Act.LIFT: Move((TagState.SUSPENDED,), TagState.ACTIVE),
    Act.TAMPER: Move((TagState.ACTIVE,), TagState.TAMPERED),
    Act.REPLACE: Move(ON_A_PIECE, TagState.REPLACED),
    Act.RETIRE: Move((*IN_STOCK, *ON_A_PIECE), TagState.RETIRED),
    Act.COMPROMISE: Move((TagState.RESERVED, *KEYED), TagState.COMPROMISED),
}


def may(act: Act, state: str) -> bool:
    """Whether the act is open to a tag in this state.

    >>> may(Act.BIND, "verified"), may(Act.BIND, "retired")
    (True, False)
    """
    return state in MOVES[act].before

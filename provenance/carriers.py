"""What each carrier of a check proves and what it does not: a code, a tag, a chip, a file."""

from dataclasses import dataclass, replace
from enum import StrEnum

from provenance.phrases import say


class Carrier(StrEnum):
    """What a check rests on, beside the record itself."""

    NOTHING = "nothing"
    CODE = "qr"
    TAG = "nfc"
    CHIP = "ntag424"
    SEAL = "seal"
    FILE = "file"


@dataclass(frozen=True)
class Proven:
    """What a carrier proves and what it does not, in words that a child understands."""

    carrier: Carrier
    name: str
    proves: str
    proves_not: str


_ALL = (
    Proven(
        Carrier.NOTHING,
        say("No tag was read"),
        proves=say("That there is such a record, and what it says."),
        proves_not=say("That anybody has the piece at hand."),
    ),
    Proven(
        Carrier.CODE,
        say("A printed code"),
        proves=say("That the code leads to this record and to no other."),
        proves_not=say(
            "That the code is on the piece it was made for: "
            "anybody can photograph a code and print it again."
        ),
    ),
    Proven(
        Carrier.TAG,
        say("A plain NFC tag"),
        proves=say("That the tag leads to this record and to no other."),
        proves_not=say("That it is the tag which its maker wrote: a phone can copy such a tag."),
    ),
    Proven(
        Carrier.CHIP,
        say("A chip that signs each answer"),
        proves=say(
            "That the chip of this record was tapped. It holds a secret key and signs a new "
            "number each time. A photograph cannot do that, nor a link that was sent on."
        ),
        proves_not=say(
            "That the chip is still on the piece it was made for, or that no stone was swapped."
        ),
    ),
    Proven(
        Carrier.SEAL,
        say("A chip with a seal"),
        proves=say(
            "What a chip proves, and whether the thin wire of its seal is whole. "
            "Once it is broken, the chip says so for ever."
        ),
        proves_not=say("Who broke the seal and why, or that nothing was done around it."),
    ),
    Proven(
        Carrier.FILE,
        say("A certificate file"),
        proves=say("Who signed it, and that not one letter was changed since."),
        proves_not=say(
            "That its words are true, or that the piece in your hand is the one they describe."
        ),
    ),
)
_BY_CARRIER = {each.carrier: each for each in _ALL}
# A file alone proves nothing: its signatures do, once they hold by keys that are believed.
_UNPROVEN_FILE = replace(
    _BY_CARRIER[Carrier.FILE],
    proves=say("Only what the file says. Who signed it was not proven by this check."),
)
# Those on or in a piece, the weakest first.
ON_A_PIECE = (Carrier.CODE, Carrier.TAG, Carrier.CHIP, Carrier.SEAL)


def proven_by(carrier: Carrier) -> Proven:
    """What a check by this carrier proves, and what it does not.

    >>> proven_by(Carrier.CODE).name
    'A printed code'
    """
    return _BY_CARRIER[carrier]


def proven_by_file(*, is_signed: bool) -> Proven:
    """What a file proves, by whether its signatures were found good by keys that are believed."""
    return _BY_CARRIER[Carrier.FILE] if is_signed else _UNPROVEN_FILE


def carrier_of(kind: str, *, has_answered: bool) -> Carrier:
    """The carrier behind a tag of this kind; a chip that did not answer was only read as a code.

    >>> carrier_of("ntag424", has_answered=False)
    <Carrier.CODE: 'qr'>
    """
    if kind == Carrier.CHIP and not has_answered:
        return Carrier.CODE
    return Carrier(kind) if kind in ON_A_PIECE else Carrier.CODE

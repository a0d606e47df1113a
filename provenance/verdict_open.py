"""What is said while a needed check is open: what holds so far, and never more than was checked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from provenance.phrases import joined, say

# The numbers of the checks, which are never renumbered.
_ISSUER, _SIGNATURE, _MAKER, _WITHDRAWN, _SUSPENDED, _LOG, _LABEL = 3, 4, 5, 7, 8, 9, 10
_STATUS: Final = frozenset({_WITHDRAWN, _SUSPENDED})
_SIGNED: Final = frozenset({_ISSUER, _SIGNATURE})

HEARSAY: Final = say("So the file says. Whether its issuer signed it is not known.")

_ANYTHING: Final = say("Not everything was checked."), say("What is open stands in the list.")
_FIRST: Final[Mapping[int, tuple[str, str]]] = {
    _SIGNATURE: (say("The signature was not checked."), say("Its signer’s key is not at hand.")),
    _LOG: (
        say("Signature good, public log not checked."),
        say("Whether it stands in the log is not known."),
    ),
    _LABEL: (
        say("Signature good, label not checked."),
        say("Whether its making label follows from its record is not known here."),
    ),
}
_LIMITS: Final[Mapping[int, str]] = {
    _ISSUER: say("whether its issuer signed it, or whether it still stands."),
    _SIGNATURE: say("whether its issuer signed it, or whether it still stands."),
    _MAKER: say("whether its maker signed it too."),
    _WITHDRAWN: say("whether it was withdrawn, paused or replaced since."),
    _SUSPENDED: say("whether it was withdrawn, paused or replaced since."),
    _LOG: say("whether it stands in the public log."),
    _LABEL: say("whether its making label follows from its record."),
}


def open_words(
    checks: Sequence[int], *, has_key: bool, known_on: date | None = None
) -> tuple[str, str]:
    """The title and the line by the first needed check that is open, by its number.

    `has_key` says that a key of the issuer came along, which nobody here believes; `known_on` is
    the day of status lists that the issuer signed.

    >>> open_words([7, 8], has_key=True)[0]
    'Signature good, status unknown.'
    """
    first = checks[0] if checks else 0
    if first == _ISSUER:
        return say("Who signed this is not known."), _key_words(has_key=has_key)
    if first == _SIGNATURE and has_key:
        return say("The signature was not fully checked."), _ANYTHING[1]
    if first == _MAKER:
        # Whose is open is told by the limit too, and a small screen holds only one of the two.
        told = say("The platform’s holds. The maker’s own could not be checked.")
        line = _status_words(known_on) if _STATUS & {*checks} else told
        return say("One signature good, one not checked."), line
    if first in _STATUS:
        return say("Signature good, status unknown."), _status_words(known_on)
    return _FIRST.get(first, _ANYTHING)


def is_hearsay(checks: Sequence[int]) -> bool:
    """Whether nobody believed has signed what the file says, and the lists that came with it."""
    return not _SIGNED.isdisjoint(checks)


def open_limit(checks: Sequence[int]) -> str:
    """What a check cannot tell in which these were open, the first before the others."""
    first = checks[0] if checks else 0
    if first == _MAKER and _STATUS & {*checks}:
        return say("whether its maker signed it too, or whether it still stands.")
    return _LIMITS.get(first, say("what the list calls not checked."))


def _key_words(*, has_key: bool) -> str:
    if has_key:
        return say("The key came with the file. Compare its fingerprint with the card.")
    return say("No key of its issuer is at hand, so the signature was not checked.")


def _status_words(known_on: date | None) -> str:
    known = say("Last known on %(day)s.", day=known_on) if known_on else ""
    return joined([known, say("We could not ask whether it still stands. Try again online.")])

"""What a headline may mention of a verdict, from nothing but the verdict."""

from dataclasses import replace
from datetime import datetime

from provenance.verdict import CertificateAnswer, Facts
from provenance.verdict_unreliable import LostKey, lost_note
from provenance.verification import Outcome, Verdict

_BY_THE_PLATFORM, _BY_THE_MAKER = 4, 5
_BY_THE_ISSUER = frozenset({3, _BY_THE_PLATFORM})


def facts_of(verdict: Verdict, facts: Facts) -> Facts:
    """These facts with what the checks found out."""
    facts = replace(
        facts,
        open_checks=tuple(check.number for check in verdict.needed_not_checked),
        has_key=verdict.fingerprint is not None,
    )
    if verdict.answer is CertificateAnswer.UNCONFIRMED:
        # Before that holds, nobody we know has said when anything stood.
        return replace(facts, at=verdict.status_as_of if is_signed(verdict) else None)
    if verdict.answer is CertificateAnswer.FAILED:
        return replace(facts, reason=verdict.failed[0].reason)
    if verdict.answer is CertificateAnswer.UNRELIABLE:
        return replace(facts, lost_key=lost_key_of(verdict), at=_lost_since(verdict))
    return facts


def lost_key_of(verdict: Verdict) -> LostKey | None:
    """Whose key makes it unreliable: the platform's before the maker's; None where neither does.

    Whatever else can fail outranks that answer, so a check of a signature failed for its key.
    """
    if verdict.answer is not CertificateAnswer.UNRELIABLE:
        return None
    lost = {check.number for check in verdict.failed}
    if _BY_THE_PLATFORM in lost:
        return LostKey.PLATFORM
    return LostKey.MAKER if _BY_THE_MAKER in lost else None


def loss_explained(verdict: Verdict) -> str:
    """What that loss means for it; "" while the platform's signature is itself an open question."""
    outcomes = {check.number: check.outcome for check in verdict.checks}
    is_open = outcomes[_BY_THE_PLATFORM] is Outcome.NOT_CHECKED
    return "" if is_open else lost_note(lost_key_of(verdict))


def _lost_since(verdict: Verdict) -> datetime | None:
    """The moment of the one key that was lost; of two, the verdict does not say whose it is."""
    lost = {check.number for check in verdict.failed}
    return None if {_BY_THE_PLATFORM, _BY_THE_MAKER} <= lost else verdict.unreliable_since


def is_signed(verdict: Verdict) -> bool:
    """Whether the issuer's signature holds by a key that is believed, and the maker's, if any."""
    outcomes = {check.number: check.outcome for check in verdict.checks}
    is_by_issuer = all(outcomes[number] is Outcome.PASSED for number in _BY_THE_ISSUER)
    return is_by_issuer and outcomes[_BY_THE_MAKER] is not Outcome.FAILED

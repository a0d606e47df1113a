"""What a headline may mention of a verdict, from nothing but the verdict."""

from dataclasses import replace

from provenance.verdict import CertificateAnswer, Facts
from provenance.verification import Outcome, Verdict

_BY_THE_ISSUER = frozenset({3, 4})
_BY_THE_MAKER = 5


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
        return replace(facts, at=verdict.unreliable_since)
    return facts


def is_signed(verdict: Verdict) -> bool:
    """Whether the issuer's signature holds by a key that is believed, and the maker's, if any."""
    outcomes = {check.number: check.outcome for check in verdict.checks}
    is_by_issuer = all(outcomes[number] is Outcome.PASSED for number in _BY_THE_ISSUER)
    return is_by_issuer and outcomes[_BY_THE_MAKER] is not Outcome.FAILED

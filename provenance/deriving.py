"""A label from a subject as somebody states it: its masses checked, its dates held to the maker."""

from datetime import UTC, datetime, time

from provenance.alterations import derive_whole
from provenance.canonical import JSONObject
from provenance.making import Derivation
from provenance.making_reading import read_span
from provenance.weighing import check_masses


def derive_stated(subject: JSONObject, *, issued: datetime | None, now: datetime) -> Derivation:
    """Derive the label of a `credentialSubject` that nobody signed or checked yet.

    `issued` is the moment its certificate says, None before there is one. Raises
    InvalidRecordError with the path of the first fault, UnknownPolicyError for other rules.
    """
    check_masses(subject)
    return derive_whole(subject, now=now, born=_born(subject), issued=issued)


def _born(subject: JSONObject) -> datetime | None:
    maker = subject.get("maker")
    born = maker.get("born") if isinstance(maker, dict) else None
    if born is None:
        return None
    if isinstance(born, int) and not isinstance(born, bool) and 1 <= born <= 9999:
        return datetime.combine(datetime(born, 1, 1, tzinfo=UTC), time.min, UTC)
    return read_span(born, "maker.born").first

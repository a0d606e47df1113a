"""Django looks for models here; the classes are imported from their own modules."""

from provenance.models import (
    appraisal,
    authorisation,
    certificate,
    details,
    identity,
    keeping,
    keys,
    log,
    maker,
    making,
    piece,
    season,
)

__all__ = [
    "appraisal",
    "authorisation",
    "certificate",
    "details",
    "identity",
    "keeping",
    "keys",
    "log",
    "maker",
    "making",
    "piece",
    "season",
]

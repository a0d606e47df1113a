"""The bundle of a certificate of ours: the same bytes while nothing it tells has changed."""

from dataclasses import dataclass
from datetime import datetime

from provenance.bundle import build_bundle
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import read_time
from provenance.models.certificate import Certificate
from provenance.services import platform
from provenance.services.standing import file_of


@dataclass(frozen=True)
class Bundled:
    """A bundle's bytes, and as of when its status lists tell how the certificate stands."""

    content: bytes
    as_of: datetime


def bundle_of(certificate: Certificate, *, now: datetime) -> Bundled:
    """All that a laptop without network needs to check it, as of its youngest status list."""
    signed = platform.status_lists_of(certificate.status_batch, now=now).values()
    lists = [parse_object(each) for each in signed]
    as_of = max(read_time(each["validFrom"]) for each in lists)
    bundle = build_bundle(
        certificate=parse_object(file_of(certificate)),
        did_documents=[platform.did_document(), platform.maker_document(certificate.maker)],
        status_lists=lists,
        as_of=as_of,
    )
    return Bundled(canonical_bytes(bundle), as_of)

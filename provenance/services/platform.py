"""The platform's own voice: its key, its DID document, its status lists."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from provenance import keys, statuslist
from provenance.canonical import JSONObject, canonical_bytes
from provenance.credentials import attach_proofs, create_proof
from provenance.models.certificate import Certificate, StatusBatch

PURPOSES = ("revocation", "suspension", "refresh")
LIST_LIFETIME = timedelta(hours=24)
# A signed list is made anew this often; a changed bit makes a new one at once.
LIST_REFRESH_SECONDS = 900


def did() -> str:
    return keys.did_web(settings.SITE_URL)


def signer() -> keys.Signer:
    """The platform's signer. Raises BadKeyError or KeyLockedError; never makes a key."""
    return _load(settings.PLATFORM_KEY_PATH, settings.PLATFORM_KEY_PASSPHRASE, did())


@lru_cache(maxsize=4)
def _load(path: Path, passphrase: str, platform_did: str) -> keys.Signer:
    return keys.load_signer(
        path,
        passphrase=passphrase.encode(),
        verification_method_of=lambda public: keys.verification_method(platform_did, public),
    )


def did_document() -> JSONObject:
    return keys.did_document(did(), keys=[signer().public_key])


def fingerprint() -> str:
    return keys.fingerprint(signer().public_key)


# -- status lists -------------------------------------------------------------------------------


def list_number(batch: StatusBatch, purpose: str) -> int:
    """Lists are numbered from 1; each batch has three, in the order of PURPOSES."""
    return (batch.pk - 1) * len(PURPOSES) + PURPOSES.index(purpose) + 1


def list_url(number: int) -> str:
    return f"{settings.SITE_URL}/status/{number}"


def status_list(number: int, *, now: datetime) -> bytes:
    """The signed list `number` as it stands. Raises StatusBatch.DoesNotExist."""
    batch_place, purpose = divmod(number - 1, len(PURPOSES))
    batch = StatusBatch.objects.get(pk=batch_place + 1)
    return status_list_of(batch, PURPOSES[purpose], now=now)


def status_list_of(batch: StatusBatch, purpose: str, *, now: datetime) -> bytes:
    """The signed list of one purpose, from the cache while no bit of the batch changed."""
    name = f"status:{batch.pk}:{purpose}:{batch.changes}:{settings.SITE_URL}"
    cached: bytes | None = cache.get(name)
    if cached is None:
        cached = _sign_list(batch, purpose, now)
        cache.set(name, cached, LIST_REFRESH_SECONDS)
    return cached


def status_lists_of(batch: StatusBatch, *, now: datetime) -> dict[str, bytes]:
    """Every list a certificate of this batch names, by its URL."""
    return {
        list_url(list_number(batch, purpose)): status_list_of(batch, purpose, now=now)
        for purpose in PURPOSES
    }


def _sign_list(batch: StatusBatch, purpose: str, now: datetime) -> bytes:
    document = statuslist.build_status_list(
        url=list_url(list_number(batch, purpose)),
        issuer=did(),
        purpose=purpose,
        set_indexes=_set_indexes(batch, purpose),
        valid_from=now,
        valid_until=now + LIST_LIFETIME,
    )
    proof = create_proof(document, signer=signer(), created=now)
    return canonical_bytes(attach_proofs(document, [proof]))


def _set_indexes(batch: StatusBatch, purpose: str) -> list[int]:
    certificates = Certificate.objects.filter(status_batch=batch)
    if purpose == "revocation":
        certificates = certificates.filter(revoked_at__isnull=False)
    elif purpose == "refresh":
        certificates = certificates.filter(superseded_by__isnull=False)
    else:  # Nothing here suspends a certificate yet.
        certificates = certificates.none()
    return list(certificates.values_list("status_index", flat=True))

"""The platform's own voice: its key, its DID document, its status lists."""

import contextlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from provenance import keys, statuslist
from provenance.canonical import JSONObject, canonical_bytes
from provenance.credentials import attach_proofs, create_proof
from provenance.errors import BadKeyError, KeyLockedError
from provenance.models.certificate import Certificate, StatusBatch
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.services import keyring
from provenance.trust import MOST_VOUCHERS, Trust

PURPOSES = ("revocation", "suspension", "refresh")
LIST_LIFETIME = timedelta(hours=24)
# A signed list is made anew this often; a changed bit makes a new one at once.
LIST_REFRESH_SECONDS = 900


def did() -> str:
    return keyring.did()


def signer() -> keys.Signer:
    """The platform's signer of today. Raises BadKeyError or KeyLockedError; never makes a key."""
    return _signer_of(keyring.keyring())


def issuing_signer() -> keys.Signer:
    """The same, asked of the database itself; the first key a site issues with goes on record.

    Call it in the transaction that signs: a key reported stolen a moment ago signs nothing.
    """
    row = SigningKey.objects.of_platform().in_use().first() or put_first_on_record()
    if row is None:
        raise BadKeyError("the platform has no key in use")
    return _signer_from(row.file, bytes(row.public_key))


def put_first_on_record() -> SigningKey | None:
    """The key that lies in its file alone, now on record; None when there is any on record."""
    return None if SigningKey.objects.of_platform().exists() else _adopt()


def is_on_record() -> bool:
    """Whether a key of the platform is known; False too while there is no database yet."""
    try:
        with transaction.atomic():
            return bool(SigningKey.objects.of_platform().exists())
    except DatabaseError:
        return False


def _adopt() -> SigningKey:
    path = settings.PLATFORM_KEY_PATH
    public_key = _load(path, settings.PLATFORM_KEY_PASSPHRASE, did()).public_key
    row, _ = SigningKey.objects.get_or_create(
        public_key=public_key, defaults={"level": KeyLevel.PLATFORM, "file": path.name}
    )
    keyring.forget()
    return row


def _signer_of(ring: keyring.Keyring) -> keys.Signer:
    if not ring.platform:  # nothing was issued yet: the key lies in its file alone
        return _load(settings.PLATFORM_KEY_PATH, settings.PLATFORM_KEY_PASSPHRASE, did())
    for key in ring.platform:
        if key.is_in_use:
            return _signer_from(key.file, key.public_key)
    raise BadKeyError("the platform has no key in use")


def key_path(file: str) -> Path:
    """Where a key file of the platform lies: they lie side by side."""
    folder: Path = settings.PLATFORM_KEY_PATH.parent
    return folder / file


def open_file(file: str) -> keys.Signer:
    """The signer in one of the platform's key files."""
    return _load(key_path(file), settings.PLATFORM_KEY_PASSPHRASE, did())


def _signer_from(file: str, public_key: bytes) -> keys.Signer:
    found = open_file(file)
    if found.public_key != public_key:
        raise BadKeyError("the key file does not hold the key on record")
    return found


@lru_cache(maxsize=8)
@sensitive_variables("passphrase")
def _load(path: Path, passphrase: str, platform_did: str) -> keys.Signer:
    return keys.load_signer(
        path,
        passphrase=passphrase.encode(),
        verification_method_of=lambda public: keys.verification_method(platform_did, public),
    )


def did_document() -> JSONObject:
    """Every key there ever was, signed by each that is not stolen and lies here.

    An old card names an old key; through its signature it leads to the key of today.
    """
    ring = keyring.keyring()
    sound = (key for key in ring.platform if key.compromised_at is None)
    signers = [*islice(_at_hand(sound), MOST_VOUCHERS)] if ring.platform else [signer()]
    return keyring.signed_document(_unsigned(ring), signers, now=timezone.now())


def _unsigned(ring: keyring.Keyring) -> JSONObject:
    if not ring.platform:
        return keys.did_document(did(), keys=[signer().public_key])
    return keyring.document_of(did(), ring.platform)


def _at_hand(recorded: Iterable[keyring.RecordedKey]) -> Iterator[keys.Signer]:
    for key in recorded:
        # A key that is no longer here is published all the same.
        with contextlib.suppress(BadKeyError, KeyLockedError):
            yield _signer_from(key.file, key.public_key)


def maker_document(maker: Maker) -> JSONObject:
    """A maker's keys, all there ever were, vouched for by the platform."""
    owner = keyring.did_of(maker)
    page = settings.SITE_URL + reverse("provenance:maker", args=[maker.slug])
    document = keyring.document_of(owner, keyring.keys_of(maker)) | {"alsoKnownAs": [page]}
    return keyring.signed_document(document, [signer()], now=timezone.now())


def own_trust() -> Trust:
    """What this site believes: its own keys, and what it knows of its makers'."""
    ring = keyring.keyring()
    return keyring.trust_in(_unsigned(ring), ring)


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
    by = signer()
    name = f"status:{batch.pk}:{purpose}:{batch.changes}:{by.verification_method}"
    cached: bytes | None = cache.get(name)
    if cached is None:
        cached = _sign_list(batch, purpose, by, now)
        cache.set(name, cached, LIST_REFRESH_SECONDS)
    return cached


def status_lists_of(batch: StatusBatch, *, now: datetime) -> dict[str, bytes]:
    """Every list a certificate of this batch names, by its URL."""
    return {
        list_url(list_number(batch, purpose)): status_list_of(batch, purpose, now=now)
        for purpose in PURPOSES
    }


def _sign_list(batch: StatusBatch, purpose: str, by: keys.Signer, now: datetime) -> bytes:
    document = statuslist.build_status_list(
        url=list_url(list_number(batch, purpose)),
        issuer=did(),
        purpose=purpose,
        set_indexes=_set_indexes(batch, purpose),
        valid_from=now,
        valid_until=now + LIST_LIFETIME,
    )
    proof = create_proof(document, signer=by, created=now)
    return canonical_bytes(attach_proofs(document, [proof]))


def _set_indexes(batch: StatusBatch, purpose: str) -> list[int]:
    certificates = Certificate.objects.filter(status_batch=batch)
    if purpose == "revocation":
        certificates = certificates.filter(revoked_at__isnull=False)
    elif purpose == "refresh":
        certificates = certificates.filter(superseded_by__isnull=False)
    else:
        certificates = certificates.paused()
    return list(certificates.values_list("status_index", flat=True))

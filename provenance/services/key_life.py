"""What becomes of keys: the platform's is replaced, a stolen one is reported with its moment."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance import keys
from provenance.errors import BadKeyError, ProvenanceError
from provenance.models.keys import KeyLevel, SigningKey
from provenance.services import keyring, maker_keys, platform
from provenance.services.events import record


class CompromiseRecordedError(ProvenanceError):
    """The theft of this key is on record; its moment is never changed."""

    code = "compromise_recorded"


class MomentToComeError(ProvenanceError):
    """A theft is reported with a moment that has passed."""

    code = "moment_to_come"


def rotate_platform_key() -> SigningKey:
    """Make a new key for the platform and retire the one in use, which stays published.

    A key whose file is lost can be replaced too; only a site's very first one must open.
    """
    file = _new_file()
    with transaction.atomic():
        platform.put_first_on_record()
        now = timezone.now().replace(microsecond=0)
        old = SigningKey.objects.of_platform().in_use()
        for key in old:
            record("key.retired", by=None, maker=None, facts=maker_keys.facts_of(key), at=now)
        old.update(retired_at=now)
        return _put_on_record(file)


def report_platform_compromise(*, key: SigningKey, at: datetime, reason: str) -> SigningKey:
    """Believe nothing that this key signed from `at` on; the platform goes on with a new one.

    Raises CompromiseRecordedError and MomentToComeError. Returns the key in use afterwards.
    Whatever was signed before must be signed again: `reproof.reproof_batch`.
    """
    file = _new_file() if key.is_in_use else ""
    with transaction.atomic():
        _mark(key, at=at, reason=reason, by=None)
        if file:
            return _put_on_record(file)
    found: SigningKey = SigningKey.objects.of_platform().in_use().get()
    return found


@transaction.atomic
def report_maker_compromise(
    *, key: SigningKey, at: datetime, reason: str, by: User | None
) -> SigningKey:
    """Believe nothing that names this maker's key and is dated from `at` on."""
    _mark(key, at=at, reason=reason, by=by)
    maker_keys.destroy_file(key)
    key.refresh_from_db()
    return key


def find_key(text: str) -> SigningKey:
    """A key on record, by its Multikey or its fingerprint. Raises BadKeyError."""
    if text.startswith("z"):
        found = SigningKey.objects.filter(public_key=keys.read_multikey(text)).first()
    else:
        wanted = keys.read_fingerprint(text)
        known = SigningKey.objects.iterator()
        found = next((k for k in known if keys.fingerprint(bytes(k.public_key)) == wanted), None)
    if found is None:
        raise BadKeyError("no such key is on record")
    return found


def _mark(key: SigningKey, *, at: datetime, reason: str, by: User | None) -> None:
    at, now = at.replace(microsecond=0), timezone.now().replace(microsecond=0)
    if at > now:
        raise MomentToComeError("a theft has a moment that has passed")
    moved = SigningKey.objects.filter(pk=key.pk, compromised_at__isnull=True).update(
        compromised_at=at, compromise_reason=reason, compromise_recorded_at=now
    )
    if not moved:
        raise CompromiseRecordedError("the theft of this key is on record already")
    keyring.forget()
    told = maker_keys.facts_of(key) | {"since": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    record("key.compromised", by=by, maker=key.maker, facts={**told, "reason": reason}, at=now)


def _new_file() -> str:
    """A new key file beside the others; without a row it is nobody's key yet."""
    file = f"platform-{secrets.token_hex(8)}.pem"
    keys.write_key_file(
        platform.key_path(file), passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    return file


def _put_on_record(file: str) -> SigningKey:
    signer = platform.open_file(file)
    key: SigningKey = SigningKey.objects.create(
        public_key=signer.public_key, level=KeyLevel.PLATFORM, file=file
    )
    keyring.forget()
    record("key.made", by=None, maker=None, facts=maker_keys.facts_of(key))
    return key

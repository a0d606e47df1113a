"""What becomes of keys: the platform's is replaced, a stolen one is reported with its moment."""

import contextlib
import secrets
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from provenance import keys
from provenance.credentials import write_time
from provenance.errors import BadKeyError, ProvenanceError
from provenance.models.certificate import (
    Actor,
    Certificate,
    CertificateProof,
    CertificateQuerySet,
    ProofKind,
)
from provenance.models.keys import KeyLevel, SigningKey
from provenance.services import keyring, maker_keys, platform, suspend
from provenance.services.events import record

MOST_REASON = 300
SIGNED_AFTER = "It was signed with the workshop’s key after that key was stolen."


class CompromiseRecordedError(ProvenanceError):
    """The theft of this key is on record; its moment is never changed."""

    code = "compromise_recorded"


class UnfitReasonError(ProvenanceError):
    """A theft is reported with what happened, in words that everybody may read."""

    code = "unfit_reason"


class MomentToComeError(ProvenanceError):
    """A theft is reported with a moment that has passed."""

    code = "moment_to_come"


def rotate_platform_key() -> SigningKey:
    """Make a new key for the platform and retire the one in use, which stays published.

    A key whose file is lost can be replaced too; only a site's very first one must open.
    """
    file = _new_file()
    with transaction.atomic(), _gone_unless_recorded(file):
        platform.put_first_on_record()
        now = timezone.now().replace(microsecond=0)
        old = SigningKey.objects.of_platform().in_use()
        for key in old:
            record("key.retired", by=None, maker=None, facts=maker_keys.facts_of(key), at=now)
        old.update(retired_at=now)
        return _put_on_record(file)


def report_platform_compromise(*, key: SigningKey, at: datetime, reason: str) -> SigningKey:
    """Believe nothing that this key signed from `at` on; the platform goes on with a new one.

    Raises CompromiseRecordedError, MomentToComeError and UnfitReasonError. Returns the key in use
    afterwards. Whatever was signed before must be signed again: `manage.py reproof`.
    """
    if not key.is_in_use:
        return _report_former(key, at=at, reason=reason)
    file = _new_file()
    with transaction.atomic(), _gone_unless_recorded(file):
        _mark(key, at=at, reason=reason, by=None)
        return _put_on_record(file)


@transaction.atomic
def _report_former(key: SigningKey, *, at: datetime, reason: str) -> SigningKey:
    _mark(key, at=at, reason=reason, by=None)
    found: SigningKey = SigningKey.objects.of_platform().in_use().get()
    return found


@transaction.atomic
def report_maker_compromise(*, key: SigningKey, at: datetime, reason: str, by: User | None) -> int:
    """Believe nothing that names this maker's key and is dated from `at` on.

    What is dated before and was signed after it is paused; returns how many. Raises the errors of
    `report_platform_compromise`.
    """
    _mark(key, at=at, reason=reason, by=by)
    maker_keys.destroy_file(key)
    key.refresh_from_db()
    return _pause_signed_after(key)


def _pause_signed_after(key: SigningKey) -> int:
    """Pause what was prepared before the theft and completed after it, by whoever had the key.

    A body may wait a day for its maker's proof, and a thief writes any moment into the proof:
    only our records tell that it came later. The staff lift the pause of what the maker knows.
    """
    paused = 0
    for certificate in _signed_after(key):
        # One that the staff paused stays so for their reason; one replaced meanwhile is over.
        with contextlib.suppress(suspend.AlreadySuspendedError, suspend.CannotSuspendError):
            suspend.suspend_certificate(
                certificate=certificate, reason=SIGNED_AFTER, actor=Actor.STAFF, by=None
            )
            paused += 1
    return paused


def _signed_after(key: SigningKey) -> CertificateQuerySet:
    hers = CertificateProof.objects.filter(certificate=OuterRef("pk"), kind=ProofKind.MAKER)
    by_it = hers.filter(verification_method=keyring.method_of(key))
    found: CertificateQuerySet = Certificate.objects.current().filter(
        Exists(by_it.filter(created_at__gte=key.compromised_at)),
        ~Exists(hers.filter(created_at__lt=key.compromised_at)),
        maker=key.maker,
        valid_from__lt=key.compromised_at,
        revoked_at__isnull=True,
    )
    return found.order_by("pk")


def platform_key_in_use() -> SigningKey:
    """The key on record, whether or not its file is here: one that is lost can be reported too.

    Raises BadKeyError where nothing was issued yet and the file of the first key cannot be read.
    """
    if found := SigningKey.objects.of_platform().in_use().first():
        return found
    try:
        first = platform.put_first_on_record()
    except ProvenanceError as problem:
        raise BadKeyError(
            f"{problem}, and no key of the platform is on record: put the file back from a backup, "
            "or, where nothing was ever signed, make a key with make_platform_key"
        ) from problem
    if first is None:
        raise BadKeyError("the platform has no key in use; name the stolen one by its fingerprint")
    return first


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
    reason = reason.strip()
    if not 0 < len(reason) <= MOST_REASON:
        raise UnfitReasonError(f"say in at most {MOST_REASON} characters what happened")
    at, now = at.replace(microsecond=0), timezone.now().replace(microsecond=0)
    if at > now:
        raise MomentToComeError("a theft has a moment that has passed")
    moved = SigningKey.objects.filter(pk=key.pk, compromised_at__isnull=True).update(
        compromised_at=at, compromise_reason=reason, compromise_recorded_at=now
    )
    if not moved:
        raise CompromiseRecordedError("the theft of this key is on record already")
    keyring.forget()
    told = maker_keys.facts_of(key) | {"since": write_time(at)}
    record("key.compromised", by=by, maker=key.maker, facts={**told, "reason": reason}, at=now)


def _new_file() -> str:
    """A new key file beside the others; without a row it is nobody's key yet."""
    file = f"platform-{secrets.token_hex(8)}.pem"
    keys.write_key_file(
        platform.key_path(file), passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    return file


@contextlib.contextmanager
def _gone_unless_recorded(file: str) -> Iterator[None]:
    """Take a new key file away again when what it was made for is refused.

    Enter it within the transaction: once that may have committed, the file may be in use.
    """
    with contextlib.ExitStack() as undo:
        undo.callback(platform.key_path(file).unlink, missing_ok=True)
        yield
        undo.pop_all()


def _put_on_record(file: str) -> SigningKey:
    signer = platform.open_file(file)
    key: SigningKey = SigningKey.objects.create(
        public_key=signer.public_key, level=KeyLevel.PLATFORM, file=file
    )
    keyring.forget()
    record("key.made", by=None, maker=None, facts=maker_keys.facts_of(key))
    return key

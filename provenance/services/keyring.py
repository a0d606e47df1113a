"""The public keys on record: what this site publishes of them, and whom it believes itself."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q

from provenance import keys
from provenance.canonical import JSONObject, canonical_bytes, parse_object
from provenance.credentials import attach_proofs, create_proofs, write_time
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.trust import Trust, read_did_document

_NAME = "keyring"
# Another process learns of a stolen key within this time; a shared cache tells it at once.
_SECONDS = 30
_SIGNED_SECONDS = 300


@dataclass(frozen=True)
class RecordedKey:
    """A key on record, as far as publishing it needs."""

    public_key: bytes
    file: str
    is_in_use: bool
    compromised_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Keyring:
    """The platform's keys, the newest first, and those of every maker who lost one.

    Other makers' keys are not needed to judge a certificate: its body names the key itself.
    """

    platform: tuple[RecordedKey, ...]
    makers: tuple[tuple[str, tuple[RecordedKey, ...]], ...]

    def reason_of(self, since: datetime | None, methods: Iterable[str]) -> str:
        """Why the key is not believed that was lost at this moment: the first that is named.

        `methods` are those of proofs; who holds a key may name it as anybody's. Where none of
        them was lost then, it is the only one that was.
        """
        known = [*self.platform, *(key for _, theirs in self.makers for key in theirs)]
        lost = {
            keys.multikey(key.public_key): key.reason
            for key in known
            if since and key.compromised_at == since
        }
        named = [key for method in methods if (key := method.rpartition("#")[2]) in lost]
        only = [*lost] if len(lost) == 1 else []
        return next((lost[key] for key in [*named, *only]), "")


def did() -> str:
    return keys.did_web(settings.SITE_URL)


def did_of(maker: Maker) -> str:
    return keys.did_web(settings.SITE_URL, "j", maker.slug)


def method_of(key: SigningKey) -> str:
    """The name under which a key on record signs."""
    owner = did_of(key.maker) if key.maker else did()
    return keys.verification_method(owner, bytes(key.public_key))


def keyring() -> Keyring:
    """The keys as they stand, at most half a minute old."""
    found: Keyring | None = cache.get(_NAME)
    if found is None:
        found = _read()
        cache.set(_NAME, found, _SECONDS)
    return found


def forget() -> None:
    """After a change of a key: what is cached is old, now and once the change is committed."""
    cache.delete(_NAME)
    transaction.on_commit(lambda: cache.delete(_NAME))


def keys_of(maker: Maker) -> tuple[RecordedKey, ...]:
    return tuple(_recorded(row) for row in SigningKey.objects.filter(maker=maker))


def document_of(owner: str, recorded: Iterable[RecordedKey]) -> JSONObject:
    """A DID document of these keys, unsigned: the one in use first, the stolen ones last."""
    listed = sorted(recorded, key=lambda key: not key.is_in_use)
    return keys.did_document(
        owner,
        keys=[key.public_key for key in listed if key.compromised_at is None],
        revoked={
            key.public_key: write_time(key.compromised_at) for key in listed if key.compromised_at
        },
    )


def signed_document(
    document: JSONObject, signers: Iterable[keys.Signer], *, now: datetime
) -> JSONObject:
    """The document with proofs by these signers, the same bytes for some minutes."""
    signing = [*signers]
    if not signing:
        return document
    methods = "".join(signer.verification_method for signer in signing)
    content = hashlib.sha256(canonical_bytes(document) + methods.encode()).hexdigest()
    name = f"did:{content}"
    cached: bytes | None = cache.get(name)
    if cached is None:
        proofs = create_proofs(document, signers=signing, created=now)
        cached = canonical_bytes(attach_proofs(document, proofs))
        cache.set(name, cached, _SIGNED_SECONDS)
    return parse_object(cached)


def trust_in(platform: JSONObject, ring: Keyring) -> Trust:
    """This site believes its own keys and what it says of its makers', and nobody else."""
    makers = [
        document_of(keys.did_web(settings.SITE_URL, "j", slug), theirs)
        for slug, theirs in ring.makers
    ]
    return _believing(tuple(canonical_bytes(each) for each in (platform, *makers)))


@lru_cache(maxsize=4)
def _believing(documents: tuple[bytes, ...]) -> Trust:
    return Trust(documents=tuple(read_did_document(parse_object(each)) for each in documents))


def _read() -> Keyring:
    lost = SigningKey.objects.filter(maker__isnull=False, compromised_at__isnull=False)
    wanted = SigningKey.objects.filter(Q(maker__isnull=True) | Q(maker__in=lost.values("maker")))
    platform: list[RecordedKey] = []
    makers: dict[str, list[RecordedKey]] = {}
    for row in wanted.select_related("maker"):
        theirs = makers.setdefault(row.maker.slug, []) if row.maker else platform
        theirs.append(_recorded(row))
    return Keyring(tuple(platform), tuple((slug, tuple(each)) for slug, each in makers.items()))


def _recorded(row: SigningKey) -> RecordedKey:
    return RecordedKey(
        public_key=bytes(row.public_key),
        file=row.file,
        is_in_use=row.is_in_use,
        compromised_at=row.compromised_at,
        reason=row.compromise_reason,
    )

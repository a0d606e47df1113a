"""Makers' keys: made and kept here, or registered from elsewhere; opened for one act, retired."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from provenance import keys
from provenance.canonical import JSONObject, parse_object
from provenance.credentials import CREDENTIALS_V2, method_of, read_time, verify_proof, write_time
from provenance.errors import BadProofError, ProvenanceError
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.services import keyring
from provenance.services.events import record

SHORTEST_PASSPHRASE = 15
CHALLENGE_TYPE = "KeyPossession"
# A proof is some four hundred bytes; whoever uploads more has taken the wrong file.
LARGEST_PROOF = 16 * 1024
_PROOF_MEMBERS = {
    "@context",
    "created",
    "cryptosuite",
    "proofPurpose",
    "proofValue",
    "type",
    "verificationMethod",
}


class MakerKeyLockedError(ProvenanceError):
    """The maker's key is kept here, and it was not opened for this act."""

    code = "maker_key_locked"


class MakerSignsElsewhereError(ProvenanceError):
    """The maker signs with a key of their own: the certificate waits for that proof."""

    code = "maker_signs_elsewhere"


class KeyInUseError(ProvenanceError):
    """The maker has a key in use; it is retired before another takes its place."""

    code = "key_in_use"


class KeyKnownError(ProvenanceError):
    """This public key is on record already, perhaps as somebody else's."""

    code = "key_known"


class NoKeyInUseError(ProvenanceError):
    """There is no key in use that could be retired, opened or reported."""

    code = "no_key_in_use"


class WeakPassphraseError(ProvenanceError):
    """The passphrase is too short to keep a key under it."""

    code = "weak_passphrase"


def key_in_use(maker: Maker) -> SigningKey | None:
    found: SigningKey | None = SigningKey.objects.in_use().filter(maker=maker).first()
    return found


def hold_key_in_use(maker: Maker) -> SigningKey | None:
    """The same, its row held: in the transaction at hand nobody retires it or reports its theft."""
    held = SigningKey.objects.in_use().select_for_update(no_key=True).filter(maker=maker)
    found: SigningKey | None = held.first()
    return found


def method_named(maker: Maker, public_key: bytes) -> str:
    return keys.verification_method(keyring.did_of(maker), public_key)


# -- kept here ----------------------------------------------------------------------------------


@sensitive_variables()
def make_held_key(*, maker: Maker, passphrase: str, by: User) -> SigningKey:
    """Make a key and keep it here, encrypted under a passphrase that only its maker knows.

    Raises WeakPassphraseError and KeyInUseError.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphraseError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    if key_in_use(maker):
        raise KeyInUseError("retire the key in use first")
    folder: Path = settings.MAKER_KEYS_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = f"{secrets.token_hex(16)}.pem"
    # Sealing takes a fifth of a second and is done before the database is held.
    public_key = keys.write_key_file(folder / file, passphrase=passphrase.encode())
    try:
        return _put_on_record(maker, public_key, KeyLevel.HELD, by=by, file=file)
    except ProvenanceError:
        (folder / file).unlink(missing_ok=True)
        raise


@sensitive_variables()
def unlock(*, maker: Maker, passphrase: str) -> keys.Signer:
    """Open the maker's key for one act; it lives in this process's memory and nowhere else.

    Raises NoKeyInUseError, KeyLockedError for a wrong passphrase, BadKeyError for a spoilt file.
    """
    key = key_in_use(maker)
    if key is None or key.level != KeyLevel.HELD:
        raise NoKeyInUseError("no key of this workshop is kept here")
    return keys.load_signer(
        settings.MAKER_KEYS_DIR / key.file,
        passphrase=passphrase.encode(),
        verification_method_of=lambda public: method_named(maker, public),
    )


# -- of the maker's own -------------------------------------------------------------------------


def challenge(maker: Maker, public_key: bytes) -> JSONObject:
    """What the maker signs to show that the private half of this key is in their hands."""
    return {
        "@context": [CREDENTIALS_V2],
        "type": [CHALLENGE_TYPE],
        "maker": keyring.did_of(maker),
        "key": method_named(maker, public_key),
        "nonce": secrets.token_urlsafe(16),
        "made": write_time(timezone.now()),
    }


def register_own_key(*, maker: Maker, asked: JSONObject, proof: bytes, by: User) -> SigningKey:
    """Put a maker's own public key on record, once the challenge we made for it is signed.

    Raises BadKeyError, BadProofError, MalformedError, KeyInUseError and KeyKnownError.
    """
    public_key = keys.read_multikey(str(asked["key"]).partition("#")[2])
    if asked["maker"] != keyring.did_of(maker):
        raise BadProofError("the challenge was made for another workshop")
    check_own_proof(asked, read_proof(proof), public_key)
    return _put_on_record(maker, public_key, KeyLevel.OWN, by=by)


def read_proof(data: bytes) -> JSONObject:
    """Read a proof as `python -m provenance sign` writes it, and nothing that hides more."""
    proof = parse_object(data, limit=LARGEST_PROOF)
    if not proof.keys() <= _PROOF_MEMBERS:
        raise BadProofError("the proof holds members that no proof of ours has")
    return proof


def check_own_proof(document: JSONObject, proof: JSONObject, public_key: bytes) -> None:
    """BadProofError unless this key, under its name in the document, signed the document."""
    named = document.get("key")
    if named and method_of(proof) != named:
        raise BadProofError("the proof names another key")
    read_time(proof.get("created"))
    verify_proof(document, proof, public_key=public_key)


# -- both ---------------------------------------------------------------------------------------


@transaction.atomic
def retire_key(*, maker: Maker, by: User) -> SigningKey:
    """Use the key no more. What it signed stays good; a key file of ours is destroyed."""
    key = _one_in_use(maker)
    now = timezone.now().replace(microsecond=0)
    if not SigningKey.objects.in_use().filter(pk=key.pk).update(retired_at=now):
        raise NoKeyInUseError("this key was retired meanwhile")
    destroy_file(key)
    keyring.forget()
    record("key.retired", by=by, maker=maker, facts=facts_of(key), at=now)
    key.refresh_from_db()
    return key


def destroy_file(key: SigningKey) -> None:
    """Once committed: nothing will ever be signed with it, so keeping it is only a risk."""
    if key.level == KeyLevel.HELD:
        path: Path = settings.MAKER_KEYS_DIR / key.file
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def facts_of(key: SigningKey) -> dict[str, str]:
    """How an event names a key."""
    return {"key": keys.multikey(bytes(key.public_key)), "level": str(key.level)}


def _one_in_use(maker: Maker) -> SigningKey:
    key = key_in_use(maker)
    if key is None:
        raise NoKeyInUseError("this workshop has no key in use")
    return key


@transaction.atomic
def _put_on_record(
    maker: Maker, public_key: bytes, level: KeyLevel, *, by: User, file: str = ""
) -> SigningKey:
    if key_in_use(maker):
        raise KeyInUseError("retire the key in use first")
    try:
        with transaction.atomic():
            key = SigningKey.objects.create(
                maker=maker, public_key=public_key, level=level, file=file
            )
    except IntegrityError as problem:
        if SigningKey.objects.filter(public_key=public_key).exists():
            raise KeyKnownError("this key is on record already") from problem
        raise KeyInUseError("another device made a key first") from problem
    keyring.forget()
    record("key.made", by=by, maker=maker, facts=facts_of(key))
    return key

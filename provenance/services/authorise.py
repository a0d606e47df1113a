"""Authorising: a passkey signs what a person allows; each signature serves one act, once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from fido2.utils import websafe_encode

from provenance.assertions import Assertion, Party, challenge_of, check_assertion, read_assertion
from provenance.errors import ProvenanceError
from provenance.models.authorisation import Act, Authorisation
from provenance.models.maker import Maker
from provenance.services.events import record

# Between the passkey and the act it allows.
LASTS = timedelta(minutes=10)
TIMEOUT_MS = 120_000


class NoPasskeyError(ProvenanceError):
    """The account has no passkey that could authorise."""

    code = "no_passkey"


class AlreadyAuthorisedError(ProvenanceError):
    """This answer of a passkey was given before; none serves twice."""

    code = "already_authorised"


class NotAuthorisedError(ProvenanceError):
    """No passkey has authorised this act on this, lately and unspent."""

    code = "not_authorised"


@dataclass(frozen=True)
class Question:
    """What a passkey is asked: may this act be done to what has this digest (32 bytes)?"""

    act: Act
    digest: bytes
    nonce: bytes

    @property
    def challenge(self) -> bytes:
        return challenge_of(act=self.act, digest=self.digest, nonce=self.nonce)


def new_question(*, act: Act, digest: bytes) -> Question:
    return Question(act, digest, secrets.token_bytes(16))


def options_for(*, user: User, question: Question) -> dict[str, object]:
    """What the browser hands to `navigator.credentials.get`, bytes as base64url.

    Raises NoPasskeyError when nothing could answer.
    """
    known = _credentials_of(user)
    if not known:
        raise NoPasskeyError("add a passkey first; it says for you that this may be done")
    return {
        "publicKey": {
            "challenge": websafe_encode(question.challenge),
            "rpId": _party().host,
            "allowCredentials": [
                {"type": "public-key", "id": websafe_encode(each.credential_id)} for each in known
            ],
            "userVerification": "required",
            "timeout": TIMEOUT_MS,
        }
    }


@transaction.atomic
def authorise(*, by: User, question: Question, answer: Mapping[str, Any]) -> Authorisation:
    """Keep a passkey's answer as the authorisation it is.

    Raises BadAssertionError when it does not hold for this question and this person, and
    AlreadyAuthorisedError when it was given before.
    """
    assertion = read_assertion(
        answer,
        challenge=question.challenge,
        party=_party(),
        credentials=[bytes(each) for each in _credentials_of(by)],
    )
    kept = _keep(by, question, assertion)
    record(
        "authorisation.given",
        by=by,
        maker=Maker.objects.filter(user=by).first(),
        facts={"act": str(question.act), "digest": question.digest.hex()},
    )
    return kept


@transaction.atomic
def spend_authorisation(*, by: User, act: Act, digest: bytes, now: datetime) -> Authorisation:
    """Use up the authorisation of this act on this digest (32 bytes), in the act's transaction.

    1. It was given by this person, for this act and digest, within ten minutes.
    2. Its assertion still checks out, byte by byte.
    3. Nobody spent it before: a conditional update settles the race.

    Raises NotAuthorisedError.
    """
    lately = Authorisation.objects.filter(user=by, act=act).unspent(since=now - LASTS)
    found = lately.filter(digest=digest).order_by("-pk").first()
    if found is None:
        raise NotAuthorisedError("use a passkey first: it says for you that this may be done")
    recheck(found)
    unspent = Authorisation.objects.filter(pk=found.pk, spent_at__isnull=True)
    # What is signed is dated to the second, perhaps the very second of the passkey's answer.
    if not unspent.update(spent_at=max(now, found.at)):
        raise NotAuthorisedError("this authorisation was used meanwhile; use the passkey again")
    found.refresh_from_db(fields=["spent_at"])
    return found


def allow_key_use(*, by: User, act: Act, digest: bytes, now: datetime) -> Authorisation | None:
    """Let a key that is kept here sign what has this digest (32 bytes), in that transaction.

    Who has a passkey says so by it, each time: a passphrase alone can be overheard. None for an
    account that has no passkey. Raises NotAuthorisedError.
    """
    if not _credentials_of(by):
        return None
    return spend_authorisation(by=by, act=act, digest=digest, now=now)


def allow_pieces(*, by: User, act: Act, digest: bytes, now: datetime) -> Authorisation | None:
    """Let a kept key sign one piece of what has this digest (32 bytes), in that transaction.

    The passkey is asked once for all the pieces: the first spends its answer, the others name it,
    also when another process goes on with them. Nothing outside the digest may be a piece of it.
    """
    begun = given_for(by=by, act=act, digest=digest)
    if begun is None:
        return allow_key_use(by=by, act=act, digest=digest, now=now)
    recheck(begun)
    return begun


def given_for(*, by: User, act: Act, digest: bytes) -> Authorisation | None:
    """The authorisation that was spent on this act on this digest (32 bytes)."""
    spent = Authorisation.objects.filter(user=by, act=act, spent_at__isnull=False)
    found: Authorisation | None = spent.filter(digest=digest).order_by("pk").first()
    return found


def recheck(kept: Authorisation) -> None:
    """Check a kept assertion anew, against act, digest and nonce. Raises BadAssertionError."""
    assertion = Assertion(
        credential=bytes(kept.credential),
        authenticator_data=bytes(kept.authenticator_data),
        client_data=bytes(kept.client_data),
        signature=bytes(kept.signature),
    )
    question = Question(Act(kept.act), bytes(kept.digest), bytes(kept.nonce))
    check_assertion(assertion, challenge=question.challenge, party=_party())


def _keep(by: User, question: Question, assertion: Assertion) -> Authorisation:
    try:
        with transaction.atomic():
            return Authorisation.objects.create(
                user=by,
                act=question.act,
                digest=question.digest,
                nonce=question.nonce,
                challenge=question.challenge,
                **vars(assertion),
            )
    except IntegrityError as problem:
        raise AlreadyAuthorisedError("this answer was given before; ask anew") from problem


def _party() -> Party:
    return Party(settings.SITE_URL)


def _credentials_of(user: User) -> list[Any]:
    passkeys = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN)
    return [each.wrap().authenticator_data.credential_data for each in passkeys]

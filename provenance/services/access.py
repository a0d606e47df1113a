"""The keys by which a maker's programs sign in: drawn once, shown once, kept as a hash."""

import hashlib
import re
import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from provenance.models.maker import ApiToken, Maker
from provenance.services.events import record

# The prefix lets secret scanners find a token that slipped into a public place.
PREFIX = "tm_"
_TOKEN = re.compile(r"tm_[A-Za-z0-9_-]{43}")


@transaction.atomic
def make_token(*, maker: Maker, label: str, by: User) -> str:
    """Draw a token of 256 random bits. It is returned here and can never be read again."""
    text = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(maker=maker, label=label, token_hash=_hash(text))
    record("token.made", by=by, maker=maker, facts={"label": label})
    return text


def maker_of_token(text: str) -> Maker | None:
    """Whose token this is; None when it is nobody's, withdrawn, or its account is closed."""
    if not _TOKEN.fullmatch(text):
        return None
    # 256 random bits need no slow hash, and a look-up by hash tells nothing by its time.
    standing = ApiToken.objects.select_related("maker__user").filter(
        token_hash=_hash(text), revoked_at__isnull=True, maker__user__is_active=True
    )
    token = standing.first()
    return token.maker if token else None


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> ApiToken:
    """Withdraw a token at once; withdrawing it again changes nothing."""
    now = timezone.now()
    standing = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True)
    if standing.update(revoked_at=now):
        record("token.revoked", by=by, maker=token.maker, facts={"label": token.label})
    token.refresh_from_db(fields=["revoked_at"])
    return token


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()

"""How accounts are made and entered: e-mail, password, passkey; the user name is never shown."""

import base64
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac

from provenance.assurance import has_second_factor

# How one proves once more that it is oneself, by the name of the page that asks.
MEANS = {
    "mfa_reauthenticate_webauthn": "Use a passkey",
    "mfa_reauthenticate": "Use a code",
    "account_reauthenticate": "Use the password",
}


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: AbstractUser) -> None:
        user.username = secrets.token_urlsafe(16)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signup: bool, **hooks: Any
    ) -> HttpResponse:
        """Whoever chose the password just now has shown that they know it."""
        if signup:
            record_authentication(request, user, method="password")
        response: HttpResponse = super().post_login(request, user, signup=signup, **hooks)
        return response

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, str]]:
        """The strongest first; a password alone is not asked of who has something better."""
        pages = {method["url"] for method in super().get_reauthentication_methods(user)}
        if has_second_factor(user):
            pages.discard(reverse("account_reauthenticate"))
        return [
            {"id": name, "description": words, "url": reverse(name)}
            for name, words in MEANS.items()
            if reverse(name) in pages
        ]


class FactorAdapter(DefaultMFAAdapter):
    """Passkeys of the host of SITE_URL; what must be kept for codes is kept encrypted."""

    error_messages = {
        "add_email_blocked": "An account with a passkey or codes keeps its e-mail. Take these "
        "away first, change the e-mail, and add them again.",
        "cannot_delete_authenticator": "This one cannot be taken away.",
        "cannot_generate_recovery_codes": "Add a passkey or an authenticator app first.",
        "incorrect_code": "This did not match. Try again.",
        "unverified_email": "Confirm your e-mail first: it is the way back if all else is lost.",
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": str(urlsplit(settings.SITE_URL).hostname), "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        # The device shows both names to its owner; our random user name would tell them nothing.
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": entity["name"]}

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        many = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {many + 1}"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as problem:
            # SECRET_KEY was changed. An empty secret would be one that everybody knows.
            raise self.validation_error("incorrect_code") from problem


def _box() -> Fernet:
    key = salted_hmac("config.accounts.factors", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))

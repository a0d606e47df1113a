"""One-time links that sign the demonstration's people in."""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse


class SignInTokens(PasswordResetTokenGenerator):
    """Django's one-time tokens, kept apart from those that reset a password."""

    key_salt = "touchmark.demo.sign-in"


tokens = SignInTokens()


def sign_in_link(user: User) -> str:
    path = reverse("demo:sign_in", args=[user.username, tokens.make_token(user)])
    return f"{settings.SITE_URL}{path}"

"""How accounts are made: an e-mail and a password; the user name is random and never shown."""

import secrets

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: AbstractUser) -> None:
        user.username = secrets.token_urlsafe(16)

"""How sure we are that whoever holds this session is the one whose account it is."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

P = ParamSpec("P")

# A recovery code lets its owner in to add a new passkey; it is no factor of its own.
FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
# Grave acts: deciding an identity, using a key, handing over, taking data out.
STEP_UP = timedelta(minutes=10)
# A maker's own issue: signed in on this working day.
WORKING_DAY = timedelta(hours=12)


def has_second_factor(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this account has a passkey or an authenticator app."""
    return bool(is_mfa_enabled(user, FACTORS))


def has_passkey(user: AbstractBaseUser | AnonymousUser) -> bool:
    return bool(is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))


def used_second_factor(request: HttpRequest) -> bool:
    """Whether a passkey or an authenticator app was used in this session."""
    return any(_is_by_factor(record) for record in _records(request))


def stepped_up(request: HttpRequest, *, within: timedelta = STEP_UP) -> bool:
    """Whether they proved who they are within this time, by the best means their account has.

    Signing in counts, and so does proving it again. Who has a second factor proves it by that.
    """
    records = _records(request)
    if has_second_factor(request.user):
        records = [record for record in records if _is_by_factor(record)]
    oldest = time.time() - within.total_seconds()
    return any(record["at"] > oldest for record in records)


def proven_within(
    span: timedelta,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Open a page only to who proved within `span` who they are; the others are asked first."""

    def guarded(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if stepped_up(request, within=span):
                return view(request, *args, **kwargs)
            return step_up_first(request)

        return asked

    return guarded


def step_up_first(request: HttpRequest, *, back: str = "") -> HttpResponseRedirect:
    """Ask them to prove it again, then lead to `back`, or to this address with GET.

    What was typed is not kept: a passphrase must not lie in a session.
    """
    target = back or (request.get_full_path() if request.method == "GET" else request.path)
    return HttpResponseRedirect(where_to_step_up(request, back=target))


def where_to_step_up(request: HttpRequest, *, back: str) -> str:
    """The page on which they prove it again, which leads to `back` then."""
    means = get_adapter().get_reauthentication_methods(request.user)
    page = means[0]["url"] if means else reverse("account_set_password")
    return f"{page}?{urlencode({'next': back})}"


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records


def _is_by_factor(record: Mapping[str, Any]) -> bool:
    return record["method"] == "mfa" and record.get("type") in FACTORS

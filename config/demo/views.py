"""Sign in to the demonstration with a link that works once."""

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.demo.links import tokens

BACKEND = f"{AuthenticationBackend.__module__}.{AuthenticationBackend.__qualname__}"


def sign_in(request: HttpRequest, user: str, token: str) -> HttpResponse:
    """The token dies with the first use: it holds the time of the last sign-in."""
    person = User.objects.filter(username=user).first()
    if person is None or not tokens.check_token(person, token):
        raise Http404
    login(request, person, backend=BACKEND)
    # Our pages ask when and how somebody signed in.
    record_authentication(request, person, "demo")
    return redirect("provenance:after_login")

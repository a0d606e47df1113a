"""The staff's door: nobody works at the staff desk on a password alone."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from provenance import assurance

DESK = "/staff/"
ADD_ONE = (
    "The staff desk opens with a passkey, or with an authenticator app. Add one, then come back."
)


def second_factor_for_staff(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Every page under /staff/ asks staff for a second factor, present and used in this session.

    Who is not staff goes on: the page itself refuses them.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DESK) or not _is_staff(request):
            return get_response(request)
        if not assurance.has_second_factor(request.user):
            messages.warning(request, ADD_ONE)
            return redirect("mfa_index")
        if not assurance.used_second_factor(request):
            return assurance.step_up_first(request)
        return get_response(request)

    return answer


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_staff

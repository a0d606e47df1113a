"""The first page, and the two that explain: what a check proves, and what is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from provenance.carriers import ON_A_PIECE, proven_by
from provenance.policy import CURRENT_POLICY


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "provenance/home.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "provenance/privacy.html")


@require_safe
def what_a_check_proves(request: HttpRequest) -> HttpResponse:
    context = {
        "policy": CURRENT_POLICY,
        "carriers": [proven_by(carrier) for carrier in ON_A_PIECE],
    }
    return render(request, "provenance/what_a_check_proves.html", context)

"""After the door: where each person goes, and how one becomes a maker."""

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from provenance.desk import see_other
from provenance.forms.workshop import WorkshopForm
from provenance.models.keeping import Custody
from provenance.models.maker import Maker
from provenance.services import register
from provenance.wording import shop_name_notes


@never_cache
@require_safe
@login_required
def after_login(request: HttpRequest) -> HttpResponse:
    """Makers to their workshop, keepers to what they keep, everybody else to a choice."""
    account = str(request.user.pk)
    if Maker.objects.filter(user__pk=account).exists():
        return see_other("provenance:workshop")
    if Custody.objects.filter(keeper__user__pk=account, until__isnull=True).exists():
        return see_other("memories:keep")
    return render(request, "provenance/workshop/welcome.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def become_maker(request: HttpRequest) -> HttpResponse:
    user = User.objects.get(pk=str(request.user.pk))
    if Maker.objects.filter(user=user).exists():
        return see_other("provenance:workshop")
    if not EmailAddress.objects.filter(user=user, verified=True).exists():
        return _confirm_first(request, user)
    form = WorkshopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _open_workshop(request, user, form)
    facts = {"form": form, "shop_notes": shop_name_notes(str(form["name"].value() or ""))}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/begin.html", facts, status=status)


def _confirm_first(request: HttpRequest, user: User) -> HttpResponse:
    """Identity level I0 means that the e-mail is confirmed, so nobody begins without."""
    status = 403 if request.method == "POST" else 200
    address = EmailAddress.objects.filter(user=user).order_by("-primary").first()
    facts = {"address": address.email if address else user.email}
    return render(request, "provenance/workshop/confirm_first.html", facts, status=status)


def _open_workshop(request: HttpRequest, user: User, form: WorkshopForm) -> HttpResponse:
    try:
        register.become_maker(user=user, workshop=form.workshop())
        messages.info(request, "The workshop is open.")
    except register.AlreadyAMakerError:
        pass
    return see_other("provenance:workshop")

"""The keys of a maker's programs: made, shown once, withdrawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.desk import for_makers, see_other
from provenance.forms.workshop import TokenForm
from provenance.models.maker import ApiToken, Maker
from provenance.services import access


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_tokens(request: HttpRequest, maker: Maker) -> HttpResponse:
    if request.POST.get("withdraw"):
        return _withdraw(maker, request.POST["withdraw"])
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        # Shown in this answer and never again: only its hash is kept.
        secret = access.make_token(maker=maker, label=form.cleaned_data["label"], by=maker.user)
        form = TokenForm()
    facts = {
        "form": form,
        "secret": secret,
        "tokens": ApiToken.objects.filter(maker=maker, revoked_at__isnull=True).order_by("-pk"),
    }
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/tokens.html", facts, status=status)


def _withdraw(maker: Maker, ident: str) -> HttpResponse:
    known = ident if ident.isascii() and ident.isdecimal() and len(ident) < 19 else "0"
    token = get_object_or_404(ApiToken, maker=maker, pk=known)
    access.revoke_token(token=token, by=maker.user)
    return see_other("provenance:workshop_tokens")

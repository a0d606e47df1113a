"""How well a maker is known: what each level means, and the domain that proves the first one."""

import contextlib
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance import domains, limits
from provenance.desk import for_makers, see_other
from provenance.forms.identity import DomainForm
from provenance.identity import level_meaning, level_words
from provenance.models.identity import DomainProof
from provenance.models.maker import IdentityLevel, Maker
from provenance.services import identity

TOO_OFTEN = "We looked often enough for now. We look again by ourselves."
IN_ITS_TIME = (
    "The last look did not see the line. We look again by ourselves before level I1 lapses."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_identity(request: HttpRequest, maker: Maker) -> HttpResponse:
    act = _ACTS.get(request.POST.get("act", ""))
    if act:
        return act(request, maker, get_object_or_404(DomainProof, maker=maker))
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _ask(maker, form.cleaned_data["domain"])
    status = 400 if form.is_bound else 200
    return render(
        request, "provenance/workshop/identity.html", _shown(maker) | {"form": form}, status=status
    )


def _ask(maker: Maker, domain: str) -> HttpResponse:
    # Sent twice, or from a second device: the page shows the one on record.
    with contextlib.suppress(identity.DomainAskedError):
        identity.ask_domain(maker=maker, domain=domain, by=maker.user)
    return see_other("provenance:workshop_identity")


def _look(request: HttpRequest, maker: Maker, proof: DomainProof) -> HttpResponse:
    if not limits.allows(request, "domain_look", subject=f"maker {maker.pk}"):
        messages.warning(request, TOO_OFTEN)
    elif identity.look_again(proof=proof):
        messages.info(request, "We look for it now. Load this page again in a minute.")
    else:
        messages.info(request, IN_ITS_TIME)
    return see_other("provenance:workshop_identity")


def _drop(request: HttpRequest, maker: Maker, proof: DomainProof) -> HttpResponse:
    identity.drop_domain(proof=proof, by=maker.user)
    messages.info(request, f"{proof.domain} is off the record.")
    return see_other("provenance:workshop_identity")


_ACTS: dict[str, Callable[[HttpRequest, Maker, DomainProof], HttpResponse]] = {
    "look": _look,
    "drop": _drop,
}


def _shown(maker: Maker) -> dict[str, object]:
    has_mark = bool(maker.sponsors_mark)
    proof = DomainProof.objects.filter(maker=maker).first()
    return {
        "maker": maker,
        "level": level_words(maker.identity_level, has_mark=has_mark),
        "co_signer": identity.co_signer_of(maker),
        "ladder": [
            {
                "code": each.value,
                "words": level_words(each.value, has_mark=has_mark),
                "meaning": level_meaning(each.value),
                "is_theirs": each == maker.identity_level,
            }
            for each in IdentityLevel
        ],
        "proof": proof,
        "record_name": domains.record_name(proof.domain) if proof else "",
        "line": domains.proof_line(proof.token) if proof else "",
        "file": f"https://{proof.domain}{domains.WELL_KNOWN}" if proof else "",
    }

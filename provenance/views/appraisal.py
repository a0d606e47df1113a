"""Appraisals at the maker's desk: noted down by one person, seen by nobody else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.desk import for_makers, one_of, piece_on_desk, see_other
from provenance.forms.appraisal import AppraisalForm
from provenance.models.appraisal import Appraisal
from provenance.models.maker import Maker
from provenance.services import appraise


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_appraisal(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found = piece_on_desk(maker, piece).original
    own = Appraisal.objects.of(maker.user).filter(piece=found)
    if request.POST.get("remove"):
        appraisal = one_of(own, request.POST["remove"])
        appraise.forget_appraisal(appraisal=appraisal)
        return see_other("provenance:workshop_appraisal", piece)
    form = AppraisalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        appraise.note_appraisal(piece=found, value=form.value(), by=maker.user)
        return see_other("provenance:workshop_appraisal", piece)
    facts = {"piece": found, "form": form, "appraisals": own}
    status = 400 if form.is_bound else 200
    return render(request, "provenance/workshop/appraisal.html", facts, status=status)

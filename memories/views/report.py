"""Reports: a visitor says what is wrong with a page, and its keeper answers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from memories.access_forms import ReportForm
from memories.errors import ForStaffError
from memories.models.access import ReportAnswer
from memories.models.montage import Montage
from memories.services import opening, reports
from memories.views.keepers import for_keepers, montage_on_desk
from memories.views.viewer import montage_of
from memories.views.visitors import visitor_of
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def report(request: HttpRequest, piece: str) -> HttpResponse:
    """Whoever sees a page may report it, without an account; we keep nothing of who did."""
    found = montage_of(request, piece)
    viewer = visitor_of(request, found)
    if viewer.is_keeper or not opening.decide_page(montage=found, viewer=viewer).is_allowed:
        raise Http404
    if request.method != "POST":
        return _ask(request, found, ReportForm())
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _ask(request, found, form, status=400)
    if not limits.allows(request, "report"):
        return render(request, "429.html", {"minutes": 60}, status=429)
    reports.report(montage=found, **form.cleaned_data)
    return render(request, "memories/reported.html", {"piece": found.piece})


def _ask(
    request: HttpRequest, montage: Montage, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    context = {"piece": montage.piece, "form": form}
    return render(request, "memories/report.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def answer(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """What was said about the keeper's page, and what they do about it."""
    montage = montage_on_desk(keeper, piece)
    if request.method != "POST":
        return _show(request, montage)
    chosen = request.POST.get("answer", "")
    if chosen not in ReportAnswer.values:
        return _show(request, montage, problem="Choose one of the two.", status=400)
    try:
        reports.answer_as_keeper(montage=montage, answer=ReportAnswer(chosen))
    except ForStaffError as problem:
        return _show(request, montage, problem=str(problem), status=409)
    return see_other("memories:keep_piece", piece)


def _show(
    request: HttpRequest, montage: Montage, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "montage": montage,
        "piece": montage.piece,
        "reports": reports.open_reports(montage),
        "is_for_staff": reports.is_for_staff(montage),
        "problem": problem,
    }
    return render(request, "memories/reports.html", context, status=status)

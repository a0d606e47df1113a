"""Checking a certificate that somebody brings: eleven questions, each answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from provenance import limits
from provenance.canonical import JSONObject, digest_of
from provenance.errors import ProvenanceError, TooLargeError
from provenance.forms.verify import VerifyForm
from provenance.models.certificate import Certificate
from provenance.questions import QUESTIONS
from provenance.services import check, platform
from provenance.services.standing import facts_of_verdict
from provenance.verdict import TagAnswer, headline, limit_words
from provenance.verification import Verdict


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """A form, and after it the verdict. Nothing that is handed in is kept."""
    if request.method != "POST":
        return _form_page(request, VerifyForm())
    if not limits.allows(request, "verify"):
        return render(request, "429.html", {"minutes": 1}, status=429)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    try:
        brought = check.read_file(form.content())
    except ProvenanceError as problem:
        form.add_error(form.source, _what_to_do(problem))
        return _form_page(request, form, status=400)
    fingerprint = form.cleaned_data["fingerprint"]
    fingerprints = frozenset([fingerprint] if fingerprint else [])
    verdict = check.check_file(brought, fingerprints=fingerprints, now=timezone.now())
    return _verdict_page(request, verdict, brought.certificate)


def _form_page(request: HttpRequest, form: VerifyForm, *, status: int = 200) -> HttpResponse:
    questions = [(number, name) for number, (name, _) in enumerate(QUESTIONS, 1)]
    context = {"form": form, "questions": questions, "fingerprint": platform.fingerprint()}
    return render(request, "provenance/verify.html", context, status=status)


def _verdict_page(request: HttpRequest, verdict: Verdict, document: JSONObject) -> HttpResponse:
    ours = _ours(document)
    noun = ours.piece.noun if ours else "piece"
    facts = facts_of_verdict(verdict, ours)
    spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts)
    context = {
        "headline": spoken,
        "limit": limit_words(spoken.answer, noun),
        "checks": verdict.checks,
        "checked_at": timezone.now(),
        "fingerprint": verdict.fingerprint,
        "record": reverse("provenance:piece", args=[ours.piece.public_id]) if ours else "",
    }
    return render(request, "provenance/verdict.html", context)


def _ours(document: JSONObject) -> Certificate | None:
    """The certificate of this site with exactly this body, whatever its proofs."""
    try:
        digest = digest_of(document)
    except ProvenanceError:
        return None
    certificates = Certificate.objects.select_related("piece")
    return certificates.filter(digest=digest).first()


def _what_to_do(problem: ProvenanceError) -> str:
    told = f"This could not be read: {problem}."
    if isinstance(problem, TooLargeError):
        return told
    return f"{told} Take the file exactly as it was downloaded, from its first {{ to its last }}."

"""Checking a certificate that somebody brings: eleven questions, each answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from provenance import limits
from provenance.credentials import subject_of
from provenance.enclosed import is_pdf
from provenance.errors import ProvenanceError, TooLargeError
from provenance.forms.verify import VerifyForm
from provenance.questions import QUESTIONS
from provenance.services import check, platform
from provenance.services.causes import cause_of
from provenance.services.standing import facts_of_verdict
from provenance.subject import maker_of
from provenance.verdict import TagAnswer, headline, limit_words
from provenance.verification import Verdict
from provenance.views.showing import maker_card


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
    content = form.content()
    try:
        brought = check.read_file(content)
    except ProvenanceError as problem:
        form.add_error(form.source, _what_to_do(problem, content))
        return _form_page(request, form, status=400)
    fingerprint = form.cleaned_data["fingerprint"]
    fingerprints = frozenset([fingerprint] if fingerprint else [])
    verdict = check.check_file(brought, fingerprints=fingerprints, now=timezone.now())
    return _verdict_page(request, verdict, brought)


def _form_page(request: HttpRequest, form: VerifyForm, *, status: int = 200) -> HttpResponse:
    questions = [(number, name) for number, (name, _) in enumerate(QUESTIONS, 1)]
    context = {"form": form, "questions": questions, "fingerprint": platform.fingerprint()}
    return render(request, "provenance/verify.html", context, status=status)


def _verdict_page(request: HttpRequest, verdict: Verdict, brought: check.Brought) -> HttpResponse:
    document = brought.certificate
    ours = check.known_here(document)
    noun = ours.piece.noun if ours else "piece"
    cause = cause_of(ours, verdict.answer) if ours else None
    facts = facts_of_verdict(verdict, ours, cause)
    spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=facts)
    context = {
        "headline": spoken,
        "limit": limit_words(spoken.answer, facts),
        "noun": noun,
        "cause": cause,
        "maker": maker_card(ours.piece.maker, maker_of(subject_of(document))) if ours else None,
        "checks": verdict.checks,
        "checked_at": timezone.now(),
        "fingerprint": verdict.fingerprint,
        "record": reverse("provenance:piece", args=[ours.piece.public_id]) if ours else "",
        "is_from_pdf": brought.is_from_pdf,
    }
    return render(request, "provenance/verdict.html", context)


def _what_to_do(problem: ProvenanceError, content: bytes) -> str:
    told = f"This could not be read: {problem}."
    if isinstance(problem, TooLargeError):
        return told
    if is_pdf(content):
        return f"{told} Take the PDF exactly as it was downloaded, or the bundle beside it."
    return f"{told} Take the file exactly as it was downloaded, from its first {{ to its last }}."

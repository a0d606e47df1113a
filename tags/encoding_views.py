"""Writing tags at the maker's desk: set some aside, write them with a phone, try them."""

from collections import Counter
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from provenance.desk import for_makers, see_other
from provenance.models.maker import Maker
from tags import codes
from tags.forms import SetAsideForm, WrittenForm
from tags.life import TagState
from tags.models.tag import Tag, TagKind
from tags.services import phone, stocking, vendor
from tags.services.phone import BenchError

LONGEST_REASON = 120
PUT_ON_RECORD = "Written and on record. Take the next tag."
NOT_WHOLE = "Write down the address that stands on the tag."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def write_tags(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Where tags are written from: how many wait, and the ways to write them."""
    form = SetAsideForm(request.POST or None, initial={"count": 10})
    if request.method == "POST" and form.is_valid():
        tags = stocking.set_aside(
            maker=maker, count=form.cleaned_data["count"], profile=form.profile, by=maker.user
        )
        messages.info(request, f"{len(tags)} set aside. Write them in one of these ways.")
        return see_other("tags:write_tags")
    counts = stocking.counts_of(maker)
    context = {
        "form": form,
        "plain_waiting": counts[TagKind.NFC, TagState.RESERVED],
        "chips_waiting": counts[TagKind.NTAG424, TagState.RESERVED],
        "unkeyed": vendor.versions_wanted(maker),
        "untried": _of_both(counts, TagState.ENCODED),
        "ready": _of_both(counts, TagState.VERIFIED),
    }
    status = 400 if form.is_bound else 200
    return render(request, "tags/write.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("read", "serial")
@sensitive_variables("form")
@for_makers
def phone_page(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Encode the next tag; POST puts one on record, with what was read back from it."""
    if request.method != "POST":
        return _phone(request, maker, WrittenForm())
    form = WrittenForm(request.POST)
    tag = _plain_tag(maker, request.POST)
    if not form.is_valid():
        return _refused(request, maker, form, NOT_WHOLE)
    try:
        phone.record_written(tag=tag, by=maker.user, **form.cleaned_data)
    except BenchError as problem:
        return _refused(request, maker, form, str(problem))
    return _next(request, maker)


@require_POST
@never_cache
@for_makers
def phone_failed(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Writing failed: the tag waits to be written anew."""
    tag = _plain_tag(maker, request.POST)
    reason = " ".join(request.POST.get("reason", "").split())[:LONGEST_REASON]
    try:
        phone.record_failure(tag=tag, reason=reason, by=maker.user)
    except BenchError as problem:
        return JsonResponse({"detail": str(problem)}, status=400)
    return JsonResponse(_shown(maker))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("read", "serial")
@sensitive_variables("form")
@for_makers
def try_tags(request: HttpRequest, maker: Maker) -> HttpResponse:
    """Hold written tags to the phone, one after the other; POST tries one."""
    if request.method != "POST":
        return _trial(request, maker, WrittenForm())
    form = WrittenForm(request.POST)
    if not form.is_valid():
        return _not_answered(request, maker, form, NOT_WHOLE)
    try:
        tag = phone.try_tag(maker=maker, read=form.cleaned_data["read"], by=maker.user)
    except BenchError as problem:
        return _not_answered(request, maker, form, str(problem))
    code = codes.show_code(tag.code)
    if _wants_json(request):
        return JsonResponse({"code": code, "left": _untried(maker)})
    messages.info(request, f"{code} answered.")
    return see_other("tags:try_tags")


@require_POST
@never_cache
@for_makers
def write_anew(request: HttpRequest, maker: Maker) -> HttpResponse:
    """A written tag did not answer: it waits to be written anew, a chip under the next keys."""
    tags = Tag.objects.in_stock_of(maker).filter(state=TagState.ENCODED)
    tag = get_object_or_404(tags, public_id=request.POST.get("tag", ""))
    try:
        phone.record_failure(tag=tag, reason="It did not answer at the bench.", by=maker.user)
        messages.info(request, f"{codes.show_code(tag.code)} waits to be written anew.")
    except BenchError as problem:
        messages.warning(request, str(problem))
    return see_other("tags:try_tags")


def _plain_tag(maker: Maker, posted: Mapping[str, str]) -> Tag:
    # One that was just written is found too: its answer may have been lost on the way.
    tags = Tag.objects.in_stock_of(maker).filter(kind=TagKind.NFC)
    return get_object_or_404(tags, public_id=posted.get("tag", ""))


def _shown(maker: Maker) -> dict[str, object]:
    """The next plain tag, for page and script; `tag` is None when all are written."""
    tag = phone.plain_to_write(maker).first()
    counts = stocking.counts_of(maker)
    return {
        "tag": tag.public_id if tag else None,
        "code": codes.show_code(tag.code) if tag else "",
        "address": phone.address_of(tag) if tag else "",
        "left": counts[TagKind.NFC, TagState.RESERVED],
        "ready": counts[TagKind.NFC, TagState.VERIFIED],
    }


def _phone(
    request: HttpRequest, maker: Maker, form: WrittenForm, *, problem: str = ""
) -> HttpResponse:
    context = {"next": _shown(maker), "form": form, "problem": problem}
    return render(request, "tags/phone.html", context, status=400 if problem else 200)


def _next(request: HttpRequest, maker: Maker) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse(_shown(maker))
    messages.info(request, PUT_ON_RECORD)
    return see_other("tags:phone")


def _refused(request: HttpRequest, maker: Maker, form: WrittenForm, problem: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"detail": problem}, status=400)
    return _phone(request, maker, form, problem=problem)


def _untried(maker: Maker) -> int:
    return _of_both(stocking.counts_of(maker), TagState.ENCODED)


def _of_both(counts: Counter[tuple[str, str]], state: TagState) -> int:
    return counts[TagKind.NFC, state] + counts[TagKind.NTAG424, state]


def _trial(
    request: HttpRequest,
    maker: Maker,
    form: WrittenForm,
    *,
    problem: str = "",
    failed: Tag | None = None,
) -> HttpResponse:
    context = {"left": _untried(maker), "form": form, "problem": problem, "failed": _named(failed)}
    return render(request, "tags/try.html", context, status=400 if problem else 200)


def _not_answered(
    request: HttpRequest, maker: Maker, form: WrittenForm, problem: str
) -> HttpResponse:
    serial = form.cleaned_data.get("serial", "")
    failed = phone.tag_with_serial(maker, serial) if serial else None
    if _wants_json(request):
        return JsonResponse({"detail": problem, "failed": _named(failed)}, status=400)
    return _trial(request, maker, form, problem=problem, failed=failed)


def _named(tag: Tag | None) -> dict[str, str] | None:
    return {"tag": tag.public_id, "code": codes.show_code(tag.code)} if tag else None


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"

"""Engraving at the maker's desk: how small the code may be, its drawing, and a sheet to try."""

from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from provenance.desk import for_makers
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from tags import engraving, links, qr, trial_print
from tags.engraving import Fit, Polarity
from tags.errors import EngravingTooSmallError, MalformedLinkError, PrintError
from tags.forms import EngravingForm
from tags.models.tag import Tag
from tags.print_views import (
    file_stem,
    not_printed,
    pdf_answer,
    print_fonts,
    signed_with_code,
)

# As a program that takes no drawing wants it: crisp, and small enough to send on.
MODULE_PX = 20
_USUAL = {"side": "12", "mark": Polarity.DARK.value}


@require_safe
@never_cache
@for_makers
def engrave(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """What this size and this metal make of the code of a piece, before the laser starts."""
    found, tag = signed_with_code(maker, piece)
    form = EngravingForm(request.GET or _USUAL)
    return _page(request, found, tag, form)


@require_safe
@never_cache
@for_makers
def engrave_svg(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found, tag = signed_with_code(maker, piece)
    form = EngravingForm(request.GET)
    if not _fits(form, tag):
        return _page(request, found, tag, form)
    side = form.cleaned_data["side"]
    drawing = engraving.drawing(_address(tag), side_mm=side, style=form.style)
    return _file(drawing.encode(), "image/svg+xml", f"{file_stem(found)}-{side}mm.svg")


@require_safe
@never_cache
@for_makers
def engrave_png(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    found, tag = signed_with_code(maker, piece)
    form = EngravingForm(request.GET)
    if not _fits(form, tag):
        return _page(request, found, tag, form)
    picture = engraving.picture(_address(tag), style=form.style, module_px=MODULE_PX)
    name = f"{file_stem(found)}-{form.cleaned_data['side']}mm.png"
    return _file(picture, "image/png", name)


@require_safe
@never_cache
@for_makers
def trial_pdf(request: HttpRequest, maker: Maker, piece: str) -> HttpResponse:
    """The sheet with every size, both polarities, and mirrored."""
    found, tag = signed_with_code(maker, piece)
    trial = trial_print.TrialPrint(found.title, settings.SITE_URL, tag.code, settings.DEMO)
    try:
        sheet = trial_print.trial_pdf(trial, fonts=print_fonts())
    except (PrintError, MalformedLinkError):
        return not_printed(request, found)
    return pdf_answer(sheet, f"{file_stem(found)}-test-print.pdf")


def _page(request: HttpRequest, piece: Piece, tag: Tag, form: EngravingForm) -> HttpResponse:
    version = qr.symbol(_address(tag), ground=qr.Ground.METAL).version
    fits = _fits(form, tag)
    context = {
        "piece": piece,
        "form": form,
        "version": version,
        "across": engraving.modules_across(version),
        "smallest": engraving.smallest_mm(version),
        "comfortable": engraving.comfortable_mm(version),
        "preflight": _preflight(version, form) if fits else None,
    }
    status = 200 if fits else 400
    return render(request, "tags/engrave.html", context, status=status)


def _preflight(version: int, form: EngravingForm) -> dict[str, object]:
    side: Decimal = form.cleaned_data["side"]
    chosen = {"side": side, "mark": form.style.polarity.value}
    if form.style.is_mirrored:
        chosen["mirrored"] = "on"
    return {
        "side": side,
        "module": f"{engraving.module_mm(version, side):.3f}",
        "is_tight": engraving.fit(version, side) is Fit.TIGHT,
        "is_light": form.style.polarity is Polarity.LIGHT,
        "is_mirrored": form.style.is_mirrored,
        "chosen": urlencode(chosen),
    }


def _fits(form: EngravingForm, tag: Tag) -> bool:
    """Whether all was said and a phone will read it; if not, the form says why."""
    if not form.is_valid():
        return False
    version = qr.symbol(_address(tag), ground=qr.Ground.METAL).version
    try:
        engraving.fit(version, form.cleaned_data["side"])
    except EngravingTooSmallError as problem:
        said = str(problem)
        form.add_error("side", f"{said[:1].upper()}{said[1:]}.")
        return False
    return True


def _address(tag: Tag) -> str:
    return links.code_url(settings.SITE_URL, tag.code)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response

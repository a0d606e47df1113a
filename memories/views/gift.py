"""Gifts: begun with the card's code, sealed by the giver, opened by the recipient."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from memories.access_forms import SealForm
from memories.errors import GiftBegunError
from memories.forms import ClaimForm
from memories.models.gift import Gift
from memories.models.montage import Montage, SealKind
from memories.services import gifts
from memories.views.claim import USED, WRONG, count_wrong_code, may_try_code
from memories.views.keepers import for_keepers
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Keeper
from provenance.services.keep import AlreadyClaimedError, WrongClaimCodeError
from tags.codes import ClaimCode, claim_hash

MINUTES_TO_WAIT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def begin(request: HttpRequest) -> HttpResponse:
    """Show the code of the card, which stays unspent, and prepare a page for its recipient."""
    if not request.user.is_authenticated:
        return render(request, "memories/gift_door.html")
    if request.method != "POST":
        return _ask(request, ClaimForm())
    if not may_try_code(request):
        return render(request, "429.html", {"minutes": MINUTES_TO_WAIT}, status=429)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        limits.allows(request, "code_miss")
        return _ask(request, form, status=400)
    return _begin(request, request.user, form)


def _begin(request: HttpRequest, user: User, form: ClaimForm) -> HttpResponse:
    code: ClaimCode = form.cleaned_data["code"]
    try:
        gift = gifts.begin(code_hash=claim_hash(code), by=user)
    except (WrongClaimCodeError, AlreadyClaimedError, GiftBegunError) as problem:
        count_wrong_code(request)
        form.add_error("code", _said(problem))
        return _ask(request, form, status=400)
    return see_other("memories:keep_piece", gift.montage.piece.public_id)


def _said(problem: Exception) -> str:
    if isinstance(problem, WrongClaimCodeError):
        return WRONG
    return USED if isinstance(problem, AlreadyClaimedError) else str(problem)


def _ask(request: HttpRequest, form: ClaimForm, *, status: int = 200) -> HttpResponse:
    return render(request, "memories/gift.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def seal(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """What the recipient reads first, and when the page opens."""
    gift = _draft_or_404(keeper, piece)
    if request.method != "POST":
        return _show_seal(request, gift, SealForm.of(gift))
    form = SealForm(request.POST)
    if not form.is_valid():
        return _show_seal(request, gift, form, status=400)
    gifts.seal(gift=gift, wrapping=form.said())
    return see_other("memories:keep_piece", piece)


@require_POST
@for_keepers
def unseal(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    gifts.unseal(gift=_draft_or_404(keeper, piece))
    return see_other("memories:seal", piece)


def _draft_or_404(keeper: Keeper, piece: str) -> Gift:
    found: Gift = get_object_or_404(
        Gift.objects.select_related("montage__piece"),
        montage__piece__public_id=piece,
        montage__keeper=keeper,
        giver=keeper,
        claimed_at__isnull=True,
    )
    return found


def _show_seal(
    request: HttpRequest, gift: Gift, form: SealForm, *, status: int = 200
) -> HttpResponse:
    context = {"gift": gift, "piece": gift.montage.piece, "form": form}
    return render(request, "memories/seal.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def sealed(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The cover of a gift that waits for its day, or for the press of a button."""
    montage = _claimed_or_404(keeper, piece)
    if not _is_closed(montage):
        return see_other("memories:montage", piece)
    if request.method == "POST" and gifts.open_gift(montage=montage):
        return see_other("memories:montage", piece)
    context = {
        "piece": montage.piece,
        "gift": montage.gift,
        "opens_at": montage.sealed_until,
    }
    return render(request, "memories/sealed.html", context)


def _claimed_or_404(keeper: Keeper, piece: str) -> Montage:
    kept = Montage.objects.kept_by(keeper).select_related("piece", "gift__giver")
    found: Montage = get_object_or_404(kept, piece__public_id=piece, gift__claimed_at__isnull=False)
    return found


def _is_closed(montage: Montage) -> bool:
    if not montage.seal_binds_keeper:
        return False
    is_before = montage.sealed_until is None or timezone.now() < montage.sealed_until
    return montage.seal == SealKind.OPENING or (montage.seal == SealKind.DATE and is_before)

"""Claiming: the code on the card, typed once by someone who is signed in."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from memories.forms import ClaimForm
from memories.models.montage import Montage
from memories.services import gifts, letters
from memories.views.keepers import for_keepers
from provenance import limits
from provenance.desk import see_other
from provenance.models.keeping import Custody, Keeper
from provenance.models.piece import Piece
from provenance.services.keep import AlreadyClaimedError, WrongClaimCodeError
from tags.codes import ClaimCode, claim_hash

WRONG = (
    "No card carries this code, or a newer card took its place. "
    "Compare it with the card, letter by letter."
)
USED = (
    "This code was used before, and the piece is on record with its keeper. If that is not you, "
    "ask whoever gave it to you."
)
MINUTES_TO_WAIT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def claim(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return render(request, "memories/claim_door.html")
    if request.method != "POST":
        return render(request, "memories/claim.html", {"form": ClaimForm()})
    if not may_try_code(request):
        return render(request, "429.html", {"minutes": MINUTES_TO_WAIT}, status=429)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        # Not a guess at a code yet, but a machine that types is slowed all the same.
        limits.allows(request, "code_miss")
        return render(request, "memories/claim.html", {"form": form}, status=400)
    return _claim(request, request.user, form)


def may_try_code(request: HttpRequest) -> bool:
    return (
        limits.has_room(request, "code_miss")
        and limits.has_room(request, "claim")
        and limits.has_room(request, "claim_account", subject=str(request.user.pk))
    )


def _claim(request: HttpRequest, user: User, form: ClaimForm) -> HttpResponse:
    code: ClaimCode = form.cleaned_data["code"]
    try:
        custody, _ = gifts.claim(code_hash=claim_hash(code), by=user)
    except WrongClaimCodeError:
        return _refuse(request, form, WRONG)
    except AlreadyClaimedError:
        return _own_claim(user, code) or _refuse(request, form, USED)
    letters.tell_of_claim(custody=custody, to=user)
    return see_other("memories:kept", custody.piece.public_id)


def _own_claim(user: User, code: ClaimCode) -> HttpResponse | None:
    """A second tap on the button: the piece is this keeper's already, and that is the answer."""
    piece = Piece.objects.filter(
        claim_codes__code_hash=claim_hash(code),
        claim_codes__claimed_at__isnull=False,
        custodies__keeper__user=user,
        custodies__until__isnull=True,
    ).first()
    return see_other("memories:kept", piece.public_id) if piece else None


def _refuse(request: HttpRequest, form: ClaimForm, sentence: str) -> HttpResponse:
    count_wrong_code(request)
    form.add_error("code", sentence)
    return render(request, "memories/claim.html", {"form": form}, status=400)


def count_wrong_code(request: HttpRequest) -> None:
    limits.allows(request, "claim")
    limits.allows(request, "claim_account", subject=str(request.user.pk))


@require_safe
@for_keepers
def kept(request: HttpRequest, keeper: Keeper, piece: str) -> HttpResponse:
    """The page after a claim: whose it is now, and what can be done with it."""
    custody = get_object_or_404(
        Custody.objects.select_related("piece__maker"),
        keeper=keeper,
        until__isnull=True,
        piece__public_id=piece,
    )
    gift = Montage.objects.filter(
        piece=custody.piece, keeper=keeper, seal_binds_keeper=True, gift__opened_at__isnull=True
    )
    context = {"custody": custody, "piece": custody.piece, "is_gift": gift.exists()}
    return render(request, "memories/kept.html", context)

"""A maker's signing keys at the desk: what they prove, made, registered, retired, lost."""

from dataclasses import dataclass

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from provenance import keys, limits
from provenance.assurance import STEP_UP, has_passkey, proven_within
from provenance.canonical import JSONObject, canonical_bytes
from provenance.desk import for_makers, see_other
from provenance.errors import BadKeyError, KeyLockedError, ProvenanceError
from provenance.forms.keys import (
    HoldForm,
    ProofForm,
    RegisterForm,
    RetireForm,
    SheetForm,
    StolenForm,
    UnlockForm,
)
from provenance.identity import key_level_meaning, key_level_words
from provenance.models.authorisation import Act
from provenance.models.keys import KeyLevel, SigningKey
from provenance.models.maker import Maker
from provenance.services import key_life, maker_keys, reproof
from provenance.services.authorise import NotAuthorisedError, given_for

_CHALLENGE = "key_challenge"
CHANGED = "This was changed meanwhile. Look at it again, then sign."
NOT_ALLOWED = "Your passkey did not allow this. Nothing was signed; try again."
FORM_METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Shown:
    """A key as its maker reads it."""

    row: SigningKey
    fingerprint: str
    multikey: str


@never_cache
@require_safe
@for_makers
def workshop_keys(request: HttpRequest, maker: Maker) -> HttpResponse:
    known = [_shown(row) for row in SigningKey.objects.filter(maker=maker)]
    current = next((key for key in known if key.row.is_in_use), None)
    level = str(current.row.level) if current else "recorded"
    facts = {
        "current": current,
        "earlier": [key for key in known if not key.row.is_in_use],
        "words": key_level_words(level),
        "meaning": key_level_meaning(level),
        "again": reproof.waiting_for_maker(maker).count(),
        "can_be_lost": any(key.row.compromised_at is None for key in known),
    }
    return render(request, "provenance/workshop/keys.html", facts)


@never_cache
@sensitive_post_parameters("passphrase", "again")
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
def hold_key(request: HttpRequest, maker: Maker) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _hold(request, maker, form)
    return _page(request, "key_held", form)


@sensitive_variables("form", "passphrase")
def _hold(request: HttpRequest, maker: Maker, form: HoldForm) -> HttpResponse:
    passphrase = form.cleaned_data["passphrase"]
    try:
        maker_keys.make_held_key(maker=maker, passphrase=passphrase, by=maker.user)
    except maker_keys.KeyInUseError:
        messages.info(request, "You have a key in use. Retire it first.")
    return see_other("provenance:workshop_keys")


@never_cache
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
def register_key(request: HttpRequest, maker: Maker) -> HttpResponse:
    """First the public key is named; then its maker shows that the other half is theirs."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        public_key = keys.read_multikey(form.cleaned_data["key"])
        request.session[_CHALLENGE] = maker_keys.challenge(maker, public_key)
        return see_other("provenance:prove_key")
    return _page(request, "key_own", form)


@never_cache
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
def prove_key(request: HttpRequest, maker: Maker) -> HttpResponse:
    asked = request.session.get(_CHALLENGE)
    if asked is None:
        return see_other("provenance:register_key")
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _is_registered(request, maker, form, asked):
        return see_other("provenance:workshop_keys")
    public_key = keys.read_multikey(str(asked["key"]).partition("#")[2])
    return _page(request, "key_proof", form, fingerprint=keys.fingerprint(public_key))


@never_cache
@require_safe
@for_makers
def key_challenge(request: HttpRequest, maker: Maker) -> HttpResponse:
    asked = request.session.get(_CHALLENGE)
    if asked is None:
        raise Http404
    response = HttpResponse(canonical_bytes(asked), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="challenge.json"'
    return response


def _is_registered(request: HttpRequest, maker: Maker, form: ProofForm, asked: JSONObject) -> bool:
    try:
        maker_keys.register_own_key(maker=maker, asked=asked, proof=form.content(), by=maker.user)
    except ProvenanceError as problem:
        form.add_error(form.source, f"This did not work: {problem}.")
        return False
    # A challenge is answered once.
    request.session.pop(_CHALLENGE, None)
    return True


@never_cache
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
def retire_key(request: HttpRequest, maker: Maker) -> HttpResponse:
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            maker_keys.retire_key(maker=maker, by=maker.user)
        except maker_keys.NoKeyInUseError:
            messages.info(request, "There is no key in use.")
        return see_other("provenance:workshop_keys")
    return _page(request, "key_retire", form)


@never_cache
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
def report_stolen(request: HttpRequest, maker: Maker) -> HttpResponse:
    known = SigningKey.objects.filter(maker=maker, compromised_at__isnull=True)
    rows = {keys.multikey(bytes(row.public_key)): row for row in known}
    choices = [(name, _named(row)) for name, row in rows.items()]
    form = StolenForm(request.POST or None, keys=choices)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            paused = key_life.report_maker_compromise(
                key=rows[facts["key"]], at=facts["at"], reason=facts["reason"], by=maker.user
            )
            if paused:
                messages.warning(request, _paused(paused))
        except key_life.CompromiseRecordedError:
            messages.info(request, "The theft of this key is on record already.")
        return see_other("provenance:workshop_keys")
    return _page(request, "key_stolen", form)


@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(FORM_METHODS)
@for_makers
@proven_within(STEP_UP)
@sensitive_variables("form", "signer")
def sign_again(request: HttpRequest, maker: Maker) -> HttpResponse:
    """What a stolen key signed before the theft, signed with the new one."""
    key = maker_keys.key_in_use(maker)
    if key and key.level == KeyLevel.OWN:
        return _sign_elsewhere(request, maker)
    form = UnlockForm(request.POST or None)
    signer = unlocked(request, maker, form) if form.is_bound and form.is_valid() else None
    if signer is None:
        return _list_to_sign(request, maker, form)
    try:
        many = _sign_all(request, maker, signer)
    except NotAuthorisedError:
        return _list_to_sign(request, maker, UnlockForm(), error=NOT_ALLOWED, status=403)
    except (reproof.ListChangedError, maker_keys.MakerKeyLockedError):
        messages.warning(request, CHANGED)
        return see_other("provenance:sign_again")
    messages.info(request, _signed_again(many) if many else "Nothing was left to sign.")
    return see_other("provenance:workshop_keys")


@sensitive_variables("signer")
def _sign_all(request: HttpRequest, maker: Maker, signer: keys.Signer) -> int:
    """All that was shown, a piece to a commit; what is signed when this process dies stays."""
    shown, many = request.POST.get("shown", ""), 0
    while signed := reproof.reproof_for_maker(
        maker=maker, signer=signer, shown=shown, by=maker.user
    ):
        many += signed
    return many


def _list_to_sign(
    request: HttpRequest, maker: Maker, form: UnlockForm, *, error: str = "", status: int = 0
) -> HttpResponse:
    shown = reproof.what_is_signed_again(maker)
    many, listed = reproof.waiting_for_maker(maker).count(), reproof.list_for_maker(maker)
    facts = {
        "many": many,
        "listed": listed,
        "unlisted": many - len(listed),
        "shown": shown,
        "asks_passkey": bool(listed) and _asks_passkey(maker, shown),
        "error": error,
    }
    return _page(request, "key_again", form, status=status, **facts)


def _asks_passkey(maker: Maker, shown: str) -> bool:
    """Once for a list: who goes on with one that broke off opens the key again, no more."""
    digest = bytes.fromhex(shown)
    begun = given_for(by=maker.user, act=Act.SIGN_BATCH, digest=digest)
    return begun is None and has_passkey(maker.user)


def _sign_elsewhere(request: HttpRequest, maker: Maker) -> HttpResponse:
    """With a key of the maker's own: a sheet is taken along, and its proofs are brought back."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            many = reproof.take_own_proofs(maker=maker, sheet=form.content())
        except ProvenanceError as problem:
            form.add_error("file", f"Nothing was taken: {problem}.")
        else:
            messages.info(request, _taken(many))
            return see_other("provenance:workshop_keys")
    many = reproof.waiting_for_maker(maker).count()
    return _page(request, "key_again_own", form, many=many)


def _paused(many: int) -> str:
    were = "certificate was" if many == 1 else "certificates were"
    return (
        f"{many} {were} prepared before that moment and signed after it, so every check calls "
        "them paused. Write to the platform about what you signed yourself."
    )


def _taken(many: int) -> str:
    if not many:
        return "These proofs were here already."
    return _signed_again(many)


def _signed_again(many: int) -> str:
    return f"{many} certificate{'' if many == 1 else 's'} signed again."


@never_cache
@require_safe
@for_makers
@proven_within(STEP_UP)
def sign_again_sheet(request: HttpRequest, maker: Maker) -> HttpResponse:
    """What `python -m provenance sign-again` takes: a certificate to a line, without proofs."""
    sheet = reproof.sheet_for_maker(maker)
    response = HttpResponse(sheet, content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="again.jsonl"'
    return response


@sensitive_variables()
def unlocked(request: HttpRequest, maker: Maker, form: UnlockForm) -> keys.Signer | None:
    """The maker's signer, for this request; or None, and the form says why."""
    if not limits.allows(request, "unlock", subject=maker.public_id):
        form.add_error("passphrase", "That was often. Wait a minute, then try again.")
        return None
    try:
        return maker_keys.unlock(maker=maker, passphrase=form.cleaned_data["passphrase"])
    except KeyLockedError:
        form.add_error("passphrase", "This does not open the key. Type it again.")
    except (BadKeyError, maker_keys.NoKeyInUseError):
        form.add_error("passphrase", "The key cannot be opened here. Ask the platform’s staff.")
    return None


def _page(
    request: HttpRequest, name: str, form: Form, *, status: int = 0, **facts: object
) -> HttpResponse:
    status = status or (400 if form.is_bound else 200)
    page = f"provenance/workshop/{name}.html"
    return render(request, page, {"form": form, **facts}, status=status)


def _shown(row: SigningKey) -> Shown:
    public_key = bytes(row.public_key)
    return Shown(row, keys.fingerprint(public_key), keys.multikey(public_key))


def _named(row: SigningKey) -> str:
    return f"{keys.fingerprint(bytes(row.public_key))[:9]} …, made {row.created_at:%Y-%m-%d}"

"""Pieces of Nele's with memories behind doors: a PIN, a tap, a seal, a report, an invitation."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from config.demo.links import sign_in_link
from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel
from memories.services import gifts, invitations, reports, sharing
from memories.services.invitations import Guest
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from tags.codes import claim_hash, read_claim_code
from tests.browser import films
from tests.factories import (
    make_certificate,
    make_chip,
    make_claim_code,
    make_custody,
    make_memory,
    make_mira,
    make_user,
)

MAKER = "mira-of-the-doors"
PIN = "739205"
A_MONTH = timedelta(days=30)


def set_up() -> dict[str, str]:
    """Make them; their public ids, codes and links by the names that screens use."""
    maker, nele, gil = make_mira(MAKER), make_user("nele"), make_user("gil")
    guarded = _open(maker, nele, MontageLevel.PIN, pin=PIN)
    tapped = _open(maker, nele, MontageLevel.TAP, has_chip=True)
    public = _open(maker, nele, MontageLevel.PUBLIC)
    reported = _open(maker, nele, MontageLevel.PUBLIC)
    words = "That is my kitchen, and I was never asked."
    reports.report(montage=reported, reason="me", words=words)
    until = datetime(2035, 12, 24, tzinfo=UTC)
    _, token = _invite(guarded, "Grandmother Ida", "", may_add=True)
    _invite(guarded, "Jonas", "jonas@touchmark.example", may_add=False)
    return {
        "nele": sign_in_link(nele),
        # Claims what has no photographs on file, which a list of pieces would look for in vain.
        "ruth": sign_in_link(make_user("ruth")),
        "guarded": guarded.piece.public_id,
        "guarded_code": _code(guarded.piece),
        "tapped": tapped.piece.public_id,
        "tapped_code": _code(tapped.piece),
        "public": public.piece.public_id,
        # Hidden as soon as somebody reports it, which one screen does.
        "about_to_be_reported": _open(maker, nele, MontageLevel.PUBLIC).piece.public_id,
        "reported": reported.piece.public_id,
        "invitation": token,
        "unopened": _gift(maker, gil, to=nele, opens_at=None).public_id,
        "sealed": _gift(maker, gil, to=nele, opens_at=until).public_id,
        "given": _draft(maker, nele).public_id,
        "films": films.set_up(maker, nele).piece.public_id,
        "gift_code": make_claim_code(make_certificate(maker).piece),
        "second_gift_code": make_claim_code(make_certificate(maker).piece),
    }


def begin_page() -> None:
    """Print the public id of a ring that Nele keeps, with no memories yet."""
    maker = Maker.objects.get(user__username=MAKER)
    piece = make_certificate(maker).piece
    make_custody(piece, User.objects.get(username="nele"))
    print(piece.public_id)


def tell_received(piece: str) -> None:
    """Print the names of the files that are memories of this piece, in their order."""
    items = Item.objects.filter(montage__piece__public_id=piece).order_by("position")
    print("\n".join(items.values_list("upload_name", flat=True)))


def _open(
    maker: Maker, keeper: User, level: MontageLevel, *, pin: str = "", has_chip: bool = False
) -> Montage:
    piece = make_certificate(maker).piece
    if has_chip:
        make_chip(piece=piece)
    custody = make_custody(piece, keeper)
    montage = Montage.objects.create(piece=piece, keeper=custody.keeper)
    make_memory(montage)
    sharing.choose(montage=montage, revision=1, choice=sharing.Choice(level, pin))
    Montage.objects.filter(pk=montage.pk).update(published_at=timezone.now())
    montage.refresh_from_db()
    return montage


def _invite(montage: Montage, name: str, email: str, *, may_add: bool) -> tuple[object, str]:
    guest = Guest(name=name, email=email, may_add=may_add, lasts=A_MONTH)
    return invitations.invite(montage=montage, guest=guest)


def _draft(maker: Maker, giver: User) -> Piece:
    piece = make_certificate(maker).piece
    gifts.begin(code_hash=_hash(make_claim_code(piece)), by=giver)
    return piece


def _gift(maker: Maker, giver: User, *, to: User, opens_at: datetime | None) -> Piece:
    piece = make_certificate(maker).piece
    code = _hash(make_claim_code(piece))
    gift = gifts.begin(code_hash=code, by=giver)
    wrapping = gifts.Wrapping("Gil", "For your thirtieth, and the years before it.", opens_at)
    gifts.seal(gift=gift, wrapping=wrapping)
    gifts.claim(code_hash=code, by=to)
    return piece


def _hash(code: str) -> bytes:
    return claim_hash(read_claim_code(code))


def _code(piece: Piece) -> str:
    code: str = piece.tags.get(place="card").code
    return code

"""The acts on tags: a printed code is drawn, bound to its piece, printed, and signed for."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.services.events import record
from provenance.services.issue import issue_certificate
from provenance.services.keep import put_claim_code
from provenance.statement import TagStatement
from tags.codes import ClaimCode, claim_hash, new_claim_code, new_code
from tags.models import Tag, TagKind, TagState


@transaction.atomic
def bind_printed_code(*, piece: Piece, by: User, place: str = "card") -> Tag:
    """The printed code of a piece: the one it has, or a new one bound now."""
    standing = Tag.objects.standing().filter(piece=piece, place=place).first()
    if standing:
        return standing
    tag = Tag.objects.create(piece=piece, kind=TagKind.QR, place=place, code=new_code())
    record(
        "tag.bound",
        by=by,
        maker=piece.maker,
        piece=piece,
        facts={"tag": tag.public_id, "kind": str(tag.kind), "place": place},
    )
    return tag


@transaction.atomic
def issue_with_code(*, piece: Piece, by: User) -> Certificate:
    """Sign a draft with its printed code named in the certificate, both or neither."""
    bind_printed_code(piece=piece, by=by)
    standing = Tag.objects.standing().filter(piece=piece)
    certificate = issue_certificate(
        piece=piece, tags=[statement_of(tag) for tag in standing], by=by
    )
    standing.filter(state=TagState.BOUND).update(state=TagState.ACTIVE)
    return certificate


def statement_of(tag: Tag) -> TagStatement:
    return TagStatement(kind=str(tag.kind), ident=tag.public_id, bound=f"{tag.bound_at:%Y-%m-%d}")


def new_card_code(*, piece: Piece, by: User) -> ClaimCode:
    """Draw the claim code of a card being printed now; it exists only while the card is made.

    Raises AlreadyClaimedError when the piece has a keeper.
    """
    code = new_claim_code()
    put_claim_code(piece=piece, code_hash=claim_hash(code), by=by)
    return code


def forget_openings(*, piece: Piece) -> None:
    """Make every cookie that says "this browser opened a code of the piece" worthless."""
    Tag.objects.filter(piece=piece).update(epoch=F("epoch") + 1)

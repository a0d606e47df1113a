"""The acts on tags: a printed code is drawn, bound to its piece, printed, and signed for."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from provenance.keys import Signer
from provenance.models.certificate import Certificate
from provenance.models.keys import PendingCertificate
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.services.events import Act, record, record_all
from provenance.services.issue import issue_certificate
from provenance.services.issue_many import Draft, issue_many
from provenance.services.keep import put_claim_code
from provenance.services.prepare import complete_certificate, prepare_certificate
from provenance.statement import TagStatement
from tags.codes import ClaimCode, claim_hash, new_claim_code, new_code
from tags.life import TagState
from tags.models.tag import Tag, TagKind
from tags.services.binding import activate_tags


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
    if piece.original.is_issued:
        activate_tags([tag], at=timezone.now())
    return tag


@transaction.atomic
def issue_with_code(
    *, piece: Piece, by: User, shown: str = "", maker_signer: Signer | None = None
) -> Certificate:
    """Sign a draft with its printed code named in the certificate, both or neither.

    `shown` is the `shown_digest` of what the signer looked at, where somebody did;
    `maker_signer` the maker's key, opened for this act, where one is kept here.
    """
    tags = _named(piece, by)
    certificate = issue_certificate(
        piece=piece, tags=tags, by=by, shown=shown, maker_signer=maker_signer
    )
    _activate(certificate.piece)
    return certificate


@transaction.atomic
def prepare_with_code(*, piece: Piece, by: User, shown: str = "") -> PendingCertificate:
    """The body that its maker signs elsewhere, with the printed code named in it."""
    return prepare_certificate(piece=piece, tags=_named(piece, by), shown=shown)


@transaction.atomic
def complete_with_code(*, pending: PendingCertificate, proof: bytes, by: User) -> Certificate:
    """The certificate, now that its maker's own proof has come."""
    certificate = complete_certificate(pending=pending, proof=proof, by=by)
    _activate(certificate.piece)
    return certificate


@transaction.atomic
def issue_with_codes(
    *, maker: Maker, drafts: Sequence[Draft], by: User, maker_signer: Signer | None = None
) -> list[Certificate]:
    """Sign many drafts that were registered just now, each with a new printed code in it."""
    pieces = [draft.piece for draft in drafts]
    tags = _bind_codes(maker, pieces, by)
    named = {piece.pk: [statement_of(tag)] for piece, tag in zip(pieces, tags, strict=True)}
    return issue_many(maker=maker, drafts=drafts, tags=named, by=by, maker_signer=maker_signer)


def _bind_codes(maker: Maker, pieces: Sequence[Piece], by: User) -> list[Tag]:
    """New codes of new pieces; what is signed in the same transaction is active at once."""
    now = timezone.now()
    tags = Tag.objects.bulk_create(
        Tag(piece=piece, code=new_code(), state=TagState.ACTIVE, bound_at=now) for piece in pieces
    )
    acts = (
        Act(maker, tag.piece, {"tag": tag.public_id, "kind": str(tag.kind), "place": tag.place})
        for tag in tags
    )
    record_all("tag.bound", acts, by=by, at=now)
    return tags


def _named(piece: Piece, by: User) -> list[TagStatement]:
    # A correction is signed for the tags that its piece has.
    bind_printed_code(piece=piece.original, by=by)
    return [statement_of(tag) for tag in Tag.objects.standing().filter(piece=piece.original)]


def _activate(piece: Piece) -> None:
    bound = Tag.objects.filter(piece=piece, state=TagState.BOUND)
    activate_tags(bound, at=timezone.now())


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

"""Registering: makers, and their pieces while these are drafts."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from provenance import jewelry
from provenance.errors import ProvenanceError
from provenance.models.maker import IdentityDecision, Maker
from provenance.models.piece import Mark, Part, Photograph, Piece, Stone
from provenance.services.events import record


class AlreadyAMakerError(ProvenanceError):
    """This account already has a workshop."""

    code = "already_a_maker"


class SignedPieceError(ProvenanceError):
    """The piece is signed; its facts no longer change."""

    code = "piece_is_signed"


class StaleDraftError(ProvenanceError):
    """The draft was changed elsewhere meanwhile."""

    code = "draft_changed_elsewhere"


# -- makers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Workshop:
    """What a new maker says of the workshop."""

    name: str
    person: str
    town: str
    country: str
    sponsors_mark: str = ""
    about: str = ""


@transaction.atomic
def become_maker(*, user: User, workshop: Workshop) -> Maker:
    """Open a workshop at identity level I0. The caller has seen that the e-mail is confirmed."""
    # The row of the account is the turnstile for a form sent twice.
    User.objects.select_for_update().get(pk=user.pk)
    if Maker.objects.filter(user=user).exists():
        raise AlreadyAMakerError("this account already has a workshop")
    maker = Maker.objects.create(user=user, slug=_free_slug(workshop.name), **vars(workshop))
    record("maker.registered", by=user, maker=maker, facts={"name": maker.name})
    return maker


def _free_slug(name: str) -> str:
    slug = slugify(name)[:50].strip("-") or "maker"
    if not Maker.objects.filter(slug__iexact=slug).exists():
        return slug
    return f"{slug}-{secrets.token_hex(3)}"


@transaction.atomic
def decide_identity(*, maker: Maker, level: str, reason: str, by: User) -> Maker:
    """Staff set how well we know a maker, and say why."""
    IdentityDecision.objects.create(maker=maker, level=level, reason=reason, by=by)
    maker.identity_level = level
    maker.save(update_fields=["identity_level"])
    record("maker.identified", by=by, maker=maker, facts={"level": str(level), "reason": reason})
    return maker


# -- drafts -------------------------------------------------------------------------------------


@transaction.atomic
def register_piece(*, maker: Maker, facts: jewelry.Piece, by: User) -> Piece:
    """Begin a draft with these facts (its photographs come one by one)."""
    piece = Piece.objects.create(maker=maker, **_columns(facts))
    _write_details(piece, facts)
    record("piece.registered", by=by, maker=maker, piece=piece)
    return piece


@transaction.atomic
def change_piece(*, piece: Piece, facts: jewelry.Piece, revision: int) -> Piece:
    """Replace a draft's facts, if nobody changed or signed it since `revision` was read."""
    moved = Piece.objects.filter(pk=piece.pk, revision=revision, issued_at__isnull=True).update(
        revision=F("revision") + 1, changed_at=timezone.now(), **_columns(facts)
    )
    if not moved:
        raise _why_not_changed(piece)
    for details in (piece.parts, piece.stones, piece.marks):
        details.all().delete()
    _write_details(piece, facts)
    return Piece.objects.get(pk=piece.pk)


def _why_not_changed(piece: Piece) -> ProvenanceError:
    if Piece.objects.issued().filter(pk=piece.pk).exists():
        return SignedPieceError("this piece is signed; its facts no longer change")
    return StaleDraftError("this draft was changed on another device; look at it again")


@transaction.atomic
def duplicate_piece(*, piece: Piece, facts: jewelry.Piece, by: User) -> Piece:
    """A new draft like an earlier piece: the next number of its edition, no photographs."""
    edition = facts.edition
    if edition.number is not None and edition.of is not None:
        following = min(edition.number + 1, edition.of)
        edition = jewelry.Edition(edition.kind, following, edition.of)
    copy = jewelry.Piece(**{**vars(facts), "edition": edition, "photographs": ()})
    return register_piece(maker=piece.maker, facts=copy, by=by)


def _columns(facts: jewelry.Piece) -> dict[str, object]:
    measures = dict(facts.measures)
    return {
        "title": facts.title,
        "kind": facts.kind,
        "year": facts.year,
        "mass_grams": facts.mass,
        "edition_kind": facts.edition.kind,
        "edition_number": facts.edition.number,
        "edition_of": facts.edition.of,
        "circumference_mm": facts.circumference,
        "height_mm": measures.get("height"),
        "width_mm": measures.get("width"),
        "depth_mm": measures.get("depth"),
        "description": facts.description,
        "sku": facts.sku,
        "care": "\n".join(facts.care),
    }


def _write_details(piece: Piece, facts: jewelry.Piece) -> None:
    Part.objects.bulk_create(
        Part(
            piece=piece,
            position=n,
            ident=part.ident,
            element=part.element,
            alloy=part.alloy,
            fineness=part.fineness,
            colour=part.colour,
            mass_grams=part.mass,
            coating=part.coating,
        )
        for n, part in enumerate(facts.parts)
    )
    Stone.objects.bulk_create(
        Stone(
            piece=piece,
            position=n,
            species=stone.species,
            variety=stone.variety,
            origin=stone.origin,
            count=stone.count,
            shape=stone.shape,
            carat_each=stone.carat,
            carat_basis=stone.basis,
            treatment=",".join(stone.treatment),
            note=stone.note,
        )
        for n, stone in enumerate(facts.stones)
    )
    Mark.objects.bulk_create(
        Mark(piece=piece, position=n, kind=mark.kind, text=mark.text, place=mark.place)
        for n, mark in enumerate(facts.marks)
    )


# -- photographs --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SafeRendition:
    """One re-encoded derivative on disk: its size in pixels and SHA-256 as 64 hex digits."""

    path: Path
    width: int
    height: int
    sha256: str


@dataclass(frozen=True)
class SafePhotograph:
    """A photograph made safe, with its renditions by name ("480.webp")."""

    width: int
    height: int
    placeholder: str
    renditions: Mapping[str, SafeRendition]

    @property
    def largest(self) -> SafeRendition:
        return max(self.renditions.values(), key=lambda each: each.width * each.height)


def add_photograph(
    *, piece: Piece, role: str, source: str, alt: str, picture: SafePhotograph
) -> Photograph:
    """Put a picture made safe on a draft; it takes the place of the one in the same role."""
    stored = _store(piece, picture)
    with transaction.atomic():
        # The row lock of this update orders us against a signing on another device.
        if not Piece.objects.drafts().filter(pk=piece.pk).update(changed_at=timezone.now()):
            raise SignedPieceError("this piece is signed; its photographs no longer change")
        if role != "other":
            piece.photographs.filter(role=role).delete()
        return Photograph.objects.create(
            piece=piece,
            role=role,
            source=source,
            alt=alt,
            position=piece.photographs.count(),
            sha256=picture.largest.sha256,
            width=picture.largest.width,
            height=picture.largest.height,
            placeholder=picture.placeholder,
            renditions=stored,
        )


def remove_photograph(*, photograph: Photograph) -> None:
    with transaction.atomic():
        draft = Piece.objects.drafts().filter(pk=photograph.piece_id)
        if not draft.update(changed_at=timezone.now()):
            raise SignedPieceError("this piece is signed; its photographs no longer change")
        photograph.delete()


def _store(piece: Piece, picture: SafePhotograph) -> dict[str, dict[str, object]]:
    folder = f"pieces/{piece.public_id}/{secrets.token_hex(8)}"
    stored: dict[str, dict[str, object]] = {}
    for name, each in picture.renditions.items():
        with each.path.open("rb") as content:
            file = storages["private"].save(f"{folder}/{name}", File(content))
        stored[name] = {
            "file": file,
            "width": each.width,
            "height": each.height,
            "sha256": each.sha256,
        }
    return stored

"""Registering: makers, and their pieces while these are drafts."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services.details import columns_of, replace_details, write_details
from provenance.services.events import record
from provenance.services.making import steps_of
from provenance.services.steps import write_steps
from provenance.steps import StepFacts, planned_steps, recipe_of


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


# -- drafts -------------------------------------------------------------------------------------


@transaction.atomic
def register_piece(
    *, maker: Maker, facts: jewelry.Piece, by: User, steps: Sequence[StepFacts] = ()
) -> Piece:
    """Begin a draft with these facts and steps (its photographs come one by one)."""
    piece = Piece.objects.create(maker=maker, **columns_of(facts))
    write_details([(piece, facts)])
    write_steps(piece=piece, steps=steps, now=timezone.now())
    record("piece.registered", by=by, maker=maker, piece=piece)
    return piece


@transaction.atomic
def change_piece(
    *,
    piece: Piece,
    facts: jewelry.Piece,
    revision: int,
    steps: Sequence[StepFacts] | None = None,
) -> Piece:
    """Replace a draft's facts, if nobody changed or signed it since `revision` was read.

    Its steps are replaced too, unless they are None. Raises InvalidRecordError for steps that
    cannot be read; nothing is changed then.
    """
    _move_on(piece, revision, **columns_of(facts))
    replace_details(piece, facts)
    standing = steps_of(piece) if steps is None else steps
    write_steps(piece=piece, steps=standing, now=timezone.now())
    return Piece.objects.get(pk=piece.pk)


@transaction.atomic
def change_steps(*, piece: Piece, steps: Sequence[StepFacts], revision: int) -> Piece:
    """Replace a draft's steps alone, if nobody changed or signed it since `revision` was read.

    Evidence stays behind the steps that keep their id. Raises InvalidRecordError for steps that
    cannot be read; nothing is changed then.
    """
    _move_on(piece, revision)
    write_steps(piece=piece, steps=steps, now=timezone.now())
    return Piece.objects.get(pk=piece.pk)


def _move_on(piece: Piece, revision: int, **columns: object) -> None:
    """The one conditional update that settles who changes a draft first."""
    moved = Piece.objects.filter(pk=piece.pk, revision=revision, issued_at__isnull=True).update(
        revision=F("revision") + 1, changed_at=timezone.now(), **columns
    )
    if not moved:
        raise _why_not_changed(piece)


def _why_not_changed(piece: Piece) -> ProvenanceError:
    if Piece.objects.issued().filter(pk=piece.pk).exists():
        return SignedPieceError("this piece is signed; its facts no longer change")
    return StaleDraftError("this draft was changed on another device; look at it again")


@transaction.atomic
def duplicate_piece(*, piece: Piece, facts: jewelry.Piece, by: User) -> Piece:
    """A new draft like an earlier piece: the next number of its edition, no photographs.

    Its steps are planned anew: how one works stays, that it was done has to be ticked again.
    What belongs to the one piece alone, its serial number, is not copied.
    """
    edition = facts.edition
    if edition.number is not None and edition.of is not None:
        following = min(edition.number + 1, edition.of)
        edition = jewelry.Edition(edition.kind, following, edition.of)
    copy = replace(facts, edition=edition, photographs=(), serial="")
    parts = [part.ident for part in facts.parts]
    planned = planned_steps(recipe_of(steps_of(piece)), parts=parts, taken=())
    return register_piece(maker=piece.maker, facts=copy, by=by, steps=planned)


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
    stored = store_picture(piece, picture)
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


def store_picture(piece: Piece, picture: SafePhotograph) -> dict[str, dict[str, object]]:
    return store_renditions(f"pieces/{piece.public_id}", picture)


def store_renditions(owner: str, picture: SafePhotograph) -> dict[str, dict[str, object]]:
    """Put a picture's renditions into a fresh folder below `owner`; told as a photograph's."""
    folder = f"{owner}/{secrets.token_hex(8)}"
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

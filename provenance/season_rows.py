"""The rows of a season looked at: read as the bench reads them, and registered without keeping it.

The dry run goes the whole way of the real one, in a transaction that is taken back: what it
finds right breaks no law later, neither of jewelry nor of the database.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from memories import media_source
from provenance import jewelry
from provenance.canonical import JSON, JSONObject, canonical_bytes
from provenance.errors import ProvenanceError
from provenance.forms.photograph import ROLES
from provenance.forms.season import Reading, photographs_of, read_row, source_of
from provenance.forms.steps import told
from provenance.making_record import InvalidRecordError
from provenance.models.maker import Maker
from provenance.models.piece import PhotographRole, Piece
from provenance.models.season import PictureState, RowState, Season, SeasonPicture, SeasonRow
from provenance.season_zip import key_of
from provenance.services import drafting, season_alike, season_twins
from provenance.services.facts import DETAILS
from provenance.services.issue_many import Draft
from provenance.services.register_many import KeptPicture, Laid, register_many
from provenance.services.steps import check_steps
from provenance.steps import StepFacts, planned_steps, recipe_of

NOT_KEPT = "This row cannot be kept as it is."
Pictures = Mapping[str, SeasonPicture]


class NoLongerReadsError(ProvenanceError):
    """A row that was found right reads otherwise now: we ask more of a table than we did."""

    code = "season_row_no_longer_reads"


@dataclass
class Looked:
    """A row with how it reads, and the piece it would make."""

    row: SeasonRow
    reading: Reading
    laid: Laid | None = None


def look_at(season: Season, rows: Sequence[SeasonRow]) -> None:
    """Say of each row what it would make and what is wrong with it; nothing is registered."""
    pictures = pictures_of(season, rows)
    recipes = {recipe.name: recipe.steps for recipe in season.maker.recipes.all()}
    looked = [Looked(row, read_row(row.cells, recipes=recipes)) for row in rows]
    for each in looked:
        _lay_out(each, pictures)
    _judge(season.maker, [each for each in looked if each.laid])
    readings = {each.row.pk: each.reading for each in looked}
    for row, (column, sentence) in season_alike.faults_of(season, rows):
        readings[row.pk].add(column, sentence)
    for row in rows:
        row.note = ""
    season_twins.know_again(rows, season_twins.signed_twins(season, rows))
    for each in looked:
        _conclude(each)


def pictures_of(season: Season, rows: Iterable[SeasonRow]) -> Pictures:
    keys = {key_of(name) for row in rows for name in photographs_of(row.cells).values()}
    return {picture.key: picture for picture in season.pictures.filter(key__in=keys)}


def laid_again(row: SeasonRow, pictures: Pictures) -> Laid:
    """The piece of a row that was found right, as it was found: with its recipe of then.

    Raises NoLongerReadsError.
    """
    reading = read_row({**row.cells, "recipe": "", "ticks": ""}, recipes={})
    for column, sentence in reading.faults:
        raise NoLongerReadsError(f"Row {row.position}, {column}: {sentence}")
    facts = reading.facts()
    planned = planned_steps(
        row.making.get("steps", []), parts=[part.ident for part in facts.parts], taken=()
    )
    done = set(row.making.get("done", []))
    steps = tuple(replace(step, is_done=step.ident in done) for step in planned)
    return Laid(facts, steps, _kept(row, facts.title, pictures))


def drafts_of(pieces: Sequence[Piece], laid: Sequence[Laid]) -> list[Draft]:
    """Pieces that were registered just now, with their facts."""
    return [
        Draft(piece, replace(each.facts, photographs=_stated(each.pictures)))
        for piece, each in zip(pieces, laid, strict=True)
    ]


# -- one row ------------------------------------------------------------------------------------


def _lay_out(looked: Looked, pictures: Pictures) -> None:
    row, reading = looked.row, looked.reading
    for role, name in photographs_of(row.cells).items():
        if sentence := _missing(pictures.get(key_of(name))):
            reading.add(f"photo_{role}", f"{name}: {sentence}")
    for column, sentence in _shown_twice(row, pictures):
        reading.add(column, sentence)
    if reading.faults:
        return
    facts = reading.facts()
    row.making = _written(reading.steps)
    try:
        check_steps(reading.steps, parts=[part.ident for part in facts.parts], now=timezone.now())
    except InvalidRecordError as problem:
        reading.add("recipe", told(problem))
        return
    looked.laid = Laid(facts, reading.steps, _kept(row, facts.title, pictures))


def _missing(picture: SeasonPicture | None) -> str:
    if picture is None:
        return "this file is not in the ZIP."
    if picture.state == PictureState.REFUSED:
        return picture.refusal
    return "" if picture.state == PictureState.READY else "this photograph is not ready yet."


def _shown_twice(row: SeasonRow, pictures: Pictures) -> Iterator[tuple[str, str]]:
    """One photograph is not two, whatever its files are called."""
    seen: dict[str, str] = {}
    for role, name in photographs_of(row.cells).items():
        picture = pictures.get(key_of(name))
        if picture is None or picture.state != PictureState.READY:
            continue
        first = seen.setdefault(picture.sha256, role)
        if first != role:
            yield f"photo_{role}", f"photo_{first} is the same photograph. Name another one."


def _written(steps: Sequence[StepFacts]) -> dict[str, JSON]:
    if not steps:
        return {}
    done: list[JSON] = [step.ident for step in steps if step.is_done]
    return {"steps": [*recipe_of(steps)], "done": done}


def _kept(row: SeasonRow, title: str, pictures: Pictures) -> tuple[KeptPicture, ...]:
    said = source_of(row.cells)
    return tuple(
        _picture(pictures[key_of(name)], role, said, title)
        for role, name in photographs_of(row.cells).items()
    )


def _picture(picture: SeasonPicture, role: str, said: str, title: str) -> KeptPicture:
    return KeptPicture(
        role=role,
        source=media_source.strongest((picture.source, said)) or said,
        alt=f"{title}: {ROLES[PhotographRole(role)].lower()}",
        sha256=picture.sha256,
        width=picture.width or 0,
        height=picture.height or 0,
        placeholder=picture.placeholder,
        renditions=picture.renditions,
    )


def _stated(pictures: Iterable[KeptPicture]) -> tuple[jewelry.Photograph, ...]:
    return tuple(
        jewelry.Photograph(each.role, each.sha256, each.width, each.height, each.source)
        for each in pictures
    )


def _conclude(looked: Looked) -> None:
    row, reading = looked.row, looked.reading
    row.errors = [list(fault) for fault in reading.faults]
    if row.errors or looked.laid is None:
        row.state, row.label, row.digest = RowState.WRONG, "", ""
        return
    row.state = RowState.SKIPPED if row.note else RowState.READY
    row.digest = _digest(row, looked.laid)


def _digest(row: SeasonRow, laid: Laid) -> str:
    """Names everything of a row that is signed: what it says, its steps and its photographs."""
    shown: list[JSON] = [[each.role, each.sha256, each.source] for each in laid.pictures]
    said: dict[str, JSON] = {"cells": row.cells, "making": row.making, "photographs": shown}
    return hashlib.sha256(canonical_bytes(said)).hexdigest()


# -- all together -------------------------------------------------------------------------------


def _judge(maker: Maker, looked: Sequence[Looked]) -> None:
    try:
        _register_and_take_back(maker, looked)
    except DatabaseError:
        # One of them breaks a law of the database: it is found by itself.
        for each in looked:
            try:
                _register_and_take_back(maker, [each])
            except DatabaseError:
                each.reading.add("title", NOT_KEPT)


def _register_and_take_back(maker: Maker, looked: Sequence[Looked]) -> None:
    now = timezone.now()
    laid = [each.laid for each in looked if each.laid]
    with transaction.atomic():
        pieces = register_many(maker=maker, laid=laid, by=maker.user)
        read = Piece.objects.prefetch_related(*DETAILS, "steps__evidence").in_bulk(
            [piece.pk for piece in pieces]
        )
        for each, draft in zip(looked, drafts_of(pieces, laid), strict=True):
            piece = read[draft.piece.pk]
            piece.maker = maker
            _judge_draft(each, Draft(piece, draft.facts), now=now)
        transaction.set_rollback(True)


def _judge_draft(looked: Looked, draft: Draft, *, now: datetime) -> None:
    stated = drafting.stated_subject(draft.piece, draft.facts)
    as_read = drafting.Reading(draft.piece, draft.facts, stated, now)
    if not _is_same(stated, drafting.read_draft(draft.piece, now=now).stated):
        looked.reading.add("title", NOT_KEPT)
    looked.reading.judge(as_read.problems)
    looked.row.label = as_read.derivation.label


def _is_same(stated: JSONObject, kept: JSONObject) -> bool:
    """What is signed from the cells is what the database keeps of them, byte by byte."""
    try:
        return canonical_bytes(stated) == canonical_bytes(kept)
    except ProvenanceError:
        return False

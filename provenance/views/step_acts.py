"""What the buttons among the steps do to a form that was sent, before it is read as a whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import QueryDict

from provenance.canonical import JSON
from provenance.forms import steps as forms
from provenance.forms.piece import redrawn_sheet
from provenance.forms.steps import AddStepForm, RecipesForm, Row
from provenance.identifiers import PATTERN
from provenance.making_record import InvalidRecordError
from provenance.models.maker import Maker
from provenance.models.making import StepEvidence
from provenance.models.piece import Piece
from provenance.services import evidence, recipes
from provenance.services.steps import check_steps
from provenance.steps import STARTERS, moment, planned_steps, recipe_of
from provenance.views.step_rows import recipes_form

BUTTONS: Final = {"begin", "tick_all", "use_recipe", "save_recipe", "remove_evidence"}
NO_RECIPE = "Choose a recipe first."
NO_NAME = "Give the recipe a name."


@dataclass(frozen=True)
class Acted:
    """The form after the act; `adding` and `recipes` stand there when the act was refused."""

    data: QueryDict
    adding: AddStepForm | None = None
    recipes: RecipesForm | None = None

    @property
    def is_refused(self) -> bool:
        return self.adding is not None or self.recipes is not None


def is_asked(sent: QueryDict) -> bool:
    """Whether a button among the steps was pressed."""
    is_row = sent.get("add") == "steps" or sent.get("remove", "").startswith("steps-")
    return is_row or bool(BUTTONS & sent.keys())


def act(sent: QueryDict, *, maker: Maker, piece: Piece | None, now: datetime) -> Acted:
    """Do what the pressed button says; what nobody drew does nothing."""
    if "use_recipe" in sent:
        return _use_recipe(sent, maker)
    if "save_recipe" in sent:
        return _save_recipe(sent, maker, now)
    if "begin" in sent:
        return _begin(sent, now)
    if "tick_all" in sent:
        return _tick_all(sent)
    if "remove_evidence" in sent:
        _remove_evidence(piece, sent.get("remove_evidence", ""))
        return Acted(sent)
    if sent.get("add") == "steps":
        return _add(sent, now)
    return _remove(sent)


def with_chosen_recipe(sent: QueryDict, maker: Maker) -> QueryDict:
    """A recipe chosen for a piece without steps is used when the piece is saved."""
    chosen = sent.get("recipe", "")
    if not chosen or forms.typed_rows(sent):
        return sent
    return _planned(sent, _recipe(chosen, maker))


def _use_recipe(sent: QueryDict, maker: Maker) -> Acted:
    form = recipes_form(maker, sent)
    if not form.is_valid() or not form.cleaned_data["recipe"]:
        form.add_error("recipe", NO_RECIPE)
        return Acted(sent, recipes=form)
    return Acted(_planned(sent, _recipe(form.cleaned_data["recipe"], maker)))


def _recipe(chosen: str, maker: Maker) -> list[JSON]:
    for number, starter in enumerate(STARTERS):
        if chosen == f"starter-{number}":
            return [*recipe_of(starter.steps)]
    known = PATTERN.fullmatch(chosen)
    mine = maker.recipes.filter(public_id=chosen).first() if known else None
    return list(mine.steps) if mine else []


def _planned(sent: QueryDict, recipe: list[JSON]) -> QueryDict:
    rows = forms.typed_rows(sent)
    taken = [str(row["ident"]) for row in rows]
    planned = planned_steps(recipe, parts=redrawn_sheet(sent).part_names, taken=taken)
    return forms.with_rows(sent, [*rows, *map(forms.typed_step, planned)])


def _save_recipe(sent: QueryDict, maker: Maker, now: datetime) -> Acted:
    form = recipes_form(maker, sent)
    rows = forms.StepRows(sent, prefix=forms.PREFIX)
    name = form.cleaned_data.get("recipe_name", "") if form.is_valid() else ""
    if not name and "recipe_name" not in form.errors:
        form.add_error("recipe_name", NO_NAME)
    elif rows.is_valid():
        try:
            recipes.save_recipe(maker=maker, name=name, steps=[row.step() for row in rows.forms])
        except (recipes.RecipeNameTakenError, recipes.NothingToSaveError) as problem:
            form.add_error("recipe_name", str(problem))
    return Acted(sent, recipes=form if form.errors else None)


def _begin(sent: QueryDict, now: datetime) -> Acted:
    rows = forms.typed_rows(sent)
    for row in rows:
        # What is ticked was begun long ago.
        if row["ident"] == sent["begin"] and not row["started"] and not row["done"]:
            row["started"] = moment(now)
    return Acted(forms.with_rows(sent, rows))


def _tick_all(sent: QueryDict) -> Acted:
    """Each step says for itself that it was done, as if all boxes had been ticked."""
    rows = [{**row, "done": "on"} for row in forms.typed_rows(sent)]
    return Acted(forms.with_rows(sent, rows))


def _add(sent: QueryDict, now: datetime) -> Acted:
    form, rows = AddStepForm(sent), forms.typed_rows(sent)
    if not form.is_valid():
        return Acted(sent, adding=form)
    step = form.step(taken=[str(row["ident"]) for row in rows])
    try:
        check_steps([step], parts=[], now=now)
    except InvalidRecordError as problem:
        form.add_error("new_control", forms.told(problem))
        return Acted(sent, adding=form)
    rows.insert(forms.place_for(step.kind, rows), forms.typed_step(step))
    return Acted(forms.with_rows(sent, rows))


def _remove(sent: QueryDict) -> Acted:
    rows, number = forms.typed_rows(sent), sent.get("remove", "").partition("-")[2]
    places = [str(place) for place in range(len(rows))]
    kept: list[Row] = [row for place, row in zip(places, rows, strict=True) if place != number]
    return Acted(forms.with_rows(sent, kept))


def _remove_evidence(piece: Piece | None, ident: str) -> None:
    """Raises SignedPieceError when the piece was signed meanwhile."""
    if piece is None or not PATTERN.fullmatch(ident):
        return
    found = StepEvidence.objects.filter(piece=piece, public_id=ident).first()
    if found:
        evidence.remove_evidence(evidence=found)

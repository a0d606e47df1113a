"""The acts on recipes: lists of steps a workshop saves, so that the next piece takes ticks."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from provenance.errors import ProvenanceError
from provenance.models.maker import Maker
from provenance.models.making import Recipe
from provenance.steps import StepFacts, recipe_of


class RecipeNameTakenError(ProvenanceError):
    """The workshop has another recipe of this name."""

    code = "recipe_name_taken"


class NothingToSaveError(ProvenanceError):
    """A recipe needs at least one step."""

    code = "recipe_is_empty"


@transaction.atomic
def save_recipe(*, maker: Maker, name: str, steps: Sequence[StepFacts]) -> Recipe:
    """Keep these steps, without dates and files, under a name of the workshop."""
    if not steps:
        raise NothingToSaveError("A recipe needs at least one step.")
    try:
        with transaction.atomic():
            return Recipe.objects.create(maker=maker, name=name, steps=recipe_of(steps))
    except IntegrityError as problem:
        told = f"There is a recipe “{name}” already. Give it another name."
        raise RecipeNameTakenError(told) from problem


def remove_recipe(*, recipe: Recipe) -> None:
    recipe.delete()

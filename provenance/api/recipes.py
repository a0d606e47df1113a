"""Recipes: lists of steps that a workshop saves, so that the next piece takes ticks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from provenance.api import bodies
from provenance.api.desk import Desk
from provenance.api.documented import CREATING, READING_OURS, REMOVING, WRITING_OURS
from provenance.api.fields import Shape, Text
from provenance.api.making_shape import RecipeStepShape, steps_from
from provenance.making_reading import MOST_STEPS
from provenance.making_record import InvalidRecordError
from provenance.models.maker import Maker
from provenance.models.making import Recipe
from provenance.services import recipes
from provenance.services.steps import check_steps
from provenance.steps import StepFacts


class RecipeShape(Shape):
    name = Text(60)
    steps: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=RecipeStepShape(), max_length=MOST_STEPS
    )


class SavedRecipeShape(RecipeShape):
    """A recipe as it is kept: without dates and files."""

    id = serializers.CharField(source="public_id")
    created_at = serializers.DateTimeField()


class RecipeListShape(serializers.Serializer[Any]):
    recipes = SavedRecipeShape(many=True)


class Recipes(Desk):
    maker_only = frozenset({"GET", "HEAD", "POST"})

    @extend_schema(operation_id="read_recipes", responses={200: RecipeListShape, **READING_OURS})
    def get(self, request: Request) -> Response:
        """Read the recipes of your workshop, by name."""
        return Response(RecipeListShape({"recipes": bodies.maker_of(request).recipes.all()}).data)

    @extend_schema(
        operation_id="save_recipe",
        request=RecipeShape,
        responses={201: SavedRecipeShape, **WRITING_OURS},
        parameters=CREATING,
    )
    def post(self, request: Request) -> HttpResponse:
        """Save steps under a name of your workshop."""
        asked = bodies.asked_under_key(request)
        return bodies.answer_once(asked, 201, lambda: _save(asked.maker, request.data))


class OneRecipe(Desk):
    maker_only = frozenset({"DELETE"})

    @extend_schema(operation_id="remove_recipe", responses={204: None, **REMOVING})
    def delete(self, request: Request, recipe: str) -> Response:
        """Remove a recipe of your workshop; pieces made from it keep their steps."""
        mine = Recipe.objects.filter(maker=bodies.maker_of(request))
        found = get_object_or_404(mine, public_id=bodies.public_id(recipe))
        recipes.remove_recipe(recipe=found)
        return Response(status=204)


def _save(maker: Maker, data: Any) -> dict[str, Any]:
    valid = bodies.valid(RecipeShape(data=data))
    steps = steps_from(valid["steps"])
    _check(steps)
    saved = recipes.save_recipe(maker=maker, name=valid["name"], steps=steps)
    return dict(SavedRecipeShape(saved).data)


def _check(steps: tuple[StepFacts, ...]) -> None:
    """A recipe that no record could take is refused when it is saved, not when it is used."""
    try:
        check_steps(steps, parts=(), now=timezone.now())
    except InvalidRecordError as problem:
        # A recipe has its steps at its own top.
        path = problem.path.removeprefix("making.")
        raise InvalidRecordError(path, problem.fault, problem.sentence) from problem

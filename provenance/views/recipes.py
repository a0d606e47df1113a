"""The recipes of a workshop: lists of steps that are kept for the next piece."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from provenance.canonical import JSON
from provenance.desk import for_makers, one_of, see_other
from provenance.forms.step_words import step_icon, step_title, who_words
from provenance.models.maker import Maker
from provenance.services import recipes
from provenance.steps import STARTERS, StepFacts, planned_steps


@dataclass(frozen=True)
class Line:
    """One step of a recipe in words."""

    icon: str
    title: str
    who: str


@dataclass(frozen=True)
class Listed:
    """A recipe in words; `ident` is empty for those that every workshop begins with."""

    name: str
    lines: list[Line]
    ident: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_makers
def workshop_recipes(request: HttpRequest, maker: Maker) -> HttpResponse:
    """See them; take one away."""
    if request.method == "POST":
        recipe = one_of(maker.recipes, request.POST.get("remove", ""))
        recipes.remove_recipe(recipe=recipe)
        messages.info(request, f"The recipe “{recipe.name}” is gone. Pieces keep their steps.")
        return see_other("provenance:workshop_recipes")
    facts = {
        "mine": [_kept(each.name, each.steps, each.public_id) for each in maker.recipes.all()],
        "starters": [Listed(each.name, list(map(_line, each.steps))) for each in STARTERS],
    }
    return render(request, "provenance/workshop/recipes.html", facts)


def _kept(name: str, steps: list[JSON], ident: str) -> Listed:
    parts = [str(step.get("part")) for step in steps if isinstance(step, dict)]
    return Listed(name, list(map(_line, planned_steps(steps, parts=parts, taken=()))), ident)


def _line(step: StepFacts) -> Line:
    return Line(step_icon(step.control), step_title(step), who_words(step.actor))

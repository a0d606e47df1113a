"""Recipes over the API: a workshop saves how it works, and its next piece starts from there."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from provenance.models.making import Recipe
from tests.factories import make_mira
from tests.provenance.programs import Program, ring

pytestmark = pytest.mark.django_db

SAWN = {
    "id": "saw",
    "kind": "form.fabricate",
    "part": "piece",
    "control": "hand",
    "inputs": ["wire"],
}
BAND = {"name": "Wire band", "steps": [SAWN]}


def test_a_recipe_is_told_back_and_stands_in_the_list():
    mira = Program(make_mira())

    saved = mira.post("recipes", BAND)

    assert saved.status_code == 201, saved.content
    assert saved.json()["steps"][0]["inputs"] == ["wire"]
    assert mira.get("recipes").json() == {"recipes": [saved.json()]}


def test_the_steps_of_a_recipe_fit_into_a_piece_as_they_are():
    mira = Program(make_mira())
    mira.post("recipes", BAND)
    (recipe,) = mira.get("recipes").json()["recipes"]

    piece = mira.post("pieces", ring(making={"steps": recipe["steps"]}))

    assert piece.status_code == 201, piece.content
    assert piece.json()["making"]["steps"][0]["id"] == "saw"


def test_recipes_are_a_workshops_own():
    mira, other, sana = Program(make_mira()), Program(make_mira("second")), Program()
    recipe = mira.post("recipes", BAND).json()["id"]

    assert other.get("recipes").json() == {"recipes": []}
    assert other.delete(f"recipes/{recipe}").status_code == 404
    assert [sana.get("recipes").status_code, sana.post("recipes", BAND).status_code] == [401, 401]
    assert sana.delete(f"recipes/{recipe}").status_code == 401
    assert sana.http.head("/api/v1/recipes").status_code == 401
    assert Recipe.objects.count() == 1


def test_a_recipe_is_removed_once():
    mira = Program(make_mira())
    path = f"recipes/{mira.post('recipes', BAND).json()['id']}"

    first, second = mira.delete(path), mira.delete(path)

    assert (first.status_code, first.content, second.status_code) == (204, b"", 404)


def test_a_name_stands_once_in_a_workshop():
    mira, other = Program(make_mira()), Program(make_mira("second"))
    mira.post("recipes", BAND)

    again = mira.post("recipes", BAND)

    assert (again.status_code, again.json()["code"]) == (409, "recipe_name_taken")
    assert other.post("recipes", BAND).status_code == 201


def test_a_recipe_without_steps_is_refused():
    refused = Program(make_mira()).post("recipes", {"name": "Nothing", "steps": []})

    assert (refused.status_code, refused.json()["code"]) == (422, "recipe_is_empty")


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        ({**BAND, "steps": [{**SAWN, "kind": "form.melt"}]}, "invalid_record", "steps.0.kind"),
        ({**BAND, "steps": [SAWN, SAWN]}, "invalid_record", "steps.1.id"),
        ({**BAND, "steps": [{**SAWN, "started": "2026"}]}, "invalid", "steps.0.started"),
        ({**BAND, "steps": [{**SAWN, "done": True}]}, "invalid", "steps.0.done"),
        ({**BAND, "steps": [SAWN] * 501}, "invalid", "steps"),
        ({**BAND, "name": ""}, "invalid", "name"),
        ({**BAND, "name": "W" * 61}, "invalid", "name"),
        ({**BAND, "name": ["Wire band"]}, "invalid", "name"),
        ({"name": "Wire band"}, "invalid", "steps"),
    ],
)
def test_a_recipe_no_record_could_take_is_refused_at_its_path(body, code, path):
    refused = Program(make_mira()).post("recipes", body)

    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert [each["path"] for each in refused.json()["errors"]] == [path]
    assert not Recipe.objects.exists()


def test_a_repeated_saving_gets_the_same_bytes():
    mira = Program(make_mira())

    first, second = (mira.post("recipes", BAND, key="band") for _ in range(2))

    assert (first.status_code, second.content) == (201, first.content)
    assert Recipe.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_that_take_one_name_at_once_one_has_it():
    _one_has_the_name()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_that_take_one_name_at_once_one_has_it_on_postgresql():
    _one_has_the_name()


def _one_has_the_name():
    mira = Program(make_mira())

    def ask(_: int) -> int:
        try:
            return mira.post("recipes", BAND).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(ask, range(20)))

    assert statuses == [201] + [409] * 19
    assert Recipe.objects.count() == 1

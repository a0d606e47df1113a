"""Every address of the whole site, walked: no byte of a memory leaves without the policy."""

import gzip
import re
import sys

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from memories import montage as policy
from memories.montage import Answer, Decision, Reason
from tests.factories import make_film, make_memory, make_open_montage, make_staff
from tests.memories.test_access import CANARY, body, holder_of_the_code, signed_in

pytestmark = pytest.mark.django_db

VARIANTS = ("480.webp", "1080.webp", "480.avif")
WAYS = [{}, {"Range": "bytes=0-"}, {"If-None-Match": '"x"'}, {"Accept": "application/json"}]


@pytest.fixture
def montage():
    montage = make_open_montage()
    make_memory(montage, content=CANARY)
    make_film(montage, content=CANARY, is_shared=True)
    return montage


def patterns(resolver, before=""):
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from patterns(entry, route)


def names_of(montage) -> list[str]:
    """Every public name that belongs to these memories, now and in tables still to come."""
    found = [montage.piece.public_id]
    for item in montage.items.all():
        found.append(item.public_id)
    for relation in montage._meta.related_objects:
        for row in relation.related_model.objects.filter(**{relation.field.name: montage}):
            if getattr(row, "public_id", ""):
                found.append(row.public_id)
    return found


def addresses(montage) -> set[str]:
    """Every route with every name in every place, so that a new one is walked by itself."""
    return {
        filled(route, montage.piece.public_id, name, variant)
        for route in patterns(get_resolver())
        for name in names_of(montage)
        for variant in VARIANTS
    }


def filled(route: str, piece: str, name: str, variant: str) -> str:
    """The address of a route: `<slug:piece>` and `(?P<piece>[-\\w]+)` are both a place."""

    def put(place: re.Match[str]) -> str:
        if place[1] == "piece":
            return piece
        return variant if place[1] in {"variant", "name"} else name

    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route).replace("\\Z", "")
    plain = plain.removeprefix("^").removesuffix("$")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", put, plain)


def leaks(client: Client, address: str, headers: dict[str, str]) -> bool:
    answer = client.get(address, headers=headers)
    content = body(answer)
    if answer.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return CANARY in content


def whoever_may(montage) -> list[Client]:
    """Those whom nothing else keeps out: the keeper, who has the code as well, and the staff."""
    keeper = holder_of_the_code(montage, signed_in(montage.keeper.user))
    return [keeper, holder_of_the_code(montage), signed_in(make_staff())]


def shut(monkeypatch) -> None:
    """From now on the policy denies, wherever it was imported to."""
    asked = policy.decide
    for module in [each for name, each in sys.modules.items() if name.startswith("memories.")]:
        if getattr(module, "decide", None) is asked:
            monkeypatch.setattr(module, "decide", deny)


def deny(*args):
    return Decision(Answer.DENY, Reason.ONLY_ME)


def test_no_address_of_the_site_gives_out_a_memory_that_the_policy_denies(montage, monkeypatch):
    everywhere = sorted(addresses(montage))
    clients = whoever_may(montage)
    given_out = {each for each in everywhere if leaks(clients[0], each, {})}
    shut(monkeypatch)

    leaked = {
        address
        for client in clients
        for address in everywhere
        for headers in (WAYS if address in given_out else WAYS[:1])
        if leaks(client, address, headers)
    }

    hidden = montage.items.last().public_id
    assert {f"/media/{hidden}/{variant}" for variant in VARIANTS} <= given_out
    assert f"/films/{montage.films.get().public_id}" in given_out
    assert leaked == set()

"""Visitors of a montage and the doors they go through."""

from django.test import Client

from memories.models.montage import Montage, MontageLevel
from memories.services import sharing
from tests.factories import make_open_montage
from tests.memories.test_access import holder_of_the_code, look, media, page

PIN = "739205"


def make_guarded(level: MontageLevel = MontageLevel.PIN, **fields) -> Montage:
    """Open at this level, with a PIN and one photograph."""
    montage = make_open_montage(**fields)
    return choose(montage, level, pin=PIN)


def choose(montage: Montage, level: MontageLevel, pin: str = "") -> Montage:
    montage.refresh_from_db()
    choice = sharing.Choice(level, pin)
    sharing.choose(montage=montage, revision=montage.revision, choice=choice)
    montage.refresh_from_db()
    return montage


def knows_the_pin(montage: Montage, client: Client | None = None, pin: str = PIN) -> Client:
    client = holder_of_the_code(montage, client)
    answer = client.post(f"{page(montage)}/pin", {"pin": pin})
    assert answer.status_code == 303, answer.content.decode()
    return client


def sees(client: Client, montage: Montage) -> tuple[int, int]:
    """The answers for the page and for the bytes of its first photograph."""
    return (
        client.get(page(montage)).status_code,
        look(client, media(montage.items.first())).status_code,
    )


OPEN, CLOSED = (200, 200), (404, 404)

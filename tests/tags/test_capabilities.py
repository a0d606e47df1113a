"""The capability cookie: who opened a code may be shown what the code opens, and nobody else."""

import pytest
from django.http import HttpRequest, HttpResponse

from provenance.models.piece import Piece
from tags import capabilities
from tags.models.tag import Tag
from tests.factories import make_certificate, make_mira

pytestmark = pytest.mark.django_db


def visit(tag: Tag, cookies: dict[str, str] | None = None) -> dict[str, str]:
    """The cookies of a browser after it opened this code."""
    request, response = HttpRequest(), HttpResponse()
    request.COOKIES = cookies or {}
    capabilities.grant(response, request, tag)
    return {name: morsel.value for name, morsel in response.cookies.items()}


def asking(cookies: dict[str, str]) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES = cookies
    return request


def tag_of(piece: Piece) -> Tag:
    return Tag.objects.get(piece=piece)


def test_who_opened_the_code_holds_it():
    piece = make_certificate().piece

    cookies = visit(tag_of(piece))

    assert capabilities.holds_code(asking(cookies), piece)


def test_a_stranger_holds_no_code():
    piece = make_certificate().piece

    assert not capabilities.holds_code(asking({}), piece)


def test_a_code_opens_its_own_piece_only():
    mira = make_mira()
    one, other = make_certificate(mira).piece, make_certificate(mira).piece

    cookies = visit(tag_of(one))

    assert not capabilities.holds_code(asking(cookies), other)


def test_several_pieces_are_remembered_and_the_oldest_is_forgotten():
    mira = make_mira()
    pieces = [make_certificate(mira).piece for _ in range(capabilities.MOST_KEPT + 1)]

    cookies: dict[str, str] = {}
    for piece in pieces:
        cookies = visit(tag_of(piece), cookies)

    held = [capabilities.holds_code(asking(cookies), piece) for piece in pieces]
    assert held == [False, *[True] * capabilities.MOST_KEPT]


def test_a_new_epoch_makes_every_old_cookie_worthless():
    piece = make_certificate().piece
    cookies = visit(tag_of(piece))

    Tag.objects.filter(piece=piece).update(epoch=2)

    assert not capabilities.holds_code(asking(cookies), piece)


def test_a_cookie_written_by_a_stranger_opens_nothing():
    piece = make_certificate().piece
    forged = {capabilities.COOKIE: f"{tag_of(piece).public_id}.1"}

    assert not capabilities.holds_code(asking(forged), piece)


def test_the_cookie_is_closed_to_scripts_and_to_plain_http(settings):
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()

    capabilities.grant(response, asking({}), tag_of(make_certificate().piece))

    morsel = response.cookies[capabilities.COOKIE]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, True, "Lax")
    assert morsel["max-age"] == 180 * 24 * 3600

"""Taps for programs: the same answers as on the page, each count spent once."""

import pytest

from provenance.models.certificate import Actor
from provenance.services.revoke import revoke_certificate
from tags.models.tag import Tag
from tags.services import binding
from tests.tags.chips import SITE, Chip, make_answering_chip

pytestmark = pytest.mark.django_db


def ask(client, link: object):
    return client.post("/api/v1/taps", {"url": link}, content_type="application/json")


def link_of(chip: Chip) -> str:
    return chip.virtual.tap()


def test_a_tap_is_live_once(client):
    chip = make_answering_chip()
    link = link_of(chip)

    first, again = ask(client, link).json(), ask(client, link).json()

    assert (first["answer"], again["answer"]) == ("live", "used_link")
    assert first["headline"] == "The chip answered just now."
    assert first["certificate_answer"] == "current"
    assert first["piece"] == chip.tag.piece.public_id
    assert first["certificate"] == chip.tag.piece.certificates.get().public_id


def test_both_answers_stand_apart_and_the_headline_is_the_first_that_applies(client):
    chip = make_answering_chip()
    certificate = chip.tag.piece.certificates.get()
    by = certificate.maker.user
    revoke_certificate(certificate=certificate, reason="Wrong.", actor=Actor.MAKER, by=by)

    told = ask(client, link_of(chip)).json()

    assert (told["answer"], told["certificate_answer"]) == ("live", "revoked")
    assert told["headline"] == "Certificate withdrawn."


def test_a_tap_says_what_a_chip_proves_and_what_it_does_not(client):
    told = ask(client, link_of(make_answering_chip())).json()["proven"]

    assert (told["carrier"], told["name"]) == ("ntag424", "A chip that signs each answer")
    assert "no stone was swapped" in told["proves_not"]


def test_a_gap_is_told(client):
    chip = make_answering_chip()
    ask(client, link_of(chip))
    chip.virtual.tap()

    told = ask(client, link_of(chip)).json()

    assert told["notes"] == ["The chip was read 2 times since the last recorded tap."]


def test_a_chip_that_names_no_record_says_so(client):
    chip = make_answering_chip(on_a_piece=False)

    told = ask(client, link_of(chip)).json()

    assert (told["answer"], told["piece"], told["certificate_answer"]) == ("not_bound", None, None)


def test_a_paused_tag_says_so_and_spends_nothing(client):
    chip = make_answering_chip()
    binding.suspend_tag(tag=chip.tag, reason="Lost.", by=chip.tag.piece.maker.user)

    told = ask(client, link_of(chip)).json()

    assert told["answer"] == "suspended"
    assert Tag.objects.get(pk=chip.tag.pk).last_counter == -1


def test_whatever_does_not_hold_gets_one_answer(client):
    chip = make_answering_chip()
    good = link_of(chip)
    links = [
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.replace("touchmark.example", "touchmark.example.evil.example"),
        good.replace("https://", "ftp://"),
        good.replace("/s/", "/t/"),
        f"{SITE}/s/ring",
        "no link at all",
    ]

    answers = [ask(client, link) for link in links]

    assert {each.status_code for each in answers} == {400}
    assert {each.json()["code"] for each in answers} == {"invalid_tap"}
    assert len({each.content for each in answers}) == 1


@pytest.mark.parametrize("link", [None, 7, "", ["a"], {"a": 1}, "a" * 9000])
def test_what_is_no_text_is_refused_as_such(client, link):
    answer = ask(client, link)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")

"""Opening a code: the record it names, the same silence for every code that names none."""

import pytest
from django.core.cache import caches
from django.test import Client

from provenance.models.certificate import Actor
from provenance.services.revoke import revoke_certificate
from tags import capabilities
from tags.codes import new_claim_code, new_code, show_claim_code, show_code
from tags.life import TagState
from tags.models.tag import Tag
from tags.services.issuing import bind_printed_code
from tests.factories import (
    make_certificate,
    make_draft,
    make_mira,
    make_open_montage,
    make_user,
)

pytestmark = pytest.mark.django_db


def tag_of_a_ring() -> Tag:
    return Tag.objects.select_related("piece").get(piece=make_certificate().piece)


def scan(client: Client, tag: Tag) -> str:
    answer = client.get(f"/t/{tag.code}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_code_names_the_ring_and_says_that_codes_can_be_copied(client):
    tag = tag_of_a_ring()

    page = scan(client, tag)

    assert "This code names the ring." in page
    assert "Certificate current. Codes can be copied." in page
    assert "The code is recorded for this piece; codes can be copied." in page
    assert "Compare it with the photograph." in page


def test_the_first_screen_stands_in_the_order_the_eye_needs_it(client):
    page = scan(client, tag_of_a_ring())

    order = [
        "This code names the ring.",
        "fetchpriority",
        "No making claim",
        "Tidewell Bench",
        "What this check cannot tell you:",
        "Hold it next to the record",
    ]
    places = [page.index(text, page.index("<body")) for text in order]
    assert places == sorted(places)


def test_a_code_is_read_as_people_write_it(client):
    tag = tag_of_a_ring()
    shown = show_code(tag.code)

    ways = [
        f"/T/{tag.code}",
        f"/t/{tag.code.lower()}",
        f"/t/{shown}",
        f"/T/{shown.lower()}",
        f"/t/{tag.code.replace('0', 'O').replace('1', 'l')}",
    ]

    assert {client.get(way).status_code for way in ways} == {200}


def test_the_page_stays_at_the_engraved_address_and_in_no_cache(client):
    tag = tag_of_a_ring()

    answer = client.get(f"/t/{tag.code}")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


def test_opening_a_code_gives_this_browser_its_capability_and_nothing_else(client):
    tag = tag_of_a_ring()

    answer = client.get(f"/t/{tag.code}")

    assert list(answer.cookies) == [capabilities.COOKIE]
    assert capabilities.holds_code(answer.wsgi_request, tag.piece) is False
    again = client.get(f"/t/{tag.code}")
    assert capabilities.holds_code(again.wsgi_request, tag.piece)


def test_mira_otto_and_sana_read_the_same_words(client):
    tag = tag_of_a_ring()
    anonymous = scan(client, tag)

    for user in (tag.piece.maker.user, make_user("otto"), make_user("sana")):
        client.force_login(user)
        assert scan(client, tag) == anonymous


def test_every_code_that_names_nothing_gets_the_same_answer(client):
    mira = make_mira()
    draft = make_draft(mira)
    unbound = bind_printed_code(piece=draft, by=mira.user)
    other = new_code()
    mistyped = other[:-1] + ("0" if other[-1] != "0" else "1")

    codes = [
        other,
        mistyped,
        unbound.code,
        "x",
        "",
        "U" * 13,
        "%00",
        "%0A",
        "a%0Ab",
        "a/b",
        "1" * 500,
        "🔥",
    ]
    answers = [client.get(f"/t/{code}") for code in codes]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "No such record here." in answers[0].content.decode()
    assert not any(answer.cookies for answer in answers)


def test_guessing_codes_is_slowed_down(client, settings):
    caches["default"].clear()
    statuses = [client.get(f"/t/{new_code()}").status_code for _ in range(31)]

    assert statuses == [404] * 30 + [429]


def test_guessing_does_not_lock_out_who_has_a_real_code(client):
    tag = tag_of_a_ring()
    for _ in range(40):
        client.get(f"/t/{new_code()}")

    assert "This code names the ring." in scan(client, tag)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TagState.REPLACED, "This tag was replaced."),
        (TagState.RETIRED, "This tag was retired."),
    ],
)
def test_an_ended_tag_says_so_and_gives_no_capability(client, state, words):
    tag = tag_of_a_ring()
    Tag.objects.filter(pk=tag.pk).update(state=state, ended_at="2027-05-03T10:00:00Z")

    answer = client.get(f"/t/{tag.code}")

    page = answer.content.decode()
    assert words in page
    assert "On 3 May 2027." in page
    assert not answer.cookies


def test_a_paused_tag_says_so(client):
    tag = tag_of_a_ring()
    Tag.objects.filter(pk=tag.pk).update(state=TagState.SUSPENDED)

    assert "This tag was paused." in scan(client, tag)


def test_a_withdrawn_certificate_is_told_before_what_the_tag_proved(client):
    tag = tag_of_a_ring()
    scan(client, tag)
    certificate = tag.piece.certificates.get()

    revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=tag.piece.maker.user
    )

    page = scan(client, tag)
    assert "Certificate withdrawn." in page
    assert "This code names the ring." not in page


def test_a_scan_of_a_withdrawn_ring_opens_with_the_reason_and_not_with_the_cover(client):
    montage = make_open_montage()
    tag = montage.piece.tags.get()
    before = scan(client, tag)
    certificate = montage.piece.certificates.get()

    revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=certificate.maker.user
    )

    page = scan(client, tag)
    assert "Memories are kept with this piece" in before
    assert "Memories are kept with this piece" not in page
    assert "Certificate withdrawn." in page
    assert "Wrong stone." in page
    assert f'href="/m/{montage.piece.public_id}"' in page


def test_a_code_bound_after_the_signing_is_recorded_too(client):
    tag = tag_of_a_ring()
    later = bind_printed_code(piece=tag.piece, by=tag.piece.maker.user, place="box")

    page = scan(client, later)

    assert "The code is recorded for this piece; codes can be copied." in page


def test_a_scan_at_hand_costs_one_query(client, django_assert_num_queries):
    tag = tag_of_a_ring()
    scan(client, tag)

    with django_assert_num_queries(1):
        scan(client, tag)


def test_a_scan_made_new_costs_four_queries(client, django_assert_num_queries):
    tag = tag_of_a_ring()
    scan(client, tag)
    caches["pages"].clear()

    with django_assert_num_queries(4):
        scan(client, tag)


# -- typed by hand ------------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_address(client):
    tag = tag_of_a_ring()

    answer = client.get("/find", {"code": show_code(tag.code).lower()})

    assert answer.status_code == 302
    assert answer["Location"] == f"/t/{tag.code}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("K7QM", "This code has 13 characters, not 4."),
        ("K7QM-2XRA-9FT89", "A character is wrong, or two stand in the wrong order."),
        ("UUUU-UUUU-UUUUU", "A code has only digits and letters, and never a U."),
        ("x" * 4000, "This is too long to be a code."),
    ],
)
def test_a_slip_of_the_hand_is_explained_beside_the_field(client, typed, said):
    answer = client.get("/find", {"code": typed})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert 'aria-invalid="true"' in page
    assert f'value="{typed[:100]}"' in page


def test_an_empty_question_is_asked_again_without_reproach(client):
    answer = client.get("/find")

    assert answer.status_code == 200
    assert 'aria-invalid="true"' not in answer.content.decode()


def test_a_claim_code_typed_here_is_not_shown_again(client):
    secret = show_claim_code(new_claim_code())

    answer = client.get("/find", {"code": secret})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "keep it to yourself" in page
    assert secret not in page


def test_what_is_typed_cannot_become_part_of_the_page(client):
    answer = client.get("/find", {"code": '"><script>alert(1)</script>'})

    assert "<script>alert" not in answer.content.decode()

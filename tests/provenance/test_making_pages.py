"""How a piece was made, as its pages tell it: the signed label, what shows it, and the rules."""

import json
import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from provenance.making import state_making
from provenance.making_told import DOES_NOT_FOLLOW, MakingTold
from provenance.models.certificate import Certificate
from provenance.models.piece import Piece
from provenance.policy import policy_named, read_data
from provenance.services import evidence, making
from provenance.views.made import making_context
from tags.services.issuing import issue_with_code
from tests.factories import make_certificate, make_draft, make_user
from tests.provenance.bench import CAST_AND_SET, film, shown, step_of, with_steps

pytestmark = pytest.mark.django_db

LABEL = "Designed by a person; Cast from a 3D-printed model; hand-set; hand-finished"
WITHOUT = "Design origin not stated; No making claim"
POLICY_PAGE = "/policies/strict-2026-11"


def make_shown_draft(folder) -> Piece:
    """A cast ring with its stones set by hand, and a photograph behind each step by hand."""
    piece = with_steps(make_draft(), *CAST_AND_SET)
    for ident in ("s1", "p1"):
        add(piece, ident, shown(folder, f"{ident} at the bench"))
    return piece


def add(piece: Piece, ident: str, facts: evidence.Shown):
    return evidence.add_evidence(step=step_of(piece, ident), shown=facts, by=piece.maker.user)


def sign(piece: Piece) -> Certificate:
    return issue_with_code(piece=piece, by=piece.maker.user)


@pytest.fixture
def lying_site(monkeypatch):
    """A site that signs another label than the one that follows."""

    def state_finer(record, derivation):
        return state_making(record, derivation) | {"label": "Designed by a person; Handmade"}

    monkeypatch.setattr(making, "state_making", state_finer)


@pytest.fixture(params=["/p/", "/c/"], ids=["piece", "certificate"])
def read(request, client):
    """Read the page of the piece, or that of its certificate: both tell the same."""

    def read_page(certificate: Certificate) -> str:
        ids = {"/p/": certificate.piece.public_id, "/c/": certificate.public_id}
        answer = client.get(request.param + ids[request.param])
        assert answer.status_code == 200
        return answer.content.decode()

    return read_page


def ticket(page: str) -> str:
    return page.partition('<p class="made">')[2].partition("</p>")[0]


# -- the label ----------------------------------------------------------------------------------


def test_the_ticket_carries_the_signed_label(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert ticket(page) == LABEL


def test_without_a_record_the_ticket_says_exactly_that(read):
    page = read(make_certificate())

    assert ticket(page) == WITHOUT
    assert 'id="making"' not in page


def test_every_phrase_is_explained_in_plain_words(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    for phrase in LABEL.split("; "):
        assert f"<dt>{phrase}</dt>" in page
    assert "A machine printed a model in wax, and metal was poured in its place." in page


def test_what_is_refused_stands_there_with_its_rules(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert "<strong>“Handmade” is not said here.</strong>" in page
    assert "a 3D-printed model (M4), cast parts (M3)." in page


def test_the_grade_says_what_it_means_and_what_not(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert "<strong>Evidence grade E1.</strong>" in page
    assert "Nobody else has checked it." in page


def test_the_rules_are_named_and_one_step_away(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert f'href="{POLICY_PAGE}"' in page


def test_the_tenth_check_says_the_label_it_worked_out(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert f"By policy strict-2026-11 the record gives the same label: {LABEL}." in page


@pytest.mark.usefixtures("lying_site")
def test_a_label_that_does_not_follow_is_said_so_and_never_shown(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert ticket(page) == DOES_NOT_FOLLOW
    assert "Handmade" not in page
    assert "Evidence grade" not in page


@pytest.mark.usefixtures("lying_site")
def test_the_steps_stay_where_the_label_does_not_follow(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    assert "These are the steps as they were recorded." in page
    assert "<h3>Stones set by hand</h3>" in page


# -- the steps ----------------------------------------------------------------------------------


def test_the_steps_stand_in_the_order_of_the_work_with_who_did_them(read, tmp_path):
    page = read(sign(make_shown_draft(tmp_path)))

    line = page[page.index('<ol class="line icons">') :]
    titles = re.findall(r"<h3>(.*?)</h3>", line.partition("</ol>")[0])
    assert titles == [
        "Sketched by a person",
        "Model printed in wax",
        "Cast in a mould",
        "Stones set by hand",
        "Polished by hand with a powered tool",
    ]
    assert "By an outside caster" in line


def test_a_photograph_that_shows_a_step_is_lazy_and_has_its_words(read, tmp_path):
    certificate = sign(make_shown_draft(tmp_path))
    kept = certificate.piece.evidence.get(step__ident="s1")

    page = read(certificate)

    place = f"/p/{certificate.piece.public_id}/evidence/{kept.public_id}/1080.webp"
    (image,) = re.findall(rf'<img src="{place}"[^>]*>', page)
    assert 'loading="lazy"' in image
    assert 'width="1080" height="810"' in image
    assert 'alt="Photograph of this step: Stones set by hand"' in image


def test_a_computer_image_is_marked_on_the_picture_and_does_not_count(read, tmp_path):
    draft = make_shown_draft(tmp_path)
    add(draft, "s1", shown(tmp_path, "a render", source="digitalCreation"))

    page = read(sign(draft))

    shown_there = page.partition('class="shown">')[2].partition("</div>")[0]
    assert '<span class="strip">computer image</span>' in shown_there
    assert "Does not count: a computer image is no evidence (A2)." in shown_there


def test_a_film_is_named_by_its_digest_and_kept_by_the_maker(read, tmp_path):
    draft = make_shown_draft(tmp_path)
    kept = add(draft, "s1", film())

    page = read(sign(draft))

    assert f'Film <span class="digest">{kept.sha256[:8]}</span>' in page
    assert "kept by the maker." in page


def test_a_page_prints_the_record_that_was_signed_and_not_the_rows_of_today(read, tmp_path):
    certificate = sign(make_shown_draft(tmp_path))

    certificate.piece.steps.filter(ident="s1").update(control="machine")

    assert "<h3>Stones set by hand</h3>" in read(certificate)


def test_a_preview_tells_the_same_as_the_signed_page_will(client, tmp_path):
    draft = make_shown_draft(tmp_path)
    client.force_login(draft.maker.user)

    page = client.get(f"/workshop/{draft.public_id}/preview").content.decode()

    assert ticket(page) == LABEL
    assert "<strong>Evidence grade E1.</strong>" in page
    assert page.count('class="shown"') == 2


@pytest.mark.parametrize(
    ("label", "is_long"),
    [
        (LABEL, False),
        (
            "Designed with parametric software; Cast from a machine-milled model; bought-in parts; "
            "hand-forged; hand-engraved; hand-set; hand-polished",
            True,
        ),
    ],
)
def test_the_photograph_gives_way_to_a_label_of_five_lines(label, is_long):
    context = making_context(MakingTold(label), Piece())

    assert ("long-label" in render_to_string("parts/_window.html", context)) is is_long


# -- the pictures -------------------------------------------------------------------------------


def place_of(piece: Piece) -> str:
    kept = piece.evidence.get(step__ident="s1")
    return f"/p/{piece.public_id}/evidence/{kept.public_id}/1080.webp"


@pytest.mark.parametrize(("who", "status"), [("mira", 200), ("otto", 404), ("sana", 404)])
def test_what_shows_a_draft_is_its_makers_alone(tmp_path, who, status):
    place = place_of(make_shown_draft(tmp_path))
    client = Client()
    if who == "otto":
        client.force_login(make_user("otto"))
    if who == "mira":
        client.force_login(Piece.objects.get().maker.user)

    answer = client.get(place)

    answer.close()
    assert answer.status_code == status
    assert status == 404 or answer["Cache-Control"] == "private, no-store"


def test_what_shows_a_signed_piece_is_public_and_keeps_for_ever(client, tmp_path):
    certificate = sign(make_shown_draft(tmp_path))

    answer = client.get(place_of(certificate.piece))

    assert answer.getvalue() == b"s1 at the bench"
    assert answer["Content-Type"] == "image/webp"
    assert "immutable" in answer["Cache-Control"]


def test_evidence_of_one_piece_is_not_found_under_another(client, tmp_path):
    certificate = sign(make_shown_draft(tmp_path))
    other = make_draft(certificate.maker)

    place = place_of(certificate.piece).replace(certificate.piece.public_id, other.public_id)

    assert client.get(place).status_code == 404


# -- search engines -----------------------------------------------------------------------------


def data_of(client: Client, certificate: Certificate):
    page = client.get(f"/p/{certificate.piece.public_id}").content.decode()
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])


def test_search_engines_read_what_was_derived_under_plain_names(client, tmp_path):
    data = data_of(client, sign(make_shown_draft(tmp_path)))

    said = {each["name"]: each["value"] for each in data["additionalProperty"]}
    assert {name: said[name] for name in said if not name.startswith("Fineness")} == {
        "Making label": LABEL,
        "Evidence grade": "E1",
        "Making policy": "strict-2026-11",
    }
    assert {each["@type"] for each in data["additionalProperty"]} == {"PropertyValue"}


@pytest.mark.usefixtures("lying_site")
def test_search_engines_are_told_no_label_that_does_not_follow(client, tmp_path):
    certificate = sign(make_shown_draft(tmp_path))

    page = client.get(f"/p/{certificate.piece.public_id}").content.decode()

    assert "ld+json" not in page


# -- the rules ----------------------------------------------------------------------------------


def test_every_rule_stands_on_its_page_with_its_source(client):
    page = client.get(POLICY_PAGE).content.decode()

    for ident, rule in policy_named().rules.items():
        told = page.partition(f'<dt id="{ident}">')[2].partition("</dd>")[0]
        assert f"Source: {rule.source}" in told.replace("&#x27;", "'")


def test_the_rules_of_words_and_the_grades_stand_there_too(client):
    page = client.get(POLICY_PAGE).content.decode()

    for ident in ("W1", "G1", "S1", "P1", "E0", "E1", "E2", "E3"):
        assert f'<dt id="{ident}">' in page


def test_the_same_rules_are_there_as_data(client):
    answer = client.get(f"{POLICY_PAGE}.json")

    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json()["policy"] == read_data("strict-2026-11")
    assert answer.json()["wording"] == read_data("strict-2026-11.wording")


@pytest.mark.parametrize("ending", ["", ".json"])
def test_the_rules_may_be_kept_for_an_hour(client, ending):
    assert client.get(POLICY_PAGE + ending)["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("name", ["strict-2099-01", "lenient", "strict-2026-11.words"])
@pytest.mark.parametrize("ending", ["", ".json"])
def test_rules_that_are_not_held_here_are_not_found(client, name, ending):
    assert client.get(f"/policies/{name}{ending}").status_code == 404

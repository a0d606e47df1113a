"""The piece page: what a visitor without a tag may read of a record, and what stays closed."""

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from provenance.models.certificate import Actor, Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from provenance.services import suspend
from provenance.services.revoke import revoke_certificate
from tags.services.issuing import issue_with_code
from tests.factories import (
    make_certificate,
    make_custody,
    make_draft,
    make_mira,
    make_otto,
    make_photograph,
    make_user,
)
from tests.provenance.test_supersede import corrected

pytestmark = pytest.mark.django_db


def open_page(client: Client, piece: Piece) -> str:
    answer = client.get(f"/p/{piece.public_id}")
    assert answer.status_code == 200
    return answer.content.decode()


def make_certificate_of(piece: Piece) -> Certificate:
    return issue_with_code(piece=piece, by=piece.maker.user)


def revoke(certificate: Certificate, reason: str, actor: Actor = Actor.MAKER) -> None:
    by = certificate.maker.user
    revoke_certificate(certificate=certificate, reason=reason, actor=actor, by=by)


def test_the_record_says_that_no_tag_was_read(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    assert "You opened the record." in page
    assert "No tag was read. Certificate current." in page
    assert "What this check cannot tell you:" in page


def test_the_ticket_claims_nothing_that_is_not_recorded(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    assert "Design origin not stated; No making claim" in page
    assert "How it was made, from the maker’s record" in page


def test_all_eleven_checks_stand_there_with_their_outcome(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    checks = page[page.index('<ol class="checks">') :]
    assert checks.count('class="number"') == 11
    assert checks.count('class="outcome passed"') == 7
    assert checks.count('class="outcome not-checked"') == 4
    assert "This site keeps no public log yet." in checks


def test_a_withdrawal_shows_at_once_with_who_when_and_why(client):
    certificate = make_certificate()
    open_page(client, certificate.piece)

    revoke(certificate, "The weight was recorded from another ring.")

    page = open_page(client, certificate.piece)
    assert "Certificate withdrawn." in page
    assert "By its maker," in page
    assert "“The weight was recorded from another ring.”" in page
    assert "How it was made, on the withdrawn paper" in page
    assert page.count('class="outcome failed"') == 1
    assert "Certificate current" not in page


def test_staff_who_withdraw_are_named_as_the_issuer(client):
    certificate = make_certificate()

    revoke(certificate, "Issued to a workshop that does not exist.", Actor.STAFF)

    assert "By its issuer," in open_page(client, certificate.piece)


def test_the_level_of_the_maker_is_the_one_of_today(client):
    certificate = make_certificate()
    assert "E-mail confirmed: level I0" in open_page(client, certificate.piece)

    Maker.objects.update(identity_level="I2")

    assert "Mark checked by us: level I2" in open_page(client, certificate.piece)


def test_keepers_are_counted_and_never_named(client):
    certificate = make_certificate()
    otto = make_otto()
    make_custody(certificate.piece, otto)

    page = open_page(client, certificate.piece)

    assert "First keeper" in page
    assert "We never show names." in page
    assert "otto" not in page


def test_the_facts_to_compare_come_with_how_to_look(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    assert "6.81\N{NO-BREAK SPACE}g" in page
    assert "More than 0.05\N{NO-BREAK SPACE}g off: ask why." in page
    assert 'aria-label="TWB"' in page
    assert "Natural sapphire 1.52 ct, heated" in page
    assert "54.4\N{NO-BREAK SPACE}mm\N{NO-BREAK SPACE}around" in page


def test_the_page_prints_what_was_signed_and_not_what_a_row_says_today(client):
    piece = make_certificate().piece

    Piece.objects.filter(pk=piece.pk).update(title="A grander ring")

    page = open_page(client, piece)
    assert "Marlowe ring" in page
    assert "A grander ring" not in page


def test_a_demonstration_says_that_the_piece_does_not_exist(client, settings):
    settings.DEMO = True

    piece = make_certificate().piece

    assert "The ring does not exist, and its certificate says so." in open_page(client, piece)


def test_a_computer_image_is_named_on_the_picture_itself(client, settings):
    settings.DEMO = True
    piece = make_draft(with_photographs=False)
    for role in ("front", "scale"):
        make_photograph(piece, role, source="digitalCreation")
    certificate = make_certificate_of(piece)

    page = open_page(client, certificate.piece)

    assert page.count('<span class="strip">computer image</span>') == 2


def test_a_picture_by_a_machine_is_never_the_one_to_compare_with(client):
    piece = make_draft()
    piece.photographs.filter(role="front").update(role="back")
    make_photograph(piece, "front", source="trainedAlgorithmicMedia")

    page = open_page(client, make_certificate_of(piece).piece)

    window = page[page.index('<figure class="window') : page.index("</figure>")]
    assert "<img" in window
    assert "AI image" not in window


def test_a_piece_of_several_years_says_them_all_to_people_and_machines(client):
    certificate = make_certificate(year=2024, year_to=2026)

    page = open_page(client, certificate.piece)

    assert "made 2024 to 2026" in page
    assert "2024 to 2026" in client.get(f"/c/{certificate.public_id}").content.decode()
    assert "2024 to 2026" in client.get("/j/tidewell-bench").content.decode()
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert data["productionDate"] == "2024/2026"


def test_search_engines_read_the_same_facts_and_no_price(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert data["@type"] == "IndividualProduct"
    assert data["weight"]["value"] == "6.81"
    assert "offers" not in data


def linked_data_of(page: str) -> dict[str, object]:
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])


def test_search_engines_read_the_numbers_and_the_fineness_of_each_part(client):
    numbers = {"sku": "MAR-03", "gtin": "4006381333931", "serial": "003-12"}
    certificate = make_certificate(**numbers)

    data = linked_data_of(open_page(client, certificate.piece))

    assert (data["sku"], data["gtin"]) == ("MAR-03", "4006381333931")
    assert data["serialNumber"] == "003-12"
    told = {each["name"]: each for each in data["additionalProperty"]}
    assert told["Fineness of the shank"]["value"] == 750
    assert told["Fineness of the shank"]["unitCode"] == "NX"
    assert told["Fineness of the head"]["description"] == "platinum 950"
    assert "Demonstration" not in told


def test_the_certificate_says_the_same_to_search_engines(client):
    certificate = make_certificate()

    page = client.get(f"/c/{certificate.public_id}").content.decode()

    assert linked_data_of(page) == linked_data_of(open_page(client, certificate.piece))
    assert linked_data_of(page)["identifier"].endswith(f"/c/{certificate.public_id}")


def test_a_demonstration_says_so_to_search_engines_too(client, settings):
    settings.DEMO = True
    certificate = make_certificate()

    data = linked_data_of(open_page(client, certificate.piece))

    assert data["description"].startswith("A demonstration: this piece does not exist. ")
    assert data["additionalProperty"][0]["name"] == "Demonstration"


def test_search_engines_are_shown_no_photograph_that_was_not_signed(client):
    certificate = make_certificate()
    make_photograph(certificate.piece, "back")

    data = linked_data_of(open_page(client, certificate.piece))

    assert [each["caption"] for each in data["image"]] == [
        "The front of the ring",
        "The scale of the ring",
    ]


@pytest.mark.parametrize("what", ["withdrawn", "paused", "superseded"])
def test_only_a_current_certificate_speaks_to_search_engines(client, what):
    certificate = make_certificate()
    if what == "withdrawn":
        revoke(certificate, "Wrong stone.")
    elif what == "paused":
        suspend.suspend_certificate(
            certificate=certificate, reason="Reported missing.", actor=Actor.MAKER, by=None
        )
    else:
        corrected(certificate)

    for page in (f"/c/{certificate.public_id}", f"/p/{certificate.piece.public_id}"):
        is_newer = what == "superseded" and page.startswith("/p/")
        assert ("ld+json" in client.get(page).content.decode()) is is_newer


def test_a_title_cannot_break_out_of_the_data_for_search_engines(client):
    piece = make_certificate(title="</script><script>alert(1)</script>").piece

    page = open_page(client, piece)

    assert "<script>alert" not in page
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert data["name"] == "</script><script>alert(1)</script>"


def test_a_draft_is_nothing_to_strangers_and_a_preview_to_its_maker(client):
    draft = make_draft()
    address = f"/p/{draft.public_id}"

    assert client.get(address).status_code == 404
    client.force_login(make_user("sana"))
    assert client.get(address).status_code == 404
    client.force_login(draft.maker.user)
    assert client.get(address)["Location"] == reverse(
        "provenance:workshop_preview", args=[draft.public_id]
    )


@pytest.mark.parametrize("address", ["/p/nothing", "/p/" + "x" * 3000, "/p/%00"])
def test_an_address_of_no_piece_is_simply_not_there(client, address):
    assert client.get(address).status_code == 404


def test_mira_otto_and_sana_read_the_same_page(client):
    certificate = make_certificate()
    make_custody(certificate.piece, make_otto())
    anonymous = open_page(client, certificate.piece)

    pages = set()
    for user in (certificate.maker.user, make_user("sana")):
        client.force_login(user)
        pages.add(open_page(client, certificate.piece))

    assert pages == {anonymous}


def test_the_page_sets_no_cookie_and_is_not_indexed(client):
    piece = make_certificate().piece

    answer = client.get(f"/p/{piece.public_id}")

    assert not answer.cookies
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-cache"


def test_nothing_on_the_page_comes_from_elsewhere_or_needs_an_inline_script(client):
    piece = make_certificate().piece

    page = open_page(client, piece)

    sources = re.findall(r'(?:src|srcset|href)="([^"]+)"', page)
    assert sources
    assert all(source.startswith(("/", "#", "?lang=")) for source in sources)
    assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", page) == []
    assert " style=" not in page


def test_no_word_promises_more_than_was_checked(client):
    piece = make_certificate().piece

    page = open_page(client, piece).lower()

    for word in ("genuine", "authentic", "fake", "counterfeit", "price", "tap its chip"):
        assert word not in page


def test_a_page_at_hand_costs_one_query(client, django_assert_num_queries):
    piece = make_certificate().piece
    open_page(client, piece)

    with django_assert_num_queries(1):
        open_page(client, piece)


def test_a_page_made_new_costs_a_few_queries_however_much_it_shows(
    client, django_assert_num_queries
):
    mira = make_mira()
    open_page(client, make_certificate(mira).piece)
    piece = make_certificate(mira).piece
    make_custody(piece, make_otto())

    # The record, the certificate with all it needs, its file and its photographs. The status
    # lists come from the cache: no bit of their batch changed.
    with django_assert_num_queries(4):
        open_page(client, piece)


# -- photographs --------------------------------------------------------------------------------


def photograph_on_disk(piece: Piece, content: bytes = b"RIFF....WEBP") -> Photograph:
    """The front of the piece, with a file behind its small rendition."""
    photograph = piece.photographs.get(role="front")
    file = storages["private"].save(f"pieces/{piece.public_id}.webp", ContentFile(content))
    renditions = photograph.renditions
    renditions["480.webp"] = {**renditions["480.webp"], "file": file}
    Photograph.objects.filter(pk=photograph.pk).update(renditions=renditions)
    return photograph


def address_of(photograph: Photograph, name: str = "480.webp") -> str:
    piece = photograph.piece.public_id
    return reverse("provenance:piece_photo", args=[piece, photograph.public_id, name])


def test_a_photograph_of_an_issued_piece_is_public_for_ever(client):
    photograph = photograph_on_disk(make_certificate().piece)

    answer = client.get(address_of(photograph))

    assert b"".join(answer) == b"RIFF....WEBP"
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    again = client.get(address_of(photograph), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_photograph_of_a_draft_is_its_makers_alone(client):
    draft = make_draft()
    photograph = photograph_on_disk(draft)

    assert client.get(address_of(photograph)).status_code == 404
    client.force_login(make_user("sana"))
    assert client.get(address_of(photograph)).status_code == 404
    client.force_login(draft.maker.user)
    answer = client.get(address_of(photograph))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    answer.close()


def test_only_renditions_we_made_are_served(client):
    photograph = photograph_on_disk(make_certificate().piece)

    for name in ("original.jpg", "..%2f..%2fkeys", "480.WEBP", "1080.webp"):
        assert client.get(address_of(photograph, name)).status_code == 404


def test_a_photograph_is_not_found_under_another_piece(client):
    mira = make_mira()
    photograph = photograph_on_disk(make_certificate(mira).piece)
    other = make_certificate(mira).piece

    address = reverse(
        "provenance:piece_photo", args=[other.public_id, photograph.public_id, "480.webp"]
    )

    assert client.get(address).status_code == 404

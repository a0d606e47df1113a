"""The papers at their addresses: who gets them, how long they keep, what they are checked by."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from provenance.bundle import parse_bundle
from provenance.models.certificate import Actor, Certificate
from provenance.models.maker import Maker
from provenance.models.piece import Piece
from provenance.paper import ATTACHED
from provenance.services import key_life, platform, register, suspend
from provenance.services.revoke import revoke_certificate
from provenance.views import papers
from tags.errors import PrintError
from tests.factories import (
    code_address,
    make_certificate,
    make_draft,
    make_photograph,
    make_pictured_certificate,
    make_user,
)
from tests.pdfs import PACKAGES, all_words, attached, pages, run_together, scanned, words
from tests.provenance.test_supersede import REASON, corrected, correction_of, sign

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.node,
    pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm"),
]
PAPERS = [".pdf", "/report.pdf"]


def address(certificate: Certificate, ending: str = ".pdf") -> str:
    return f"/c/{certificate.public_id}{ending}"


def revoke(certificate: Certificate) -> None:
    maker = certificate.maker
    revoke_certificate(
        certificate=certificate, reason="Wrong stone.", actor=Actor.MAKER, by=maker.user
    )


def has_picture(pdf: bytes) -> bool:
    return b"/DCTDecode" in pdf


@pytest.mark.parametrize("who", ["nobody", "sana", "mira"])
@pytest.mark.parametrize("ending", PAPERS)
def test_everyone_may_print_it(client, who, ending):
    certificate = make_certificate()
    if who != "nobody":
        client.force_login(certificate.maker.user if who == "mira" else make_user("sana"))

    answer = client.get(address(certificate, ending))

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("ending", PAPERS)
def test_a_draft_and_what_is_not_there_have_no_paper(client, ending):
    draft = make_draft()

    assert client.get(f"/c/{draft.public_id}{ending}").status_code == 404
    assert client.get(f"/c/4kWm8QpT2vXz6Ls9RbNdYc{ending}").status_code == 404


@pytest.mark.parametrize("ending", PAPERS)
def test_a_paper_is_only_read(client, ending):
    assert client.post(address(make_certificate(), ending)).status_code == 405


def test_the_paper_says_what_was_signed_and_not_the_rows_of_today(client):
    certificate = make_certificate()
    Piece.objects.update(title="A grander ring", mass_grams="9.99")

    printed = all_words(client.get(address(certificate)).content)

    assert "Marlowe ring" in printed
    assert "6.81 g" in printed
    assert "grander" not in printed
    assert "9.99" not in printed


def test_a_level_that_changed_is_told_as_of_now_in_the_report_and_as_signed_on_the_paper(client):
    certificate = make_certificate()
    Maker.objects.update(identity_level="I2")

    paper, report = (
        run_together(all_words(client.get(address(certificate, end)).content)) for end in PAPERS
    )

    assert run_together("confirmed: level I0, when signed") in paper
    assert run_together("level I2") not in paper
    assert run_together("Mark checked by us: level I2. When signed:") in report
    assert run_together("confirmed: level I0") in report


def test_the_paper_carries_the_very_bundle_of_the_site(client):
    certificate = make_certificate()

    inside = attached(client.get(address(certificate)).content)

    assert inside == {ATTACHED: client.get(address(certificate, "/bundle.json")).content}
    parse_bundle(inside[ATTACHED])


def test_the_paper_keeps_a_short_while_and_is_not_sent_twice(client):
    certificate = make_certificate()
    first = client.get(address(certificate))

    again = client.get(address(certificate))
    known = client.get(address(certificate), headers={"If-None-Match": first["ETag"]})
    head = client.head(address(certificate))

    assert first.content == again.content
    assert first["ETag"] == again["ETag"] == head["ETag"]
    assert known.status_code == 304
    assert head.content == b""
    assert first["Cache-Control"] == "public, max-age=30"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Content-Disposition"] == 'inline; filename="marlowe-ring-certificate.pdf"'


def test_every_site_may_read_the_paper_and_is_told_so_beforehand(client):
    url = address(make_certificate())

    asked = client.options(url, headers={"Origin": "https://stranger.example"})

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.get(url)["Access-Control-Expose-Headers"] == "ETag, Link"
    assert client.post(url)["Allow"] == "GET, HEAD, OPTIONS"


def test_the_paper_is_what_a_certificate_gives_to_who_asks_for_paper(client):
    certificate = make_certificate()
    url = address(certificate, "")

    answer = client.get(url, headers={"Accept": "application/pdf"})

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == client.get(address(certificate)).content
    assert answer["Content-Location"] == address(certificate)
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Accept" in answer["Vary"].split(", ")
    known = {"Accept": "application/pdf", "If-None-Match": answer["ETag"]}
    assert client.get(url, headers=known).status_code == 304


def test_page_paper_report_and_card_print_the_key_that_signed_this_certificate(client):
    certificate = make_certificate()
    signed_with = platform.fingerprint()
    key_life.rotate_platform_key()

    page = client.get(address(certificate, "")).content.decode()
    printed = [all_words(client.get(address(certificate, ending)).content) for ending in PAPERS]
    client.force_login(certificate.maker.user)
    printed.append(
        all_words(client.post(f"/workshop/{certificate.piece.public_id}/card.pdf").content)
    )

    assert platform.fingerprint() != signed_with
    assert all(run_together(signed_with) in run_together(told) for told in [page, *printed])
    assert platform.fingerprint() not in page


def test_a_withdrawal_changes_paper_and_tag_at_once(client):
    certificate = make_certificate()
    before = client.get(address(certificate))
    assert "withdrawn." not in all_words(before.content)

    revoke(certificate)

    after = client.get(address(certificate), headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    said = words(pages(after.content)[0])
    assert "Certificate withdrawn. By its maker," in said
    assert "“Wrong stone.”" in said


@pytest.mark.parametrize("ending", PAPERS)
def test_a_pause_stands_on_both_papers_with_its_reason(client, ending):
    certificate = make_certificate()
    suspend.suspend_certificate(
        certificate=certificate,
        reason="A shop asked us to look again.",
        actor=Actor.MAKER,
        by=certificate.maker.user,
    )

    said = words(pages(client.get(address(certificate, ending)).content)[0])

    assert "Paused. By its maker," in said
    assert "“A shop asked us to look again.”" in said


@pytest.mark.parametrize("ending", PAPERS)
def test_a_replaced_certificate_says_so_and_why_on_both_papers(client, ending):
    old = make_certificate()
    new = corrected(old)

    said = words(pages(client.get(address(old, ending)).content)[0])

    assert "There is a newer certificate. Version 2," in said
    assert f"“{REASON}”" in said
    assert "newer certificate" not in all_words(client.get(address(new, ending)).content)


def test_the_newer_paper_names_what_it_took_the_place_of(client):
    new = corrected(make_certificate())

    said = all_words(client.get(address(new)).content)

    assert run_together(f"In place of version 1: “{REASON}”") in run_together(said)


def test_the_photograph_that_was_signed_is_printed(client):
    pdf = client.get(address(make_pictured_certificate())).content

    assert has_picture(pdf)
    assert "photograph that was signed" not in all_words(pdf)


def test_a_replaced_certificate_keeps_the_photograph_that_it_names(client):
    first = make_pictured_certificate()
    draft = correction_of(first)
    register.remove_photograph(photograph=draft.photographs.get(role="front"))
    make_photograph(draft, "front")

    sign(draft)

    pdf = client.get(address(first)).content
    assert has_picture(pdf)
    assert "There is a newer certificate." in all_words(pdf)


def test_a_photograph_changed_since_is_not(client):
    certificate = make_pictured_certificate()
    front = certificate.piece.photographs.get(role="front")
    with storages["private"].open(front.renditions["2048.webp"]["file"], "ab") as file:
        file.write(b"x")

    pdf = client.get(address(certificate)).content

    assert not has_picture(pdf)
    assert "The photograph that was signed is not at hand here" in all_words(pdf)


def test_a_computer_image_says_what_it_is_on_the_picture(client):
    certificate = make_pictured_certificate(source="digitalCreation")

    assert "computer image" in words(pages(client.get(address(certificate)).content)[0])


def test_the_code_on_the_paper_names_the_piece_and_not_its_secret_code(client):
    certificate = make_certificate()
    pdf = client.get(address(certificate)).content

    code = certificate.piece.tags.get().code
    assert scanned(pages(pdf)[0]) == [f"https://touchmark.example/p/{certificate.piece.public_id}"]
    assert code not in run_together(all_words(pdf))


def test_the_report_tells_every_check_and_is_nobody_elses(client):
    certificate = make_certificate()

    answer = client.get(address(certificate, "/report.pdf"))

    said = all_words(answer.content)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"] == 'inline; filename="marlowe-ring-check.pdf"'
    assert "You opened the record." in said
    assert "No tag was read for this check." in said
    assert run_together(platform.fingerprint()) in run_together(said)
    assert said.count("passed") == 7


def test_the_report_of_a_withdrawn_certificate_says_why(client):
    certificate = make_certificate()
    revoke(certificate)

    said = all_words(client.get(address(certificate, "/report.pdf")).content)

    assert "Certificate withdrawn." in said
    assert "“Wrong stone.”" in said
    assert "It is not withdrawn" in said
    assert "failed" in said


def test_who_came_by_the_code_is_told_what_that_proves_and_no_more(client):
    certificate = make_certificate()
    client.get(code_address(certificate.piece))

    said = all_words(client.get(address(certificate, "/report.pdf")).content)

    assert "This browser opened the code of this piece at some time in the last 180 days." in said
    assert "That it was read from the piece itself, or today, is not known." in said
    assert "This tag belongs to this piece" in said
    assert "No tag was read for this check" not in said


def test_a_report_tells_the_second_it_was_made(client):
    certificate = make_certificate()
    later = (timezone.now() + timedelta(hours=1)).replace(microsecond=0)

    with time_machine.travel(later, tick=False):
        said = all_words(client.get(address(certificate, "/report.pdf")).content)

    assert run_together(f"({later:%Y-%m-%dT%H:%M:%SZ})") in run_together(said)


@pytest.mark.parametrize("ending", PAPERS)
def test_a_press_out_of_order_says_so_and_blames_nobody(client, monkeypatch, ending):
    def out_of_ink(*_args, **_kwargs):
        raise PrintError("this page could not be set for printing")

    certificate = make_certificate()
    for name in ("certificate_pdf", "report_pdf"):
        monkeypatch.setattr(papers.papers, name, out_of_ink)

    answer = client.get(address(certificate, ending))

    assert answer.status_code == 503
    assert "says nothing about the certificate" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("ending", PAPERS)
def test_the_press_is_not_run_without_end_for_one_visitor(client, monkeypatch, ending):
    certificate = make_certificate()
    monkeypatch.setattr(papers.limits, "allows", lambda request, scope: scope != "print")

    assert client.get(address(certificate, ending)).status_code == 429


@pytest.mark.parametrize("page", ["/p/", "/c/"])
def test_piece_and_certificate_pages_lead_to_both_papers(client, page):
    certificate = make_certificate()
    ids = {"/p/": certificate.piece.public_id, "/c/": certificate.public_id}

    shown = client.get(page + ids[page]).content.decode()

    assert f'href="{address(certificate)}"' in shown
    assert f'href="{address(certificate, "/report.pdf")}"' in shown


@pytest.mark.parametrize("ending", PAPERS)
def test_a_paper_handed_in_is_checked_by_the_file_inside(client, ending):
    certificate = make_certificate()
    pdf = client.get(address(certificate, ending)).content

    answer = client.post("/verify", {"file": SimpleUploadedFile("paper.pdf", pdf)})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="outcome passed"') == 7
    assert "What its pages show was not compared with it" in page
    assert f"/p/{certificate.piece.public_id}" in page


def test_a_pdf_without_a_bundle_is_told_what_to_do(client):
    answer = client.post("/verify", {"file": SimpleUploadedFile("scan.pdf", b"%PDF-1.4 nothing")})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "no bundle lies inside this PDF; a printed or scanned copy has none" in page
    assert "Take the PDF exactly as it was downloaded" in page

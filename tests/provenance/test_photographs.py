"""Photographs at the bench: taken in, refused with a sentence, never half kept."""

import hashlib
import io

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from provenance.limits import NetworkThrottle
from provenance.models.piece import Photograph, Piece
from provenance.services import register
from tags.services.issuing import issue_with_code
from tests.factories import make_certificate, make_draft, make_mira, make_photograph
from tests.memories import credentialed
from tests.provenance.test_drafts import BAND

pytestmark = pytest.mark.django_db

AI_STATEMENT = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    "Iptc4xmpExt:DigitalSourceType="
    '"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/>'
    "</rdf:RDF></x:xmpmeta>"
)


RENDER_STATEMENT = AI_STATEMENT.replace("trainedAlgorithmicMedia", "virtualRecording")


def picture(name="front.jpg", *, size=(640, 800), colour="gold", xmp=""):
    file = io.BytesIO()
    if xmp:
        told = PngImagePlugin.PngInfo()
        told.add_itxt("XML:com.adobe.xmp", xmp)
        Image.new("RGB", size, colour).save(file, "PNG", pnginfo=told)
    else:
        Image.new("RGB", size, colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def one_bit_giant():
    file = io.BytesIO()
    Image.new("1", (13_000, 13_000)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def mira(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    return make_mira()


@pytest.fixture
def bench(client, mira):
    client.force_login(mira.user)
    return client


def send(bench, piece, file, *, role="front", source="digitalCapture"):
    return bench.post(
        f"/workshop/{piece.public_id}/photos",
        {"role": role, "source": source, "photograph": file},
        headers={"Accept": "application/json"},
    )


def test_a_piece_is_registered_with_its_photographs_in_one_form(bench):
    shots = {
        "photograph-front": picture(),
        "photograph-scale": picture("scale.jpg", colour="silver"),
    }

    bench.post("/workshop/new", BAND | shots)

    front, scale = Piece.objects.get().photographs.all()
    assert (front.role, scale.role) == ("front", "scale")
    assert front.source == "digitalCapture"
    assert front.alt == "Harbour band: front"
    assert storages["private"].exists(front.renditions["480.webp"]["file"])


def test_a_photograph_goes_up_by_itself_and_comes_back_in_the_grid(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    answer = send(bench, piece, picture())

    photograph = piece.photographs.get()
    assert answer.status_code == 200
    assert photograph.public_id in answer.json()["shots"]
    assert answer.json()["done"] == "7 of 8 done"


def test_without_a_script_the_photograph_leads_back_to_the_bench(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    answer = bench.post(
        f"/workshop/{piece.public_id}/photos",
        {"role": "front", "source": "digitalCapture", "photograph": picture()},
    )

    assert (answer.status_code, answer["Location"]) == (303, f"/workshop/{piece.public_id}")


def test_a_new_front_takes_the_place_of_the_old_one(bench, mira):
    piece = make_draft(mira, with_photographs=False)
    send(bench, piece, picture())

    send(bench, piece, picture(colour="white"))

    assert piece.photographs.count() == 1


def test_a_file_that_says_a_model_made_it_is_believed_before_the_maker(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    send(bench, piece, picture("front.png", xmp=AI_STATEMENT))

    photograph = piece.photographs.get()
    assert photograph.source == "trainedAlgorithmicMedia"
    assert not photograph.is_captured


@pytest.mark.parametrize(
    ("said", "xmp", "kept"),
    [
        ("digitalCreation", AI_STATEMENT, "trainedAlgorithmicMedia"),
        ("trainedAlgorithmicMedia", RENDER_STATEMENT, "trainedAlgorithmicMedia"),
        ("digitalCapture", RENDER_STATEMENT, "virtualRecording"),
        ("trainedAlgorithmicMedia", "", "trainedAlgorithmicMedia"),
    ],
)
def test_of_file_and_maker_the_one_who_discloses_more_is_believed_and_every_file_is_marked(
    bench, mira, said, xmp, kept
):
    piece = make_draft(mira, with_photographs=False)

    send(bench, piece, picture("front.png", xmp=xmp), source=said)

    photograph = piece.photographs.get()
    assert photograph.source == kept
    for rendition in photograph.renditions.values():
        with storages["private"].open(rendition["file"]) as file:
            written = file.read()
        assert f"digitalsourcetype/{kept}".encode() in written
        assert hashlib.sha256(written).hexdigest() == rendition["sha256"]


def broken_picture():
    signed = credentialed.sign(credentialed.created("digitalCapture"))
    spoiled = signed[:-40] + bytes([signed[-40] ^ 1]) + signed[-39:]
    return SimpleUploadedFile("front.jpg", spoiled, "image/jpeg")


def test_broken_content_credentials_are_told_and_the_photograph_is_kept(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    answer = send(bench, piece, broken_picture())

    assert answer.json()["heard"].startswith("Its content credentials are broken.")
    assert piece.photographs.get().is_captured


@pytest.mark.parametrize("way", ["by itself", "with the form"])
def test_without_a_script_broken_content_credentials_are_told_on_the_next_page(bench, mira, way):
    piece = make_draft(mira, with_photographs=False)
    address = f"/workshop/{piece.public_id}"
    if way == "by itself":
        sent = {"role": "front", "source": "digitalCapture", "photograph": broken_picture()}
        page = bench.post(f"{address}/photos", sent, follow=True)
    else:
        page = bench.post(
            address, BAND | {"revision": "1", "photograph-front": broken_picture()}, follow=True
        )

    assert "Its content credentials are broken." in page.content.decode()


def test_a_photograph_without_content_credentials_is_not_remarked_upon(bench, mira):
    piece = make_draft(mira, with_photographs=False)

    assert send(bench, piece, picture()).json()["heard"] == ""


def test_an_ai_picture_does_not_count_as_a_photograph(bench, mira):
    piece = make_draft(mira, with_photographs=False)
    make_photograph(piece, "front", source="trainedAlgorithmicMedia")
    make_photograph(piece, "scale")

    page = bench.post(f"/workshop/{piece.public_id}", BAND | {"revision": "1", "act": "sign"})

    assert "Two photographs at least are needed." in page.content.decode()


REFUSED = {
    "an empty file": b"",
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "HTML called a photograph": b"<!doctype html><h1>a ring</h1>",
    "a JPEG cut short": picture(size=(2000, 2000)).read()[:1500],
    "13,000 by 13,000 in one bit": one_bit_giant(),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_photograph_is_refused_with_a_sentence_and_nothing_is_kept(
    bench, mira, content, tmp_path
):
    piece = make_draft(mira, with_photographs=False)

    answer = send(bench, piece, SimpleUploadedFile("ring.jpg", content, "image/jpeg"))

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")
    assert not Photograph.objects.exists()
    assert not list((tmp_path / "files").rglob("*.webp"))


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_photograph_in_the_form_saves_nothing_and_keeps_every_word(bench, content):
    shots = {
        "photograph-front": picture(),
        "photograph-scale": SimpleUploadedFile("ring.jpg", content, "image/jpeg"),
    }

    page = bench.post("/workshop/new", BAND | shots)

    assert page.status_code == 400
    assert 'id="photograph-scale-error"' in page.content.decode()
    assert 'value="Harbour band"' in page.content.decode()
    assert not Piece.objects.exists()


def test_a_file_over_the_limit_is_refused_before_it_is_opened(bench, mira, settings):
    settings.UPLOAD_PHOTO_MAX_BYTES = 100
    piece = make_draft(mira, with_photographs=False)

    answer = send(bench, piece, picture())

    assert answer.json()["code"] == "picture_too_large"


@pytest.mark.parametrize(
    "changed", [{"role": "portrait"}, {"source": "somewhere"}, {"role": ""}, {"file": "a ring"}]
)
def test_what_was_not_offered_is_refused(bench, mira, changed):
    piece = make_draft(mira, with_photographs=False)
    sent = {"role": "front", "source": "digitalCapture", "file": picture()} | changed

    answer = send(bench, piece, sent["file"], role=sent["role"], source=sent["source"])

    assert answer.status_code == 400
    assert not Photograph.objects.exists()


def test_a_source_nobody_offered_is_refused_in_the_form_too(bench):
    page = bench.post("/workshop/new", BAND | {"source": "trust me", "photograph-front": picture()})

    assert page.status_code == 400
    assert "Say first what you add" in page.content.decode()


def test_a_photograph_is_taken_away(bench, mira):
    piece = make_draft(mira)
    front = piece.photographs.get(role="front")

    answer = bench.post(f"/workshop/{piece.public_id}/photos/{front.public_id}/remove")

    assert answer.status_code == 303
    assert not piece.photographs.filter(role="front").exists()


def test_taking_a_photograph_away_without_a_script_keeps_every_typed_word(bench, mira):
    piece = make_draft(mira)
    front = piece.photographs.get(role="front")

    page = bench.post(
        f"/workshop/{piece.public_id}",
        BAND | {"title": "Half typed", "mass": "", "remove_photograph": front.public_id},
    )

    assert 'value="Half typed"' in page.content.decode()
    assert not piece.photographs.filter(role="front").exists()


def test_nobody_takes_a_photograph_of_another_piece_away(bench, mira):
    piece, other = make_draft(mira), make_draft(make_mira("sana"))
    theirs = other.photographs.first()

    answer = bench.post(f"/workshop/{piece.public_id}/photos/{theirs.public_id}/remove")
    bench.post(f"/workshop/{piece.public_id}", BAND | {"remove_photograph": theirs.public_id})

    assert answer.status_code == 404
    assert other.photographs.count() == 2


def test_the_photographs_of_a_signed_piece_stay(bench, mira):
    piece = make_certificate(mira).piece
    front = piece.photographs.get(role="front")

    removed = bench.post(f"/workshop/{piece.public_id}/photos/{front.public_id}/remove")
    added = send(bench, piece, picture())

    assert (removed.status_code, added.status_code) == (404, 404)
    assert piece.photographs.count() == 2


@pytest.mark.parametrize("way", ["by itself", "with the form"])
def test_a_photograph_signed_on_another_device_meanwhile_is_not_taken_away(
    bench, mira, monkeypatch, way
):
    piece = make_draft(mira)
    photograph = piece.photographs.first()
    remove = register.remove_photograph

    def sign_first(*, photograph):
        issue_with_code(piece=piece, by=mira.user)
        remove(photograph=photograph)

    monkeypatch.setattr(register, "remove_photograph", sign_first)
    address = f"/workshop/{piece.public_id}"
    if way == "by itself":
        answer = bench.post(f"{address}/photos/{photograph.public_id}/remove")
    else:
        answer = bench.post(address, {"remove_photograph": photograph.public_id})

    assert answer.status_code == 409
    assert piece.photographs.count() == 2


def test_too_many_photographs_from_one_maker_have_to_wait(bench, mira, monkeypatch):
    monkeypatch.setattr(NetworkThrottle, "THROTTLE_RATES", {"upload": "1/hour"})
    piece = make_draft(mira, with_photographs=False)
    send(bench, piece, picture())

    answer = send(bench, piece, picture("scale.jpg"), role="scale")

    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_requests"
    assert piece.photographs.count() == 1

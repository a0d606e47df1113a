"""Evidence at the bench: taken in, refused with a sentence, served to whom it is meant for."""

import hashlib
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from provenance import evidence_files
from provenance.limits import NetworkThrottle
from provenance.models.making import StepEvidence
from provenance.services import evidence, register
from provenance.views import evidence_intake
from tags.services.issuing import issue_with_code
from tests.factories import make_draft, make_mira, make_otto
from tests.provenance.bench import CAST, CAST_AND_SET, SET, film, step_of, with_steps
from tests.provenance.sheets import JSON, address, sheet_of
from tests.provenance.test_photographs import AI_STATEMENT, REFUSED, mira, picture

__all__ = ["mira"]  # a fixture with private storage of its own
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"film" * 40
QUICKTIME = b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + b"film" * 40
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"film" * 40
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"


@pytest.fixture
def bench(client, mira):
    client.force_login(mira.user)
    return client


@pytest.fixture
def piece(mira):
    return with_steps(make_draft(mira), *CAST_AND_SET)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def put(bench, piece, file, *, step="s1", **more):
    sent = {"source": "digitalCapture", "evidence": file} | more
    return bench.post(address(piece, f"/steps/{step}/evidence"), sent, headers=JSON)


def body_of(answer):
    """All its bytes; reading to the end closes the file."""
    return b"".join(answer)


# -- taken in -----------------------------------------------------------------------------------


def test_a_photograph_behind_a_step_carries_the_claim(bench, piece):
    told = put(bench, piece, picture()).json()

    kept = piece.evidence.get()
    assert kept.step.ident == "s1"
    assert told["label"].endswith("; hand-set")
    assert kept.sha256[:8] in told["evidence"]
    assert told["step"] == "s1"


def test_when_a_picture_from_the_gallery_was_taken_is_not_said(bench, piece):
    told = put(bench, piece, picture()).json()

    assert piece.evidence.get().captured_at is None
    assert "Photograph added" in told["evidence"]
    assert "taken" not in told["evidence"]


@pytest.mark.parametrize("content", [MP4, QUICKTIME, WEBM])
def test_a_film_is_kept_with_its_digest_and_given_back_to_its_maker(bench, piece, content):
    told = put(bench, piece, upload("IMG_0001.MOV", content)).json()

    kept = piece.evidence.get()
    answer = bench.get(address(piece, f"/evidence/{kept.public_id}/file"))
    assert (kept.kind, kept.sha256) == ("video", hashlib.sha256(content).hexdigest())
    assert "Film added" in told["evidence"]
    assert body_of(answer) == content
    assert answer["Content-Disposition"] == 'attachment; filename="IMG_0001.MOV"'
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("kind", ["file", "receipt"])
def test_any_file_may_be_kept_as_a_file_or_a_receipt(bench, piece, kind):
    put(bench, piece, upload("drawing.step", b"ISO-10303-21;"), step="d1", kind=kind)

    assert piece.evidence.get().kind == kind


def test_a_photograph_without_a_script_comes_with_the_form(bench, piece):
    sent = sheet_of(piece) | {"evidence-s1": picture(), "file-d1": upload("a.3dm", b"lines")}

    answer = bench.post(address(piece), sent)

    assert answer.status_code == 303
    assert {each.step.ident for each in piece.evidence.all()} == {"s1", "d1"}


def test_evidence_comes_with_the_first_form_of_a_piece(bench, piece):
    sent = sheet_of(piece) | {"evidence-s1": picture()}

    bench.post("/workshop/new", sent)

    assert StepEvidence.objects.get().piece != piece


def test_a_computer_image_is_kept_and_the_page_says_that_it_does_not_count(bench, piece):
    told = put(bench, piece, picture(), source="digitalCreation").json()

    assert "computer image" in told["evidence"]
    assert "Does not count" in told["evidence"]
    assert "a computer image is no evidence" in told["refusals"]


def test_without_a_script_an_upload_by_itself_leads_back_to_the_bench(bench, piece):
    sent = {"source": "digitalCapture", "evidence": picture()}

    answer = bench.post(address(piece, "/steps/s1/evidence"), sent)

    assert (answer.status_code, answer["Location"]) == (303, address(piece))


# -- the digest ---------------------------------------------------------------------------------


def test_the_digest_the_page_counted_is_compared(bench, piece):
    file = picture()
    told = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)

    answer = put(bench, piece, file, sha256=told)

    assert answer.status_code == 200
    assert piece.evidence.get().original_sha256 == told


def test_a_file_that_changed_on_its_way_is_refused_and_nothing_is_kept(bench, piece, tmp_path):
    answer = put(bench, piece, picture(), sha256="0" * 64)

    assert (answer.status_code, answer.json()["code"]) == (400, "digest_mismatch")
    assert not piece.evidence.exists()
    assert not [*(tmp_path / "files").rglob("*.webp")]


# -- refused ------------------------------------------------------------------------------------


def test_an_ai_image_shows_nothing_and_is_not_kept(bench, piece):
    answer = put(bench, piece, picture("a.png", xmp=AI_STATEMENT))

    assert (answer.status_code, answer.json()["code"]) == (400, "ai_image_is_no_evidence")
    assert not piece.evidence.exists()


def test_an_ai_image_in_the_form_saves_nothing_and_keeps_every_word(bench, piece):
    sent = sheet_of(piece, title="Half typed") | {"evidence-s1": picture("a.png", xmp=AI_STATEMENT)}

    page = bench.post(address(piece), sent)

    text = page.content.decode()
    piece.refresh_from_db()
    assert page.status_code == 400
    assert "it shows nothing" in text
    assert 'value="Half typed"' in text
    assert piece.title == "Marlowe ring"


@pytest.mark.parametrize("way", ["by itself", "with the form"])
def test_the_same_file_twice_is_refused(bench, piece, way):
    put(bench, piece, picture())

    if way == "by itself":
        answer = put(bench, piece, picture(), step="p1")
    else:
        answer = bench.post(address(piece), sheet_of(piece) | {"evidence-p1": picture()})

    assert answer.status_code == 400
    assert "behind a step of this piece already" in answer.content.decode()
    assert piece.evidence.count() == 1


def test_a_file_refused_after_the_form_was_read_takes_the_whole_form_back(bench, piece):
    put(bench, piece, picture())

    bench.post(address(piece), sheet_of(piece, title="Half typed") | {"evidence-p1": picture()})

    piece.refresh_from_db()
    assert (piece.title, piece.revision) == ("Marlowe ring", 2)


def test_a_photograph_of_another_piece_is_refused_with_its_name(bench, mira, piece):
    other = with_steps(make_draft(mira, sku="MAR-14"), SET)
    put(bench, other, picture())

    answer = put(bench, piece, picture())

    assert answer.json()["code"] == "evidence_used_elsewhere"
    assert "MAR-14" in answer.json()["detail"]


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_photograph_and_no_film_is_refused(bench, piece, content):
    answer = put(bench, piece, upload("ring.jpg", content))

    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")
    assert not piece.evidence.exists()


def test_a_heic_photograph_is_not_taken_for_a_film():
    assert not evidence_files.is_film(upload("a.heic", HEIC))
    assert evidence_files.is_film(upload("a.mp4", MP4))


@pytest.mark.parametrize(
    ("setting", "content", "more"),
    [
        ("UPLOAD_FILM_MAX_BYTES", MP4, {}),
        ("UPLOAD_FILE_MAX_BYTES", b"x" * 200, {"kind": "file"}),
    ],
)
def test_what_is_too_large_is_refused(bench, piece, settings, setting, content, more):
    setattr(settings, setting, 100)

    answer = put(bench, piece, upload("a.mov", content), **more)

    assert answer.json()["code"] == "file_too_large"
    assert not piece.evidence.exists()


@pytest.mark.parametrize(
    "more", [{"source": ""}, {"source": "trust me"}, {"kind": "cosign"}, {"sha256": "abc"}]
)
def test_what_was_not_offered_is_refused(bench, piece, more):
    answer = put(bench, piece, picture(), **more)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not piece.evidence.exists()


def test_a_photograph_in_the_form_needs_to_be_called_one(bench, piece):
    page = bench.post(address(piece), sheet_of(piece, source="") | {"evidence-s1": picture()})

    assert "Say first what you add" in page.content.decode()
    assert not piece.evidence.exists()


def test_a_step_holds_only_so_much(bench, piece, monkeypatch):
    monkeypatch.setattr(evidence_files, "MOST_FOR_A_STEP", 1)
    put(bench, piece, picture())

    answer = put(bench, piece, picture(colour="silver"))

    assert answer.json()["code"] == "evidence_full"


def test_too_many_files_from_one_maker_have_to_wait(bench, piece, monkeypatch):
    monkeypatch.setattr(NetworkThrottle, "THROTTLE_RATES", {"upload": "1/hour"})
    put(bench, piece, picture())

    answer = put(bench, piece, picture(colour="silver"))

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")


def test_while_pictures_cannot_be_read_the_page_says_so(bench, piece, monkeypatch):
    def unavailable(*args, **kwargs):
        raise evidence_intake.MediaUnavailableError("This site cannot read photographs just now.")

    monkeypatch.setattr(evidence_intake, "safe_photograph", unavailable)

    assert put(bench, piece, picture()).status_code == 503


def test_a_refusal_without_a_script_is_a_page_with_a_way_back(bench, piece):
    sent = {"source": "digitalCapture", "evidence": upload("a.jpg", b"no picture")}

    page = bench.post(address(piece, "/steps/s1/evidence"), sent)

    assert page.status_code == 400
    assert address(piece) in page.content.decode()


# -- the camera in the page ---------------------------------------------------------------------


def open_camera(bench, piece, step="s1"):
    return bench.post(address(piece, f"/steps/{step}/camera"), headers=JSON).json()["ticket"]


def test_a_picture_taken_in_the_page_is_dated_by_the_clock_of_the_site(bench, piece):
    with time_machine.travel("2026-11-20 14:41:00Z", tick=False) as clock:
        ticket = open_camera(bench, piece)
        clock.shift(9)
        told = put(bench, piece, picture(), ticket=ticket, elapsed="5000").json()

    kept = piece.evidence.get()
    assert (f"{kept.captured_at:%H:%M:%S}", kept.is_in_app) == ("14:41:05", True)
    assert kept.source == "digitalCapture"
    assert "Photograph taken 14:41 UTC" in told["evidence"]


def test_begun_photographed_and_ticked_at_the_bench_is_the_second_grade(bench, mira):
    with time_machine.travel("2026-11-20 14:40:00Z", tick=False) as clock:
        bench.force_login(mira.user)
        piece = with_steps(make_draft(mira), CAST, replace(SET, is_done=False))
        bench.post(address(piece), sheet_of(piece, begin="s1"))
        clock.shift(60)
        ticket = open_camera(bench, piece)
        put(bench, piece, picture(), ticket=ticket, elapsed="0")
        clock.shift(60)
        piece.refresh_from_db()
        ticked = sheet_of(piece) | {"steps-1-done": "on"}
        told = bench.post(address(piece), ticked, headers=JSON).json()

    assert "Evidence grade E2" in told["refusals"]


@pytest.mark.parametrize("elapsed", ["", "-1", "soon", "99999999999"])
def test_a_picture_that_does_not_say_when_was_not_taken_in_the_page(bench, piece, elapsed):
    answer = put(bench, piece, picture(), ticket=open_camera(bench, piece), elapsed=elapsed)

    assert answer.status_code == 400
    assert not piece.evidence.exists()


def test_a_picture_from_the_future_was_not_taken_in_the_page(bench, piece):
    ticket = open_camera(bench, piece)

    answer = put(bench, piece, picture(), ticket=ticket, elapsed="600000")

    assert answer.json()["code"] == "camera_closed"


def test_a_camera_opened_for_one_step_serves_no_other(bench, piece):
    ticket = open_camera(bench, piece, "p1")

    answer = put(bench, piece, picture(), ticket=ticket, elapsed="0")

    assert answer.json()["code"] == "camera_closed"
    assert not piece.evidence.exists()


def test_a_camera_left_open_for_too_long_is_closed(bench, piece):
    with time_machine.travel("2026-11-20 14:41:00Z", tick=False) as clock:
        ticket = open_camera(bench, piece)
        clock.shift(evidence.CAMERA_SECONDS + 1)
        answer = put(bench, piece, picture(), ticket=ticket, elapsed="0")

    assert answer.json()["code"] == "camera_closed"


# -- taken away ---------------------------------------------------------------------------------


def test_evidence_is_taken_away_and_the_claim_with_it(bench, piece):
    put(bench, piece, picture())
    kept = piece.evidence.get()

    told = bench.post(address(piece, f"/evidence/{kept.public_id}/remove"), headers=JSON).json()

    assert not piece.evidence.exists()
    assert "hand-set" not in told["label"]


def test_evidence_is_taken_away_without_a_script_and_every_word_stays(bench, piece):
    put(bench, piece, picture())
    kept = piece.evidence.get()

    bench.post(address(piece), sheet_of(piece, title="Half", remove_evidence=kept.public_id))

    piece.refresh_from_db()
    assert not piece.evidence.exists()
    assert piece.title == "Half"


@pytest.mark.parametrize("ident", ["x", "0" * 22, "\0"])
def test_evidence_that_is_not_there_is_not_taken_away(bench, piece, ident):
    put(bench, piece, picture())

    bench.post(address(piece), sheet_of(piece, remove_evidence=ident))

    assert piece.evidence.count() == 1


# -- signed -------------------------------------------------------------------------------------


def test_the_evidence_of_a_signed_piece_stays_as_it_is(bench, piece, mira):
    put(bench, piece, picture())
    kept = piece.evidence.get()
    piece.refresh_from_db()
    issue_with_code(piece=piece, by=mira.user)

    answers = [
        put(bench, piece, picture(colour="silver")),
        bench.post(address(piece, f"/evidence/{kept.public_id}/remove")),
        bench.post(address(piece, "/steps/s1/camera")),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert piece.evidence.count() == 1


@pytest.mark.parametrize("act", ["put", "remove"])
def test_a_piece_signed_on_another_device_meanwhile_answers_409(
    bench, piece, mira, monkeypatch, act
):
    put(bench, piece, picture())
    kept = piece.evidence.get()
    piece.refresh_from_db()
    name = "add_evidence" if act == "put" else "remove_evidence"
    do = getattr(evidence, name)

    def sign_first(**facts):
        issue_with_code(piece=piece, by=mira.user)
        return do(**facts)

    monkeypatch.setattr(evidence, name, sign_first)
    if act == "put":
        answer = put(bench, piece, picture(colour="silver"))
    else:
        answer = bench.post(address(piece, f"/evidence/{kept.public_id}/remove"), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (409, register.SignedPieceError.code)
    assert piece.evidence.count() == 1


# -- who sees it --------------------------------------------------------------------------------


def shown_at(item, name="480.webp"):
    return f"/p/{item.piece.public_id}/evidence/{item.public_id}/{name}"


def test_evidence_of_a_draft_is_its_makers_alone(bench, piece, client):
    put(bench, piece, picture())
    kept = piece.evidence.get()

    mine = bench.get(shown_at(kept))
    body_of(mine)
    client.force_login(make_otto())
    ottos = client.get(shown_at(kept))
    client.logout()
    sanas = client.get(shown_at(kept))

    assert (mine.status_code, ottos.status_code, sanas.status_code) == (200, 404, 404)
    assert mine["Cache-Control"] == "private, no-store"


def test_evidence_of_a_signed_step_is_public_and_cached(bench, piece, mira, client):
    put(bench, piece, picture())
    kept = piece.evidence.get()
    piece.refresh_from_db()
    issue_with_code(piece=piece, by=mira.user)
    client.logout()

    answer = client.get(shown_at(kept, "1080.webp"))
    again = client.get(shown_at(kept, "1080.webp"), headers={"If-None-Match": answer["ETag"]})

    assert hashlib.sha256(body_of(answer)).hexdigest() == kept.sha256
    assert (answer.status_code, again.status_code) == (200, 304)
    assert "immutable" in answer["Cache-Control"]


def test_evidence_answers_head_without_its_bytes(bench, piece):
    put(bench, piece, picture())

    answer = bench.head(shown_at(piece.evidence.get()))

    assert (answer.status_code, body_of(answer)) == (200, b"")


def test_evidence_of_a_step_that_was_only_planned_is_never_public(bench, piece, mira, client):
    piece = with_steps(piece, CAST, replace(SET, is_done=False))
    put(bench, piece, picture())
    kept = piece.evidence.get()
    piece.refresh_from_db()
    issue_with_code(piece=piece, by=mira.user)
    client.logout()

    assert client.get(shown_at(kept)).status_code == 404


@pytest.mark.parametrize("name", ["481.webp", "file", "..", "2048.avif"])
def test_only_what_was_made_is_served(bench, piece, name):
    put(bench, piece, picture())

    assert bench.get(shown_at(piece.evidence.get(), name)).status_code == 404


def test_a_film_is_shown_to_nobody_and_given_to_its_maker_alone(bench, piece, client):
    kept = evidence.add_evidence(step=step_of(piece, "s1"), shown=film(), by=piece.maker.user)
    file = address(piece, f"/evidence/{kept.public_id}/file")

    mine = bench.get(file)
    body_of(mine)
    page = bench.get(shown_at(kept))
    client.force_login(make_mira("sana").user)
    theirs = client.get(file)

    assert (mine.status_code, page.status_code, theirs.status_code) == (200, 404, 404)


@pytest.mark.parametrize("rest", ["/steps/s1/evidence", "/steps/s1/camera"])
def test_nobody_puts_evidence_behind_another_makers_step(client, piece, rest):
    nobody = client.post(address(piece, rest))
    client.force_login(make_otto())
    otto = client.post(address(piece, rest))
    client.force_login(make_mira("sana").user)
    sana = client.post(address(piece, rest))

    assert nobody["Location"].startswith("/accounts/login/")
    assert otto["Location"] == "/workshop/begin"
    assert sana.status_code == 404
    assert not piece.evidence.exists()


def test_a_step_that_is_not_there_takes_nothing(bench, piece):
    assert put(bench, piece, picture(), step="none").status_code == 404


def test_a_photograph_of_another_piece_that_stands_elsewhere_is_told_in_the_list(
    bench, mira, piece
):
    put(bench, piece, picture())
    other = with_steps(make_draft(mira, sku="MAR-14"), CAST, SET)
    # As a record photograph of the other piece it is refused there no longer, but told here.
    kept = piece.evidence.get()
    other.photographs.filter(role="front").update(sha256=kept.sha256)

    page = bench.get(address(piece)).content.decode()

    assert "also used for piece MAR-14" in page


def test_the_clock_of_today_and_of_other_days_are_told_apart(bench, piece):
    with time_machine.travel("2026-11-19 14:41:00Z", tick=False):
        put(bench, piece, picture())

    with time_machine.travel("2026-11-20 09:00:00Z", tick=False):
        bench.force_login(piece.maker.user)
        page = bench.get(address(piece)).content.decode()

    assert "19 November 2026, 14:41 UTC" in page

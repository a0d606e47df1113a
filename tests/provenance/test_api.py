"""The API: a program registers, photographs, signs, reads and withdraws a piece."""

import json

import pytest

from provenance.canonical import digest_of, parse_object
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.piece import Photograph, Piece
from tests.factories import make_certificate, make_draft, make_mira
from tests.memories.pictures import make_jpeg, make_one_bit_png
from tests.provenance.programs import RING, Program, ring

pytestmark = pytest.mark.django_db


def codes_of(response):
    return {each["path"]: each["code"] for each in response.json()["errors"]}


def test_a_program_takes_a_ring_from_its_facts_to_a_signed_certificate():
    mira = Program(make_mira())
    piece = mira.post("pieces", RING).json()["id"]
    mira.photograph(piece, make_jpeg(), role="front")
    mira.photograph(piece, make_jpeg(), role="scale")

    issued = mira.post("certificates", {"piece": piece})

    assert issued.status_code == 201, issued.content
    certificate = Certificate.objects.get(public_id=issued.json()["id"])
    document = parse_object(bytes(certificate.files.get().content))
    assert issued.json()["digest"] == digest_of(document).hex()
    assert document["credentialSubject"]["name"] == "Marlowe ring"
    assert issued.json()["links"]["certificate"].endswith(f"/c/{certificate.public_id}.json")


def test_a_registered_piece_is_told_back_as_it_was_told():
    mira = Program(make_mira())

    told = mira.post("pieces", RING)

    assert told.status_code == 201
    body = told.json()
    assert (body["state"], body["maker"]) == ("draft", "tidewell-bench")
    assert body["mass_grams"] == "6.81"
    assert body["edition"] == RING["edition"]
    assert body["stones"][1]["treatment"] == ["none-known"]
    assert body["care"] == RING["care"]
    assert body["parts"][0]["mass_grams"] == "5.62"
    assert Event.objects.filter(kind="piece.registered").count() == 1


def test_a_draft_is_its_makers_alone_and_an_issued_piece_is_everybodys():
    draft, issued = make_draft(), make_certificate(make_mira("second")).piece
    mira, sana, other = Program(draft.maker), Program(), Program(issued.maker)

    answers = [
        program.get(f"pieces/{piece.public_id}").status_code
        for piece in (draft, issued)
        for program in (mira, sana, other)
    ]

    assert answers == [200, 404, 404, 200, 200, 200]


def test_a_certificate_tells_its_verdict_and_its_links():
    certificate = make_certificate()

    told = Program().get(f"certificates/{certificate.public_id}").json()

    assert told["verdict"]["answer"] == "current"
    assert told["verdict"]["exit_code"] == 0
    assert [check["number"] for check in told["verdict"]["checks"]] == list(range(1, 12))
    assert told["revocation"] is None
    assert told["links"]["page"] == f"https://touchmark.example/c/{certificate.public_id}"


def test_a_withdrawn_certificate_says_so_with_its_reason():
    certificate = make_certificate()
    mira = Program(certificate.maker)

    withdrawn = mira.post(
        f"certificates/{certificate.public_id}/revocation", {"reason": "The stone was swapped."}
    )

    assert withdrawn.status_code == 201
    told = Program().get(f"certificates/{certificate.public_id}").json()
    assert told["verdict"]["answer"] == "revoked"
    assert told["revocation"]["reason"] == "The stone was swapped."
    assert told["revocation"]["by"] == "maker"


def test_a_second_withdrawal_meets_the_first():
    certificate = make_certificate()
    mira, path = Program(certificate.maker), f"certificates/{certificate.public_id}/revocation"
    mira.post(path, {"reason": "The stone was swapped."})

    again = mira.post(path, {"reason": "Another reason."})

    assert (again.status_code, again.json()["code"]) == (409, "already_revoked")
    certificate.refresh_from_db()
    assert certificate.revocation_reason == "The stone was swapped."


def test_a_piece_signed_before_is_not_signed_again():
    piece = make_certificate().piece

    again = Program(piece.maker).post("certificates", {"piece": piece.public_id})

    assert (again.status_code, again.json()["code"]) == (409, "already_issued")


def test_a_draft_that_is_not_ready_says_every_law_it_breaks_and_stays_a_draft():
    piece = make_draft(with_photographs=False)

    refused = Program(piece.maker).post("certificates", {"piece": piece.public_id})

    assert (refused.status_code, refused.json()["code"]) == (422, "not_ready")
    assert codes_of(refused) == {"photographs": "photographs_missing"}
    assert Piece.objects.drafts().filter(pk=piece.pk).exists()


@pytest.mark.parametrize("path", ["certificates", "revocation", "photographs"])
def test_another_makers_things_cannot_be_told_from_nothing(path):
    theirs = make_certificate()
    mira = Program(make_mira("second"))
    calls = {
        "certificates": lambda: mira.post("certificates", {"piece": theirs.piece.public_id}),
        "revocation": lambda: mira.post(
            f"certificates/{theirs.public_id}/revocation", {"reason": "Mischief."}
        ),
        "photographs": lambda: mira.photograph(theirs.piece.public_id, make_jpeg()),
    }

    answer = calls[path]()

    assert answer.status_code == 404
    assert answer.json() == {"code": "not_found", "detail": "There is nothing here."}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"title": ...}, "title", "required"),
        ({"title": ""}, "title", "blank"),
        ({"title": 7}, "title", "invalid"),
        ({"title": "Marlowe\nring"}, "title", "control"),
        ({"title": "M" * 81}, "title", "max_length"),
        ({"kind": "crown"}, "kind", "invalid_choice"),
        ({"kind": ["ring"]}, "kind", "invalid_choice"),
        ({"year": "2026"}, "year", "invalid"),
        ({"year": True}, "year", "invalid"),
        ({"year": 26}, "year", "min_value"),
        ({"mass_grams": 681}, "mass_grams", "plain"),
        ({"mass_grams": "1e3"}, "mass_grams", "plain"),
        ({"mass_grams": "٦.٨١"}, "mass_grams", "plain"),
        ({"mass_grams": "NaN"}, "mass_grams", "plain"),
        ({"mass_grams": "0"}, "mass_grams", "positive"),
        ({"mass_grams": "6.815"}, "mass_grams", "max_decimal_places"),
        ({"parts": []}, "parts", "empty"),
        ({"parts": "gold"}, "parts", "not_a_list"),
        ({"parts": [{"id": "a", "element": "gold"}]}, "parts.0.fineness", "fineness_missing"),
        ({"parts": [{"id": "a", "element": "other"}]}, "parts.0.alloy", "required"),
        ({"parts": [RING["parts"][0]] * 2}, "parts", "duplicate"),
        ({"parts": [RING["parts"][0], 7]}, "parts.1", "invalid"),
        (
            {"stones": [{"species": "diamond", "origin": "natural"}]},
            "stones.0.treatment",
            "required",
        ),
        ({"edition": {"kind": "numbered"}}, "edition.number", "required"),
        ({"edition": {"kind": "open", "number": 1}}, "edition.number", "not_numbered"),
        ({"edition": {"kind": "numbered", "number": 5, "of": 4}}, "edition.number", "max_value"),
        ({"edition": None}, "edition", "null"),
        ({"colour": "yellow"}, "colour", "unknown_field"),
        ({"care": ["Keep it dry."] * 13}, "care", "max_length"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason_and_nothing_is_kept(change, path, code):
    mira = Program(make_mira())

    refused = mira.post("pieces", ring(**change))

    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert codes_of(refused) == {path: code}
    assert not Piece.objects.exists()


def test_two_answers_about_treatment_that_exclude_each_other_are_refused():
    stone = {**RING["stones"][0], "treatment": ["heat", "none-known"]}

    refused = Program(make_mira()).post("pieces", ring(stones=[stone]))

    assert codes_of(refused) == {"stones.0.treatment": "alone"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"{", 400, "malformed"),
        (b"[]", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"\xef\xbb\xbf{}", 400, "malformed"),
        (b'{"title": NaN}', 400, "malformed"),
        (b'{"title": "a", "title": "b"}', 400, "out_of_subset"),
        (b'{"year": 2026.0}', 400, "out_of_subset"),
        (b'{"year": 9007199254740993}', 400, "out_of_subset"),
        (b'{"title": "\\ud800"}', 400, "out_of_subset"),
        (b'{"\\ud800": 1}', 400, "out_of_subset"),
        (b'{"a":' * 10_000, 413, "too_large"),
        (b'"' + b"a" * 300_000 + b'"', 413, "too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_name(body, status, code):
    refused = Program(make_mira()).post("pieces", body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_body_of_another_kind_is_refused():
    refused = Program(make_mira()).send("pieces", b"title=ring", kind="text/plain")

    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("picture", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"<html><script>alert(1)</script></html>", 422, "not_a_picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', 422, "not_a_picture"),
        (make_jpeg()[:600], 422, "picture_truncated"),
        (make_one_bit_png(), 413, "picture_too_large"),
    ],
)
def test_a_picture_that_is_none_is_refused_with_a_sentence(picture, status, code):
    piece = make_draft(with_photographs=False)

    refused = Program(piece.maker).photograph(piece.public_id, picture)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert not Photograph.objects.exists()


def test_a_photograph_larger_than_we_take_is_refused_before_it_is_read(settings):
    settings.UPLOAD_PHOTO_MAX_BYTES = 1024**2
    piece = make_draft(with_photographs=False)

    refused = Program(piece.maker).photograph(piece.public_id, bytes(2 * 1024**2))

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_the_answer_tells_what_the_content_credentials_of_a_photograph_are():
    piece = make_draft(with_photographs=False)

    taken = Program(piece.maker).photograph(piece.public_id, make_jpeg())

    assert taken.status_code == 201
    assert taken.json()["credentials"] == {"state": "none", "told": "No content credentials."}


def test_a_signed_piece_takes_no_more_photographs():
    piece = make_certificate().piece

    refused = Program(piece.maker).photograph(piece.public_id, make_jpeg(), role="back")

    assert (refused.status_code, refused.json()["code"]) == (409, "piece_is_signed")


@pytest.mark.parametrize(
    "path", ["pieces/none", "pieces/%00", "certificates/%ff", "nothing", "pieces/", "pieces/a/b/c"]
)
def test_an_address_of_nothing_answers_in_json(path):
    answer = Program().get(path)

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_another_verb_is_refused_in_json():
    answer = Program().http.delete("/api/v1/pieces")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_reading_a_piece_costs_the_same_however_much_it_holds(django_assert_num_queries):
    piece = make_certificate().piece

    with django_assert_num_queries(9):
        Program().get(f"pieces/{piece.public_id}")


def test_reading_a_certificate_costs_three_queries(django_assert_num_queries):
    certificate = make_certificate()
    sana = Program()
    sana.get(f"certificates/{certificate.public_id}")

    with django_assert_num_queries(3):
        sana.get(f"certificates/{certificate.public_id}")


def test_no_cache_keeps_an_answer_and_a_head_costs_no_body():
    certificate = make_certificate()

    answer = Program().http.head(f"/api/v1/certificates/{certificate.public_id}")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["Cache-Control"] == "no-store"
    assert Program().post("pieces", RING)["Cache-Control"] == "no-store"


def test_the_answer_is_json_whatever_the_caller_prefers():
    certificate = make_certificate()

    answer = Program().http.get(
        f"/api/v1/certificates/{certificate.public_id}?format=xml", headers={"Accept": "text/html"}
    )

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\x00"])
def test_a_form_without_its_borders_is_refused(kind):
    piece = make_draft(with_photographs=False)
    path = f"pieces/{piece.public_id}/photographs"

    refused = Program(piece.maker).send(path, b"--a\r\n\r\n", kind=kind)

    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")


def test_a_broken_platform_key_refuses_a_signature_and_keeps_the_draft(settings, tmp_path):
    piece = make_draft()
    settings.PLATFORM_KEY_PATH = tmp_path / "absent.pem"

    refused = Program(piece.maker).post("certificates", {"piece": piece.public_id})

    assert (refused.status_code, refused.json()["code"]) == (503, "bad_key")
    assert Piece.objects.drafts().filter(pk=piece.pk).exists()


def test_every_refusal_is_a_code_and_a_sentence():
    refused = Program().post("pieces", RING)

    assert refused.status_code == 401
    assert json.loads(refused.content).keys() == {"code", "detail"}
    assert refused.json()["detail"].endswith(".")

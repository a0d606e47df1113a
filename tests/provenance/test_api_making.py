"""The making record over the API: Mira's program writes it, shows it, and reads what follows."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from provenance import evidence_files
from provenance.canonical import parse_object
from provenance.credentials import subject_of
from provenance.models.certificate import Certificate
from provenance.models.log import Event
from provenance.models.making import CredentialState, MakingStep, StepEvidence
from provenance.models.piece import Piece
from tests.factories import make_certificate, make_draft, make_mira
from tests.memories.pictures import encode, make_jpeg, make_picture, make_xmp
from tests.provenance.programs import Program, ring

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FILM = b"\0\0\0\x20ftypisom" + bytes(200)
AI = "trainedAlgorithmicMedia"
DIGEST = "ab" * 32
SKETCHED = {"id": "d1", "kind": "design.sketch", "part": "piece", "control": "human"}
SAWN = {"id": "f1", "kind": "form.fabricate", "part": "piece", "control": "hand"}
CAST = {
    "id": "c1",
    "kind": "form.cast",
    "part": "shank",
    "control": "templated",
    "actor": "outside:caster",
}
SET = {"id": "s1", "kind": "set.stone", "part": "head", "control": "hand"}
BY_HAND = [SKETCHED, {**SAWN, "inputs": ["wire"]}]


def made(*steps, **changes):
    return ring(making={"steps": list(steps)}, **changes)


def registered(mira, *steps):
    answer = mira.post("pieces", made(*steps))
    assert answer.status_code == 201, answer.content
    return answer.json()


def fault_of(answer):
    body = answer.json()
    (fault,) = body["errors"]
    return answer.status_code, body["code"], fault["path"], fault["code"]


# -- writing it ---------------------------------------------------------------------------------


def test_a_piece_is_registered_with_how_it_was_made():
    mira = Program(make_mira())

    piece = registered(mira, SKETCHED, CAST, SET)

    told = piece["making"]
    assert told["policy"] == "strict-2026-11"
    assert told["label"] == "Designed by a person; Cast"
    assert told["evidence_grade"] == "E0"
    assert [step["id"] for step in told["steps"]] == ["d1", "c1", "s1"]
    assert told["steps"][1]["actor"] == "outside:caster"
    assert told["steps"][1]["recorded"].endswith("Z")


def test_what_is_refused_says_the_rules_their_reasons_and_the_best_wording():
    mira = Program(make_mira())

    told = registered(mira, SKETCHED, CAST, SET)["making"]

    by_claim = {each["claim"]: each for each in told["refused"]}
    assert by_claim["Handmade"]["rules"] == ["M3"]
    assert by_claim["Handmade"]["allowed"] == "Cast"
    assert by_claim["Handmade"]["reasons"][0]["step"] == "c1"
    assert by_claim["hand-set"]["rules"] == ["X1"]
    assert told["sources"]["M3"].startswith("US FTC Jewelry Guides")
    assert told["unformed_parts"] == ["head"]
    assert told["design"]["phrase"] == "Designed by a person"


def test_an_ai_design_names_its_tool_and_who_worked_on_it():
    drawn = {**SKETCHED, "kind": "design.ai", "control": "ai_generated", "tools": ["Mesh 2"]}
    edited = {**SKETCHED, "id": "d2", "actor": "employed:modeller"}

    design = registered(Program(make_mira()), drawn, edited)["making"]["design"]

    assert design["rule"] == "D1"
    assert design["tools"] == ["Mesh 2"]
    assert design["editors"] == ["employed:modeller"]
    assert design["refused"]["claim"] == "Designed by Tidewell Bench, Bristol"


def test_a_planned_step_is_kept_and_is_not_on_record():
    planned = {**SAWN, "done": False}

    told = registered(Program(make_mira()), planned)["making"]

    (step,) = told["steps"]
    assert (step["done"], step["recorded"]) == (False, None)
    assert told["label"] == "Design origin not stated; No making claim"


def test_a_piece_without_steps_makes_no_claim():
    told = registered(Program(make_mira()))["making"]

    assert (told["steps"], told["fault"]) == ([], None)
    assert told["label"] == "Design origin not stated; No making claim"


def test_a_moment_is_kept_in_utc_and_a_day_as_a_day():
    step = {**SAWN, "started": "2026-11-02", "finished": "2026-11-03T10:00:00.5+02:00"}

    (told,) = registered(Program(make_mira()), step)["making"]["steps"]

    assert (told["started"], told["finished"]) == ("2026-11-02", "2026-11-03T08:00:00Z")


@pytest.mark.parametrize(
    ("steps", "path", "fault"),
    [
        ([SKETCHED, CAST, SET, {**SAWN, "kind": "form.melt"}], "3.kind", "unknown_kind"),
        ([{**SAWN, "control": "magic"}], "0.control", "unknown_control"),
        ([{**SAWN, "control": "human"}], "0.control", "control_does_not_fit"),
        ([{**SAWN, "part": "clasp"}], "0.part", "unknown_part"),
        ([{**SAWN, "inputs": ["moonlight"]}], "0.inputs.0", "unknown_input"),
        ([{**SAWN, "inputs": ["sha256:ab"]}], "0.inputs.0", "bad_digest"),
        ([SAWN, SAWN], "1.id", "repeated_id"),
        ([{**SAWN, "started": "yesterday"}], "0.started", "not_a_time"),
        ([{**SAWN, "started": "٢٠٢٦-١١-٢٠"}], "0.started", "not_a_time"),
        ([{**SAWN, "finished": "2999-01-01"}], "0.finished", "in_future"),
        ([{**SAWN, "started": "1066-10-14"}], "0.started", "before_maker"),
        (
            [{**SAWN, "started": "2026-11-03", "finished": "2026-11-02"}],
            "0.finished",
            "ends_before_start",
        ),
        (
            [{**SAWN, "inputs": [f"sha256:{DIGEST}"], "outputs": [f"sha256:{DIGEST}"]}],
            "0.inputs",
            "cycle",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_at_its_path_and_nothing_is_kept(
    steps, path, fault
):
    mira = Program(make_mira())

    refused = mira.post("pieces", made(*steps))

    assert fault_of(refused) == (400, "invalid_record", f"making.steps.{path}", fault)
    assert refused.json()["detail"].startswith(f"making.steps.{path}: ")
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    ("making", "path", "code"),
    [
        ({"steps": [{**SAWN, "evidence": []}]}, "making.steps.0.evidence", "unknown_field"),
        ({"steps": [{**SAWN, "recorded": "2026"}]}, "making.steps.0.recorded", "unknown_field"),
        ({"steps": [], "label": "Handmade"}, "making.label", "unknown_field"),
        ({"steps": [], "policy": "mine"}, "making.policy", "unknown_field"),
        ({}, "making.steps", "required"),
        (None, "making", "null"),
        ([], "making", "invalid"),
        ({"steps": "f1"}, "making.steps", "not_a_list"),
        ({"steps": [SAWN] * 501}, "making.steps", "max_length"),
        ({"steps": [7]}, "making.steps.0", "invalid"),
        ({"steps": [{**SAWN, "id": 7}]}, "making.steps.0.id", "invalid"),
        ({"steps": [{**SAWN, "id": "two words"}]}, "making.steps.0.id", "invalid"),
        ({"steps": [{**SAWN, "kind": ["form.cast"]}]}, "making.steps.0.kind", "invalid"),
        ({"steps": [{**SAWN, "kind": None}]}, "making.steps.0.kind", "null"),
        ({"steps": [{**SAWN, "done": "yes"}]}, "making.steps.0.done", "invalid"),
        ({"steps": [{**SAWN, "done": 1}]}, "making.steps.0.done", "invalid"),
        ({"steps": [{**SAWN, "note": "n" * 2001}]}, "making.steps.0.note", "max_length"),
        ({"steps": [{**SAWN, "note": "a\x00b"}]}, "making.steps.0.note", "control"),
        ({"steps": [{**SAWN, "tools": "hammer"}]}, "making.steps.0.tools", "not_a_list"),
        ({"steps": [{**SAWN, "tools": ["t"] * 101}]}, "making.steps.0.tools", "max_length"),
        ({"steps": [{**SAWN, "tools": [["t"]]}]}, "making.steps.0.tools.0", "invalid"),
        ({"steps": [{**SAWN, "inputs": [""]}]}, "making.steps.0.inputs.0", "blank"),
    ],
)
def test_a_step_of_another_shape_is_refused_by_its_field_and_nothing_is_kept(making, path, code):
    mira = Program(make_mira())

    refused = mira.post("pieces", ring(making=making))

    assert fault_of(refused) == (400, "invalid", path, code)
    assert not Piece.objects.exists()


@pytest.mark.parametrize(
    ("note", "code"), [("re\u0301sine", "out_of_subset"), ("\ud800", "out_of_subset")]
)
def test_text_that_two_programs_could_read_differently_is_refused(note, code):
    refused = Program(make_mira()).post("pieces", made({**SAWN, "note": note}))

    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_a_record_nested_without_end_is_refused():
    deep = b'{"making": ' + b'{"steps": [' * 5_000

    refused = Program(make_mira()).post("pieces", deep)

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


# -- replacing it -------------------------------------------------------------------------------


def test_the_steps_of_a_draft_are_replaced_and_its_revision_moves_on():
    mira = Program(make_mira())
    piece = registered(mira, SKETCHED, CAST)

    answer = mira.put(
        f"pieces/{piece['id']}/making", {"revision": piece["revision"], "steps": BY_HAND}
    )

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert told["revision"] == piece["revision"] + 1
    assert [step["id"] for step in told["making"]["steps"]] == ["d1", "f1"]
    assert told["title"] == piece["title"]


def test_evidence_stays_behind_a_step_that_keeps_its_id():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)
    shown = mira.show(piece["id"], "f1", make_jpeg()).json()

    answer = mira.put(
        f"pieces/{piece['id']}/making",
        {"revision": piece["revision"], "steps": [{**SAWN, "note": "from wire"}]},
    )

    (step,) = answer.json()["making"]["steps"]
    assert [each["id"] for each in step["evidence"]] == [shown["id"]]


def test_a_draft_changed_meanwhile_keeps_its_steps():
    mira = Program(make_mira())
    piece = registered(mira, SKETCHED)
    path = f"pieces/{piece['id']}/making"
    mira.put(path, {"revision": piece["revision"], "steps": BY_HAND})

    stale = mira.put(path, {"revision": piece["revision"], "steps": []})

    assert (stale.status_code, stale.json()["code"]) == (409, "draft_changed_elsewhere")
    assert MakingStep.objects.count() == 2


def test_the_steps_of_a_signed_piece_stay():
    piece = make_certificate().piece
    mira = Program(piece.maker)

    refused = mira.put(
        f"pieces/{piece.public_id}/making", {"revision": piece.revision, "steps": BY_HAND}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "piece_is_signed")
    assert not MakingStep.objects.exists()


def test_a_replacement_that_cannot_be_read_leaves_the_steps_as_they_were():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)

    refused = mira.put(
        f"pieces/{piece['id']}/making",
        {"revision": piece["revision"], "steps": [{**SAWN, "kind": "form.melt"}]},
    )

    assert fault_of(refused) == (400, "invalid_record", "making.steps.0.kind", "unknown_kind")
    assert mira.get(f"pieces/{piece['id']}").json()["revision"] == piece["revision"]
    assert MakingStep.objects.count() == 2


def test_a_repeated_replacement_gets_the_same_bytes_and_moves_nothing_on():
    mira = Program(make_mira())
    piece = registered(mira, SKETCHED)
    body = {"revision": piece["revision"], "steps": BY_HAND}

    first, second = (mira.put(f"pieces/{piece['id']}/making", body, key="ten") for _ in range(2))

    assert (first.status_code, second.content) == (200, first.content)
    assert Piece.objects.get().revision == piece["revision"] + 1


def test_another_maker_and_a_stranger_change_no_steps():
    draft = make_draft()
    body = {"revision": draft.revision, "steps": BY_HAND}
    path = f"pieces/{draft.public_id}/making"

    other = Program(make_mira("second")).put(path, body)
    sana = Program().put(path, body)

    assert (other.status_code, other.json()["code"]) == (404, "not_found")
    assert (sana.status_code, sana.json()["code"]) == (401, "not_authenticated")
    assert not MakingStep.objects.exists()


# -- showing it ---------------------------------------------------------------------------------


def test_a_photograph_behind_each_step_makes_the_claim_hold():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)

    shown = mira.show(piece["id"], "f1", make_jpeg(), captured_at="2026-11-20T10:00:00+01:00")

    assert shown.status_code == 201, shown.content
    told = shown.json()
    assert (told["step"], told["type"]) == ("f1", "photo")
    assert told["captured_at"] == "2026-11-20T09:00:00Z"
    assert told["in_app"] is False
    assert told["c2pa"] in {*CredentialState.values, None} - {""}
    assert told["renditions"]["1080.webp"].endswith(f"/evidence/{told['id']}/1080.webp")
    making = mira.get(f"pieces/{piece['id']}").json()["making"]
    assert making["label"] == "Designed by a person; Handmade"
    assert making["steps"][1]["evidence"] == [told]


def test_a_time_that_a_program_says_never_makes_the_record_contemporaneous():
    mira = Program(make_mira())
    now = timezone.now()
    step = {**SAWN, "started": f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"}
    step["finished"] = f"{now - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    piece = registered(mira, step)

    mira.show(
        piece["id"],
        "f1",
        make_jpeg(),
        captured_at=f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    )

    assert mira.get(f"pieces/{piece['id']}").json()["making"]["evidence_grade"] == "E1"


@pytest.mark.parametrize(
    ("kind", "content"), [("video", FILM), ("file", b"solid mesh"), ("receipt", b"%PDF-1.7")]
)
def test_a_film_and_any_file_are_kept_and_not_shown(kind, content):
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)

    shown = mira.show(piece["id"], "f1", content, type=kind)

    assert shown.status_code == 201, shown.content
    assert (shown.json()["type"], shown.json()["renditions"]) == (kind, {})
    assert StepEvidence.objects.get().file


def test_evidence_is_signed_with_the_piece_and_everybody_reads_it():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    shown = mira.show(piece, "f1", make_jpeg()).json()
    for role in ("front", "scale"):
        mira.photograph(piece, make_jpeg(), role=role)

    issued = mira.post("certificates", {"piece": piece})

    assert issued.status_code == 201, issued.content
    body = parse_object(bytes(Certificate.objects.get().body))
    signed = subject_of(body)["making"]
    told = Program().get(f"pieces/{piece}").json()["making"]
    assert signed["steps"][1]["evidence"][0]["sha256"] == shown["sha256"]
    assert told["label"] == signed["label"] == "Designed by a person; Handmade"


def test_what_was_planned_and_never_done_is_not_told_of_a_signed_piece():
    mira = Program(make_mira())
    piece = registered(mira, SKETCHED, {**SAWN, "done": False})["id"]
    for role in ("front", "scale"):
        mira.photograph(piece, make_jpeg(), role=role)
    mira.post("certificates", {"piece": piece})

    told = Program().get(f"pieces/{piece}").json()["making"]

    assert [step["id"] for step in told["steps"]] == ["d1"]


@pytest.mark.parametrize(
    ("facts", "path", "code"),
    [
        ({"step": "none"}, "step", "unknown_step"),
        ({"step": "two words"}, "step", "invalid"),
        ({"type": "cosign"}, "type", "invalid_choice"),
        ({"type": "photo", "digital_source_type": ""}, "digital_source_type", "required"),
        ({"digital_source_type": "dream"}, "digital_source_type", "invalid_choice"),
        ({"captured_at": "today"}, "captured_at", "not_a_time"),
        ({"captured_at": "2026-11-20"}, "captured_at", "not_a_time"),
        ({"in_app": "true"}, "in_app", "unknown_field"),
    ],
)
def test_a_wrong_field_of_evidence_is_named_and_nothing_is_kept(facts, path, code):
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    told = {"step": "f1"} | facts

    refused = mira.show(piece, content=make_jpeg(), **told)

    assert fault_of(refused) == (400, "invalid", path, code)
    assert not StepEvidence.objects.exists()


@pytest.mark.parametrize(
    ("captured_at", "fault"),
    [("2999-01-01T00:00:00Z", "in_future"), ("1066-10-14T09:00:00Z", "before_maker")],
)
def test_a_time_that_cannot_be_is_refused_at_its_path_and_nothing_is_kept(captured_at, fault):
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]

    refused = mira.show(piece, "f1", make_jpeg(), captured_at=captured_at)

    path = "making.steps.1.evidence.0.captured_at"
    assert fault_of(refused) == (400, "invalid_record", path, fault)
    assert not StepEvidence.objects.exists()
    assert not Event.objects.filter(kind="evidence.recorded").exists()


@pytest.mark.parametrize(
    ("facts", "content", "code"),
    [
        ({}, b"", "file_empty"),
        ({}, b"<html>", "not_a_picture"),
        ({"type": "video"}, b"", "file_empty"),
        ({"type": "video"}, make_jpeg(), "not_a_film"),
        ({"type": "file"}, b"", "file_empty"),
        (
            {"digital_source_type": "trainedAlgorithmicMedia"},
            make_jpeg(),
            "ai_image_is_no_evidence",
        ),
    ],
)
def test_a_file_that_shows_nothing_is_refused(facts, content, code):
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]

    refused = mira.show(piece, "f1", content, **facts)

    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert not StepEvidence.objects.exists()


def test_a_file_that_says_a_model_made_it_is_believed_over_the_form():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    image = encode(make_picture(), "JPEG", xmp=make_xmp(AI))

    refused = mira.show(piece, "f1", image, digital_source_type="digitalCapture")

    assert (refused.status_code, refused.json()["code"]) == (422, "ai_image_is_no_evidence")


def test_the_same_file_is_evidence_once():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    mira.show(piece, "f1", make_jpeg())

    again = mira.show(piece, "d1", make_jpeg())

    assert (again.status_code, again.json()["code"]) == (409, "evidence_repeated")
    assert StepEvidence.objects.count() == 1


def test_a_photograph_of_another_piece_is_refused_with_its_stock_number():
    mira = Program(make_mira())
    first = mira.post("pieces", made(*BY_HAND, sku="014")).json()["id"]
    second = registered(mira, *BY_HAND)["id"]
    mira.show(first, "f1", make_jpeg())

    refused = mira.show(second, "f1", make_jpeg())

    assert (refused.status_code, refused.json()["code"]) == (409, "evidence_used_elsewhere")
    assert "piece 014" in refused.json()["detail"]


def test_a_signed_piece_takes_no_more_evidence_and_gives_none_back():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    shown = mira.show(piece, "f1", make_jpeg()).json()
    for role in ("front", "scale"):
        mira.photograph(piece, make_jpeg(), role=role)
    mira.post("certificates", {"piece": piece})

    more = mira.show(piece, "d1", make_jpeg(650))
    less = mira.delete(f"pieces/{piece}/evidence/{shown['id']}")

    for refused in (more, less):
        assert (refused.status_code, refused.json()["code"]) == (409, "piece_is_signed")
    assert StepEvidence.objects.count() == 1


def test_evidence_is_taken_away_once():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    shown = mira.show(piece, "f1", make_jpeg()).json()
    path = f"pieces/{piece}/evidence/{shown['id']}"

    first, second = mira.delete(path), mira.delete(path)

    assert (first.status_code, first.content) == (204, b"")
    assert second.status_code == 404
    assert not StepEvidence.objects.exists()


def test_another_maker_and_a_stranger_touch_no_evidence():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    shown = mira.show(piece, "f1", make_jpeg()).json()
    other, sana = Program(make_mira("second")), Program()
    path = f"pieces/{piece}/evidence/{shown['id']}"

    answers = [
        (program.show(piece, "f1", make_jpeg(650)).status_code, program.delete(path).status_code)
        for program in (other, sana)
    ]

    assert answers == [(404, 404), (401, 401)]
    assert StepEvidence.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "code"),
    [("file", "file_too_large"), ("video", "file_too_large"), ("photo", "picture_too_large")],
)
def test_a_file_larger_than_its_kind_may_be_is_refused(kind, code, settings):
    settings.UPLOAD_PHOTO_MAX_BYTES = settings.UPLOAD_FILE_MAX_BYTES = 100
    settings.UPLOAD_FILM_MAX_BYTES = 200
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]

    refused = mira.show(piece, "f1", FILM, type=kind)

    assert (refused.status_code, refused.json()["code"]) == (413, code)
    assert not StepEvidence.objects.exists()


def test_evidence_larger_than_anything_we_take_is_refused_before_it_is_read(settings):
    settings.UPLOAD_PHOTO_MAX_BYTES = settings.UPLOAD_FILM_MAX_BYTES = 1024**2
    settings.UPLOAD_FILE_MAX_BYTES = 1024**2
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]

    refused = mira.show(piece, "f1", FILM + bytes(2 * 1024**2), type="video")

    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_a_step_that_is_full_takes_no_more(monkeypatch):
    monkeypatch.setattr(evidence_files, "MOST_FOR_A_STEP", 1)
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    mira.show(piece, "f1", FILM, type="video")

    refused = mira.show(piece, "f1", make_jpeg())

    assert (refused.status_code, refused.json()["code"]) == (422, "evidence_full")
    assert StepEvidence.objects.count() == 1


def test_a_record_that_cannot_be_read_any_more_is_told_with_its_fault():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]
    mira.show(piece, "f1", make_jpeg())
    # A signing camera whose clock runs ahead.
    StepEvidence.objects.update(captured_at=timezone.now() + timedelta(days=400))

    told = mira.get(f"pieces/{piece}")

    assert told.status_code == 200
    making = told.json()["making"]
    assert making["label"] is None
    assert making["fault"]["code"] == "in_future"
    assert making["fault"]["path"] == "making.steps.1.evidence.0.captured_at"


def test_reading_a_record_costs_the_same_however_many_steps_it_has(django_assert_num_queries):
    mira = Program(make_mira())
    short = registered(mira, SAWN)["id"]
    long = registered(mira, SKETCHED, SAWN, CAST, SET)["id"]
    for number, step in enumerate(("d1", "f1", "c1", "s1")):
        mira.show(long, step, make_jpeg(640 + number))
    mira.show(short, "f1", make_jpeg(800))
    mira.get(f"pieces/{short}")

    with django_assert_num_queries(13):
        mira.get(f"pieces/{short}")
    with django_assert_num_queries(13):
        mira.get(f"pieces/{long}")


# -- at once ------------------------------------------------------------------------------------


def at_once(ask, times=20):
    def one(number: int) -> tuple[int, bytes]:
        try:
            answer = ask(number)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_of_two_programs_that_replace_the_steps_at_once_one_is_told_to_look_again():
    _one_of_many_replaces()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_programs_that_replace_the_steps_at_once_one_is_told_on_postgresql():
    _one_of_many_replaces()


def _one_of_many_replaces():
    mira = Program(make_mira())
    piece = registered(mira, SKETCHED)
    body = {"revision": piece["revision"], "steps": BY_HAND}

    answers = at_once(lambda _: mira.put(f"pieces/{piece['id']}/making", body))

    assert sorted(status for status, _ in answers) == [200] + [409] * 19
    assert Piece.objects.get().revision == piece["revision"] + 1


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_many_times_at_once_is_kept_once():
    _kept_once()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_many_times_at_once_is_kept_once_on_postgresql():
    _kept_once()


def _kept_once():
    mira = Program(make_mira())
    piece = registered(mira, *BY_HAND)["id"]

    under_one_key = at_once(lambda _: mira.show(piece, "f1", FILM, type="video", key="film"))
    under_many = at_once(lambda _: mira.show(piece, "f1", FILM, type="video"))

    assert len(set(under_one_key)) == 1
    assert under_one_key[0][0] == 201
    assert {status for status, _ in under_many} == {409}
    assert StepEvidence.objects.count() == 1

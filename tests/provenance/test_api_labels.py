"""Labels for anybody: Sana asks what a record carries, and is told the same as on a laptop."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.throttling import SimpleRateThrottle

from provenance.__main__ import main
from provenance.models.log import Event
from provenance.models.piece import Piece
from tests.factories import make_mira
from tests.making_cases.freeze import records
from tests.provenance.programs import Program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FROZEN = [pytest.param(case, id=f"{file}: {case['desc']}") for file, case in records()]
COMPLETE = json.loads(
    (Path(__file__).parents[1] / "interop" / "complete-subject.json").read_text(encoding="utf-8")
)
SAWN = {"id": "f1", "kind": "form.fabricate", "part": "band", "control": "hand"}
CAST = {"id": "c1", "kind": "form.cast", "part": "band", "control": "templated"}


def subject(*steps):
    return {"parts": [{"id": "band"}], "making": {"steps": list(steps)}}


def asked(*steps, **texts):
    answer = Program().post("labels", {"subject": subject(*steps), **texts})
    assert answer.status_code == 200, answer.content
    return answer.json()


def fault_of(answer):
    (fault,) = answer.json()["errors"]
    return answer.status_code, answer.json()["code"], fault["path"], fault["code"]


# -- labels -------------------------------------------------------------------------------------


def test_a_stranger_is_told_what_a_record_carries_and_what_not():
    told = asked(CAST)

    assert told["label"] == "Design origin not stated; Cast"
    assert told["evidence_grade"] == "E0"
    (refusal,) = told["refused"]
    assert (refusal["claim"], refusal["rules"]) == ("Handmade", ["M3"])
    assert "cast parts are not shaped by hand" in refusal["reasons"][0]["says"]
    assert told["sources"].keys() == {"M3"}


def test_asking_leaves_nothing_behind():
    asked(CAST, title="Handmade ring")

    assert not Piece.objects.exists()
    assert not Event.objects.exists()


def test_a_whole_subject_of_a_certificate_is_answered_with_its_own_label():
    answer = Program().post("labels", {"subject": COMPLETE})

    assert answer.json()["label"] == COMPLETE["making"]["label"]
    assert answer.json()["evidence_grade"] == COMPLETE["making"]["evidenceGrade"]


def test_a_subject_without_a_record_makes_no_claim():
    answer = Program().post("labels", {"subject": {}})

    assert answer.json()["label"] == "Design origin not stated; No making claim"


SAME = {
    "policy": "policy",
    "label": "label",
    "basePhrase": "base_phrase",
    "operations": "operations",
    "evidenceGrade": "evidence_grade",
    "boughtIn": "bought_in",
    "unformedParts": "unformed_parts",
}


def without_sources(refusal):
    return {name: value for name, value in refusal.items() if name != "sources"}


@pytest.mark.parametrize("case", FROZEN)
def test_the_api_says_the_same_as_the_command_of_every_frozen_record(case, tmp_path, capsys):
    file, issued = tmp_path / "subject.json", case.get("issued")
    signed = {"credentialSubject": case["given"]} | ({"validFrom": issued} if issued else {})
    file.write_text(json.dumps(signed), encoding="utf-8")
    main(["label", str(file), "--json"])
    printed = json.loads(capsys.readouterr().out)

    told = Program().post("labels", {"subject": case["given"], "valid_from": issued}).json()

    assert {name: told[ours] for name, ours in SAME.items()} == {
        name: printed[name] for name in SAME
    }
    assert told["refused"] == [without_sources(each) for each in printed["refused"]]
    assert told["design"]["phrase"] == printed["designPhrase"]
    assert told["design"]["tools"] == printed["designTools"]
    assert told["design"]["editors"] == printed["designEditors"]
    refused = printed["designRefused"]
    assert told["design"]["refused"] == (without_sources(refused) if refused else None)
    assert [
        {name: each[name] for name in ("step", "sha256", "rule", "why")} for each in told["ignored"]
    ] == printed["ignoredEvidence"]
    sources = [each["sources"] for each in [*printed["refused"], refused] if each]
    assert told["sources"] == {rule: text for each in sources for rule, text in each.items()}


# -- texts --------------------------------------------------------------------------------------


def test_a_word_that_the_record_does_not_carry_is_found_with_what_may_stand_instead():
    told = asked(CAST, title="Handcrafted ring")

    (found,) = told["findings"]
    assert (found["text"], found["word"], found["rule"]) == ("title", "Handcrafted", "W1")
    assert (found["start"], found["end"]) == (0, 11)
    assert found["best"] == "Cast"
    assert "cast parts (M3)" in found["sentence"]
    assert found["options"] == ["Ring"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A bench-made band."),
        ("fr", "Une bague faite à la main."),
        ("de", "Ein handgefertigter Ring."),
        ("it", "Un anello fatto a mano."),
    ],
)
def test_a_description_is_read_in_four_languages(language, text):
    told = asked(CAST, description=text, language=language)

    assert [(each["text"], each["rule"]) for each in told["findings"]] == [("description", "W1")]


def test_a_word_that_the_record_carries_stands():
    photo = {"type": "photo", "sha256": "ab" * 32, "digitalSourceType": "digitalCapture"}
    sawn = {**SAWN, "inputs": ["wire"], "evidence": [photo]}

    told = asked(sawn, title="Handmade ring")

    assert told["findings"] == []


def test_the_metal_and_the_stones_of_the_subject_are_read_with_the_text():
    told = Program().post("labels", {"subject": COMPLETE, "title": "Gold ring"}).json()

    assert [each["rule"] for each in told["findings"]] == ["G1"]


def test_a_text_full_of_refused_words_is_answered_within_reason():
    answer = Program().post("labels", {"subject": subject(CAST), "description": "handmade " * 550})

    assert len(answer.json()["findings"]) == 50
    assert len(answer.content) < 100_000


# -- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "path", "fault"),
    [
        ([{**CAST, "kind": "form.melt"}], "making.steps.0.kind", "unknown_kind"),
        ([{**CAST, "part": "clasp"}], "making.steps.0.part", "unknown_part"),
        ([{**CAST, "id": ["c1"]}], "making.steps.0.id", "wrong_type"),
        ([{**CAST, "note": "n" * 2001}], "making.steps.0.note", "too_long"),
        ([CAST, CAST], "making.steps.1.id", "repeated_id"),
        ([CAST] * 501, "making.steps", "too_many"),
        ("c1", "making.steps", "wrong_type"),
        ([{**CAST, "finished": "2999-01-01"}], "making.steps.0.finished", "in_future"),
        (
            [{**CAST, "inputs": [f"sha256:{'ab' * 32}"], "outputs": [f"sha256:{'ab' * 32}"]}],
            "making.steps.0.inputs",
            "cycle",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_at_its_path(steps, path, fault):
    body = {"subject": {"parts": [{"id": "band"}], "making": {"steps": steps}}}

    refused = Program().post("labels", body)

    assert fault_of(refused) == (400, "invalid_record", f"subject.{path}", fault)


def test_a_mass_that_cannot_be_is_refused_at_its_path():
    heavy = {**COMPLETE, "mass": {"value": "681", "unitCode": "GRM"}}

    refused = Program().post("labels", {"subject": heavy})

    assert fault_of(refused) == (400, "invalid_record", "subject.mass", "mass_implausible")


def test_rules_that_nobody_here_knows_are_refused():
    refused = Program().post("labels", {"subject": {"making": {"policy": "lenient-2099-01"}}})

    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_policy")


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"subject": []}, "subject", "not_an_object"),
        ({"subject": None}, "subject", "null"),
        ({"subject": "ring"}, "subject", "not_an_object"),
        ({"title": 7}, "title", "invalid"),
        ({"title": "t" * 301}, "title", "max_length"),
        ({"title": "two\nlines"}, "title", "control"),
        ({"description": "d" * 5001}, "description", "max_length"),
        ({"description": "a\x00b"}, "description", "control"),
        ({"language": "es"}, "language", "invalid_choice"),
        ({"valid_from": "today"}, "valid_from", "not_a_time"),
        ({"valid_from": 7}, "valid_from", "not_a_time"),
        ({"label": "Handmade"}, "label", "unknown_field"),
    ],
)
def test_a_wrong_field_is_named(change, path, code):
    refused = Program().post("labels", {"subject": {}} | change)

    assert fault_of(refused) == (400, "invalid", path, code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid"),
        (b"{", 400, "malformed"),
        (b'{"subject": {}, "subject": {}}', 400, "out_of_subset"),
        (b'{"subject": {"mass": 6.81}}', 400, "out_of_subset"),
        ('{"subject": {"name": "re\u0301sine"}}'.encode(), 400, "out_of_subset"),
        (b'{"subject":' * 10_000, 413, "too_large"),
        (b'{"subject": {"name": "' + b"a" * 300_000 + b'"}}', 413, "too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_by_name(body, status, code):
    refused = Program().post("labels", body)

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_who_asks_too_often_is_told_when_to_come_back(monkeypatch):
    few = {**SimpleRateThrottle.THROTTLE_RATES, "verify": "2/min"}
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", few)
    mira, sana = Program(make_mira()), Program()

    statuses = [program.post("labels", {"subject": {}}).status_code for program in [sana] * 3]

    assert statuses == [200, 200, 429]
    assert mira.post("labels", {"subject": {}}).status_code == 200


NAMES = [
    *("id", "metal", "element", "fineness", "mass", "value", "unitCode", "carat", "each", "count"),
    *("coating", "um", "treatment", "species", "origin", "reports", "steps", "kind", "control"),
    *("part", "evidence", "born", "name", "policy", "total"),
]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9999) | st.text("ab:.-/ 0N", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner),
    max_leaves=6,
)
MEMBERS = st.dictionaries(
    st.sampled_from(
        ["mass", "parts", "stones", "maker", "making", "edition", "marks", "photos", "care"]
    ),
    st.deferred(lambda: NESTED),
)
NESTED = st.recursive(
    ANYTHING,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner | st.sampled_from(["gold", "GRM", "NaN", "Infinity", "1e999", "-1", "piece"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(MEMBERS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_subject_is_answered_or_refused_and_nothing_breaks(subject):
    SimpleRateThrottle.cache.clear()

    answer = Program().post("labels", {"subject": subject, "title": "18k gold vermeil ruby ring"})

    assert answer.status_code in {200, 400}, answer.content

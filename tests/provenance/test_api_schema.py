"""The API's own description: valid, documented path by path, and kept whatever a stranger sends."""

import io
import itertools
import json
import re
from pathlib import Path

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode

from provenance.api import errors
from tests.factories import make_certificate, make_draft, make_mira
from tests.provenance.programs import RING, Program

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"
VERBS = {"get", "post", "put", "patch", "delete"}


CALLS = [
    "register_piece",
    "read_piece",
    "change_piece",
    "add_photograph",
    "replace_making",
    "add_evidence",
    "remove_evidence",
    "read_recipes",
    "save_recipe",
    "remove_recipe",
    "derive_label",
    "issue_certificate",
    "read_certificate",
    "revoke_certificate",
    "prepare_certificate",
    "complete_certificate",
    "suspend_certificate",
    "reinstate_certificate",
    "open_revision",
    "discard_revision",
    "verify",
    "check_tap",
]


def schema():
    written = io.StringIO()
    wanted = ("--validate", "--fail-on-warn", "--format", "openapi-json")
    call_command("spectacular", *wanted, stdout=written)
    return json.loads(written.getvalue())


def test_the_schema_is_valid_and_every_call_of_it_is_documented():
    calls = {
        f"{verb.upper()} {path}"
        for path, verbs in schema()["paths"].items()
        for verb in verbs.keys() & VERBS
    }

    told = set(re.findall(r"^## .*: `([A-Z]+ /api/v1/\S+)`$", PAGE.read_text(), re.MULTILINE))

    assert told == calls | {"GET /api/v1/schema"}


def test_every_status_of_the_one_table_is_documented_with_its_codes():
    page = PAGE.read_text()
    rows = dict(re.findall(r"^\| (\d{3}) \| (.+) \|$", page, re.MULTILINE))
    ours = {(status, code) for code, status in errors.STATUS_OF_CODE.items()}
    foreign = {(status, code) for _, status, code, _ in errors.FOREIGN}

    missing = [(s, code) for s, code in sorted(ours | foreign) if f"`{code}`" not in rows[str(s)]]

    assert not missing


def test_every_field_of_a_piece_is_documented():
    fields = schema()["components"]["schemas"]["PieceShape"]["properties"]

    page = PAGE.read_text()

    assert not [name for name in fields if f"`{name}`" not in page]


def test_the_schema_is_served_as_json(db):
    answer = Program().get("schema")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.")


def test_the_calls_tried_with_generated_input_are_all_there_are():
    named = {call["operationId"] for verbs in schema()["paths"].values() for call in verbs.values()}

    assert named == set(CALLS)


@pytest.mark.django_db
def test_a_refusal_and_an_answer_have_the_shape_the_schema_says():
    shapes = schema()["components"]["schemas"]
    mira = Program(make_mira())

    piece, refused = mira.post("pieces", RING).json(), mira.post("pieces", {}).json()

    assert piece.keys() == shapes["RegisteredShape"]["properties"].keys()
    assert refused.keys() == shapes["Error"]["properties"].keys()
    assert refused["errors"][0].keys() == shapes["FieldErrorShape"]["properties"].keys()


@pytest.fixture
def one_connection():
    """The application serves inside the transaction of the test, as Django's own client does."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def open_gates(monkeypatch):
    """No call is one too many."""
    gates = dict.fromkeys(SimpleRateThrottle.THROTTLE_RATES, "1000000/min")
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", gates)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("call", CALLS)
def test_nothing_generated_from_the_schema_breaks_the_server(
    call, mode, open_gates, one_connection
):
    """Calls that fit the schema, and calls that break it on purpose, with Mira's own token."""
    draft, issued = make_draft(), make_certificate(make_mira("second"))
    mira = Program(draft.maker)
    ids = [draft.public_id, issued.public_id, issued.piece.public_id]
    operation = with_ids(schema(), ids).find_operation_by_id(call)
    numbers = itertools.count()

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def send(case):
        own = {"Idempotency-Key": f"case-{next(numbers)}"} if mode.is_positive else {}
        case.headers = {**(case.headers or {}), **mira.headers, **own}
        answer = case.call(base_url="https://touchmark.example")
        assert answer.status_code < 500, answer.text
        assert answer.status_code < 400 or answer.json()["code"]

    send()


def with_ids(document, ids):
    """The schema over our own WSGI application, with ids that exist."""
    for verbs in document["paths"].values():
        for call in verbs.values():
            for parameter in call.get("parameters", []):
                if parameter["in"] == "path":
                    parameter["schema"] = {"type": "string", "enum": ids}
    described = schemathesis.openapi.from_dict(document)
    described.app = WSGIHandler()
    return described

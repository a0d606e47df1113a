"""Labels for anybody: what a making record would carry here, and which words it would not."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from provenance.api import bodies
from provenance.api.access import VerifyThrottle
from provenance.api.desk import Desk
from provenance.api.documented import refusals
from provenance.api.fields import Choice, Moment, Prose, Shape, Text
from provenance.api.label_shape import LabelShape
from provenance.canonical import JSONObject
from provenance.deriving import derive_stated
from provenance.making import Derivation
from provenance.making_record import InvalidRecordError
from provenance.wording_advice import Advice, advised
from provenance.wording_data import Finding, metals_of, stones_of

LONGEST_TITLE, LONGEST_DESCRIPTION = 300, 5000
MOST_FINDINGS, MOST_OPTION = 50, 300
LANGUAGES = [(each, each) for each in ("en", "fr", "de", "it")]


@extend_schema_field({"type": "object", "additionalProperties": True})
class Subject(serializers.Field[JSONObject, Any, Any, Any]):
    """A certificate's subject, whole or as far as it goes; the reader of records judges it."""

    default_error_messages = {"not_an_object": "It is not an object."}

    def to_internal_value(self, data: Any) -> JSONObject:
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return data


class AskedLabelShape(Shape):
    """A subject as the certificate has it, and texts that speak of the piece."""

    subject = Subject(help_text="A `credentialSubject`; `making` and `parts` alone will do.")
    valid_from = Moment(allow_null=True, default=None, help_text="When it was signed, if it was.")
    title = Text(LONGEST_TITLE, allow_blank=True, default="")
    description = Prose(LONGEST_DESCRIPTION, allow_blank=True, default="")
    language = Choice(
        LANGUAGES, allow_null=True, default=None, help_text="Settles what is read two ways."
    )


class FindingShape(serializers.Serializer[Any]):
    """A word that the record does not grant, or that no record would."""

    text = serializers.ChoiceField([("title", "title"), ("description", "description")])
    word = serializers.CharField()
    start = serializers.IntegerField(help_text="In characters (Unicode code points).")
    end = serializers.IntegerField()
    rule = serializers.CharField()
    why = serializers.CharField()
    sentence = serializers.CharField(help_text="What to tell the person who wrote it.")
    best = serializers.CharField(help_text="The best wording that may stand there, or empty.")
    options = serializers.ListField(
        child=serializers.CharField(), help_text="Whole texts that may stand instead, if short."
    )


class AnsweredLabelShape(LabelShape):
    findings = FindingShape(many=True, help_text=f"At most {MOST_FINDINGS} of each text.")


class Labels(Desk):
    maker_only = frozenset()

    def get_throttles(self) -> list[BaseThrottle]:
        return [VerifyThrottle()]

    @extend_schema(
        operation_id="derive_label",
        request=AskedLabelShape,
        responses={200: AnsweredLabelShape, **refusals(400, 401, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Derive the label of a making record, and find words it does not carry. Keeps nothing."""
        asked = bodies.valid(AskedLabelShape(data=request.data))
        derivation = _derivation(asked, timezone.now())
        texts = {name: asked[name] for name in ("title", "description")}
        findings = [
            _told(name, found, advice)
            for name, text in texts.items()
            for found, advice in _advised(text, asked, derivation)
        ]
        return Response({**LabelShape(derivation).data, "findings": findings})


def _derivation(asked: dict[str, Any], now: datetime) -> Derivation:
    try:
        return derive_stated(asked["subject"], issued=asked["valid_from"], now=now)
    except InvalidRecordError as problem:
        path = f"subject.{problem.path}"
        raise InvalidRecordError(path, problem.fault, problem.sentence) from problem


def _advised(
    text: str, asked: dict[str, Any], derivation: Derivation
) -> tuple[tuple[Finding, Advice], ...]:
    subject = asked["subject"]
    return advised(
        text,
        derivation=derivation,
        stones=stones_of(subject),
        metals=metals_of(subject),
        language=asked["language"],
    )[:MOST_FINDINGS]


def _told(text: str, found: Finding, advice: Advice) -> dict[str, Any]:
    return {
        "text": text,
        "word": found.word,
        "start": found.start,
        "end": found.end,
        "rule": found.rule,
        "why": advice.why,
        "sentence": advice.sentence,
        "best": found.best,
        "options": [option for option in advice.options if len(option) <= MOST_OPTION],
    }

"""The making record as a program writes it, and with all that follows from it as it is told."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from provenance.api.errors import fault_told
from provenance.api.fields import Choice, Moment, Shape, Slug, Text, Truth, Whole, refusal
from provenance.api.label_shape import LabelShape
from provenance.making_members import MOST_ITEMS
from provenance.making_reading import MOST_STEPS, read_span
from provenance.making_record import InvalidRecordError
from provenance.models.making import (
    Control,
    CredentialState,
    EvidenceKind,
    MakingStep,
    StepEvidence,
)
from provenance.models.piece import PhotographSource, Piece
from provenance.policy import policy_named
from provenance.services.drafting import standing_alterations, standing_derivation
from provenance.steps import StepFacts, moment

LONGEST_TOKEN = 120
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
UPLOADED = [(kind.value, kind.label) for kind in EvidenceKind if kind != EvidenceKind.COSIGN]
_STATES = [(state.value, state.label) for state in CredentialState if state.value]
STEP_KINDS = sorted(policy_named().kinds)


# -- as a program writes it ---------------------------------------------------------------------


@extend_schema_field({"type": "string", "enum": STEP_KINDS})
class StepKind(Text):
    """A word of the policy's list; the reader of records refuses every other."""


@extend_schema_field(serializers.ChoiceField(Control.choices))
class StepControl(Text):
    """A word of the policy's list; the reader of records refuses every other."""


@extend_schema_field({"type": "string", "example": "2026-11-20", "maxLength": 40})
class When(Text):
    """A day or an RFC 3339 moment, which is kept in UTC and whole seconds."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        try:
            span = read_span(text, "")
        except InvalidRecordError:
            # The reader of records refuses it, with the path of its step.
            return text
        return moment(span.first) if span.first == span.last else text


def _tokens(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=Text(LONGEST_TOKEN), default=list, max_length=MOST_ITEMS, help_text=help_text
    )


class RecipeStepShape(Shape):
    """How one works, whenever that is."""

    id = Slug(help_text="The step's name within the record, such as `polish`.")
    kind = StepKind(30)
    part = Slug(help_text="The id of a part, or `piece` for the whole.")
    control = StepControl(20, help_text="Who or what steered it.")
    actor = Text(
        60, allow_blank=True, default="", help_text="Empty for the maker, or `outside:caster`."
    )
    place = Text(60, allow_blank=True, default="")
    tools = _tokens("Names of tools.")
    inputs = _tokens("Materials, parts, or files as `sha256:` and 64 hex digits.")
    outputs = _tokens("Parts, or files as `sha256:` and 64 hex digits.")
    note = Text(300, allow_blank=True, default="")


class StepShape(RecipeStepShape):
    """One step of making this piece."""

    started = When(40, allow_blank=True, default="", help_text="A day or a moment.")
    finished = When(40, allow_blank=True, default="", help_text="A day or a moment.")
    done = Truth(default=True, help_text="False for a step that is planned.")


class MakingShape(Shape):
    """How a piece was made; what follows from it is derived, and evidence comes by upload."""

    steps: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=StepShape(), max_length=MOST_STEPS
    )


class ReplacedMakingShape(MakingShape):
    """Steps that take the place of those a draft has."""

    revision = Whole(1, 2**31 - 1, help_text="The `revision` of the draft you read.")


def steps_from(valid: list[dict[str, Any]]) -> tuple[StepFacts, ...]:
    """What valid steps state, in the words of the pure core."""
    return tuple(_facts_of(step) for step in valid)


def _facts_of(step: dict[str, Any]) -> StepFacts:
    lists = {name: tuple(step[name]) for name in ("tools", "inputs", "outputs")}
    facts = {name: value for name, value in step.items() if name not in {"id", "done"}}
    return StepFacts(ident=step["id"], is_done=step.get("done", False), **(facts | lists))


class EvidenceUploadShape(Shape):
    """The form of a file that shows a step."""

    file = serializers.FileField(
        allow_empty_file=True, help_text="A photograph, a film (MP4, MOV, WebM), or any file."
    )
    step = Slug(help_text="The id of the step it shows.")
    type = Choice(UPLOADED)
    digital_source_type = Choice(
        PhotographSource.choices,
        allow_blank=True,
        default="",
        help_text="How it came about (IPTC); needed for a photograph and a film.",
    )
    captured_at = Moment(allow_null=True, default=None, help_text="When it was taken, as you say.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_seen = attrs["type"] in {EvidenceKind.PHOTO, EvidenceKind.VIDEO}
        if is_seen and not attrs["digital_source_type"]:
            raise refusal("digital_source_type", "required", "Say how it came about.")
        return attrs


# -- as it is told ------------------------------------------------------------------------------


class EvidenceShape(serializers.ModelSerializer[StepEvidence]):
    """A file behind a step; `sha256` is of the bytes as they are served or kept."""

    id = serializers.CharField(source="public_id")
    step = serializers.CharField(source="step.ident")
    type = serializers.CharField(source="kind")
    digital_source_type = serializers.CharField(source="source", help_text="Empty when not said.")
    captured_at = serializers.DateTimeField(format=MOMENT, default_timezone=UTC, allow_null=True)
    recorded_at = serializers.DateTimeField(format=MOMENT, default_timezone=UTC)
    in_app = serializers.BooleanField(source="is_in_app")
    c2pa = serializers.SerializerMethodField(help_text="Null when nobody could read them.")
    renditions = serializers.SerializerMethodField(help_text="The address of each size shown.")

    class Meta:
        model = StepEvidence
        fields = [
            "id",
            "step",
            "type",
            "sha256",
            "digital_source_type",
            "captured_at",
            "recorded_at",
            "in_app",
            "c2pa",
            "renditions",
        ]

    @extend_schema_field(serializers.ChoiceField(_STATES, allow_null=True))
    def get_c2pa(self, evidence: StepEvidence) -> str | None:
        return evidence.c2pa_state or None

    def get_renditions(self, evidence: StepEvidence) -> dict[str, str]:
        page = f"{settings.SITE_URL}/p/{evidence.piece.public_id}"
        folder = f"{page}/evidence/{evidence.public_id}"
        return {name: f"{folder}/{name}" for name in evidence.renditions}


class ToldStepShape(serializers.ModelSerializer[MakingStep]):
    """A step as it stands on record, with what shows it."""

    id = serializers.CharField(source="ident")
    recorded = serializers.DateTimeField(
        source="recorded_at", format=MOMENT, default_timezone=UTC, allow_null=True
    )
    tools = serializers.ListField(child=serializers.CharField())
    inputs = serializers.ListField(child=serializers.CharField())
    outputs = serializers.ListField(child=serializers.CharField())
    done = serializers.BooleanField(source="is_done")
    evidence = EvidenceShape(many=True)

    class Meta:
        model = MakingStep
        fields = [
            "id",
            "kind",
            "part",
            "control",
            "actor",
            "place",
            "started",
            "finished",
            "recorded",
            "tools",
            "inputs",
            "outputs",
            "note",
            "done",
            "evidence",
        ]


class FaultShape(serializers.Serializer[Any]):
    path = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ToldMakingShape(LabelShape):
    """The record and what follows from it. Where `fault` stands, nothing does: the rest is null."""

    steps = ToldStepShape(many=True)
    alterations = serializers.ListField(
        child=serializers.DictField(),
        help_text="Work on the finished piece, as a certificate states it.",
    )
    fault = FaultShape(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in LabelShape().get_fields():
            fields[name].allow_null = True
        return fields


def making_told(piece: Piece, *, now: datetime) -> dict[str, Any]:
    """The record of a piece and what follows from it: as signed, or as signing now would say."""
    # A step that was planned and never ticked was not signed, and is nobody else's.
    steps = [step for step in piece.steps.all() if step.is_done or not piece.is_issued]
    told: dict[str, Any] = {"steps": ToldStepShape(steps, many=True).data, "fault": None}
    told["alterations"] = standing_alterations(piece)
    try:
        return {**LabelShape(standing_derivation(piece, now=now)).data, **told}
    except InvalidRecordError as problem:
        nothing: dict[str, Any] = dict.fromkeys(LabelShape().get_fields())
        return {**nothing, **told, "fault": fault_told(problem)}

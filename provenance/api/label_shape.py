"""A label as a program reads it, with everything that follows from a record and why."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from provenance.making import Derivation
from provenance.making_evidence import Grade
from provenance.policy import policy_named


class SpokenShape(serializers.Serializer[Any]):
    rule = serializers.CharField()
    says = serializers.CharField()
    step = serializers.CharField(help_text="The id of the step it is about, or empty.")
    part = serializers.CharField()


class RefusalShape(serializers.Serializer[Any]):
    """A claim the record does not carry."""

    claim = serializers.CharField()
    rules = serializers.ListField(child=serializers.CharField())
    reasons = SpokenShape(many=True)
    allowed = serializers.CharField(help_text="The best wording that it does carry, or empty.")


class DesignShape(serializers.Serializer[Derivation]):
    """Who designed it, by rule D1 or D2."""

    phrase = serializers.CharField(source="design.phrase")
    rule = serializers.CharField(source="design.rule")
    tools = serializers.ListField(child=serializers.CharField(), source="design.tools")
    editors = serializers.ListField(child=serializers.CharField(), source="design.editors")
    refused = RefusalShape(source="design_refusal", allow_null=True)


class IgnoredShape(serializers.Serializer[Any]):
    """Evidence that does not count, with the rule that says so."""

    step = serializers.CharField()
    sha256 = serializers.CharField()
    rule = serializers.CharField()
    why = serializers.CharField()
    piece = serializers.CharField(help_text="The other piece it was used for, or empty.")


class LabelShape(serializers.Serializer[Derivation]):
    """What a record allows to be said, and what not."""

    policy = serializers.CharField()
    base_phrase = serializers.CharField()
    operations = serializers.ListField(child=serializers.CharField())
    evidence_grade = serializers.ChoiceField([(grade.value, grade.value) for grade in Grade])
    refused = RefusalShape(many=True, source="refusals")
    sources = serializers.SerializerMethodField(help_text="Where each rule comes from, by its id.")
    design = DesignShape(source="*")
    ignored = IgnoredShape(many=True)
    bought_in = serializers.ListField(child=serializers.CharField())
    unformed_parts = serializers.ListField(
        child=serializers.CharField(), help_text="Parts for which no forming step is recorded."
    )

    def get_fields(self) -> dict[str, Any]:
        # Not declared above: a class could not have a field named as the fields' own `label`.
        return {"label": serializers.CharField(), **super().get_fields()}

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_sources(self, derivation: Derivation) -> dict[str, str]:
        rules = policy_named(derivation.policy).rules
        refusals = [*derivation.refusals, derivation.design_refusal]
        named = {rule for refusal in refusals if refusal for rule in refusal.rules}
        return {rule: rules[rule].source for rule in sorted(named)}

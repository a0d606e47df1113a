"""What was read, and in plain words what that proves and what it does not."""

from rest_framework import serializers

from provenance.carriers import Carrier, Proven


class ProvenShape(serializers.Serializer[Proven]):
    """What a check rests on, what that proves, and what it does not prove; in English."""

    carrier = serializers.ChoiceField([(each.value, each.value) for each in Carrier])
    name = serializers.CharField()
    proves = serializers.CharField()
    proves_not = serializers.CharField()

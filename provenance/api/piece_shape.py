"""A piece as a program writes and reads it: masses in grams, stones in carats, sizes in mm."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from memories.media_credentials import Credentials, State
from provenance.api.detail_shapes import (
    EditionShape,
    MarkShape,
    PartShape,
    SourcingShape,
    StoneShape,
)
from provenance.api.fields import (
    ArticleNumber,
    Choice,
    Countries,
    Keywords,
    Lines,
    Prose,
    Quantity,
    Serial,
    Shape,
    Text,
    Whole,
    refusal,
)
from provenance.api.making_shape import MakingShape, ToldMakingShape, making_told
from provenance.models.piece import (
    Kind,
    Photograph,
    PhotographRole,
    PhotographSource,
    Piece,
)

MOST_REVISIONS = 2_147_483_647


class FactsShape(Shape):
    """The facts a maker states about one piece."""

    title = Text(80)
    kind = Choice(Kind.choices)
    year = Whole(1000, 9999)
    year_to = Whole(
        1000, 9999, allow_null=True, default=None, help_text="The last year, if it took several."
    )
    mass_grams = Quantity(8, 2)
    edition = EditionShape(source="*")
    collection = Text(80, allow_blank=True, default="")
    parts: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=PartShape(), allow_empty=False, max_length=20
    )
    stones: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=StoneShape(), default=list, max_length=100
    )
    marks: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=MarkShape(), default=list, max_length=40
    )
    sourcing: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=SourcingShape(),
        default=list,
        max_length=40,
        help_text="Claims of origin, each with its document.",
    )
    circumference_mm = Quantity(
        5, 1, allow_null=True, default=None, help_text="Inner circumference of a ring, ISO 8653."
    )
    height_mm = Quantity(6, 1, allow_null=True, default=None)
    width_mm = Quantity(6, 1, allow_null=True, default=None)
    depth_mm = Quantity(6, 1, allow_null=True, default=None)
    care = Lines(default=list, help_text="One line of care each.")
    description = Prose(2000, allow_blank=True, default="")
    warranty = Prose(600, allow_blank=True, default="")
    keywords = Keywords(default=list, help_text="For shops; they are not signed.")
    sku = Text(40, allow_blank=True, default="")
    gtin = ArticleNumber(allow_blank=True, default="", help_text="8, 12, 13 or 14 digits.")
    serial = Serial(allow_blank=True, default="", help_text="Of this one piece (GS1 AI 21).")
    markets = Countries(default=list, help_text="Where it is sold; not signed.")
    hallmark_exemption = Text(
        200, allow_blank=True, default="", help_text="Why the law asks for no hallmark."
    )

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        for part in parts:
            if part["ident"] in seen:
                raise serializers.ValidationError("Two parts have the same id.", "duplicate")
            seen.add(part["ident"])
        return parts

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["year_to"] is not None and attrs["year_to"] < attrs["year"]:
            raise refusal("year_to", "min_value", "The last year is before the first.")
        known = {"piece", *(part["ident"] for part in attrs["parts"])}
        known |= {f"s{n}" for n in range(1, len(attrs["stones"]) + 1)}
        strange = [claim["about"] not in known for claim in attrs["sourcing"]]
        if any(strange):
            problem = ErrorDetail("Nothing of this piece has that name.", "does_not_exist")
            raise ValidationError(
                {"sourcing": [{"about": [problem]} if each else {} for each in strange]}
            )
        return attrs


class PieceShape(FactsShape):
    """A piece as it is registered: its facts, and how it was made."""

    making = MakingShape(required=False)


class ChangedShape(FactsShape):
    """The facts of a draft, all of them, with the revision at which it was read."""

    revision = Whole(1, MOST_REVISIONS)


class PhotographShape(serializers.ModelSerializer[Photograph]):
    """A photograph made safe; `sha256` is of the largest rendition, as the certificate names it."""

    id = serializers.CharField(source="public_id")
    role = serializers.ChoiceField(PhotographRole.choices)
    digital_source_type = serializers.ChoiceField(PhotographSource.choices, source="source")
    renditions = serializers.SerializerMethodField(help_text="The address of each size.")

    class Meta:
        model = Photograph
        fields = [
            "id",
            "role",
            "digital_source_type",
            "alt",
            "sha256",
            "width",
            "height",
            "renditions",
        ]

    def get_renditions(self, photograph: Photograph) -> dict[str, str]:
        folder = f"{page_of(photograph.piece)}/photos/{photograph.public_id}"
        return {name: f"{folder}/{name}" for name in photograph.renditions}


class TakenShape(PhotographShape):
    """A photograph just taken in, with what its content credentials were found to be."""

    credentials = serializers.SerializerMethodField(
        help_text="Content credentials (C2PA) of the file, and a sentence about them."
    )

    class Meta(PhotographShape.Meta):
        fields = [*PhotographShape.Meta.fields, "credentials"]

    @extend_schema_field(
        {
            "type": "object",
            "required": ["state", "told"],
            "properties": {
                "state": {"type": "string", "enum": [str(state) for state in State]},
                "told": {"type": "string"},
            },
        }
    )
    def get_credentials(self, photograph: Photograph) -> dict[str, str]:
        found: Credentials = self.context["credentials"]
        return {"state": str(found.state), "told": found.told}


class UploadShape(Shape):
    """The form of a photograph: the file and what it shows."""

    file = serializers.FileField(allow_empty_file=True, help_text="JPEG, PNG, WebP, HEIC, AVIF.")
    role = Choice(PhotographRole.choices)
    digital_source_type = Choice(
        PhotographSource.choices, help_text="How the picture came about (IPTC)."
    )
    alt = Text(200, allow_blank=True, default="", help_text="The picture in words.")


class RegisteredShape(FactsShape):
    """A piece with what became of it."""

    id = serializers.CharField(source="public_id")
    state = serializers.SerializerMethodField()
    maker = serializers.CharField(source="maker.slug", help_text="The last part of /j/<maker>.")
    page = serializers.SerializerMethodField()
    photographs = PhotographShape(many=True)
    certificates = serializers.SerializerMethodField(help_text="Their ids, the newest first.")
    issued_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.IntegerField(help_text="Counted up with each change of the draft.")
    revises = serializers.SerializerMethodField(
        help_text="Of a draft that corrects a signed piece: that piece."
    )
    making = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "enum": ["draft", "issued"]})
    def get_state(self, piece: Piece) -> str:
        return "issued" if piece.is_issued else "draft"

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page(self, piece: Piece) -> str:
        return page_of(piece)

    def get_revises(self, piece: Piece) -> str | None:
        return piece.revises.public_id if piece.revises else None

    def get_certificates(self, piece: Piece) -> list[str]:
        return [certificate.public_id for certificate in piece.certificates.all()]

    @extend_schema_field(ToldMakingShape)
    def get_making(self, piece: Piece) -> dict[str, Any]:
        return making_told(piece, now=timezone.now())


def page_of(piece: Piece) -> str:
    return f"{settings.SITE_URL}/p/{piece.original.public_id}"

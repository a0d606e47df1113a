"""A piece as a program writes and reads it: masses in grams, stones in carats, sizes in mm."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from provenance import jewelry
from provenance.api.fields import (
    Choice,
    Ident,
    Lines,
    Prose,
    Quantity,
    Shape,
    Terms,
    Text,
    Whole,
    refusal,
)
from provenance.models.piece import (
    CaratBasis,
    EditionKind,
    Element,
    Kind,
    MarkKind,
    Photograph,
    PhotographRole,
    PhotographSource,
    Piece,
    StoneOrigin,
)

MOST_NUMBERED = 1_000_000
MOST_ALIKE = 10_000


class EditionShape(Shape):
    kind = Choice(EditionKind.choices, source="edition_kind")
    number = Whole(1, MOST_NUMBERED, source="edition_number", allow_null=True, default=None)
    of = Whole(1, MOST_NUMBERED, source="edition_of", allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        number, of = attrs["edition_number"], attrs["edition_of"]
        if attrs["edition_kind"] != EditionKind.NUMBERED:
            if number is not None or of is not None:
                raise refusal("number", "not_numbered", "Only a numbered edition has numbers.")
        elif number is None or of is None:
            raise refusal("number", "required", "A numbered edition says number and of how many.")
        elif number > of:
            raise refusal("number", "max_value", "The number is greater than the edition.")
        return attrs


class PartShape(Shape):
    id = Ident(source="ident", help_text="The part's name within the piece, such as `shank`.")
    element = Choice(Element.choices)
    fineness = Whole(
        1, 999, allow_null=True, default=None, help_text="Parts per thousand, such as 750."
    )
    colour = Text(20, allow_blank=True, default="")
    alloy = Text(40, allow_blank=True, default="", help_text="Which metal, for element `other`.")
    mass_grams = Quantity(8, 2, allow_null=True, default=None)
    coating = Text(60, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["element"] == Element.OTHER and not attrs["alloy"]:
            raise refusal("alloy", "required", "Say which metal it is.")
        if attrs["element"] != Element.OTHER and attrs["fineness"] is None:
            raise refusal("fineness", "fineness_missing", "Say the fineness, such as 750.")
        return attrs


class StoneShape(Shape):
    species = Text(40)
    variety = Text(40, allow_blank=True, default="")
    origin = Choice(StoneOrigin.choices)
    count = Whole(1, MOST_ALIKE, default=1)
    shape = Text(30, allow_blank=True, default="")
    carat_each = Quantity(7, 3, allow_null=True, default=None)
    carat_basis = Choice(CaratBasis.choices, default=CaratBasis.MEASURED)
    treatment = Terms(help_text="`none-known`, `unknown`, or each treatment, such as `heat`.")
    note = Text(120, allow_blank=True, default="")


class MarkShape(Shape):
    kind = Choice(MarkKind.choices)
    text = Text(60)
    place = Text(60, allow_blank=True, default="")


def _list_of(shape: Shape, **options: Any) -> "serializers.ListSerializer[Any]":
    return serializers.ListSerializer(child=shape, **options)


class PieceShape(Shape):
    """The facts a maker states about one piece."""

    title = Text(80)
    kind = Choice(Kind.choices)
    year = Whole(1000, 9999)
    mass_grams = Quantity(8, 2)
    edition = EditionShape(source="*")
    parts: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=PartShape(), allow_empty=False, max_length=20
    )
    stones: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=StoneShape(), default=list, max_length=100
    )
    marks: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=MarkShape(), default=list, max_length=40
    )
    circumference_mm = Quantity(
        5, 1, allow_null=True, default=None, help_text="Inner circumference of a ring, ISO 8653."
    )
    height_mm = Quantity(6, 1, allow_null=True, default=None)
    width_mm = Quantity(6, 1, allow_null=True, default=None)
    depth_mm = Quantity(6, 1, allow_null=True, default=None)
    care = Lines(default=list, help_text="One line of care each.")
    description = Prose(2000, allow_blank=True, default="")
    sku = Text(40, allow_blank=True, default="")

    def validate_parts(self, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        seen: set[str] = set()
        for part in parts:
            if part["ident"] in seen:
                raise serializers.ValidationError("Two parts have the same id.", "duplicate")
            seen.add(part["ident"])
        return parts


def facts_from(valid: dict[str, Any]) -> jewelry.Piece:
    """What a valid `PieceShape` states, in the words of the pure core."""
    sizes = (("height", "height_mm"), ("width", "width_mm"), ("depth", "depth_mm"))
    return jewelry.Piece(
        title=valid["title"],
        kind=valid["kind"],
        year=valid["year"],
        mass=valid["mass_grams"],
        edition=jewelry.Edition(
            valid["edition_kind"], valid["edition_number"], valid["edition_of"]
        ),
        parts=tuple(_part(part) for part in valid["parts"]),
        stones=tuple(_stone(stone) for stone in valid["stones"]),
        marks=tuple(jewelry.Mark(**mark) for mark in valid["marks"]),
        circumference=valid["circumference_mm"],
        measures=tuple((name, valid[field]) for name, field in sizes if valid[field] is not None),
        care=tuple(valid["care"]),
        description=valid["description"],
        sku=valid["sku"],
    )


def _part(part: dict[str, Any]) -> jewelry.Part:
    mass = part.pop("mass_grams")
    return jewelry.Part(**part, mass=mass)


def _stone(stone: dict[str, Any]) -> jewelry.Stone:
    carat, basis = stone.pop("carat_each"), stone.pop("carat_basis")
    treatment = tuple(stone.pop("treatment"))
    return jewelry.Stone(**stone, treatment=treatment, carat=carat, basis=basis)


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


class UploadShape(Shape):
    """The form of a photograph: the file and what it shows."""

    file = serializers.FileField(allow_empty_file=True, help_text="JPEG, PNG, WebP, HEIC, AVIF.")
    role = Choice(PhotographRole.choices)
    digital_source_type = Choice(
        PhotographSource.choices, help_text="How the picture came about (IPTC)."
    )
    alt = Text(200, allow_blank=True, default="", help_text="The picture in words.")


class RegisteredShape(PieceShape):
    """A piece with what became of it."""

    id = serializers.CharField(source="public_id")
    state = serializers.SerializerMethodField()
    maker = serializers.CharField(source="maker.slug", help_text="The last part of /j/<maker>.")
    page = serializers.SerializerMethodField()
    photographs = PhotographShape(many=True)
    certificates = serializers.SerializerMethodField(help_text="Their ids, the newest first.")
    issued_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "string", "enum": ["draft", "issued"]})
    def get_state(self, piece: Piece) -> str:
        return "issued" if piece.is_issued else "draft"

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page(self, piece: Piece) -> str:
        return page_of(piece)

    def get_certificates(self, piece: Piece) -> list[str]:
        return [certificate.public_id for certificate in piece.certificates.all()]


def page_of(piece: Piece) -> str:
    return f"{settings.SITE_URL}/p/{piece.public_id}"

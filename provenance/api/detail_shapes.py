"""The details of a piece as a program writes and reads them: parts, stones, marks, sourcing."""

from typing import Any

from rest_framework import serializers

from provenance.api.fields import (
    Choice,
    Country,
    Day,
    Ident,
    PartName,
    Prose,
    Quantity,
    Shape,
    Terms,
    Text,
    WebAddress,
    Whole,
    YesNo,
    refusal,
)
from provenance.models.details import (
    CaratBasis,
    CoatingMetal,
    CoatingMethod,
    Element,
    GradedBy,
    MarkKind,
    SourcingKind,
    SourcingScope,
    StoneOrigin,
)
from provenance.models.piece import EditionKind

MOST_NUMBERED = 1_000_000
MOST_ALIKE = 10_000
GRADES = ("colour", "clarity", "cut_grade")


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


class CoatingShape(Shape):
    """A layer over a part, with its thickness in micrometres."""

    metal = Choice(CoatingMetal.choices)
    method = Choice(CoatingMethod.choices)
    fineness = Whole(1, 999, allow_null=True, default=None)
    micrometres = Quantity(7, 3, allow_null=True, default=None)
    note = Text(60, allow_blank=True, default="", help_text="Which coating, for metal `other`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["metal"] == CoatingMetal.OTHER and not attrs["note"]:
            raise refusal("note", "required", "Say what the coating is.")
        return attrs


class PartShape(Shape):
    id = PartName(source="ident", help_text="What the record calls the part, such as `shank`.")
    name = Text(60, allow_blank=True, default="")
    role = Text(60, allow_blank=True, default="", help_text="What it is for.")
    element = Choice(Element.choices)
    fineness = Whole(
        1, 999, allow_null=True, default=None, help_text="Parts per thousand, such as 750."
    )
    colour = Text(20, allow_blank=True, default="")
    alloy = Text(40, allow_blank=True, default="", help_text="Which metal, for element `other`.")
    mass_grams = Quantity(8, 2, allow_null=True, default=None)
    coating = CoatingShape(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["element"] == Element.OTHER and not attrs["alloy"]:
            raise refusal("alloy", "required", "Say which metal it is.")
        if attrs["element"] != Element.OTHER and attrs["fineness"] is None:
            raise refusal("fineness", "fineness_missing", "Say the fineness, such as 750.")
        return attrs


class ReportShape(Shape):
    """A laboratory's report: a link to what the laboratory says."""

    lab = Text(60)
    number = Text(40)
    date = Day(allow_null=True, default=None)
    url = WebAddress(max_length=300, allow_blank=True, default="")
    is_inscribed = YesNo(default=False, help_text="Whether its number stands on the stone.")


class StoneShape(Shape):
    species = Text(40)
    variety = Text(40, allow_blank=True, default="")
    origin = Choice(StoneOrigin.choices)
    count = Whole(1, MOST_ALIKE, default=1)
    country = Country(
        allow_blank=True, default="", help_text="Where it was mined or grown, ISO 3166-1."
    )
    shape = Text(30, allow_blank=True, default="")
    cut = Text(40, allow_blank=True, default="")
    carat_each = Quantity(7, 3, allow_null=True, default=None)
    carat_total = Quantity(8, 3, allow_null=True, default=None, help_text="Of all together.")
    carat_basis = Choice(CaratBasis.choices, default=CaratBasis.MEASURED)
    treatment = Terms(help_text="`none-known`, `unknown`, or each treatment, such as `heat`.")
    treatment_care = Text(200, allow_blank=True, default="")
    sizes_mm: serializers.ListField = serializers.ListField(
        child=Quantity(5, 2),
        default=list,
        max_length=3,
        help_text="Length, width and depth.",
    )
    colour = Text(30, allow_blank=True, default="")
    clarity = Text(30, allow_blank=True, default="")
    cut_grade = Text(30, allow_blank=True, default="")
    graded_by = Choice(
        GradedBy.choices, allow_blank=True, default="", help_text="Whose the grades are."
    )
    reports: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ReportShape(), default=list, max_length=6
    )
    note = Text(120, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if any(attrs[grade] for grade in GRADES) and not attrs["graded_by"]:
            raise refusal("graded_by", "required", "Say whose grades these are.")
        return attrs


class MarkShape(Shape):
    kind = Choice(MarkKind.choices)
    text = Text(60)
    place = Text(60, allow_blank=True, default="")


class SourcingShape(Shape):
    """A claim of origin, with the document that carries it."""

    kind = Choice(SourcingKind.choices)
    about = Ident(default="piece", help_text="`piece`, the id of a part, or `s1` for a stone.")
    scheme = Text(80)
    scope = Choice(SourcingScope.choices)
    document = Text(200)
    expires = Day()
    statement = Prose(600, allow_blank=True, default="", help_text="The supplier's own words.")

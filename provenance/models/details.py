"""What a piece is made of and says of itself: parts, stones and their reports, marks, sourcing."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from provenance import jewelry
from provenance.models.piece import Piece


class Element(models.TextChoices):
    GOLD = "gold", "gold"
    SILVER = "silver", "silver"
    PLATINUM = "platinum", "platinum"
    PALLADIUM = "palladium", "palladium"
    OTHER = "other", "other metal"


class CoatingMetal(models.TextChoices):
    GOLD = "gold", "gold"
    SILVER = "silver", "silver"
    RHODIUM = "rhodium", "rhodium"
    RUTHENIUM = "ruthenium", "ruthenium"
    PALLADIUM = "palladium", "palladium"
    PLATINUM = "platinum", "platinum"
    OTHER = "other", "another coating"


class CoatingMethod(models.TextChoices):
    ELECTROPLATED = "electroplated", "electroplated"
    VERMEIL = "vermeil", "vermeil"
    MECHANICAL = "mechanical", "bonded by pressure, such as gold-filled"
    PVD = "pvd", "PVD"
    LEAF = "leaf", "leaf"
    OTHER = "other", "another way"


class Part(models.Model):
    """A part of a piece in one metal: fineness in parts per thousand, mass in grams."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="parts")
    ident = models.SlugField("part", max_length=30, default="body")
    name = models.CharField(max_length=60, blank=True)
    role = models.CharField("what it does", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    element = models.CharField("metal", max_length=10, choices=Element.choices)
    alloy = models.CharField("which metal", max_length=40, blank=True)
    fineness = models.PositiveSmallIntegerField("fineness", null=True, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    mass_grams = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    coating_metal = models.CharField(
        "coated with", max_length=10, choices=CoatingMetal.choices, blank=True
    )
    coating_method = models.CharField(
        "put on", max_length=13, choices=CoatingMethod.choices, blank=True
    )
    coating_fineness = models.PositiveSmallIntegerField(null=True, blank=True)
    coating_micrometres = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    coating_note = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "ident"], name="one_part_per_name"),
            models.CheckConstraint(
                condition=Q(element__in=Element.values), name="element_is_known"
            ),
            models.CheckConstraint(
                condition=Q(fineness__isnull=True) | Q(fineness__gte=1, fineness__lte=999),
                name="fineness_is_parts_per_thousand",
            ),
            models.CheckConstraint(
                condition=Q(element=Element.OTHER) | Q(fineness__isnull=False),
                name="precious_metal_states_fineness",
            ),
            models.CheckConstraint(
                condition=~Q(element=Element.OTHER) | ~Q(alloy=""),
                name="other_metal_is_named",
            ),
            models.CheckConstraint(
                condition=Q(mass_grams__isnull=True) | Q(mass_grams__gt=0),
                name="part_mass_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(coating_metal__in=["", *CoatingMetal.values]),
                name="coating_metal_is_known",
            ),
            models.CheckConstraint(
                condition=Q(coating_method__in=["", *CoatingMethod.values]),
                name="coating_method_is_known",
            ),
            models.CheckConstraint(
                condition=Q(coating_metal="") | ~Q(coating_method=""),
                name="coating_says_its_method",
            ),
            models.CheckConstraint(
                condition=~Q(coating_metal="")
                | Q(
                    coating_method="",
                    coating_fineness__isnull=True,
                    coating_micrometres__isnull=True,
                    coating_note="",
                ),
                name="coating_names_its_metal",
            ),
            models.CheckConstraint(
                condition=~Q(coating_metal=CoatingMetal.OTHER) | ~Q(coating_note=""),
                name="other_coating_is_named",
            ),
            models.CheckConstraint(
                condition=Q(coating_fineness__isnull=True)
                | Q(coating_fineness__gte=1, coating_fineness__lte=999),
                name="coating_fineness_is_parts_per_thousand",
            ),
            models.CheckConstraint(
                condition=Q(coating_micrometres__isnull=True) | Q(coating_micrometres__gt=0),
                name="coating_thickness_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.fineness or ''}".strip()

    @property
    def coating(self) -> jewelry.Coating | None:
        if not self.coating_metal:
            return None
        return jewelry.Coating(
            metal=self.coating_metal,
            method=self.coating_method,
            fineness=self.coating_fineness,
            micrometres=self.coating_micrometres,
            note=self.coating_note,
        )


class StoneOrigin(models.TextChoices):
    NATURAL = "natural", "natural"
    LABORATORY_GROWN = "laboratory-grown", "laboratory-grown"
    CULTURED = "cultured", "cultured (pearls)"
    IMITATION = "imitation", "imitation"
    COMPOSITE = "composite", "composite"
    UNKNOWN = "unknown", "unknown"


class CaratBasis(models.TextChoices):
    MEASURED = "measured", "measured"
    ESTIMATED = "estimated", "estimated"


class GradedBy(models.TextChoices):
    """Whose the grades of a stone are: a grade without a grader is a claim from nowhere."""

    REPORT = "report", "from the report"
    MAKER = "maker", "my own opinion"


class Stone(models.Model):
    """A stone, or several alike: weight in metric carats, sizes in millimetres."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="stones")
    position = models.PositiveSmallIntegerField(default=0)
    species = models.CharField(max_length=40)
    variety = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=16, choices=StoneOrigin.choices)
    country = models.CharField("from", max_length=2, blank=True)
    count = models.PositiveSmallIntegerField(default=1)
    shape = models.CharField(max_length=30, blank=True)
    cut = models.CharField(max_length=40, blank=True)
    carat_each = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    carat_total = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    carat_basis = models.CharField(
        max_length=9, choices=CaratBasis.choices, default=CaratBasis.MEASURED
    )
    length_mm = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    width_mm = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    depth_mm = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # Comma-separated terms; "unknown" and "none-known" are answers, silence is not.
    treatment = models.CharField(max_length=120)
    treatment_care = models.CharField(max_length=200, blank=True)
    colour = models.CharField(max_length=30, blank=True)
    clarity = models.CharField(max_length=30, blank=True)
    cut_grade = models.CharField(max_length=30, blank=True)
    graded_by = models.CharField(max_length=6, choices=GradedBy.choices, blank=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="at_least_one_stone"),
            models.CheckConstraint(
                condition=Q(origin__in=StoneOrigin.values), name="stone_origin_is_known"
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="stone_country_is_two_letters",
            ),
            models.CheckConstraint(
                condition=Q(carat_basis__in=CaratBasis.values), name="carat_basis_is_known"
            ),
            models.CheckConstraint(
                condition=Q(carat_each__isnull=True) | Q(carat_each__gt=0),
                name="carat_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(carat_total__isnull=True) | Q(carat_total__gt=0),
                name="total_carat_is_positive",
            ),
            models.CheckConstraint(
                condition=(Q(length_mm__isnull=True) | Q(length_mm__gt=0))
                & (Q(width_mm__isnull=True) | Q(width_mm__gt=0))
                & (Q(depth_mm__isnull=True) | Q(depth_mm__gt=0)),
                name="stone_sizes_are_positive",
            ),
            # They are told as length × width × depth: one cannot stand without those before it.
            models.CheckConstraint(
                condition=(Q(width_mm__isnull=True) | Q(length_mm__isnull=False))
                & (Q(depth_mm__isnull=True) | Q(width_mm__isnull=False)),
                name="stone_sizes_begin_with_the_length",
            ),
            models.CheckConstraint(condition=~Q(treatment=""), name="treatment_is_stated"),
            models.CheckConstraint(condition=~Q(species=""), name="stone_has_a_species"),
            models.CheckConstraint(
                condition=Q(graded_by__in=["", *GradedBy.values]), name="grader_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(graded_by="") | Q(colour="", clarity="", cut_grade=""),
                name="grades_say_whose_they_are",
            ),
        ]

    def __str__(self) -> str:
        return self.variety or self.species

    @property
    def sizes_mm(self) -> tuple[Decimal, ...]:
        """Length, width and depth, as far as they were measured."""
        sizes = (self.length_mm, self.width_mm, self.depth_mm)
        return tuple(size for size in sizes if size is not None)


class StoneReport(models.Model):
    """A laboratory's report on a stone: a link to what the laboratory says, not our verdict."""

    stone = models.ForeignKey(Stone, on_delete=models.CASCADE, related_name="reports")
    position = models.PositiveSmallIntegerField(default=0)
    lab = models.CharField("laboratory", max_length=60)
    number = models.CharField("report number", max_length=40)
    date = models.DateField(null=True, blank=True)
    url = models.CharField("where to read it", max_length=300, blank=True)
    is_inscribed = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(lab=""), name="report_names_its_laboratory"),
            models.CheckConstraint(condition=~Q(number=""), name="report_has_a_number"),
            # A link is followed by whoever reads the page: it leads to the web and nowhere else.
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex=r"^https?://\S+$"),
                name="report_link_is_a_web_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lab} {self.number}"


class MarkKind(models.TextChoices):
    MAKER = "maker", "maker’s mark"
    SPONSOR = "sponsor", "sponsor’s mark"
    FINENESS = "fineness", "fineness mark"
    OFFICE = "office", "assay office"
    DATE = "date", "date letter"
    CONVENTION = "convention", "common control mark"
    EDITION = "edition", "edition number"
    ENGRAVING = "engraving", "engraving"


class Mark(models.Model):
    """A mark struck or engraved on the piece, as it reads."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="marks")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=MarkKind.choices)
    text = models.CharField(max_length=60)
    place = models.CharField("where", max_length=60, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MarkKind.values), name="mark_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="mark_has_a_text"),
        ]

    def __str__(self) -> str:
        return self.text


class SourcingKind(models.TextChoices):
    RECYCLED = "recycled", "recycled"
    FAIR = "fair", "fair"
    CONFLICT_FREE = "conflict-free", "conflict-free"
    ORIGIN = "origin", "from a named place"


class SourcingScope(models.TextChoices):
    BUSINESS = "business", "the business"
    PRODUCT = "product", "the material itself"


class Sourcing(models.Model):
    """A claim about where something comes from, with the document that carries it (rule P1)."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="sourcing")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField("claim", max_length=13, choices=SourcingKind.choices)
    # The name of a part, "s1" for the first stone, or "piece".
    about = models.CharField(max_length=30, default="piece")
    scheme = models.CharField(max_length=80)
    scope = models.CharField("it covers", max_length=8, choices=SourcingScope.choices)
    document = models.CharField(max_length=200)
    expires = models.DateField()
    statement = models.TextField("the supplier’s own words", max_length=600, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SourcingKind.values), name="sourcing_claim_is_known"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=SourcingScope.values), name="sourcing_scope_is_known"
            ),
            models.CheckConstraint(condition=~Q(about=""), name="sourcing_is_about_something"),
            models.CheckConstraint(condition=~Q(scheme=""), name="sourcing_names_its_scheme"),
            models.CheckConstraint(condition=~Q(document=""), name="sourcing_names_its_document"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.scheme}"

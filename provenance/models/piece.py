"""Pieces: what was made, of what, with which stones and marks, and its photographs."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.maker import Maker


class Kind(models.TextChoices):
    RING = "ring", "ring"
    EARRINGS = "earrings", "earrings"
    PENDANT = "pendant", "pendant"
    NECKLACE = "necklace", "necklace"
    BRACELET = "bracelet", "bracelet"
    CUFF = "cuff", "cuff"
    BROOCH = "brooch", "brooch"
    CUFFLINKS = "cufflinks", "cufflinks"
    PIECE = "piece", "other piece"


class EditionKind(models.TextChoices):
    ONE_OF_ONE = "one-of-one", "one of one"
    NUMBERED = "numbered", "numbered edition"
    OPEN = "open", "open edition"


class PieceQuerySet(models.QuerySet["Piece"]):
    def made_by(self, maker: Maker) -> "PieceQuerySet":
        return self.filter(maker=maker)

    def drafts(self) -> "PieceQuerySet":
        return self.filter(issued_at__isnull=True)

    def issued(self) -> "PieceQuerySet":
        return self.filter(issued_at__isnull=False)

    def kept_by(self, keeper: models.Model) -> "PieceQuerySet":
        """The pieces on record with this keeper today."""
        return self.filter(custodies__keeper_id=keeper.pk, custodies__until__isnull=True)


class Piece(models.Model):
    """One piece of jewelry. A draft until it is issued; from then on its facts are signed."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="pieces")
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.RING)
    description = models.TextField(max_length=2000, blank=True)
    sku = models.CharField("stock number", max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    edition_kind = models.CharField(
        max_length=10, choices=EditionKind.choices, default=EditionKind.ONE_OF_ONE
    )
    edition_number = models.PositiveIntegerField(null=True, blank=True)
    edition_of = models.PositiveIntegerField(null=True, blank=True)
    # ISO 8653: a ring's size is its inner circumference in millimetres.
    circumference_mm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    height_mm = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    width_mm = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    depth_mm = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    mass_grams = models.DecimalField(max_digits=8, decimal_places=2)
    care = models.TextField(max_length=600, blank=True, help_text="One line of care per line.")
    # Changed with every save of the draft, so that two phones never overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["maker", "-created_at"], name="pieces_of_a_maker")]
        constraints = [
            models.CheckConstraint(condition=Q(mass_grams__gt=0), name="mass_is_positive"),
            models.CheckConstraint(
                condition=Q(year__gte=1000, year__lte=9999), name="year_has_four_digits"
            ),
            models.CheckConstraint(
                condition=Q(circumference_mm__isnull=True) | Q(circumference_mm__gt=0),
                name="circumference_is_positive",
            ),
            models.CheckConstraint(
                condition=(Q(height_mm__isnull=True) | Q(height_mm__gt=0))
                & (Q(width_mm__isnull=True) | Q(width_mm__gt=0))
                & (Q(depth_mm__isnull=True) | Q(depth_mm__gt=0)),
                name="measures_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(
                    edition_kind=EditionKind.NUMBERED,
                    # SQL lets an unknown pass a check: that it is there must be asked for itself.
                    edition_number__isnull=False,
                    edition_of__isnull=False,
                    edition_number__gte=1,
                    edition_of__gte=F("edition_number"),
                )
                | Q(
                    edition_kind__in=[EditionKind.ONE_OF_ONE, EditionKind.OPEN],
                    edition_number__isnull=True,
                    edition_of__isnull=True,
                ),
                name="only_a_numbered_edition_has_numbers",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def noun(self) -> str:
        """The word a sentence uses for it: "ring", "pair of earrings"."""
        words = {Kind.EARRINGS: "pair of earrings", Kind.CUFFLINKS: "pair of cufflinks"}
        return words.get(Kind(self.kind), str(self.kind))

    @property
    def edition_line(self) -> str:
        if self.edition_kind == EditionKind.NUMBERED:
            return f"Number {self.edition_number} of {self.edition_of}"
        return "One of one" if self.edition_kind == EditionKind.ONE_OF_ONE else "Open edition"


class Element(models.TextChoices):
    GOLD = "gold", "gold"
    SILVER = "silver", "silver"
    PLATINUM = "platinum", "platinum"
    PALLADIUM = "palladium", "palladium"
    OTHER = "other", "other metal"


class Part(models.Model):
    """A part of a piece in one metal: fineness in parts per thousand, mass in grams."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="parts")
    ident = models.SlugField("part", max_length=30, default="body")
    position = models.PositiveSmallIntegerField(default=0)
    element = models.CharField("metal", max_length=10, choices=Element.choices)
    alloy = models.CharField("which metal", max_length=40, blank=True)
    fineness = models.PositiveSmallIntegerField("fineness", null=True, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    mass_grams = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    coating = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "ident"], name="one_part_per_name"),
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
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.fineness or ''}".strip()


class StoneOrigin(models.TextChoices):
    NATURAL = "natural", "natural"
    LABORATORY_GROWN = "laboratory-grown", "laboratory-grown"
    IMITATION = "imitation", "imitation"
    COMPOSITE = "composite", "composite"
    UNKNOWN = "unknown", "unknown"


class CaratBasis(models.TextChoices):
    MEASURED = "measured", "measured"
    ESTIMATED = "estimated", "estimated"


class Stone(models.Model):
    """A stone, or several alike: weight in metric carats, sizes in millimetres."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="stones")
    position = models.PositiveSmallIntegerField(default=0)
    species = models.CharField(max_length=40)
    variety = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=16, choices=StoneOrigin.choices)
    count = models.PositiveSmallIntegerField(default=1)
    shape = models.CharField(max_length=30, blank=True)
    carat_each = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    carat_basis = models.CharField(
        max_length=9, choices=CaratBasis.choices, default=CaratBasis.MEASURED
    )
    # Comma-separated terms; "unknown" and "none-known" are answers, silence is not.
    treatment = models.CharField(max_length=120)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=1), name="at_least_one_stone"),
            models.CheckConstraint(
                condition=Q(carat_each__isnull=True) | Q(carat_each__gt=0),
                name="carat_is_positive",
            ),
            models.CheckConstraint(condition=~Q(treatment=""), name="treatment_is_stated"),
            models.CheckConstraint(condition=~Q(species=""), name="stone_has_a_species"),
        ]

    def __str__(self) -> str:
        return self.variety or self.species


class MarkKind(models.TextChoices):
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
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="mark_has_a_text")]

    def __str__(self) -> str:
        return self.text


class PhotographRole(models.TextChoices):
    FRONT = "front", "front"
    SCALE = "scale", "with a scale"
    BACK = "back", "back"
    MARKS = "marks", "marks"
    OTHER = "other", "another view"


class PhotographSource(models.TextChoices):
    """IPTC digital source types: how the picture came about."""

    DIGITAL_CAPTURE = "digitalCapture", "photograph"
    COMPUTATIONAL_CAPTURE = "computationalCapture", "photograph"
    DIGITAL_CREATION = "digitalCreation", "computer image"
    TRAINED = "trainedAlgorithmicMedia", "AI image, not a photo of this piece"
    COMPOSITE_TRAINED = (
        "compositeWithTrainedAlgorithmicMedia",
        "AI image, not a photo of this piece",
    )


CAPTURED = [PhotographSource.DIGITAL_CAPTURE, PhotographSource.COMPUTATIONAL_CAPTURE]


class Photograph(models.Model):
    """A picture of the piece, made safe; `sha256` is of the largest rendition, as served."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="photographs")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    role = models.CharField(max_length=6, choices=PhotographRole.choices)
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=40, choices=PhotographSource.choices)
    alt = models.CharField("in words", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    placeholder = models.TextField(max_length=4000)
    # name of rendition -> {"file", "width", "height", "sha256"}
    renditions = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["piece", "role"],
                condition=~Q(role="other"),
                name="one_photograph_per_role",
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="photograph_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.piece}"

    @property
    def is_captured(self) -> bool:
        return self.source in CAPTURED

"""Pieces: what was made, where it is sold, and its photographs."""

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


# GS1 General Specifications, table 7.11-1: what a serial number (AI 21) may be written with.
SERIAL_PATTERN = r"""^[!"%-?A-Z_a-z]{1,20}$"""


class PieceQuerySet(models.QuerySet["Piece"]):
    def made_by(self, maker: Maker) -> "PieceQuerySet":
        return self.filter(maker=maker)

    def registered(self) -> "PieceQuerySet":
        """The pieces themselves, and not the drafts that correct a signed one."""
        return self.filter(revises__isnull=True)

    def drafts(self) -> "PieceQuerySet":
        """Whose facts may change: pieces before they are signed, and corrections of signed ones."""
        return self.filter(issued_at__isnull=True)

    def issued(self) -> "PieceQuerySet":
        return self.registered().filter(issued_at__isnull=False)

    def kept_by(self, keeper: models.Model) -> "PieceQuerySet":
        """The pieces on record with this keeper today."""
        return self.filter(custodies__keeper_id=keeper.pk, custodies__until__isnull=True)


class Piece(models.Model):
    """One piece of jewelry. A draft until it is issued; from then on its facts are signed.

    A row that `revises` another is no piece of its own but a draft of that piece's next
    certificate. Once signed, its facts are the piece's, and what is left of it leads there.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # The index below begins with the maker.
    maker = models.ForeignKey(
        Maker, on_delete=models.PROTECT, related_name="pieces", db_index=False
    )
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.RING)
    description = models.TextField(max_length=2000, blank=True)
    collection = models.CharField(max_length=80, blank=True)
    # Comma-separated words under which a shop lists it.
    keywords = models.CharField(max_length=300, blank=True)
    sku = models.CharField("stock number", max_length=40, blank=True)
    # GS1 application identifiers 01 and 21: the article, and this one of it.
    gtin = models.CharField("article number (GTIN)", max_length=14, blank=True)
    serial = models.CharField("serial number", max_length=20, blank=True)
    year = models.PositiveSmallIntegerField()
    # A piece that was years in the making, or whose year is known as a range only.
    year_to = models.PositiveSmallIntegerField("to", null=True, blank=True)
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
    warranty = models.TextField(max_length=600, blank=True)
    # Comma-separated ISO 3166 codes; where it is sold decides which marks the law asks for.
    markets = models.CharField("sold in", max_length=750, blank=True)
    hallmark_exemption = models.CharField("why it needs no hallmark", max_length=200, blank=True)
    # Changed with every save of the draft, so that two phones never overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    revises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    revision_reason = models.CharField("why it is certified anew", max_length=300, blank=True)

    objects: ClassVar = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["maker", "-created_at"], name="pieces_of_a_maker")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="piece_has_a_title"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="kind_is_known"),
            models.CheckConstraint(condition=Q(mass_grams__gt=0), name="mass_is_positive"),
            models.CheckConstraint(
                condition=Q(year__gte=1000, year__lte=9999), name="year_has_four_digits"
            ),
            models.CheckConstraint(
                condition=Q(year_to__isnull=True) | Q(year_to__gte=F("year"), year_to__lte=9999),
                name="last_year_is_not_before_the_first",
            ),
            models.CheckConstraint(
                condition=Q(gtin="") | Q(gtin__regex=r"^([0-9]{8}|[0-9]{12,14})$"),
                name="gtin_is_8_or_12_to_14_digits",
            ),
            models.CheckConstraint(
                condition=Q(serial="") | Q(serial__regex=SERIAL_PATTERN),
                name="serial_fits_a_gs1_code",
            ),
            models.CheckConstraint(
                condition=Q(markets="") | Q(markets__regex=r"^[A-Z]{2}(,[A-Z]{2})*$"),
                name="markets_are_country_codes",
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
            models.UniqueConstraint(
                fields=["revises"],
                condition=Q(issued_at__isnull=True),
                name="one_open_revision_per_piece",
            ),
            models.CheckConstraint(
                condition=Q(revises__isnull=True, revision_reason="")
                | (Q(revises__isnull=False) & ~Q(revision_reason="")),
                name="revision_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None

    @property
    def original(self) -> "Piece":
        """The piece it is about: itself, or the signed piece whose correction it drafts."""
        return self.revises or self

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

    @property
    def years_line(self) -> str:
        is_range = self.year_to is not None and self.year_to != self.year
        return f"{self.year} to {self.year_to}" if is_range else str(self.year)


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
    ALGORITHMIC = "algorithmicMedia", "computer image"
    DATA_DRIVEN = "dataDrivenMedia", "computer image"
    VIRTUAL_RECORDING = "virtualRecording", "computer image"
    TRAINED = "trainedAlgorithmicMedia", "AI image, not a photo of this piece"
    COMPOSITE_TRAINED = (
        "compositeWithTrainedAlgorithmicMedia",
        "AI image, not a photo of this piece",
    )
    COMPOSITE_SYNTHETIC = "compositeSynthetic", "AI image, not a photo of this piece"


CAPTURED = [PhotographSource.DIGITAL_CAPTURE, PhotographSource.COMPUTATIONAL_CAPTURE]
AI_MADE = [
    PhotographSource.TRAINED,
    PhotographSource.COMPOSITE_TRAINED,
    PhotographSource.COMPOSITE_SYNTHETIC,
]


class PhotographManager(models.Manager["Photograph"]):
    """The photographs that a piece shows today; those replaced since are found by `ever`."""

    def get_queryset(self) -> models.QuerySet["Photograph"]:
        return super().get_queryset().filter(replaced_at__isnull=True)


class Photograph(models.Model):
    """A picture of the piece, made safe; `sha256` is of the largest rendition, as served.

    What a certificate names stays for ever: a newer certificate may only replace it.
    """

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
    replaced_at = models.DateTimeField(null=True, blank=True)

    # The first manager is the one by which a piece lists its photographs.
    objects: ClassVar = PhotographManager()
    ever: ClassVar = models.Manager["Photograph"]()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=PhotographRole.values), name="photograph_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=PhotographSource.values),
                name="photograph_source_is_known",
            ),
            models.UniqueConstraint(
                fields=["piece", "role"],
                condition=~Q(role="other") & Q(replaced_at__isnull=True),
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

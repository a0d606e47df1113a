"""A keeper's montage behind one piece."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from memories.montage import Level, MontageFacts, Seal
from provenance.models.keeping import Custody, Keeper
from provenance.models.piece import Piece


class MontageLevel(models.TextChoices):
    """Who may see, the strictest first."""

    ONLY_ME = "only_me", "Only me"
    INVITED = "invited", "People I invite"
    PIN = "pin", "Whoever has the code and the PIN"
    TAP = "tap", "Whoever holds the piece to a phone"
    CODE = "code", "Anyone who ever saw the code"
    PUBLIC = "public", "Anyone"


class SealKind(models.TextChoices):
    DATE = "date", "until a date"
    OPENING = "opening", "until it is opened"


class Opening(models.TextChoices):
    COVER = "cover", "The cover of the memories"
    CERTIFICATE = "certificate", "The certificate"


class Template(models.TextChoices):
    """How the memories stand on the page."""

    COLLAGE = "collage", "Collage"
    TIMELINE = "timeline", "Timeline"
    STORY = "story", "Story"


class Theme(models.TextChoices):
    """What light the page is in, each by day and by night."""

    PAPER = "paper", "Paper"
    DUSK = "dusk", "Dusk"
    GARDEN = "garden", "Garden"


def _is_kept() -> Q:
    """By custody, or as the draft of a gift that nobody claimed yet."""
    custody = Custody.objects.filter(
        piece=OuterRef("piece"), keeper=OuterRef("keeper"), until__isnull=True
    )
    return Q(Exists(custody)) | Q(gift__isnull=False, gift__claimed_at__isnull=True)


class MontageQuerySet(models.QuerySet["Montage"]):
    def standing(self) -> "MontageQuerySet":
        """Montages of whoever keeps the piece today; a former keeper's are not among them."""
        return self.filter(_is_kept())

    def kept_by(self, keeper: Keeper) -> "MontageQuerySet":
        """Montages of the pieces this keeper holds today, made by this keeper."""
        return self.standing().filter(keeper=keeper)


class Montage(models.Model):
    """One keeper's page behind one piece: private until published."""

    piece = models.ForeignKey(Piece, on_delete=models.PROTECT, related_name="montages")
    keeper = models.ForeignKey(Keeper, on_delete=models.PROTECT, related_name="montages")
    title = models.CharField(max_length=80, blank=True)
    words = models.TextField("a few words", max_length=2000, blank=True)
    level = models.CharField(
        max_length=10, choices=MontageLevel.choices, default=MontageLevel.ONLY_ME
    )
    opening = models.CharField(max_length=12, choices=Opening.choices, default=Opening.COVER)
    template = models.CharField(max_length=10, choices=Template.choices, default=Template.COLLAGE)
    theme = models.CharField(max_length=10, choices=Theme.choices, default=Theme.PAPER)
    published_at = models.DateTimeField(null=True, blank=True)
    # Counts every change, so that two phones never overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    # The number of the version that the page is like now; 0 before the first change.
    version = models.PositiveIntegerField(default=0)
    # In every token and cookie (see memories/services/epochs.py).
    access_epoch = models.PositiveIntegerField(default=1)
    # As Django writes a password; the digits themselves are kept nowhere.
    pin_hash = models.CharField(max_length=128, blank=True, editable=False)
    seal = models.CharField(max_length=8, choices=SealKind.choices, blank=True)
    sealed_until = models.DateTimeField(null=True, blank=True)
    # A gift is sealed for its own keeper as well.
    seal_binds_keeper = models.BooleanField(default=False)
    # The piece was reported missing: whoever holds its tag now sees nothing.
    missing_since = models.DateTimeField(null=True, blank=True)
    # A report is open: hidden until the keeper or the staff answers it.
    reported_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar = MontageQuerySet.as_manager()
    # Set by who found it among the standing ones, to spare asking again; None: not asked yet.
    stands: bool | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["piece", "keeper"], name="one_montage_per_keeper"),
            models.CheckConstraint(
                condition=Q(level__in=MontageLevel.values), name="montage_level_is_known"
            ),
            models.CheckConstraint(
                condition=Q(template__in=Template.values), name="montage_template_is_known"
            ),
            models.CheckConstraint(
                condition=Q(theme__in=Theme.values), name="montage_theme_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(level="pin") | ~Q(pin_hash=""), name="pin_level_has_a_pin"
            ),
            models.CheckConstraint(
                condition=Q(seal="date", sealed_until__isnull=False)
                | Q(seal__in=["", "opening"], sealed_until__isnull=True),
                name="seal_until_a_date_has_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"memories of {self.piece}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_gift_draft(self) -> bool:
        """Prepared for whoever will claim the piece; its author has no custody."""
        gift = getattr(self, "gift", None)
        return gift is not None and gift.claimed_at is None

    @property
    def has_pin(self) -> bool:
        return self.pin_hash != ""

    @property
    def is_kept(self) -> bool:
        """Whether whoever made it has the piece today."""
        if self.stands is None:
            self.stands = Montage.objects.standing().filter(pk=self.pk).exists()
        return self.stands

    @property
    def facts(self) -> MontageFacts:
        return MontageFacts(
            published=self.is_published,
            level=Level[self.level.upper()],
            access_epoch=self.access_epoch,
            is_kept=self.is_kept,
            is_missing=self.missing_since is not None,
            is_reported=self.reported_at is not None,
            has_pin=self.has_pin,
            seal=Seal(self.sealed_until, self.seal_binds_keeper) if self.seal else None,
        )

"""How a piece was made: its steps, what shows them, saved recipes, and later alterations."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.certificate import Certificate
from provenance.models.maker import Maker
from provenance.models.piece import PhotographSource, Piece


class Control(models.TextChoices):
    """Who or what steered a step; the words of the making policy."""

    HUMAN = "human", "by a person"
    HUMAN_CAD = "human_cad", "in CAD by a person"
    PARAMETRIC = "parametric", "with parametric software"
    AI_ASSISTED = "ai_assisted", "with AI help"
    AI_GENERATED = "ai_generated", "by AI"
    HAND = "hand", "by hand"
    HAND_GUIDED = "hand_guided", "by hand with a powered tool"
    TEMPLATED = "templated", "with a die, mould or press"
    MACHINE = "machine", "by a machine"
    ADDITIVE = "additive", "by a printer"
    BOUGHT_IN = "bought_in", "bought in"


# A day, or a moment in UTC: exactly the text that is signed.
_WHEN = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?)?$"


class MakingStepQuerySet(models.QuerySet["MakingStep"]):
    def done(self) -> "MakingStepQuerySet":
        return self.filter(recorded_at__isnull=False)


class MakingStep(models.Model):
    """One step of making a piece: planned until it is ticked, on record from then on."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="steps")
    ident = models.SlugField(max_length=30)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=30)
    part = models.CharField(max_length=30, default="piece")
    control = models.CharField(max_length=12, choices=Control.choices)
    actor = models.CharField("who", max_length=60, blank=True)
    place = models.CharField("where", max_length=60, blank=True)
    started = models.CharField(max_length=20, blank=True)
    finished = models.CharField(max_length=20, blank=True)
    tools = models.JSONField(default=list, blank=True)
    inputs = models.JSONField(default=list, blank=True)
    outputs = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=300, blank=True)
    # The moment of the tick, by our clock: when it was put on record, not when it was done.
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = MakingStepQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "ident"], name="one_step_per_id"),
            models.CheckConstraint(condition=~Q(kind=""), name="step_has_a_kind"),
            models.CheckConstraint(condition=~Q(part=""), name="step_has_a_part"),
            models.CheckConstraint(
                condition=Q(control__in=Control.values), name="step_control_is_known"
            ),
            models.CheckConstraint(
                condition=Q(started__regex=_WHEN) & Q(finished__regex=_WHEN),
                name="step_dates_are_days_or_moments",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ident}: {self.kind}"

    @property
    def is_done(self) -> bool:
        return self.recorded_at is not None


class EvidenceKind(models.TextChoices):
    PHOTO = "photo", "photograph"
    VIDEO = "video", "film"
    FILE = "file", "file"
    COSIGN = "cosign", "co-signature"
    RECEIPT = "receipt", "receipt"


class CredentialState(models.TextChoices):
    """What the content credentials of a file say; empty when this site could not read them."""

    UNREAD = "", "not read"
    NONE = "none", "no credentials"
    BROKEN = "broken", "broken credentials"
    SIGNED = "signed", "signed"
    CAPTURE = "capture", "signed by a camera"


class StepEvidence(models.Model):
    """A file that shows a step; `sha256` is of the bytes we serve or keep, and is signed.

    `original_sha256` is of the bytes as they came, and finds the same file in another record.
    Without a step it is named by an earlier certificate of the piece alone.
    """

    step = models.ForeignKey(
        MakingStep, on_delete=models.CASCADE, null=True, related_name="evidence"
    )
    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="evidence")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=7, choices=EvidenceKind.choices)
    sha256 = models.CharField(max_length=64, db_index=True)
    original_sha256 = models.CharField(max_length=64, db_index=True)
    source = models.CharField(max_length=40, choices=PhotographSource.choices, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    is_in_app = models.BooleanField(default=False)
    c2pa_state = models.CharField(max_length=7, choices=CredentialState.choices, blank=True)
    c2pa_says = models.CharField(max_length=300, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    placeholder = models.TextField(max_length=4000, blank=True)
    # As with photographs; empty for what is kept and not shown.
    renditions = models.JSONField(default=dict, blank=True)
    file = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["piece", "sha256"], name="one_file_once_per_record"),
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
                & Q(original_sha256__regex=r"^[0-9a-f]{64}$"),
                name="evidence_has_its_digests",
            ),
            models.CheckConstraint(
                condition=Q(is_in_app=False) | Q(captured_at__isnull=False),
                name="capture_in_the_page_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(c2pa_state__in=CredentialState.values),
                name="credential_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.step or self.piece}"

    @property
    def is_shown(self) -> bool:
        return bool(self.renditions)


class Recipe(models.Model):
    """A saved list of steps, so that the next piece takes ticks instead of typing."""

    maker = models.ForeignKey(Maker, on_delete=models.CASCADE, related_name="recipes")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=60)
    steps = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["maker", "name"], name="one_recipe_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="recipe_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Alteration(models.Model):
    """Work on a finished piece: its own steps, and the parts that were replaced by it.

    `certificate` is the first that states it; from then on the row is never changed.
    """

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="alterations")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    on = models.DateField()
    reason = models.CharField(max_length=300)
    steps = models.JSONField()
    replaced = models.JSONField(default=list, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="alterations"
    )

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="alteration_has_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.piece} on {self.on}"

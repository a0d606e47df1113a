"""Seasons: many pieces from one file, looked through, confirmed once, and signed once each."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.keys import SigningKey
from provenance.models.maker import Maker
from provenance.models.piece import Piece

# Cards carry claim codes: so many are printed at a time, and no more are void when it fails.
CARDS_IN_A_PACK = 50


class SeasonState(models.TextChoices):
    DRAFT = "draft", "being looked through"
    CHECKED = "checked", "looked through"
    CONFIRMED = "confirmed", "confirmed"
    SIGNING = "signing", "being signed"
    WAITING_FOR_KEY = "waiting_for_key", "unlock to continue"
    DONE = "done", "done"
    ABANDONED = "abandoned", "abandoned"


# What a worker may have to do; a held key is with its web process, and the worker sees to it.
AT_WORK = [SeasonState.DRAFT, SeasonState.CONFIRMED, SeasonState.SIGNING]
CONFIRMED = [
    SeasonState.CONFIRMED,
    SeasonState.SIGNING,
    SeasonState.WAITING_FOR_KEY,
    SeasonState.DONE,
]


class SeasonQuerySet(models.QuerySet["Season"]):
    def made_by(self, maker: Maker) -> "SeasonQuerySet":
        return self.filter(maker=maker)

    def at_work(self, now: datetime) -> "SeasonQuerySet":
        return self.filter(state__in=AT_WORK, due_at__lte=now)


class Season(models.Model):
    """Pieces that were brought in one CSV. `columns` are its own, in their order."""

    maker = models.ForeignKey(Maker, on_delete=models.PROTECT, related_name="seasons")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=15, choices=SeasonState.choices, default=SeasonState.DRAFT)
    columns = models.JSONField()
    # Of what the file says: the same file brought again leads here.
    source_sha256 = models.CharField(max_length=64)
    # The photographs as they came, until the season is done.
    zip_file = models.CharField(max_length=200, blank=True)
    # The maker's key at the moment of confirming; none where the platform records for the maker.
    key = models.ForeignKey(
        SigningKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_digest = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    # How long the process that holds the opened key may be silent.
    leased_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Why it went back a step, for its maker to read.
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SeasonQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["draft", "confirmed", "signing"]),
                name="seasons_at_work",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["maker", "source_sha256"],
                condition=~Q(state="abandoned"),
                name="one_season_per_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SeasonState.values), name="season_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="season_has_a_name"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_digest="", key__isnull=True)
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_digest="")),
                name="confirmation_says_what_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "signing", "waiting_for_key", "done"])
                | Q(confirmed_at__isnull=False),
                name="only_a_confirmed_season_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting_for_key") | Q(key__isnull=False),
                name="only_a_key_is_waited_for",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="done_season_has_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RowState(models.TextChoices):
    NEW = "new", "to be looked at"
    READY = "ready", "right"
    WRONG = "wrong", "to be fixed"
    SKIPPED = "skipped", "left out"
    SIGNED = "signed", "signed"


class SeasonRowQuerySet(models.QuerySet["SeasonRow"]):
    def free(self, state: RowState, now: datetime) -> "SeasonRowQuerySet":
        """Rows in this state that nobody holds."""
        held = Q(leased_until__isnull=False, leased_until__gt=now)
        return self.filter(state=state).exclude(held)

    def of_others(self, season: Season) -> "SeasonRowQuerySet":
        """Rows of the other seasons of the same maker."""
        return self.filter(season__maker=season.maker_id).exclude(season=season)


class SeasonRow(models.Model):
    """One piece of a season: its cells, what is wrong with them, and the piece once it is signed.

    `digest` is of what would be signed; `position` its row in the spreadsheet.
    """

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=RowState.choices, default=RowState.NEW)
    cells = models.JSONField()
    cells_sha256 = models.CharField(max_length=64, db_index=True)
    # A list of [column, sentence].
    errors = models.JSONField(default=list, blank=True)
    # The steps of its recipe as it was when the row was looked at, and those that were done.
    making = models.JSONField(default=dict, blank=True)
    label = models.TextField(max_length=2000, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)
    # So many signed rows of other seasons say the same, and its maker took it in beside them.
    known_twins = models.PositiveSmallIntegerField(default=0, db_default=0)
    piece = models.OneToOneField(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="season_row"
    )
    leased_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = SeasonRowQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["season", "state"], name="rows_of_a_season")]
        constraints = [
            models.UniqueConstraint(fields=["season", "position"], name="one_row_per_position"),
            models.CheckConstraint(
                condition=Q(state__in=RowState.values), name="season_row_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="signed", piece__isnull=False)
                | (~Q(state="signed") & Q(piece__isnull=True)),
                name="signed_row_has_its_piece",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "signed"]) | ~Q(digest=""),
                name="ready_row_says_what_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.position} of {self.season}"


class PictureState(models.TextChoices):
    UNUSED = "unused", "not named by any row"
    NEW = "new", "to be made safe"
    READY = "ready", "made safe"
    REFUSED = "refused", "refused"


class SeasonPicture(models.Model):
    """A file of a ZIP, made safe once however many rows name it; `key` is its name compared."""

    season = models.ForeignKey(Season, on_delete=models.CASCADE, related_name="pictures")
    key = models.CharField(max_length=255)
    path = models.CharField(max_length=1000)
    # The ZIP that it came in later; none where it came with the season.
    zip_file = models.CharField(max_length=200, blank=True, default="", db_default="")
    # How it came about, as the rows say and then as the file itself says.
    source = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=7, choices=PictureState.choices)
    refusal = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    placeholder = models.TextField(max_length=4000, blank=True)
    renditions = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["season", "state"], name="pictures_of_a_season")]
        constraints = [
            models.UniqueConstraint(fields=["season", "key"], name="one_picture_per_name"),
            models.CheckConstraint(
                condition=Q(state__in=PictureState.values), name="season_picture_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0)
                & ~Q(sha256=""),
                name="ready_picture_has_a_size",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""),
                name="refused_picture_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.key

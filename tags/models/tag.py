"""Tags: the printed codes and chips that lead from a piece of metal to its record."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from provenance.identifiers import new_public_id
from provenance.models.maker import Maker
from provenance.models.piece import Photograph, Piece
from tags.life import IN_STOCK, KEYED, ON_A_PIECE, TERMINAL, WORDS, TagState

# Three bytes count the readings of a chip; before the first there is none.
HIGHEST_COUNTER = 0xFF_FFFF
NO_COUNTER = -1
STATES = [(state.value, words) for state, words in WORDS.items()]


class TagKind(models.TextChoices):
    QR = "qr", "printed code"
    NFC = "nfc", "plain NFC tag"
    NTAG424 = "ntag424", "chip"


def _in(*states: TagState) -> Q:
    # Plain words: this is written into migrations.
    return Q(state__in=[state.value for state in states])


_ENDED = _in(*TERMINAL)
_LOOSE = Q(piece__isnull=True, place="", bound_at__isnull=True, maker__isnull=False)
_ATTACHED = Q(piece__isnull=False, bound_at__isnull=False) & ~Q(place="")


class TagQuerySet(models.QuerySet["Tag"]):
    def standing(self) -> "TagQuerySet":
        return self.exclude(state__in=TERMINAL)

    def in_stock_of(self, maker: Maker) -> "TagQuerySet":
        """In the maker's drawer, on no piece yet."""
        return self.filter(maker=maker, state__in=IN_STOCK)

    def on_pieces_of(self, maker: Maker) -> "TagQuerySet":
        return self.filter(piece__maker=maker)

    def of_maker(self, maker: Maker) -> "TagQuerySet":
        """On the maker's pieces or from the maker's drawer, in whatever state."""
        return self.filter(Q(maker=maker) | Q(piece__maker=maker))

    def of_batch(self, profile: str, key_version: int) -> "TagQuerySet":
        """The chips keyed with one version of a profile's master keys."""
        return self.filter(kind=TagKind.NTAG424, profile=profile, key_version=key_version)


class Tag(models.Model):
    """A mark that names one piece. `public_id` stands in the certificate, `code` on the card.

    A chip's serial number is kept only as a keyed digest (docs/adr/0018). Its counter is the
    highest ever seen under its present key version.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # Whose stock it came from; a printed code is drawn for its piece and was in no stock.
    maker = models.ForeignKey(
        Maker, on_delete=models.PROTECT, null=True, blank=True, related_name="tags"
    )
    piece = models.ForeignKey(
        Piece, on_delete=models.PROTECT, null=True, blank=True, related_name="tags"
    )
    kind = models.CharField(max_length=10, choices=TagKind.choices, default=TagKind.QR)
    place = models.CharField(max_length=40, blank=True, default="card")
    # Of the piece's own photographs, the one that shows the tag in its place.
    photograph = models.ForeignKey(
        Photograph, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    code = models.CharField(max_length=13, unique=True)
    state = models.CharField(max_length=11, choices=STATES, default=TagState.BOUND.value)
    since = models.DateTimeField("in this state since", default=timezone.now)
    # Part of the capability cookie: a new epoch makes every cookie of this code worthless.
    epoch = models.PositiveIntegerField(default=1)
    uid_digest = models.BinaryField(max_length=16, null=True, editable=False)
    profile = models.CharField(max_length=20, blank=True)
    key_version = models.PositiveSmallIntegerField(default=0)
    last_counter = models.IntegerField(default=NO_COUNTER, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    bound_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    # The day the opened seal was first seen; it never closes again.
    tampered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    # How often the printed code was opened, and by how many networks on its busiest day.
    times_opened = models.PositiveIntegerField(default=0, editable=False)
    most_networks = models.PositiveIntegerField(default=0, editable=False)
    # When its maker was last written to because many opened it.
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = TagQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["profile", "key_version"], name="tags_of_a_key_batch")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TagKind.values), name="tag_kind_is_known"),
            models.CheckConstraint(
                condition=(_in(*IN_STOCK) & _LOOSE)
                | (_in(*ON_A_PIECE, TagState.REPLACED) & _ATTACHED)
                | (_in(TagState.RETIRED, TagState.COMPROMISED) & (_LOOSE | _ATTACHED)),
                name="tag_is_in_stock_or_on_a_piece",
            ),
            models.UniqueConstraint(
                fields=["piece", "place"], condition=~_ENDED, name="one_standing_tag_per_place"
            ),
            models.CheckConstraint(
                condition=(_ENDED & Q(ended_at__isnull=False))
                | (~_ENDED & Q(ended_at__isnull=True)),
                name="ended_tag_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True)
                | (_in(TagState.REPLACED) & ~Q(replaced_by=F("pk"))),
                name="only_a_replaced_tag_names_its_successor",
            ),
            models.CheckConstraint(
                condition=~_in(TagState.VERIFIED) | Q(verified_at__isnull=False),
                name="verified_tag_has_a_date",
            ),
            models.CheckConstraint(
                condition=~_in(TagState.TAMPERED) | Q(tampered_at__isnull=False),
                name="tampered_tag_has_a_date",
            ),
            models.UniqueConstraint(fields=["uid_digest"], name="uid_is_unique"),
            models.CheckConstraint(
                condition=Q(kind=TagKind.NTAG424)
                | Q(profile="", key_version=0, last_counter=NO_COUNTER),
                name="only_a_chip_has_keys_and_a_counter",
            ),
            models.CheckConstraint(
                condition=~(Q(kind=TagKind.NTAG424) & _in(*KEYED))
                | (Q(uid_digest__isnull=False, key_version__gte=1) & ~Q(profile="")),
                name="written_chip_has_uid_and_keys",
            ),
            models.CheckConstraint(
                condition=Q(last_counter__gte=NO_COUNTER, last_counter__lte=HIGHEST_COUNTER),
                name="counter_has_24_bits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.piece}" if self.piece else self.public_id

    @property
    def is_on_a_piece(self) -> bool:
        return self.piece_id is not None

"""What a maker chooses at the bench: engravings, tags to be written, a tag on a piece."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from provenance.forms.fields import MeasureField, WordsField
from provenance.models.piece import Photograph
from tags import codes
from tags.engraving import Polarity, Style
from tags.models.tag import Tag
from tags.services import stocking

MARKS = [
    (Polarity.DARK.value, "Dark on light metal: it marks the code"),
    (Polarity.LIGHT.value, "Light on dark metal: it marks the ground around the code"),
]
PLAIN = "plain"
MOST_SET_ASIDE = 200


class EngravingForm(forms.Form):
    """How large the code becomes, and what the laser does to this metal."""

    side = MeasureField(
        label="Side of the square",
        example="10",
        whole=3,
        help_text="With the empty margin, which belongs to the code.",
    )
    mark = forms.ChoiceField(
        label="The mark of your laser", choices=MARKS, widget=forms.RadioSelect
    )
    mirrored = forms.BooleanField(
        label="Mirrored: seen from behind, or pressed from a die", required=False
    )

    def clean_side(self) -> Decimal:
        # "1e1" is 10, and is written so on drawings and files.
        return Decimal(f"{self.cleaned_data['side']:f}")

    @property
    def style(self) -> Style:
        """What was chosen, once it is valid."""
        chosen = self.cleaned_data
        return Style(Polarity(chosen["mark"]), is_mirrored=chosen["mirrored"])


def _kinds() -> list[tuple[str, str]]:
    chips = [(name, f"NTAG 424 DNA chip, “{name}”") for name in stocking.profiles_here()]
    return [(PLAIN, "Plain NFC tag"), *chips]


class SetAsideForm(forms.Form):
    """Which tags are written next, and how many of them."""

    what = forms.ChoiceField(label="Kind of tag", choices=_kinds, widget=forms.RadioSelect)
    count = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=MOST_SET_ASIDE,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a whole number such as 10.",
            "required": "Write a whole number such as 10.",
            "min_value": "Write a whole number such as 10.",
            "max_value": f"At most {MOST_SET_ASIDE} at once.",
        },
    )

    @property
    def profile(self) -> str:
        """The profile of the chips, once it is valid; "" for plain tags."""
        what: str = self.cleaned_data["what"]
        return "" if what == PLAIN else what


class WrittenForm(forms.Form):
    """What another app read back from a tag that it wrote."""

    read = forms.CharField(
        label="The address on the tag",
        max_length=600,
        help_text="Read the tag with the app, and copy what stands on it.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": "Copy the address that stands on the tag."},
    )
    serial = forms.CharField(
        label="Its serial number",
        max_length=40,
        required=False,
        help_text="As the app shows it, such as 04:DE:5F:1E:AC:C0:40.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ResultsForm(forms.Form):
    """The table that a vendor brought back."""

    table = forms.FileField(
        label="The table",
        help_text="CSV, at most 1000 rows.",
        error_messages={
            "required": "Choose the table first.",
            "empty": "This file is empty.",
        },
    )


ON_RECORD = "For your own record. Whoever reads the tag is told what happened and the day."


class PauseTagForm(forms.Form):
    reason = WordsField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=ON_RECORD,
        error_messages={"required": "Say why. A tag is not paused without a reason."},
    )


class LiftTagForm(forms.Form):
    reason = WordsField(
        label="Why it speaks again",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on your record with the pause.",
        error_messages={"required": "Say why. A pause is not lifted without a reason."},
    )


class RetireTagForm(forms.Form):
    """What ends a tag cannot be undone, so it is asked twice."""

    reason = WordsField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=ON_RECORD,
        error_messages={"required": "Say why. A tag does not end without a reason."},
    )
    sure = forms.BooleanField(
        label="I am sure. This cannot be undone.",
        error_messages={"required": "Say that you are sure: this cannot be undone."},
    )


class _ReadyForm(forms.Form):
    """Which tag that is ready goes on a piece, and which photograph shows it there."""

    def __init__(
        self, *args: Any, tags: Sequence[Tag], photographs: Sequence[Photograph], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._tags = {tag.public_id: tag for tag in tags}
        self._photographs = {each.public_id: each for each in photographs}
        self.fields["tag"] = forms.ChoiceField(
            choices=[("", "Choose"), *((name, _said(tag)) for name, tag in self._tags.items())],
            error_messages={
                "required": "Choose the tag.",
                "invalid_choice": "This tag is not ready. Choose another one.",
            },
        )
        shown = ((name, each.alt) for name, each in self._photographs.items())
        self.fields["photograph"] = forms.ChoiceField(
            label="The photograph that shows it there",
            choices=[("", "None"), *shown],
            required=False,
        )

    @property
    def has_ready(self) -> bool:
        return bool(self._tags)

    def clean_tag(self) -> Tag:
        return self._tags[self.cleaned_data["tag"]]

    def clean_photograph(self) -> Photograph | None:
        return self._photographs.get(self.cleaned_data["photograph"])


class BindForm(_ReadyForm):
    """A ready tag, and where it sits."""

    field_order = ("tag", "place", "photograph")
    place = WordsField(
        label="Where it sits",
        max_length=40,
        help_text="As you would tell it: inside the band, in the clasp. Each place once.",
        error_messages={"required": "Say where it sits on the piece."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class ReplaceTagForm(_ReadyForm, RetireTagForm):
    """A ready tag in the place of another."""


def _said(tag: Tag) -> str:
    return f"{codes.show_code(tag.code)}, {tag.get_kind_display()}"

"""What a maker and the staff type about a workshop and its certificates."""

from typing import Any

from django import forms

from provenance import countries
from provenance.forms.fields import WordsField
from provenance.services.register import Workshop


class WorkshopForm(forms.Form):
    """How a workshop introduces itself."""

    name = WordsField(
        label="Workshop", max_length=80, help_text="As it stands on your cards: Tidewell Bench."
    )
    person = WordsField(
        label="Your name", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    town = WordsField(
        max_length=60, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    country = forms.ChoiceField(
        choices=[("", "Choose"), *countries.NAMES.items()],
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    sponsors_mark = WordsField(
        label="Sponsor’s mark",
        max_length=8,
        required=False,
        help_text="The letters you registered with an assay office.",
    )
    about = WordsField(
        label="About the workshop",
        max_length=1200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def workshop(self) -> Workshop:
        return Workshop(**self.cleaned_data)


class WithdrawForm(forms.Form):
    """Withdrawing cannot be undone, so the title is typed once more."""

    reason = WordsField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who checks the piece reads this.",
        error_messages={"required": "Say why. A certificate is not withdrawn without a reason."},
    )
    confirmation = WordsField(max_length=80)

    def __init__(self, *args: Any, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = title
        self.fields["confirmation"].label = f"Type “{title}” to be sure"

    def clean_confirmation(self) -> str:
        typed: str = self.cleaned_data["confirmation"]
        if typed.strip().casefold() != self.title.strip().casefold():
            raise forms.ValidationError(f"This is not the title. Type “{self.title}”.")
        return typed


class PauseForm(forms.Form):
    """A pause is told with its reason, and can be lifted."""

    reason = WordsField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who checks the piece reads this. Name nobody.",
        error_messages={"required": "Say why. A certificate is not paused without a reason."},
    )


class LiftForm(forms.Form):
    reason = WordsField(
        label="Why it stands again",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on record with the pause.",
        error_messages={"required": "Say why. A pause is not lifted without a reason."},
    )


class CorrectForm(forms.Form):
    """Why a piece is certified anew; the words are signed."""

    reason = WordsField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: resized from N to O. It stands in the new certificate, for everyone.",
        error_messages={"required": "Say why. A new certificate says what the old one lacked."},
    )


class TokenForm(forms.Form):
    label = WordsField(
        label="What is it for", max_length=60, help_text="Such as: shop system, season import."
    )

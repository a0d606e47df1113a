"""What is typed about who may see: a level, a PIN, an invitation, a report, a seal."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, cast

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils import timezone

from memories.forms import Revised
from memories.models.access import ReportReason
from memories.models.gift import Gift
from memories.models.montage import Montage, MontageLevel
from memories.services.gifts import Wrapping
from memories.services.invitations import Guest
from memories.services.sharing import Choice

SIX_DIGITS: Final = re.compile(r"[0-9]{6}")
# What the first who tries would try.
EASY: Final = frozenset({"123456", "654321", "012345", "123123", "112233", "121212"})
FARTHEST_DAY: Final = timedelta(days=3653)
PIN_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"}
MEANINGS: Final = {
    MontageLevel.ONLY_ME: "Nobody else learns that this page exists.",
    MontageLevel.INVITED: "Each by a link of their own, until a day you choose.",
    MontageLevel.PIN: "They scan the code, then type six digits that you told them.",
    MontageLevel.TAP: "The chip must answer in their hand. After ten minutes it must answer again.",
    MontageLevel.CODE: "Also whoever only saw a photograph of it, or was sent its link.",
    MontageLevel.PUBLIC: "The record of the piece leads to it. Search engines are asked to leave.",
}


class WhoForm(Revised):
    """Who may see a page, and the PIN."""

    level = forms.ChoiceField(label="Who may see it, once published", widget=forms.RadioSelect)
    pin = forms.CharField(
        label="New PIN",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=PIN_ATTRIBUTES),
        help_text="Six digits. Whoever typed an older one has to type the new one.",
    )

    def __init__(self, *args: Any, has_chip: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_chip = has_chip
        level = cast(forms.ChoiceField, self.fields["level"])
        level.choices = [
            (each.value, each.label)
            for each in MontageLevel
            if has_chip or each != MontageLevel.TAP
        ]

    @classmethod
    def of(cls, montage: Montage, *, has_chip: bool) -> "WhoForm":
        initial = {"revision": montage.revision, "level": montage.level}
        return cls(initial=initial, has_chip=has_chip)

    @property
    def options(self) -> list[tuple[BoundWidget, str]]:
        """Each level as a radio button, and what it really means."""
        return [
            (option, MEANINGS[MontageLevel(str(option.data["value"]))]) for option in self["level"]
        ]

    def clean_pin(self) -> str:
        pin = _digits(self.cleaned_data["pin"])
        if pin and not SIX_DIGITS.fullmatch(pin):
            raise forms.ValidationError("A PIN has six digits, and nothing else.")
        if pin in EASY or len(set(pin)) == 1:
            raise forms.ValidationError("That one is guessed first. Choose another.")
        return pin

    def said(self) -> Choice:
        return Choice(MontageLevel(self.cleaned_data["level"]), self.cleaned_data["pin"])


class PinForm(forms.Form):
    """The PIN, as a visitor types it."""

    pin = forms.CharField(
        label="The PIN",
        max_length=20,
        widget=forms.TextInput(attrs={**PIN_ATTRIBUTES, "autofocus": True}),
        help_text="Six digits.",
        error_messages={"required": "Type the six digits you were told."},
    )

    def clean_pin(self) -> str:
        pin = _digits(self.cleaned_data["pin"])
        if not SIX_DIGITS.fullmatch(pin):
            raise forms.ValidationError("A PIN has six digits, and nothing else.")
        return pin


class InviteForm(forms.Form):
    """Somebody to invite: by mail to a person, or by a link to pass on."""

    name = forms.CharField(
        label="Who is it for?",
        max_length=60,
        help_text="Only you read this: “Nele”, “the cousins”.",
    )
    email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        help_text="They get a link of their own. Leave it empty for a link to pass on yourself.",
    )
    lasts = forms.TypedChoiceField(
        label="For how long?",
        coerce=int,
        choices=[(7, "A week"), (30, "A month"), (365, "A year")],
        initial=30,
        widget=forms.RadioSelect,
    )
    may_add = forms.BooleanField(
        label="They may bring photographs too",
        required=False,
        help_text="You look at each before anybody else sees it.",
    )

    @classmethod
    def of(cls, montage: Montage) -> "InviteForm":
        """For a gift one mostly asks for photographs."""
        return cls(initial={"may_add": montage.is_gift_draft})

    def said(self) -> Guest:
        told = self.cleaned_data
        return Guest(told["name"], told["email"], told["may_add"], timedelta(days=told["lasts"]))


class ReportForm(forms.Form):
    """What is wrong with a page; nothing about who says so."""

    reason = forms.ChoiceField(
        label="What is wrong?", choices=ReportReason.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="In your words",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever keeps the page reads this. Leave your name out if you like.",
    )


class SealForm(forms.Form):
    """What the recipient of a gift reads first, and when it opens."""

    sender = forms.CharField(
        label="From", max_length=60, required=False, help_text="As they call you."
    )
    greeting = forms.CharField(
        label="A line for the cover",
        max_length=200,
        required=False,
        help_text="The only words they read before it is open.",
    )
    opens = forms.ChoiceField(
        label="It opens",
        choices=[("opening", "When they press “Open it”"), ("date", "On a day")],
        initial="opening",
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label="The day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="From its first minute (UTC). Nobody opens it before, not even they.",
    )

    @classmethod
    def of(cls, gift: Gift) -> "SealForm":
        until = gift.montage.sealed_until
        told: dict[str, Any] = {"sender": gift.sender, "greeting": gift.greeting}
        if until is not None:
            told |= {"opens": "date", "day": until.date()}
        return cls(initial=told)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("opens") == "date" and "day" in told:
            problem = _why_no_day(told["day"], today=timezone.now().date())
            if problem:
                self.add_error("day", problem)
        return told

    def said(self) -> Wrapping:
        told = self.cleaned_data
        day = told["day"] if told["opens"] == "date" else None
        opens_at = datetime.combine(day, time(), tzinfo=UTC) if day else None
        return Wrapping(told["sender"], told["greeting"], opens_at)


def _why_no_day(day: date | None, *, today: date) -> str:
    if day is None:
        return "Choose the day on which it opens."
    if day <= today:
        return "That day is not ahead of us. Choose a later one."
    if day > today + FARTHEST_DAY:
        return "That is further off than this site can promise: ten years at most."
    return ""


def _digits(typed: str) -> str:
    """As people write it down: with a space or a dash in the middle."""
    return re.sub(r"[\s-]", "", typed)

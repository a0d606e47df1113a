"""What a keeper may type: the code of a card, the words of a page, the words of a memory."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms

from memories.models import Item, Montage, MontageLevel, Opening
from memories.services.arrange import ItemWords, PageWords
from tags import codes
from tags.errors import MalformedCodeError

AS_THE_PAGE = "page"
CODE_ATTRIBUTES = {
    "autocomplete": "off",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "placeholder": "XXXX-XXXX-XXXX-XXXXX",
}


class ClaimForm(forms.Form):
    """The one-time code under the fold of the card."""

    code = forms.CharField(
        label="The code under the fold",
        help_text="17 letters and digits as they stand there. Dashes and case do not matter.",
        max_length=60,
        widget=forms.TextInput(attrs=CODE_ATTRIBUTES),
        error_messages={"required": "Type the code that stands under the fold of the card."},
    )

    def clean_code(self) -> codes.ClaimCode:
        try:
            return codes.read_claim_code(self.cleaned_data["code"])
        except MalformedCodeError as problem:
            said = str(problem)
            raise forms.ValidationError(f"{said[:1].upper()}{said[1:]}.") from problem


class Revised(forms.Form):
    """A form that knows which revision of the montage its page showed."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def at_revision(self, revision: int) -> Self:
        """The same form with the same words, for the montage as it is now."""
        self.data = {**_flat(self.data), self.add_prefix("revision"): str(revision)}
        return self


class PageForm(Revised):
    title = forms.CharField(max_length=80, required=False, label="Title")
    words = forms.CharField(
        label="A few words",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    level = forms.ChoiceField(
        label="Who may see it, once published",
        choices=MontageLevel.choices,
        widget=forms.RadioSelect,
        help_text="Whoever scans the card, or was sent its code, may look. Nobody sees your name.",
    )
    opening = forms.ChoiceField(
        label="A scan opens with",
        choices=Opening.choices,
        widget=forms.RadioSelect,
        help_text="The result of the check stays on top of both.",
    )

    @classmethod
    def of(cls, montage: Montage) -> "PageForm":
        fields = ("revision", "title", "words", "level", "opening")
        return cls(initial={name: getattr(montage, name) for name in fields})

    def said(self) -> PageWords:
        return PageWords(**{name: self.cleaned_data[name] for name in PageWords.__annotations__})


class ItemForm(Revised):
    caption = forms.CharField(
        label="Caption", max_length=240, required=False, help_text="What you would say aloud."
    )
    when = forms.CharField(
        label="When", max_length=40, required=False, help_text="As you remember it: “Summer 2019”."
    )
    alt = forms.CharField(
        label="What can be seen",
        max_length=240,
        required=False,
        help_text="For those who listen to this page: “Two cups by a rainy window”.",
    )
    level = forms.ChoiceField(
        label="Who may see it",
        choices=[(AS_THE_PAGE, "As the page"), (MontageLevel.ONLY_ME, "Only me")],
        widget=forms.RadioSelect,
    )

    @classmethod
    def of(cls, item: Item) -> "ItemForm":
        words = {name: getattr(item, name) for name in ItemWords.__annotations__}
        words["level"] = item.level or AS_THE_PAGE
        return cls(initial={"revision": item.montage.revision, **words})

    def said(self) -> ItemWords:
        words = {name: self.cleaned_data[name] for name in ItemWords.__annotations__}
        words["level"] = "" if words["level"] == AS_THE_PAGE else words["level"]
        return ItemWords(**words)


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data}

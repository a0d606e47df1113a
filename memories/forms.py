"""What a keeper may type: the code of a card, the words of a page, the words of a memory."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, cast

from django import forms
from django.forms import BoundField

from memories.framing import Frame, Point, frame_between
from memories.models.chapter import Chapter
from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel, Opening, Template, Theme
from memories.services.arrange import ItemWords, PageWords, Placing
from memories.services.chapters import chapter_of
from memories.services.editing import Look
from tags import codes
from tags.errors import MalformedCodeError

AS_THE_PAGE = "page"
NO_CHAPTER = ""
PERCENT = {"inputmode": "numeric", "step": 1}
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

    @property
    def told(self) -> list[tuple[str, str]]:
        """What stands in each field, as a person reads it."""
        return [(str(field.label), _in_words(field)) for field in self if field.name != "revision"]

    def that_differ(self, saved: "Revised") -> list[tuple[str, str]]:
        """The fields that another device saved otherwise, as they are now."""
        pairs = zip(self.told, saved.told, strict=True)
        return [now for typed, now in pairs if typed != now]

    def at_revision(self, revision: int) -> Self:
        """The same form with the same words, for the montage as it is now."""
        self.data = {**_flat(self.data), self.add_prefix("revision"): str(revision)}
        return self


def _in_words(field: BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(_choices_of(field.field)).get(str(value), ""))
    if isinstance(field.field, forms.BooleanField):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _choices_of(field: forms.ChoiceField) -> list[tuple[str, str]]:
    listed = cast(Iterable[tuple[str, str]], field.choices)
    return [(str(value), str(label)) for value, label in listed]


class PageForm(Revised):
    title = forms.CharField(max_length=80, required=False, label="Title")
    words = forms.CharField(
        label="A few words",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    opening = forms.ChoiceField(
        label="A scan opens with",
        choices=Opening.choices,
        widget=forms.RadioSelect,
        help_text="The result of the check stays on top of both.",
    )

    @classmethod
    def of(cls, montage: Montage) -> "PageForm":
        fields = ("revision", "title", "words", "opening")
        return cls(initial={name: getattr(montage, name) for name in fields})

    def said(self) -> PageWords:
        return PageWords(**{name: self.cleaned_data[name] for name in PageWords.__annotations__})


def _edge(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=100, widget=forms.NumberInput(PERCENT)
    )


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
        choices=[
            (AS_THE_PAGE, "As the page"),
            *((level, level.label) for level in MontageLevel if level != MontageLevel.PUBLIC),
        ],
        widget=forms.RadioSelect,
        help_text="Where this and the page differ, the stricter of both counts.",
    )
    has_child = forms.BooleanField(
        label="A child is in it",
        required=False,
        help_text="Then nobody sees it without the PIN, however open the page is.",
    )

    chapter = forms.ChoiceField(label="Chapter", required=False)
    focus_left = forms.IntegerField(
        label="From the left",
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(PERCENT),
    )
    focus_top = forms.IntegerField(
        label="From the top",
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(PERCENT),
    )

    def __init__(self, *args: Any, chapters: Iterable[Chapter] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast(forms.ChoiceField, self.fields["chapter"])
        choice.choices = [
            (NO_CHAPTER, "None"),
            *((each.public_id, each.title) for each in chapters),
        ]

    @classmethod
    def of(cls, item: Item, chapters: Sequence[Chapter]) -> "ItemForm":
        words = {name: getattr(item, name) for name in ItemWords.__annotations__}
        words["level"] = item.level or AS_THE_PAGE
        chapter = chapter_of(item, chapters)
        placed = {
            "chapter": chapter.public_id if chapter else NO_CHAPTER,
            "focus_left": round(item.focus_x * 100),
            "focus_top": round(item.focus_y * 100),
        }
        return cls(
            initial={"revision": item.montage.revision, **words, **placed}, chapters=chapters
        )

    def said(self) -> ItemWords:
        words = {name: self.cleaned_data[name] for name in ItemWords.__annotations__}
        words["level"] = "" if words["level"] == AS_THE_PAGE else words["level"]
        return ItemWords(**words)

    def placed(self, item: Item) -> Placing:
        """Where it hangs and what stays in sight; a number that was not sent stays as it is."""
        left, top = self.cleaned_data["focus_left"], self.cleaned_data["focus_top"]
        focus = Point(
            item.focus_x if left is None else left / 100,
            item.focus_y if top is None else top / 100,
        )
        return Placing(self.cleaned_data["chapter"], focus)


class CropForm(Revised):
    """What is left of a photograph, by its four edges in percent of the whole."""

    left = _edge("Left edge")
    top = _edge("Upper edge")
    right = _edge("Right edge")
    bottom = _edge("Lower edge")

    @classmethod
    def of(cls, item: Item) -> "CropForm":
        kept = item.crop
        return cls(
            initial={
                "revision": item.montage.revision,
                "left": round(kept.left * 100),
                "top": round(kept.top * 100),
                "right": round((kept.left + kept.width) * 100),
                "bottom": round((kept.top + kept.height) * 100),
            }
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and self.frame is None:
            raise forms.ValidationError("That leaves nothing to see. Leave at least 5 in 100.")
        return said

    @property
    def frame(self) -> Frame | None:
        said = self.cleaned_data
        return frame_between(*(said[edge] / 100 for edge in ("left", "top", "right", "bottom")))


class LookForm(Revised):
    """How the memories stand on the page, and in what light."""

    template = forms.ChoiceField(
        label="How they stand", choices=Template.choices, widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label="In what light", choices=Theme.choices, widget=forms.RadioSelect
    )

    @classmethod
    def of(cls, montage: Montage) -> "LookForm":
        return cls(
            initial={
                "revision": montage.revision,
                "template": montage.template,
                "theme": montage.theme,
            }
        )

    def said(self) -> Look:
        return Look(self.cleaned_data["template"], self.cleaned_data["theme"])


class ChapterForm(Revised):
    title = forms.CharField(
        label="Title of the chapter",
        max_length=80,
        error_messages={"required": "Say what the chapter is called."},
    )

    @classmethod
    def of(cls, chapter: Chapter) -> "ChapterForm":
        return cls(initial={"revision": chapter.montage.revision, "title": chapter.title})


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in data}

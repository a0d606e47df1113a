"""The steps of making on the bench: a row for each, ticked when it is done."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from provenance.forms.fields import WordsField
from provenance.forms.step_words import FAMILIES
from provenance.making_reading import read_span
from provenance.making_record import WHOLE_PIECE, Fault, InvalidRecordError
from provenance.models.making import Control
from provenance.policy import policy_named
from provenance.steps import StepFacts, new_ident

MOST_STEPS: Final = 60
PREFIX: Final = "steps"
# With an empty `who` the maker did it; whoever else did is named by role.
WHO: Final = (("", "me"), ("employed", "in my workshop"), ("outside", "outside"))
ROLES: Final = ("caster", "setter", "engraver", "polisher", "plater", "enameller", "assay office")
_WHEN = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?")
_NO_DAY = "Write a day such as 2026-11-20."
# What a fault of the record means to the person whose row it is.
_TOLD: Final = {
    Fault.MISSING: "Say which.",
    Fault.UNKNOWN_CONTROL: "Say how it was done.",
    Fault.CONTROL_DOES_NOT_FIT: "This way of working does not go with this kind of step.",
    Fault.UNKNOWN_PART: "The piece has no such part. Choose another.",
    Fault.UNKNOWN_INPUT: "Name what the work began with: sheet, strip, wire, tube, bar, ingot or "
    "grain; or what came ready: blank, setting, chain, clasp.",
    Fault.BAD_DIGEST: "A file is named by sha256: and 64 letters and digits.",
    Fault.IN_FUTURE: "This day lies in the future.",
    Fault.BEFORE_MAKER: "This day lies too far back.",
    Fault.ENDS_BEFORE_START: "It is finished before it is started.",
    Fault.CYCLE: "This step begins with something that only a later step makes.",
    Fault.REPEATED_ID: "This step stands here twice. Take one of them out.",
}
_FIELDS: Final = {"actor": "role", "id": "kind"}


def _kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    kinds = policy_named().kinds
    return [
        (
            label,
            [(kind, _capital(told)) for kind, told in kinds.items() if kind.startswith(f"{f}.")],
        )
        for f, label in FAMILIES.items()
    ]


def _controls() -> list[tuple[str, list[tuple[str, str]]]]:
    groups = policy_named().controls
    return [
        (label, [(value, told) for value, told in Control.choices if value in groups[name]])
        for name, label in (("making", "Work on the piece"), ("design", "Design"))
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


CHOOSE: Final = ("", "Choose")


class WhenInput(forms.TextInput):
    """A day is picked; a moment, as a start at the bench leaves it, is text."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = "text" if "T" in str(value or "") else "date"
        return context


class WhenField(forms.CharField):
    """A day, or a moment in UTC, exactly as the record writes it."""

    widget = WhenInput

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            read_span(text, "")
        except InvalidRecordError as problem:
            raise ValidationError(_NO_DAY) from problem
        if not _WHEN.fullmatch(text):
            raise ValidationError(_NO_DAY)
        return text


class ListField(WordsField):
    """Several short words with commas between them."""

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        return tuple(word.strip() for word in text.split(",") if word.strip())


class StepForm(forms.Form):
    """One step; what it is stands first, the rest may wait."""

    done = forms.BooleanField(required=False)
    ident = forms.SlugField(max_length=30, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What was done", choices=[CHOOSE, *_kinds()])
    control = forms.ChoiceField(label="How", choices=[CHOOSE, *_controls()])
    part = forms.CharField(label="On which part", required=False, widget=forms.Select)
    who = forms.ChoiceField(label="Done by", choices=WHO, required=False)
    role = WordsField(
        label="Their role",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "roles", "autocomplete": "off"}),
    )
    place = WordsField(label="Where", max_length=60, required=False)
    started = WhenField(required=False)
    finished = WhenField(required=False)
    tools = ListField(max_length=300, required=False, help_text="With commas between them.")
    inputs = ListField(
        label="Began with",
        max_length=1000,
        required=False,
        help_text="Raw material such as sheet, wire, bar; or what came ready, such as a blank.",
    )
    outputs = ListField(max_length=1000, required=False, widget=forms.HiddenInput)
    note = WordsField(max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"use_required_attribute": False}))

    def clean(self) -> None:
        who, role = self.cleaned_data.get("who"), self.cleaned_data.get("role")
        if who and not role:
            self.add_error("role", "Name the role: caster, setter, plater.")
        # An account's or a company's id comes from a program; a role belongs to somebody else.
        if role and not who and ":" not in role and role != "maker":
            self.add_error("who", "Say who has this role.")

    def offer_parts(self, names: Iterable[str]) -> None:
        """The parts to choose from; what is chosen stays, even where there is no such part."""
        chosen = str(self["part"].value() or "")
        known = dict.fromkeys([*names, *([chosen] if chosen not in ("", WHOLE_PIECE) else [])])
        choices = [(name, name.replace("-", " ")) for name in known]
        self.fields["part"].widget = forms.Select(
            choices=[(WHOLE_PIECE, "the whole piece"), *choices]
        )

    @property
    def drawn(self) -> StepFacts:
        """The step as far as it can be told before anything is judged."""
        typed = {name: str(self[name].value() or "") for name in self.fields}
        return StepFacts(
            ident=typed["ident"],
            kind=typed["kind"],
            control=typed["control"],
            part=typed["part"] or WHOLE_PIECE,
            actor=_actor(typed["who"], typed["role"]),
            started=typed["started"],
            finished=typed["finished"],
            is_done=bool(self["done"].value()),
        )

    def step(self) -> StepFacts:
        """The step as typed; only after `is_valid`."""
        typed = self.cleaned_data
        return StepFacts(
            ident=typed["ident"],
            kind=typed["kind"],
            control=typed["control"],
            part=typed["part"] or WHOLE_PIECE,
            actor=_actor(typed["who"], typed["role"]),
            place=typed["place"],
            started=typed["started"],
            finished=typed["finished"],
            tools=typed["tools"],
            inputs=typed["inputs"],
            outputs=typed["outputs"],
            note=typed["note"],
            is_done=typed["done"],
        )


def _actor(who: str, role: str) -> str:
    return f"{who}:{role}" if who else role


if TYPE_CHECKING:
    StepRows = BaseFormSet[StepForm]
else:
    StepRows = formset_factory(
        StepForm, extra=0, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
    )


def show_fault(rows: "BaseFormSet[StepForm]", problem: InvalidRecordError) -> None:
    """Put what is wrong with the record beside the field of its row."""
    show_at(rows, problem.path, told(problem))


def show_at(rows: "BaseFormSet[StepForm]", path: str, sentence: str) -> None:
    """Put a sentence beside the field of a path such as "making.steps.3.kind"."""
    names = path.removeprefix("making.steps.").split(".")
    place, field = names[0], names[1] if len(names) > 1 else ""
    if not (place.isdecimal() and int(place) < len(rows.forms)):
        return
    row = rows.forms[int(place)]
    field = _FIELDS.get(field, field)
    row.add_error(field if field in row.fields else "kind", sentence)


def told(problem: InvalidRecordError) -> str:
    """What is wrong with a record, for the person who typed it."""
    said = str(problem).removeprefix(f"{problem.path}: ")
    return _TOLD.get(problem.fault, f"{_capital(said)}.")


# -- adding and recipes -------------------------------------------------------------------------


class AddStepForm(forms.Form):
    """One more step: what, and how."""

    new_kind = forms.ChoiceField(
        label="What was done",
        choices=[CHOOSE, *_kinds()],
        error_messages={"required": "Say what was done."},
    )
    new_control = forms.ChoiceField(
        label="How",
        choices=[CHOOSE, *_controls()],
        error_messages={"required": "Say how it was done."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"use_required_attribute": False}))

    def step(self, *, taken: Iterable[str]) -> StepFacts:
        kind: str = self.cleaned_data["new_kind"]
        wanted = kind.partition(".")[2].replace("_", "-")
        return StepFacts(
            new_ident(wanted, set(taken)), kind, control=self.cleaned_data["new_control"]
        )


class RecipesForm(forms.Form):
    """A recipe to use, or a name under which to keep the steps."""

    recipe_name = WordsField(label="Name of the recipe", max_length=60, required=False)

    def __init__(self, *args: Any, recipes: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any):
        super().__init__(*args, **(kwargs | {"use_required_attribute": False}))
        groups = [(label, list(names)) for label, names in recipes.items() if names]
        self.fields["recipe"] = forms.ChoiceField(
            label="Use a recipe", required=False, choices=[("", "Choose a recipe"), *groups]
        )


# -- rows as they are typed ---------------------------------------------------------------------

Row = dict[str, Any]


def typed_step(step: StepFacts) -> Row:
    """A step as its row shows it."""
    place, _, role = step.actor.partition(":")
    is_known = place in dict(WHO) and role != ""
    return {
        **vars(step),
        "done": "on" if step.is_done else "",
        "who": place if is_known else "",
        "role": role if is_known else step.actor,
        "tools": ", ".join(step.tools),
        "inputs": ", ".join(step.inputs),
        "outputs": ", ".join(step.outputs),
    }


def typed_rows(data: Mapping[str, Any]) -> list[Row]:
    """The rows of a form that was sent, whatever is typed in them."""
    sent = str(data.get(f"{PREFIX}-TOTAL_FORMS", "0"))
    is_number = sent.isascii() and sent.isdecimal() and len(sent) < 6
    many = min(int(sent), MOST_STEPS) if is_number else 0
    fields = StepForm.base_fields
    return [{name: data.get(f"{PREFIX}-{n}-{name}", "") for name in fields} for n in range(many)]


def with_rows(data: QueryDict, rows: Sequence[Row]) -> QueryDict:
    """The same form with these steps instead of those that were sent."""
    changed = data.copy()
    for name in [each for each in changed if each.startswith(f"{PREFIX}-")]:
        del changed[name]
    changed[f"{PREFIX}-TOTAL_FORMS"] = str(len(rows))
    changed[f"{PREFIX}-INITIAL_FORMS"] = "0"
    for n, row in enumerate(rows):
        for name in StepForm.base_fields:
            # An unticked box sends nothing.
            if name != "done" or row[name]:
                changed[f"{PREFIX}-{n}-{name}"] = row[name]
    return changed


def place_for(kind: str, rows: Sequence[Row]) -> int:
    """Where a new step stands: after the last one that is made before it."""
    order = list(FAMILIES)

    def rank(of: str) -> int:
        family = of.partition(".")[0]
        return order.index(family) if family in order else len(order)

    before = [n for n, row in enumerate(rows) if rank(str(row["kind"])) <= rank(kind)]
    return before[-1] + 1 if before else 0

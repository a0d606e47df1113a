"""What a maker types about work on a finished piece."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict

from provenance.alterations import NOTHING_DONE, AlterationError, EmptyAlterationError
from provenance.forms.fields import WordsField
from provenance.forms.steps import (
    PREFIX,
    StepRows,
    show_fault,
    typed_rows,
    typed_step,
    with_rows,
)
from provenance.making_record import WHOLE_PIECE, InvalidRecordError
from provenance.services.alterations import Work
from provenance.steps import StepFacts, new_ident


@dataclass(frozen=True)
class Usual:
    """A kind of work that comes often: its name, its planned steps, and the part it renews.

    Of what we cannot know, the reading that flatters less is planned; the maker changes it.
    """

    name: str
    steps: tuple[StepFacts, ...]
    renews: str = ""


USUAL: Final = {
    "resize": Usual("Resized", (StepFacts("resize", "join.solder", "hand_guided", part="shank"),)),
    "shank": Usual(
        "New shank",
        (
            StepFacts("new-shank", "form.bought_part", "bought_in", part="shank"),
            StepFacts("solder", "join.solder", "hand_guided"),
        ),
        renews="shank",
    ),
    "plate": Usual("Plated again", (StepFacts("plate", "finish.plate", "machine"),)),
    "stone": Usual("Stone exchanged", (StepFacts("set", "set.stone", "hand", part="head"),)),
    "other": Usual("Something else", (StepFacts("work", "", ""),)),
}


class AlterationForm(forms.Form):
    """When, why, and which parts gave way to new ones."""

    on = forms.DateField(
        label="Day it was done",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": "Say on which day.",
            "invalid": "Write a day such as 2027-03-12.",
        },
    )
    reason = WordsField(
        max_length=300,
        help_text="In a few words: two sizes up for its keeper.",
        error_messages={"required": "Say why, in a few words."},
    )

    def __init__(self, *args: Any, parts: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **(kwargs | {"use_required_attribute": False}))
        # Of a piece of one part nothing would be left.
        if len(parts) > 1:
            self.fields["replaced"] = forms.MultipleChoiceField(
                label="Which parts are new",
                choices=[(part, part.replace("-", " ")) for part in parts],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="How the old part was made no longer counts. Say above how the new one "
                "came about.",
            )


@dataclass(frozen=True)
class WorkSheet:
    """The form and the rows of its steps, as typed."""

    facts: AlterationForm
    steps: StepRows
    parts: tuple[str, ...]

    def is_valid(self) -> bool:
        # Both are asked, so that every field says what it needs.
        is_valid = self.facts.is_valid() & self.steps.is_valid()
        if not self.steps.forms:
            self.show(EmptyAlterationError(NOTHING_DONE))
        return is_valid and bool(self.steps.forms)

    def is_told(self) -> bool:
        """Whether the steps can be read; when it was and why may be left out of a preview."""
        self.facts.is_valid()
        for name in ("on", "reason"):
            if not self.facts.data.get(name):
                self.facts.errors.pop(name, None)
        return self.steps.is_valid() and not self.facts.errors

    def work(self, *, today: date) -> Work:
        typed = self.facts.cleaned_data
        return Work(
            on=typed.get("on") or today,
            reason=typed.get("reason", ""),
            steps=tuple(row.step() for row in self.steps.forms),
            replaced=tuple(typed.get("replaced", ())),
        )

    def show(self, problem: AlterationError | InvalidRecordError) -> None:
        """Put what is wrong beside its field."""
        if isinstance(problem, InvalidRecordError):
            show_fault(self.steps, problem)
        elif problem.path in self.facts.fields:
            self.facts.add_error(problem.path, str(problem))
        else:
            self.facts.add_error(None, str(problem))

    @property
    def first_error(self) -> str:
        """The one sentence a person reads first."""
        asked = (*self.steps.forms, self.facts)
        found = (text for form in asked for texts in form.errors.values() for text in texts)
        return str(next(found, ""))


def blank_sheet(*, parts: Sequence[str], today: date) -> WorkSheet:
    """Nothing is said yet, but that it was today."""
    facts = AlterationForm(parts=parts, initial={"on": today})
    return _sheet(facts, StepRows(prefix=PREFIX), parts)


def sent_sheet(data: QueryDict, *, parts: Sequence[str]) -> WorkSheet:
    return _sheet(AlterationForm(data, parts=parts), StepRows(data, prefix=PREFIX), parts)


def redrawn_sheet(data: QueryDict, *, parts: Sequence[str]) -> WorkSheet:
    """The same words with the steps of a usual kind of work, or a step more or less."""
    changed = _usual(data, parts) if data.get("usual") in USUAL else _rows_changed(data)
    typed = AlterationForm(
        parts=parts,
        initial={
            "on": changed.get("on"),
            "reason": changed.get("reason"),
            "replaced": changed.getlist("replaced"),
        },
    )
    return _sheet(typed, StepRows(prefix=PREFIX, initial=typed_rows(changed)), parts)


def _sheet(facts: AlterationForm, rows: StepRows, parts: Sequence[str]) -> WorkSheet:
    for row in rows.forms:
        row.offer_parts(parts)
        # One is always chosen: the whole piece, or a part of it.
        row.fields["part"].required = True
        row.fields["kind"].error_messages["required"] = "Say what was done."
        row.fields["control"].error_messages["required"] = "Say how it was done."
    return WorkSheet(facts, rows, tuple(parts))


def _usual(data: QueryDict, parts: Collection[str]) -> QueryDict:
    chosen = USUAL[str(data["usual"])]
    steps = [
        step if step.part in parts else replace(step, part=WHOLE_PIECE) for step in chosen.steps
    ]
    changed = with_rows(data, [typed_step(step) for step in steps])
    changed.setlist("replaced", [chosen.renews] if chosen.renews in parts else [])
    known = {each.name for each in USUAL.values()}
    if changed.get("reason", "") in ("", *known) and chosen is not USUAL["other"]:
        changed["reason"] = chosen.name
    return changed


def _rows_changed(data: QueryDict) -> QueryDict:
    rows = typed_rows(data)
    removed = data.get("remove", "")
    if removed.isascii() and removed.isdecimal() and int(removed) < len(rows):
        del rows[int(removed)]
    if "add" in data:
        taken = {str(row["ident"]) for row in rows}
        rows.append(typed_step(StepFacts(new_ident("work", taken), "", "")))
    return with_rows(data, rows)

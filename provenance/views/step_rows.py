"""What the bench shows of the making: each step, what shows it, and what all of it allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.forms import Form
from django.urls import reverse
from django.utils import timezone

from provenance.forms.piece import Sheet
from provenance.forms.step_words import is_by_hand, step_icon, step_title, who_words
from provenance.forms.steps import ROLES, AddStepForm, RecipesForm, StepForm
from provenance.making import Derivation
from provenance.models.maker import Maker
from provenance.models.making import EvidenceKind, MakingStep, StepEvidence
from provenance.models.piece import CAPTURED, Piece
from provenance.services.making import facts_of_step
from provenance.steps import STARTERS, StepFacts
from provenance.views.pictures import SMALL, Picture

NOTHING_YET = "no photograph yet"
AFTERWARDS = "recorded afterwards"


@dataclass(frozen=True)
class Item:
    """A file behind a step: a picture, or what it is; `aside` is why it does not count."""

    ident: str
    name: str
    says: str
    digest: str
    picture: Picture | None
    is_film: bool
    note: str
    file: str
    aside: str = ""


@dataclass(frozen=True)
class StepRow:
    """One step on the bench: its fields, and what is told of it."""

    form: StepForm
    ident: str
    title: str
    icon: str
    says: str
    is_by_hand: bool
    can_begin: bool
    items: tuple[Item, ...]
    error: str


@dataclass(frozen=True)
class StepsDesk:
    """The whole of the steps, as one part of the page that can be drawn anew by itself."""

    heading: str
    rows: tuple[StepRow, ...]
    management: Form
    adding: AddStepForm
    recipes: RecipesForm
    is_saved_recipe: bool
    is_unfolded: bool
    errors: tuple[str, ...] = ()
    roles: tuple[str, ...] = ROLES

    @property
    def has_work_by_hand(self) -> bool:
        return any(row.is_by_hand for row in self.rows)

    @property
    def is_all_open(self) -> bool:
        """Whether there are several steps and none is ticked: then one tap may tick them all."""
        return len(self.rows) > 1 and not any(row.form.drawn.is_done for row in self.rows)


def desk_of(
    piece: Piece | None,
    sheet: Sheet,
    *,
    maker: Maker,
    derivation: Derivation | None,
    refused: Mapping[str, str],
    adding: AddStepForm | None = None,
    recipes: RecipesForm | None = None,
) -> StepsDesk:
    """The steps of this sheet, with the evidence that stands behind those of the piece."""
    known = _recipes(maker)
    adding, recipes = adding or AddStepForm(), recipes or recipes_form(maker)
    rows = _rows(piece, sheet, refused=refused, aside=set_aside(derivation))
    drawn = [row.form.drawn for row in rows]
    name = _recipe_named(drawn, known)
    return StepsDesk(
        heading=f"Steps, from the recipe “{name}”" if name else "Steps",
        rows=rows,
        management=sheet.making.management_form,
        adding=adding,
        recipes=recipes,
        is_saved_recipe=bool(name),
        is_unfolded=any(row.form.errors for row in rows),
        errors=tuple(map(str, sheet.making.non_form_errors())),
    )


def recipes_form(maker: Maker, data: Mapping[str, object] | None = None) -> RecipesForm:
    mine = [(each.public_id, each.name) for each in maker.recipes.all()]
    starters = [(f"starter-{n}", each.name) for n, each in enumerate(STARTERS)]
    return RecipesForm(data, recipes={"Your recipes": mine, "To begin with": starters})


def _recipes(maker: Maker) -> dict[str, list[tuple[str, str]]]:
    """What each recipe is made of, by its name; those of the workshop go first."""
    known = {
        each.name: [(str(step.get("kind")), str(step.get("control"))) for step in each.steps]
        for each in maker.recipes.all()
    }
    for starter in STARTERS:
        known.setdefault(starter.name, [(step.kind, step.control) for step in starter.steps])
    return known


def _recipe_named(steps: Sequence[StepFacts], known: Mapping[str, list[tuple[str, str]]]) -> str:
    made = [(step.kind, step.control) for step in steps]
    return next((name for name, recipe in known.items() if recipe == made), "") if made else ""


# -- one row ------------------------------------------------------------------------------------


def _rows(
    piece: Piece | None, sheet: Sheet, *, refused: Mapping[str, str], aside: Mapping[str, str]
) -> tuple[StepRow, ...]:
    standing = standing_steps(piece)
    now = timezone.now()
    names = sheet.part_names
    rows = []
    for form in sheet.making.forms:
        form.offer_parts(names)
        drawn = form.drawn
        step = standing.get(drawn.ident)
        rows.append(
            StepRow(
                form=form,
                ident=drawn.ident,
                title=step_title(drawn),
                icon=step_icon(drawn.control),
                says=says_of(drawn, step, now=now),
                is_by_hand=is_by_hand(drawn),
                can_begin=not drawn.is_done and not drawn.started,
                items=items_of(step, aside=aside, now=now) if step else (),
                error=refused.get(drawn.ident, ""),
            )
        )
    return tuple(rows)


def standing_steps(piece: Piece | None) -> dict[str, MakingStep]:
    """The steps of a piece by their ids, with their evidence."""
    if piece is None:
        return {}
    return {each.ident: each for each in piece.steps.prefetch_related("evidence")}


def says_of(drawn: StepFacts, step: MakingStep | None, *, now: datetime) -> str:
    """The second line of a step: who, since when, what shows it, and when it was told."""
    told = [who_words(drawn.actor)]
    if "T" in drawn.started and not drawn.is_done:
        told.append(f"started {when_words(datetime.fromisoformat(drawn.started), now=now)}")
    evidence = list(step.evidence.all()) if step else []
    if evidence:
        others = f" and {len(evidence) - 1} more" if len(evidence) > 1 else ""
        told.append(f"{_evidence_words(evidence[-1], now=now)}{others}")
    elif is_by_hand(drawn):
        told.append(NOTHING_YET)
    if step and _is_told_afterwards(drawn, step):
        told.append(AFTERWARDS)
    return ", ".join(each for each in told if each)


def _is_told_afterwards(drawn: StepFacts, step: MakingStep) -> bool:
    if step.recorded_at is None or not drawn.finished:
        return False
    return f"{step.recorded_at.astimezone(UTC):%Y-%m-%d}" > drawn.finished[:10]


def when_words(moment: datetime, *, now: datetime) -> str:
    """The time of today, or the day with its time; UTC."""
    at = moment.astimezone(UTC)
    if at.date() == now.astimezone(UTC).date():
        return f"{at:%H:%M} UTC"
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _evidence_words(item: StepEvidence, *, now: datetime) -> str:
    if item.captured_at:
        return f"{item.get_kind_display()} taken {when_words(item.captured_at, now=now)}"
    # When a picture from the gallery was taken, nobody here knows.
    return f"{item.get_kind_display()} added {when_words(item.recorded_at, now=now)}"


def told_steps(piece: Piece, *, now: datetime) -> list[dict[str, str]]:
    """What the page's own script is told of each saved step: its line, and its times."""
    return [
        {
            "ident": ident,
            "says": says_of(facts_of_step(step), step, now=now),
            "started": step.started,
            "finished": step.finished,
        }
        for ident, step in standing_steps(piece).items()
    ]


@dataclass(frozen=True)
class Line:
    """A step in words, for a page that only shows it."""

    icon: str
    title: str
    says: str


def signed_steps(piece: Piece, *, now: datetime) -> list[Line]:
    """The steps that signing now would sign: those that are ticked."""
    done = [step for step in standing_steps(piece).values() if step.is_done]
    return [_line(facts_of_step(step), step, now=now) for step in done]


def planned_steps(piece: Piece) -> list[str]:
    """The steps that are not ticked, and so are not signed."""
    return [step_title(facts_of_step(step)) for step in piece.steps.all() if not step.is_done]


def _line(drawn: StepFacts, step: MakingStep, *, now: datetime) -> Line:
    return Line(step_icon(drawn.control), step_title(drawn), says_of(drawn, step, now=now))


# -- evidence -----------------------------------------------------------------------------------


def items_of(step: MakingStep, *, aside: Mapping[str, str], now: datetime) -> tuple[Item, ...]:
    return tuple(_item(each, step, aside=aside, now=now) for each in step.evidence.all())


def _item(item: StepEvidence, step: MakingStep, *, aside: Mapping[str, str], now: datetime) -> Item:
    piece = step.piece.public_id
    said = _evidence_words(item, now=now)
    is_captured = not item.source or item.source in CAPTURED
    return Item(
        ident=item.public_id,
        name=f"{item.get_kind_display()} of: {step_title(facts_of_step(step))}",
        says=said[:1].upper() + said[1:],
        digest=item.sha256[:8],
        picture=evidence_picture(item, piece),
        is_film=item.kind == EvidenceKind.VIDEO,
        note="" if is_captured else item.get_source_display(),
        file="" if item.is_shown else _file_address(item, piece),
        aside=aside.get(item.sha256, ""),
    )


def evidence_picture(item: StepEvidence, piece: str, *, size: str = SMALL) -> Picture | None:
    """The picture of a photograph behind a step; None for what is kept and not shown."""
    if not item.is_shown:
        return None
    rendition = item.renditions[size]
    return Picture(
        src=reverse("provenance:piece_evidence", args=[piece, item.public_id, size]),
        width=rendition["width"],
        height=rendition["height"],
        alt="",
    )


def _file_address(item: StepEvidence, piece: str) -> str:
    return reverse("provenance:workshop_evidence_file", args=[piece, item.public_id])


def set_aside(derivation: Derivation | None) -> dict[str, str]:
    """Why an item does not count, by its digest."""
    ignored = derivation.ignored if derivation else ()
    return {each.sha256: each.why for each in ignored}

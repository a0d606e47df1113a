"""How the bench names a step: short enough for a row on a phone, its icon says the rest."""

from typing import Final

from provenance.policy import policy_named
from provenance.steps import StepFacts

FAMILIES: Final = {
    "design": "Design",
    "model": "Model",
    "form": "Forming",
    "join": "Joining",
    "decorate": "Decoration",
    "set": "Stones",
    "finish": "Finish",
    "mark": "Marks",
    "check": "Checks",
}
# Who or what steered the step.
ICONS: Final = {
    "human": "hand",
    "human_cad": "cad",
    "parametric": "cad",
    "ai_assisted": "ai",
    "ai_generated": "ai",
    "hand": "hand",
    "hand_guided": "guided",
    "templated": "mould",
    "machine": "machine",
    "additive": "printed",
    "bought_in": "people",
}
_TITLES: Final = {
    "design.sketch": "Sketched",
    "design.cad": "Drawn in CAD",
    "design.ai": "Sketches suggested by AI",
    "design.customer": "Customer’s design",
    "design.licensed": "Licensed design",
    "model.wax_carve": "Model carved in wax",
    "model.wax_print": "Model printed in wax",
    "model.wax_mill": "Model milled in wax",
    "model.wax_inject": "Wax injected into a mould",
    "model.mould": "Mould made",
    "form.fabricate": "Shaped",
    "form.forge": "Forged",
    "form.cast": "Cast",
    "form.stamp": "Stamped",
    "form.cnc": "Cut on a CNC machine",
    "form.print_metal": "Printed in metal",
    "form.electroform": "Electroformed",
    "form.draw": "Drawn to shape",
    "form.roll": "Rolled",
    "form.spin": "Spun to shape",
    "form.weave": "Woven",
    "form.bought_part": "Bought ready-made",
    "join.solder": "Soldered",
    "join.weld": "Welded",
    "join.laser_weld": "Welded with a laser",
    "join.rivet": "Riveted",
    "join.assemble": "Put together",
    "decorate.engrave": "Engraved",
    "decorate.laser_engrave": "Engraved with a laser",
    "decorate.chase": "Chased",
    "decorate.texture": "Given a texture",
    "decorate.etch": "Etched",
    "decorate.enamel": "Enamelled",
    "decorate.inlay": "Inlaid",
    "set.stone": "Stones set",
    "set.pave": "Pavé set",
    "set.wax_set": "Stones set in the wax",
    "set.bead_string": "Beads strung",
    "finish.file": "Filed",
    "finish.polish": "Polished",
    "finish.tumble": "Tumbled in a barrel",
    "finish.texture": "Surface textured",
    "finish.patina": "Given a patina",
    "finish.plate": "Plated",
    "mark.maker": "Maker’s mark struck",
    "mark.hallmark": "Hallmarked",
    "mark.tag": "Tag attached",
    "check.weigh": "Weighed",
    "check.assay": "Metal tested",
    "check.qc": "Inspected one last time",
}
_EXACT: Final = {("design.ai", "ai_generated"): "Design made by AI"}


def step_title(step: StepFacts) -> str:
    """What was done, and of which part, in a few words.

    >>> step_title(StepFacts("set", "set.stone", "hand", part="head"))
    'Stones set by hand: head'
    """
    title = _EXACT.get((step.kind, step.control)) or _TITLES.get(step.kind, "A step")
    if is_by_hand(step):
        title = f"{title} by hand"
    return title if step.part in ("", "piece") else f"{title}: {step.part.replace('-', ' ')}"


def is_by_hand(step: StepFacts) -> bool:
    """Whether a claim could rest on this step: work by hand that the making test looks at."""
    policy = policy_named()
    return step.control in policy.by_hand and step.kind.partition(".")[0] in policy.judged


def step_icon(control: str) -> str:
    return ICONS.get(control, "dash")


def who_words(actor: str) -> str:
    """Who did it, where it was not the maker.

    >>> who_words("outside:caster")
    'outside caster'
    """
    place, _, role = actor.partition(":")
    return " ".join(actor.split(":")) if place in ("outside", "employed") and role else actor

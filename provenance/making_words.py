"""The steps of a making record in plain words: what was done, by whom, when, and what shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from provenance.making import Derivation
from provenance.making_evidence import Ignored
from provenance.making_reading import is_file
from provenance.making_record import WHOLE_PIECE, Evidence, Record, Span, Step
from provenance.phrases import capital, day_in_words, joined, listed, say, term
from provenance.policy import Policy, policy_named, read_data
from provenance.wording import LONGEST, lint

# A piece is told in this order, whatever order its record was written in.
FAMILIES: Final = ("design", "model", "form", "join", "decorate", "set", "finish", "mark", "check")
# The icon of a step shows who or what steered it.
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
WITHHELD: Final = say(
    "Words of this step are not shown: the record does not carry what they say (W1)."
)
_KINDS: Final = {
    "photo": say("Photograph"),
    "video": say("Film"),
    "file": say("File"),
    "cosign": say("Co-signature"),
    "receipt": say("Receipt"),
}
_SOURCES: Final = {
    "ai": say("AI image, not a photo of this piece"),
    "computer": say("computer image"),
    "edited": say("edited picture"),
}
_NUMBERED: Final = re.compile(r"(.+) (\d+)")
_CLAIM_RULES: Final = frozenset({"W1", "D1"})
# What is told beside the work, after a comma.
_ASIDE: Final = ", "
# No word list reads across it, so that two texts never make one claim.
_BETWEEN: Final = " ; "


@dataclass(frozen=True)
class KindWords:
    """How steps of one kind are told: `done` of a part ("cast"), or `title` for itself."""

    done: str
    title: str
    how: Mapping[str, str]
    exact: Mapping[str, str]
    means: str
    because: str


@dataclass(frozen=True)
class Words:
    """All a policy's words for people; nothing is ever derived from them."""

    kinds: Mapping[str, KindWords]
    how: Mapping[str, str]
    families: Mapping[str, str]
    design: Mapping[str, str]
    base: Mapping[str, str]
    beside_base: str
    operations: Mapping[str, str]
    grades: Mapping[str, Mapping[str, str]]
    rules: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ToldEvidence:
    """One item of evidence: `note` is what kind of picture it is, `aside` why it does not count."""

    kind: str
    sha256: str
    name: str
    words: str
    note: str = ""
    aside: str = ""

    @property
    def start(self) -> str:
        """The first characters of its digest, to tell it from another."""
        return self.sha256[:8]


@dataclass(frozen=True)
class Told:
    """One step as a page tells it, in sentences; what is not known is said to be not recorded."""

    step: str
    icon: str
    title: str
    means: str
    who_and_when: str
    with_what: str
    note: str
    withheld: str = ""
    evidence: tuple[ToldEvidence, ...] = ()


def timeline(record: Record, derivation: Derivation) -> tuple[Told, ...]:
    """Every step of a record in the order of the work, and by date where all have one."""
    policy = policy_named(derivation.policy)
    aside = {each.sha256: each for each in derivation.ignored}
    claims = _typed_claims(record.steps, derivation)
    return tuple(
        _told(step, record.maker_did, policy=policy, aside=aside, is_claim=step.ident in claims)
        for step in in_order(record.steps)
    )


def in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """By family; within one by date when every step of it has one, else as they were written."""
    ordered: list[Step] = []
    for family in FAMILIES:
        of_family = [step for step in steps if step.family == family]
        if all(_day_of(step) for step in of_family):
            of_family.sort(key=lambda step: [span.first for span in (_day_of(step),) if span])
        ordered += of_family
    return tuple(ordered)


def title_of(step: Step, policy: Policy) -> str:
    """What was done, and how it was steered.

    >>> title_of(Step("j1", "join.solder", "head", "hand"), policy_named())
    'Head soldered by hand'
    """
    kind = words_of(policy.name).kinds[step.kind]
    how = kind.how.get(step.control, words_of(policy.name).how.get(step.control))
    how = policy.control_words[step.control] if how is None else how
    part = part_words(step.part)
    return capital(_done(kind, how, part) if kind.done else _titled(kind, step, how, part))


def _done(kind: KindWords, how: str, part: str) -> str:
    """What was done of a part, and how: "head soldered by hand"."""
    done, more = term(kind.done, "done"), term(how.removeprefix(_ASIDE), "how")
    if not how:
        return say("%(part)s %(done)s", part=part, done=done) if part else done
    if how.startswith(_ASIDE):
        if part:
            return say("%(part)s %(done)s, %(how)s", part=part, done=done, how=more)
        return say("%(done)s, %(how)s", done=done, how=more)
    if part:
        return say("%(part)s %(done)s %(how)s", part=part, done=done, how=more)
    return say("%(done)s %(how)s", done=done, how=more)


def _titled(kind: KindWords, step: Step, how: str, part: str) -> str:
    """Work that has a name of its own: "head: stones set by hand"."""
    exact = kind.exact.get(step.control)
    title = term(exact or kind.title, "title")
    if how and not exact:
        more = term(how.removeprefix(_ASIDE), "how")
        if how.startswith(_ASIDE):
            title = say("%(title)s, %(how)s", title=title, how=more)
        else:
            title = say("%(title)s %(how)s", title=title, how=more)
    return say("%(part)s: %(title)s", part=part, title=title) if part else title


def part_name(part: str) -> str:
    """A part as a sentence names it ("strand 1"); nothing for the whole piece."""
    return "" if part == WHOLE_PIECE else part.replace("-", " ")


def part_words(part: str) -> str:
    """The same in any tongue, where it is a word of the trade.

    >>> part_words("strand-1")
    'strand 1'
    """
    name = part_name(part)
    if found := _NUMBERED.fullmatch(name):
        return joined([term(found[1], "part"), found[2]])
    return term(name, "part")


def who_of(actor: str, maker_did: str) -> str:
    """Who did it, by role alone; "" when it is not recorded.

    >>> who_of("outside:caster", "did:web:touchmark.example:j:tidewell-bench")
    'by an outside caster'
    """
    place, _, role = actor.partition(":")
    role = role.strip()
    if actor and actor in (maker_did, "maker"):
        return say("by the maker")
    if place == "outside":
        if not role:
            return say("by somebody outside")
        return say("by an outside %(role)s", role=term(role, "role"))
    if place == "employed" and role:
        return say("by the workshop’s %(role)s", role=term(role, "role"))
    return say("by: %(actor)s", actor=actor) if actor else ""


@cache
def words_of(name: str) -> Words:
    """The words for people of a policy; UnknownPolicyError when it is not held here."""
    data = read_data(f"{name}.words")
    return Words(
        kinds={kind: _kind_words(each) for kind, each in _objects(data["kinds"]).items()},
        how=_texts(data["how"]),
        families=_texts(data["families"]),
        design=_texts(data["design"]),
        base=_texts(data["base"]),
        beside_base=str(data["beside_base"]),
        operations=_texts(data["operations"]),
        grades={name: _texts(each) for name, each in _objects(data["grades"]).items()},
        rules={name: _texts(each) for name, each in _objects(data["rules"]).items()},
    )


def _told(
    step: Step, maker: str, *, policy: Policy, aside: Mapping[str, Ignored], is_claim: bool
) -> Told:
    words = words_of(policy.name)
    means = (words.kinds[step.kind].means, words.families.get(step.family, ""))
    shown = replace(step, actor="", place="", tools=(), inputs=()) if is_claim else step
    return Told(
        step=step.ident,
        icon=ICONS[step.control],
        title=title_of(step, policy),
        means=joined(term(each, "means") for each in means),
        who_and_when=_who_and_when(shown, step, who_of(shown.actor, maker)),
        with_what=_with_what(shown),
        note="" if is_claim else step.note,
        withheld=WITHHELD if is_claim else "",
        evidence=tuple(
            _told_evidence(item, policy, aside.get(item.sha256)) for item in step.evidence
        ),
    )


def _typed_claims(steps: tuple[Step, ...], derivation: Derivation) -> frozenset[str]:
    """The ids of steps beside which a maker typed a claim that the record does not carry.

    A place, a tool or a note is no way around the rules (W1).
    """
    typed = {step.ident: _typed(step) for step in steps}
    # Nearly every record is innocent, and one reading of it all shows that.
    if not _is_claim(_BETWEEN.join(dict.fromkeys(typed.values())), derivation):
        return frozenset()
    return frozenset(ident for ident, text in typed.items() if _is_claim(text, derivation))


def _typed(step: Step) -> str:
    texts = (step.actor, step.place, *step.tools, *_materials(step), step.note)
    return _BETWEEN.join(text for text in texts if text)


def _is_claim(text: str, derivation: Derivation) -> bool:
    if len(text) > LONGEST:
        return True
    granted = {*derivation.granted, derivation.design_phrase}
    found = lint(text, granted=granted, policy=derivation.policy)
    return any(each.rule in _CLAIM_RULES for each in found)


def _who_and_when(shown: Step, step: Step, who: str) -> str:
    when = _when(step)
    known = listed((who, when, shown.place))
    sentences = [joined([capital(known), "."], "") if known else ""]
    sentences.append(_not_recorded(has_who=bool(step.actor), has_when=bool(when)))
    if step.is_recorded_afterwards and step.recorded:
        day = step.recorded.first.date()
        sentences.append(say("Recorded afterwards, %(day)s.", day=day))
    return joined(sentences)


def _not_recorded(*, has_who: bool, has_when: bool) -> str:
    if has_who:
        return "" if has_when else say("When: not recorded.")
    return say("Who: not recorded.") if has_when else say("Who and when: not recorded.")


def _with_what(step: Step) -> str:
    materials = listed(term(each, "material") for each in _materials(step))
    tools = listed(term(each, "tool") for each in step.tools)
    return joined(
        [
            say("From: %(materials)s.", materials=materials) if materials else "",
            say("Tools: %(tools)s.", tools=tools) if tools else "",
        ]
    )


def _materials(step: Step) -> tuple[str, ...]:
    return tuple(token for token in step.inputs if not is_file(token))


def _when(step: Step) -> str:
    days = [span.first.date() for span in (step.started, step.finished) if span]
    if len(set(days)) == 2:
        return say("%(first)s to %(last)s", first=days[0], last=days[1])
    return day_in_words(days[0]) if days else ""


def _day_of(step: Step) -> Span | None:
    return step.started or step.finished


def _told_evidence(item: Evidence, policy: Policy, ignored: Ignored | None) -> ToldEvidence:
    return ToldEvidence(
        kind=item.kind,
        sha256=item.sha256,
        name=_KINDS.get(item.kind, _KINDS["file"]),
        words=_taken(item),
        note=_note(item, policy),
        aside=_aside(ignored) if ignored else "",
    )


def _aside(ignored: Ignored) -> str:
    why = (
        say("also used for piece %(piece)s", piece=ignored.piece)
        if ignored.piece
        else term(ignored.why, "why")
    )
    return say("Does not count: %(why)s (%(rule)s).", why=why, rule=ignored.rule)


def _taken(item: Evidence) -> str:
    if item.kind == "cosign":
        return say("by a party whose identity was checked") if item.is_verified_party else ""
    told: list[str] = []
    if item.captured:
        told.append(say("taken %(moment)s", moment=_moment(item.captured)))
    elif item.kind in ("photo", "video"):
        told.append(say("when it was taken is not recorded"))
    told += [say("in our own page")] if item.is_in_app else []
    told += [say("signed by the camera")] if item.is_c2pa_capture else []
    told += [say("its content credentials are broken")] if item.has_broken_credentials else []
    return listed(told)


def _moment(span: Span) -> str:
    if span.first != span.last:
        return day_in_words(span.first)
    return say("%(day)s, %(clock)s UTC", day=span.first.date(), clock=f"{span.first:%H:%M}")


def _note(item: Evidence, policy: Policy) -> str:
    if item.kind not in ("photo", "video"):
        return ""
    if not item.source:
        return say("source not recorded")
    group = next(name for name, sources in policy.sources.items() if item.source in sources)
    return _SOURCES.get(group, "")


# -- reading the words --------------------------------------------------------------------------


def _kind_words(data: Mapping[str, object]) -> KindWords:
    return KindWords(
        done=str(data.get("done", "")),
        title=str(data.get("title", "")),
        how=_texts(data.get("how")),
        exact=_texts(data.get("exact")),
        means=str(data.get("means", "")),
        because=str(data.get("because", "")),
    )


def _objects(value: object) -> dict[str, dict[str, object]]:
    named = value if isinstance(value, dict) else {}
    return {str(name): each for name, each in named.items() if isinstance(each, dict)}


def _texts(value: object) -> dict[str, str]:
    named = value if isinstance(value, dict) else {}
    return {str(name): str(text) for name, text in named.items()}

"""What a sentence is judged by: the facts of a piece, the words of a policy, and a finding."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Final

from provenance.canonical import JSON, JSONObject
from provenance.letters import fold
from provenance.policy import CURRENT_POLICY, read_data

LABORATORY: Final = "laboratory-grown"
# What may stand between the halves of a word; never the end of a clause: "at hand, set in gold".
_SEPARATED: Final = r"(?:[^\w,.;:!?()\[\]]|_|\.(?! ))"


@dataclass(frozen=True)
class StoneFact:
    """What a text may say of a stone; `name` is its variety or species in small letters."""

    name: str
    origin: str = "unknown"
    treatments: tuple[str, ...] = ()
    has_report: bool = False


@dataclass(frozen=True)
class MetalFact:
    """A part's metal; fineness in parts per thousand, `coating_microns` in micrometres."""

    element: str
    fineness: int | None = None
    coating: str = ""
    coating_fineness: int | None = None
    coating_microns: Decimal | None = None


@dataclass(frozen=True)
class Finding:
    """A word that is refused: where it stands, the rule, why, and what may be said instead."""

    word: str
    start: int
    end: int
    rule: str
    why: str
    best: str


@dataclass(frozen=True)
class Entry:
    """Words of one meaning in one language, and the claims that grant them."""

    rule: str
    language: str
    pattern: re.Pattern[str]
    claims: frozenset[str]
    why: str
    best: str
    unless: str


@dataclass(frozen=True)
class Words:
    """The word lists of a policy version, ready to search folded text with."""

    entries: tuple[Entry, ...]
    data: Mapping[str, JSONObject]
    shop_note: str
    # Finds a word in every text that anything could be refused in, but for the names of stones.
    suspect: re.Pattern[str]

    def section(self, name: str) -> JSONObject:
        """One named list of the file."""
        return self.data[name]


@cache
def words_of(policy: str = CURRENT_POLICY) -> Words:
    """The word lists of a policy; UnknownPolicyError when it is not held here."""
    data = _members(read_data(f"{policy}.wording"))
    entries = tuple(entry for each in _objects(data["claims"]) for entry in _entries(each))
    sections = {name: value for name, value in data.items() if isinstance(value, dict)}
    return Words(entries, sections, str(data["shop_note"]), compiled(_suspect(data)))


def _suspect(data: JSONObject) -> Iterator[str]:
    """Each pattern of the file by which a search begins."""
    for claim in _objects(data["claims"]):
        for patterns in _object(claim["words"]).values():
            yield from texts(patterns)
    yield from mapping(_object(data["misnamed"])["names"])
    yield from texts(_object(data["laboratory"])["adjectives"])
    yield from texts(_object(data["laboratory"])["nouns"])
    yield from mapping(_object(data["pearl"])["words"]).values()
    for metal in _object(data["metals"]).values():
        yield from mapping(metal).values()
    yield mapping(data["metal_rules"])["vermeil"]


def compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for a list of patterns, at the borders of words."""
    return _compiled(tuple(patterns))


@lru_cache(maxsize=1024)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    written = "|".join(_spelled(each) for each in patterns)
    return re.compile(rf"(?<![a-z0-9])(?:{written})(?![a-z0-9])")


def texts(value: JSON) -> list[str]:
    """The texts of a list."""
    return [str(each) for each in value] if isinstance(value, list) else []


def mapping(value: JSON) -> dict[str, str]:
    """The texts of an object by name."""
    return {key: str(each) for key, each in value.items()} if isinstance(value, dict) else {}


def is_filled(treatments: Iterable[str], words: Words) -> bool:
    """Whether a treatment fills a stone, so that it is a composite (rule S4)."""
    fillers = texts(words.section("filled")["treatments"])
    return any(filler in each.casefold() for each in treatments for filler in fillers)


def stones_of(subject: JSONObject) -> tuple[StoneFact, ...]:
    """The stones of a `credentialSubject`, as far as a text could misname them."""
    return tuple(
        StoneFact(
            name=fold(str(each.get("variety") or each.get("species") or "")).text,
            origin=str(each.get("origin") or "unknown"),
            treatments=tuple(texts(each.get("treatment"))),
            has_report=bool(each.get("reports")),
        )
        for each in _objects(subject.get("stones"))
    )


def metals_of(subject: JSONObject) -> tuple[MetalFact, ...]:
    """The metals of a `credentialSubject` with their coatings."""
    return tuple(_metal(each) for each in _objects(subject.get("parts")))


def _metal(part: JSONObject) -> MetalFact:
    metal, coating = _object(part.get("metal")), _object(part.get("coating"))
    return MetalFact(
        element=str(metal.get("element") or ""),
        fineness=_whole(metal.get("fineness")),
        coating=_coating(coating),
        coating_fineness=_whole(coating.get("fineness")),
        coating_microns=_decimal(coating.get("um")),
    )


def _coating(coating: JSONObject) -> str:
    """The coating in words: older certificates describe it, later ones name its metal."""
    told = coating.get("description") or coating.get("note") or ""
    metal = str(coating.get("metal") or "")
    return f"{metal}-plated" if metal not in {"", "other"} else str(told)


def _entries(data: JSONObject) -> list[Entry]:
    return [
        Entry(
            rule=str(data["rule"]),
            language=language,
            pattern=compiled(texts(patterns)),
            claims=frozenset(texts(data["claims"])),
            why=str(data["why"]),
            best=str(data.get("best", "")),
            unless=str(data.get("unless", "")),
        )
        for language, patterns in _object(data["words"]).items()
        if patterns
    ]


def _spelled(pattern: str) -> str:
    spaced = re.sub(r" (?!\?)", lambda _: f"{_SEPARATED}{{1,3}}", pattern)
    return spaced.replace("~", f"{_SEPARATED}{{0,3}}")


def _members(data: dict[str, object]) -> JSONObject:
    kinds = (dict, list, str)
    return {key: value for key, value in data.items() if isinstance(value, kinds)}


def _object(value: JSON) -> JSONObject:
    return value if isinstance(value, dict) else {}


def _objects(value: JSON) -> list[JSONObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _whole(value: JSON) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _decimal(value: JSON) -> Decimal | None:
    text = value.get("value") if isinstance(value, dict) else value
    try:
        return Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None

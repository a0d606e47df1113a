"""The numbers and words the laws of jewelry follow, as data of one policy version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from provenance.policy import CURRENT_POLICY, Rule, read_data

UNLISTED: Final = "unlisted"


@dataclass(frozen=True)
class Floor:
    """Least finenesses of a metal in parts per thousand.

    From `unqualified` on its name may stand alone, from `with_fineness` on with its fineness,
    from `named` on with its whole alloy; below that it may not be called by this metal's name.
    """

    unqualified: int
    with_fineness: int
    named: int


@dataclass(frozen=True)
class Vermeil:
    """What vermeil is: `coating` of that fineness, `micrometres` thick, over `base`."""

    base: str
    base_fineness: int
    coating: str
    coating_fineness: int
    micrometres: Decimal


@dataclass(frozen=True)
class Coatings:
    """What a coating may be; of `with_thickness` and `with_fineness` metals these are asked."""

    metals: tuple[str, ...]
    methods: tuple[str, ...]
    with_thickness: frozenset[str]
    with_fineness: frozenset[str]
    least_gold: int
    thickest: Decimal


@dataclass(frozen=True)
class HallmarkLimit:
    """From `grams` on a metal needs a hallmark; below `least` parts per thousand it gets none."""

    grams: Decimal
    least: int


@dataclass(frozen=True)
class Hallmark:
    """What a market asks for: kinds of mark in words, and the role of their photograph."""

    market: str
    marks: Mapping[str, str]
    photograph: str
    limits: Mapping[str, HallmarkLimit]


@dataclass(frozen=True)
class Treatment:
    """A treatment in words, and the care it needs; `care` is "" where it lasts and needs none."""

    says: str
    care: str
    source: str


@dataclass(frozen=True)
class Plausible:
    """Between these a figure is believed: millimetres, carats, grams per cubic centimetre."""

    ring_circumference: tuple[Decimal, Decimal]
    longest: Decimal
    longest_stone: Decimal
    density_in_its_box: tuple[Decimal, Decimal]
    heaviest_stone: Decimal


# Known by identity: there is one for each version, and what was judged by it may be remembered.
@dataclass(frozen=True, eq=False)
class JewelryRules:
    """One version of the rules; every field is read from its file and means what it says there."""

    name: str
    rules: Mapping[str, Rule]
    floors: Mapping[str, Floor]
    precious_words: re.Pattern[str]
    coatings: Coatings
    vermeil: Vermeil
    hallmark: Hallmark
    treatments: Mapping[str, Treatment]
    unlisted_care: str
    origins: Mapping[str, str]
    origin_words: re.Pattern[str]
    pearl_words: frozenset[str]
    flawless_grades: frozenset[str]
    graders: frozenset[str]
    carat_decimals: tuple[int, int]
    plausible: Plausible
    sourcing_kinds: frozenset[str]
    scopes: Mapping[str, str]

    def treatment(self, name: str) -> Treatment:
        """The treatment of this name; one that is not listed in its own words, with caution."""
        unlisted = Treatment(name, self.unlisted_care, self.name)
        return self.treatments.get(name, unlisted)


@cache
def rules_of(policy: str = CURRENT_POLICY) -> JewelryRules:
    """The jewelry rules of a policy; UnknownPolicyError when it is not held here.

    >>> rules_of().vermeil.micrometres
    Decimal('2.5')
    """
    data = read_data(f"{policy}.jewelry")
    sourcing = _object(data["sourcing"])
    carat = _object(data["carat"])
    return JewelryRules(
        name=str(data["name"]),
        rules={
            name: Rule(str(each["says"]), str(each["source"]))
            for name, each in _objects(data["rules"]).items()
        },
        floors={name: _floor(each) for name, each in _objects(data["metals"]).items()},
        precious_words=re.compile(str(data["precious_words"])),
        coatings=_coatings(_object(data["coatings"])),
        vermeil=_vermeil(_object(data["vermeil"])),
        hallmark=_hallmark(_object(data["hallmark"])),
        treatments={
            name: Treatment(str(each["says"]), str(each["care"]), str(each["source"]))
            for name, each in _objects(data["treatments"]).items()
        },
        unlisted_care=str(data["unlisted_treatment_care"]),
        origins=_texts(data["origins"]),
        origin_words=_any_word(_list(data["origin_words"])),
        pearl_words=frozenset(_list(data["pearl_words"])),
        flawless_grades=frozenset(_list(data["flawless_grades"])),
        graders=frozenset(_list(data["graders"])),
        carat_decimals=(_whole(carat["fewest_decimals"]), _whole(carat["most_decimals"])),
        plausible=_plausible(_object(data["plausible"])),
        sourcing_kinds=frozenset(_list(sourcing["kinds"])),
        scopes=_texts(sourcing["scopes"]),
    )


def _floor(data: Mapping[str, object]) -> Floor:
    return Floor(_whole(data["unqualified"]), _whole(data["with_fineness"]), _whole(data["named"]))


def _coatings(data: Mapping[str, object]) -> Coatings:
    return Coatings(
        metals=tuple(_list(data["metals"])),
        methods=tuple(_list(data["methods"])),
        with_thickness=frozenset(_list(data["with_thickness"])),
        with_fineness=frozenset(_list(data["with_fineness"])),
        least_gold=_whole(data["least_gold"]),
        thickest=Decimal(str(data["thickest_micrometres"])),
    )


def _vermeil(data: Mapping[str, object]) -> Vermeil:
    return Vermeil(
        base=str(data["base"]),
        base_fineness=_whole(data["base_fineness"]),
        coating=str(data["coating"]),
        coating_fineness=_whole(data["coating_fineness"]),
        micrometres=Decimal(str(data["micrometres"])),
    )


def _hallmark(data: Mapping[str, object]) -> Hallmark:
    return Hallmark(
        market=str(data["market"]),
        marks=_texts(data["marks"]),
        photograph=str(data["photograph"]),
        limits={
            metal: HallmarkLimit(Decimal(str(each["grams"])), _whole(each["least"]))
            for metal, each in _objects(data["metals"]).items()
        },
    )


def _plausible(data: Mapping[str, object]) -> Plausible:
    return Plausible(
        ring_circumference=_pair(data["ring_circumference_mm"]),
        longest=Decimal(str(data["longest_mm"])),
        longest_stone=Decimal(str(data["longest_stone_mm"])),
        density_in_its_box=_pair(data["grams_per_box_cm3"]),
        heaviest_stone=Decimal(str(data["heaviest_stone_carat"])),
    )


def _pair(data: object) -> tuple[Decimal, Decimal]:
    low, high = _list(data)
    return Decimal(low), Decimal(high)


def _any_word(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def _whole(data: object) -> int:
    return int(str(data))


def _list(data: object) -> list[str]:
    return [str(each) for each in data] if isinstance(data, list) else []


def _object(data: object) -> dict[str, object]:
    return dict(data) if isinstance(data, dict) else {}


def _objects(data: object) -> dict[str, dict[str, object]]:
    return {name: _object(each) for name, each in _object(data).items()}


def _texts(data: object) -> dict[str, str]:
    return {name: str(each) for name, each in _object(data).items()}

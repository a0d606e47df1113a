"""Words of the trade that makers type and that have a translation, by the place they stand in.

A maker may type any other word too: a page then shows it as it was typed, in every language.
"""

from typing import Final

TERMS: Final[dict[str, tuple[str, ...]]] = {
    "stone": (
        *("agate", "alexandrite", "amber", "amethyst", "aquamarine", "beryl", "carnelian"),
        *("chalcedony", "chrysoberyl", "chrysoprase", "citrine", "coral", "corundum"),
        *("cubic zirconia", "diamond", "emerald", "garnet", "glass", "golden beryl", "iolite"),
        *("jade", "jasper", "jet", "labradorite", "lapis lazuli", "malachite", "moissanite"),
        *("moonstone", "morganite", "mother-of-pearl", "onyx", "opal", "peridot", "prasiolite"),
        *("quartz", "rose quartz", "ruby", "sapphire", "smoky quartz", "spinel", "sunstone"),
        *("tanzanite", "topaz", "tourmaline", "turquoise", "zircon"),
        *("pearl", "natural pearl", "cultured pearl", "imitation pearl"),
    ),
    "origin": ("natural", "laboratory-grown", "cultured", "imitation", "composite"),
    "pearl": ("seed", "freshwater", "saltwater", "Akoya", "Tahitian", "South Sea", "baroque"),
    "shape": (
        *("baguette", "briolette", "cabochon", "cushion", "drop", "emerald", "heart", "hexagonal"),
        *("marquise", "octagonal", "oval", "pear", "princess", "rectangular", "rose", "round"),
        *("square", "step", "trillion"),
    ),
    "metal": (
        *("gold", "yellow gold", "white gold", "rose gold", "red gold", "pink gold", "green gold"),
        *("grey gold", "silver", "platinum", "palladium", "rhodium", "ruthenium"),
    ),
    "coating": (
        *("vermeil", "gold-plated", "silver-plated", "platinum-plated", "palladium-plated"),
        *("rhodium-plated", "ruthenium-plated"),
    ),
    "alloy": (
        *("aluminium", "brass", "bronze", "copper", "nickel silver", "niobium", "pewter"),
        *("stainless steel", "steel", "tantalum", "titanium"),
    ),
    "part": (
        *("backs", "bail", "band", "bezel", "body", "chain", "claws", "clasp", "cuff"),
        *("ear wires", "frame", "gallery", "head", "hinge", "hooks", "leaf", "links", "pin"),
        *("posts", "setting", "shank", "shoulders", "signet", "strand", "tube", "wire", "wires"),
    ),
    "place": ("back", "clasp", "face", "inside", "outside", "shank"),
    "role": (
        *("assay office", "caster", "designer", "enameller", "engraver", "goldsmith", "plater"),
        *("polisher", "setter", "stone setter"),
    ),
    "material": (
        *("bar", "bezel cup", "blank", "chain", "clasp", "ear wire", "earwire", "finding"),
        *("grain", "ingot", "jump ring", "mount", "rod", "setting", "shank", "sheet", "solder"),
        *("strip", "tube", "wax", "wire"),
    ),
    "tool": (
        *("burnisher", "draw plate", "file", "flex shaft", "graver", "hammer", "laser welder"),
        *("planishing hammer", "pliers", "punches", "rolling mill", "saw", "torch"),
    ),
    "measure": ("depth", "diameter", "height", "length", "thickness", "width"),
    "printed": ("label", "evidenceGrade", "refused"),
}

"""What the demonstration shows of Mira’s workshop: her pieces, their pictures and steps."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from provenance.jewelry import Coating, Edition, Mark, Part, Piece, Report, Sourcing, Stone
from provenance.steps import STARTERS, StepFacts


@dataclass(frozen=True)
class Picture:
    """A picture of `config/demo/pictures`, with its role and the words for who cannot see it."""

    file: str
    role: str
    alt: str


@dataclass(frozen=True)
class DemoPiece:
    """A piece with its pictures and steps; `shown` says which picture stands behind which step."""

    key: str
    facts: Piece
    pictures: tuple[Picture, ...]
    steps: tuple[StepFacts, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    has_chip: bool = False


TWB = Mark("sponsor", "TWB")
CASTER, ASSAYER = "outside:caster", "outside:assay office"
FLEX_SHAFT = ("flex shaft",)
HALF_WAY = 3


def fineness(text: str) -> Mark:
    return Mark("fineness", text)


def done(ident: str, kind: str, control: str, **more: Any) -> StepFacts:
    """A step that was done."""
    return StepFacts(ident, kind, control, is_done=True, **more)


MARLOWE = DemoPiece(
    "marlowe",
    Piece(
        title="Marlowe ring",
        kind="ring",
        year=2026,
        mass=Decimal("6.81"),
        edition=Edition("numbered", 3, 12),
        parts=(
            Part("shank", "gold", 750, colour="yellow", mass=Decimal("5.62"), name="Shank"),
            Part(
                "head",
                "platinum",
                950,
                mass=Decimal("0.86"),
                name="Head",
                role="six claws, holds the sapphire",
            ),
        ),
        stones=(
            Stone(
                "corundum",
                "natural",
                ("heat",),
                "sapphire",
                shape="oval",
                cut="mixed",
                carat=Decimal("1.52"),
                sizes=(Decimal("7.6"), Decimal("6.1"), Decimal("3.9")),
                country="LK",
                reports=(Report("EXAMPLE LAB", "0000000000", date(2026, 8, 3)),),
            ),
            Stone(
                "diamond",
                "laboratory-grown",
                ("none-known",),
                count=6,
                shape="round",
                cut="brilliant",
                carat=Decimal("0.02"),
                carat_total=Decimal("0.12"),
                colour="F to G",
                clarity="VS",
                graded_by="maker",
            ),
        ),
        marks=(TWB, fineness("750"), fineness("PT950")),
        circumference=Decimal("54.4"),
        measures=(
            ("height", Decimal("25.1")),
            ("width", Decimal("21.0")),
            ("depth", Decimal("7.8")),
        ),
        care=("No ultrasonic cleaning.",),
        warranty="Claws looked at and tightened free of charge, once a year.",
        collection="Harbour",
        keywords=("sapphire ring", "platinum claws"),
        description="An oval sapphire between paired claws, three small diamonds on each shoulder.",
        sku="MAR-03",
    ),
    (
        Picture(
            "marlowe-hero.jpg",
            "front",
            "Yellow gold ring standing on dark slate, with an oval blue sapphire in a six-claw "
            "platinum head and three small diamonds on each shoulder.",
        ),
        Picture(
            "marlowe-detail.jpg",
            "other",
            "Close view of the oval sapphire held by platinum claws, and small round diamonds "
            "along the gold shoulder.",
        ),
        Picture(
            "marlowe-marks.jpg",
            "marks",
            "Inside of a gold ring lying on linen, with the stamped marks TWB, 750 and PT950.",
        ),
    ),
    # Cast and machine-printed, and it says so; the computer images behind two steps do not
    # count, so nothing is said of the work by hand.
    (
        done("sketch", "design.ai", "ai_assisted", tools=("image model (named)",)),
        done("cad", "design.cad", "human_cad"),
        done("print", "model.wax_print", "additive", actor=CASTER),
        done("cast-shank", "form.cast", "templated", part="shank", actor=CASTER),
        done("cast-head", "form.cast", "templated", part="head", actor=CASTER),
        done("solder", "join.solder", "hand", part="head"),
        done("set", "set.stone", "hand", part="head"),
        done("polish", "finish.polish", "hand_guided", tools=FLEX_SHAFT),
        done("hallmark", "mark.hallmark", "machine", part="shank", actor=ASSAYER),
    ),
    (("cast-shank", "making-cast.jpg"), ("set", "making-half-set.jpg")),
    has_chip=True,
)
BRAID = DemoPiece(
    "braid",
    Piece(
        title="Three-strand ring",
        kind="ring",
        year=2026,
        mass=Decimal("7.40"),
        edition=Edition("one-of-one"),
        parts=(
            Part("strand-1", "gold", 750, colour="yellow", name="First strand"),
            Part("strand-2", "gold", 750, colour="rose", name="Second strand"),
            Part(
                "strand-3",
                "gold",
                750,
                colour="white",
                name="Third strand",
                coating=Coating("rhodium", "electroplated", micrometres=Decimal("0.3")),
            ),
        ),
        marks=(TWB, fineness("750")),
        circumference=Decimal("52.0"),
        care=("The rhodium on the white strand wears in time and can be renewed.",),
        collection="Harbour",
        sku="BRA-01",
    ),
    (
        Picture(
            "braid-hero.jpg",
            "front",
            "Ring plaited of three gold wires, yellow, rose and white, standing on linen.",
        ),
        Picture(
            "braid-detail.jpg",
            "other",
            "Close view of a ring plaited of yellow, rose and white gold wires on a walnut bench.",
        ),
    ),
    (
        done("sketch", "design.sketch", "human"),
        done("draw", "form.draw", "hand_guided", inputs=("wire",)),
        done("plait", "form.weave", "hand", inputs=("wire",)),
        done("solder", "join.solder", "hand", tools=("torch",)),
        done("file", "finish.file", "hand"),
        done("polish", "finish.polish", "hand_guided", tools=FLEX_SHAFT),
        done("mark", "mark.maker", "hand"),
    ),
)
CUFF = DemoPiece(
    "cuff",
    Piece(
        title="Planished cuff",
        kind="cuff",
        year=2026,
        mass=Decimal("41.2"),
        edition=Edition("one-of-one"),
        parts=(Part("cuff", "silver", 925, name="Cuff"),),
        marks=(TWB, fineness("925"), Mark("date", "2026")),
        measures=(("height", Decimal("24.0")), ("width", Decimal("62.0"))),
        care=("Bend it as little as you can: put it on over the narrow side of the wrist.",),
        collection="Anvil",
        sku="CUF-07",
    ),
    (
        Picture(
            "cuff-hero.jpg",
            "front",
            "Open silver cuff with overlapping hammer facets on a dark slate slab, a graver "
            "behind it.",
        ),
        Picture(
            "cuff-detail.jpg",
            "marks",
            "Inside of a silver cuff on a walnut bench, stamped TWB, 925 and 2026.",
        ),
    ),
    (
        done("sketch", "design.sketch", "human"),
        done("forge", "form.forge", "hand", inputs=("sheet",), tools=("planishing hammer",)),
        done("file", "finish.file", "hand"),
        done("polish", "finish.polish", "hand_guided", tools=FLEX_SHAFT),
        done("mark", "mark.maker", "hand"),
    ),
)
PENDANT = DemoPiece(
    "pendant",
    Piece(
        title="Leaf pendant",
        kind="pendant",
        year=2026,
        mass=Decimal("5.15"),
        edition=Edition("open"),
        parts=(Part("leaf", "gold", 750, colour="yellow", name="Leaf"),),
        sourcing=(
            Sourcing(
                "recycled",
                "leaf",
                "Example Chain of Custody",
                "product",
                "Certificate 0118",
                date(2031, 12, 31),
                "Refined from returned jewelry and workshop scrap.",
            ),
        ),
        marks=(TWB, fineness("750")),
        sku="LEA-21",
    ),
    (
        Picture(
            "pendant-hero.jpg",
            "front",
            "Gold leaf pendant with midrib and side veins on a thin chain, lying on dark slate.",
        ),
        Picture(
            "pendant-detail.jpg",
            "other",
            "Close view of a gold leaf pendant on blue-grey linen, its veins catching the light.",
        ),
    ),
)
SIGNET = DemoPiece(
    "signet",
    Piece(
        title="Oval signet, EM",
        kind="ring",
        year=2026,
        mass=Decimal("11.30"),
        edition=Edition("one-of-one"),
        parts=(Part("body", "gold", 375, colour="yellow", name="Signet"),),
        marks=(TWB, fineness("375"), Mark("engraving", "EM", "face")),
        circumference=Decimal("59.4"),
        sku="SIG-04",
    ),
    (
        Picture(
            "signet-hero.jpg",
            "front",
            "Gold signet ring on slate, its oval face engraved with the letters E and M.",
        ),
        Picture(
            "signet-detail.jpg",
            "other",
            "Close view of the oval face of a gold signet ring engraved EM inside a thin border.",
        ),
    ),
)
PEARLS = DemoPiece(
    "pearls",
    Piece(
        title="Cultured pearl drops",
        kind="earrings",
        year=2026,
        mass=Decimal("8.90"),
        edition=Edition("numbered", 2, 20),
        parts=(Part("wires", "gold", 750, colour="yellow", name="Ear wires"),),
        stones=(
            Stone("pearl", "cultured", ("unknown",), count=2, shape="drop"),
            Stone("pearl", "cultured", ("unknown",), "seed pearl", 2, "round"),
        ),
        care=("Put them on last: perfume and hair spray dull them.",),
        marks=(TWB, fineness("750")),
        sku="PEA-02",
    ),
    (
        Picture(
            "pearls-hero.jpg",
            "front",
            "Two pearl drop earrings hanging from a brass rod, warm lights out of focus behind.",
        ),
        Picture(
            "pearls-detail.jpg",
            "other",
            "Two pearl drop earrings with gold ear wires lying on beige linen.",
        ),
    ),
    # A recipe, ticked as far as the work has come.
    tuple(
        replace(step, is_done=number < HALF_WAY) for number, step in enumerate(STARTERS[0].steps)
    ),
)
SIGNED = (SIGNET, PENDANT, CUFF, BRAID, MARLOWE)
DRAFT = PEARLS

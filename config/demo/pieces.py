"""What the demonstration shows: Mira's pieces, and the memories Otto keeps."""

from dataclasses import dataclass
from decimal import Decimal

from provenance.jewelry import Edition, Mark, Part, Piece, Stone


@dataclass(frozen=True)
class Picture:
    """A picture of `config/demo/pictures`, with its role and the words for who cannot see it."""

    file: str
    role: str
    alt: str


@dataclass(frozen=True)
class DemoPiece:
    key: str
    facts: Piece
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Memory:
    file: str
    caption: str
    alt: str
    when: str


TWB = Mark("sponsor", "TWB")


def fineness(text: str) -> Mark:
    return Mark("fineness", text)


MARLOWE = DemoPiece(
    "marlowe",
    Piece(
        title="Marlowe ring",
        kind="ring",
        year=2026,
        mass=Decimal("6.81"),
        edition=Edition("numbered", 3, 12),
        parts=(
            Part("shank", "gold", 750, colour="yellow", mass=Decimal("5.62")),
            Part("head", "platinum", 950, mass=Decimal("0.86")),
        ),
        stones=(
            Stone("corundum", "natural", ("heat",), "sapphire", 1, "oval", Decimal("1.52")),
            Stone("diamond", "laboratory-grown", ("none-known",), "", 6, "round", Decimal("0.02")),
        ),
        marks=(TWB, fineness("750"), fineness("PT950")),
        circumference=Decimal("54.4"),
        care=("No ultrasonic cleaning.",),
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
            Part("strand-1", "gold", 750, colour="yellow"),
            Part("strand-2", "gold", 750, colour="rose"),
            Part("strand-3", "gold", 750, colour="white"),
        ),
        marks=(TWB, fineness("750")),
        circumference=Decimal("52.0"),
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
)
CUFF = DemoPiece(
    "cuff",
    Piece(
        title="Planished cuff",
        kind="cuff",
        year=2026,
        mass=Decimal("41.2"),
        edition=Edition("one-of-one"),
        parts=(Part("cuff", "silver", 925),),
        marks=(TWB, fineness("925"), Mark("date", "2026")),
        measures=(("width", Decimal("62.0")), ("height", Decimal("24.0"))),
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
)
PENDANT = DemoPiece(
    "pendant",
    Piece(
        title="Leaf pendant",
        kind="pendant",
        year=2026,
        mass=Decimal("5.15"),
        edition=Edition("open"),
        parts=(Part("leaf", "gold", 750, colour="yellow"),),
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
        parts=(Part("body", "gold", 375, colour="yellow"),),
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
        parts=(Part("wires", "gold", 750, colour="yellow"),),
        stones=(
            Stone("pearl", "unknown", ("unknown",), "cultured pearl", 2, "drop"),
            Stone("pearl", "unknown", ("unknown",), "cultured seed pearl", 2, "round"),
        ),
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
)
SIGNED = (SIGNET, PENDANT, CUFF, BRAID, MARLOWE)
DRAFT = PEARLS

TITLE = "A year and a half"
WORDS = (
    "From the café where it rained all afternoon to the garden, that summer.\n\n"
    "These are computer images, made for this demonstration."
)
MEMORIES = (
    Memory(
        "coffee-by-rainy-window.jpg",
        "The café where it rained all afternoon.",
        "Two cups of coffee and a book on a wooden table by a rainy window, town lights blurred "
        "outside.",
        "March 2025",
    ),
    Memory(
        "two-bicycles.jpg",
        "We never locked them.",
        "A green and a red bicycle leaning on a sunlit wall, flowers in the front basket.",
        "May 2025",
    ),
    Memory(
        "picnic-blanket.jpg",
        "Sunday on the meadow.",
        "Red checked blanket on grass with a basket, apples, lemonade and a book.",
        "June 2025",
    ),
    Memory(
        "sunset-jetty.jpg",
        "The last evening at the sea.",
        "Wooden jetty leading out over calm water towards a low orange sun.",
        "Summer 2025",
    ),
    Memory(
        "tent-under-stars.jpg",
        "First night under the stars.",
        "A canvas tent glowing warm in long grass between pines under a starry sky.",
        "Summer 2025",
    ),
    Memory(
        "misty-lake.jpg",
        "Six in the morning at the lake.",
        "Mist over a still lake at dawn, mountains and pines mirrored in the water.",
        "Summer 2025",
    ),
    Memory(
        "paper-boat.jpg",
        "The boat we folded.",
        "A folded paper boat on a still pond, autumn leaves floating behind it.",
        "October 2025",
    ),
    Memory(
        "town-lights-in-rain.jpg",
        "The night train home.",
        "Coloured town lights out of focus through a window with raindrops at dusk.",
        "November 2025",
    ),
    Memory(
        "snowy-bench.jpg",
        "Our bench, in January.",
        "Snow-covered park bench beside a lit lamp at blue hour, snow falling.",
        "January 2026",
    ),
    Memory(
        "birthday-cake.jpg",
        "Nine candles.",
        "Chocolate birthday cake with berries and nine lit candles, fairy lights behind.",
        "April 2026",
    ),
    Memory(
        "fairy-light-tree.jpg",
        "The garden, that summer.",
        "Tree hung with fairy lights at dusk, a small table and two chairs beside it.",
        "Summer 2026",
    ),
)

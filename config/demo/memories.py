"""The memories Otto keeps behind one of the demonstration's pieces."""

from dataclasses import dataclass

from memories.framing import MIDDLE, Point


@dataclass(frozen=True)
class Memory:
    file: str
    caption: str
    alt: str
    when: str
    focus: Point = MIDDLE


@dataclass(frozen=True)
class Chapter:
    """A title, and the file of the memory that it begins with."""

    title: str
    begins: str


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
        Point(0.4, 0.6),
    ),
    Memory(
        "two-bicycles.jpg",
        "We never locked them.",
        "A green and a red bicycle leaning on a sunlit wall, flowers in the front basket.",
        "May 2025",
        Point(0.45, 0.65),
    ),
    Memory(
        "picnic-blanket.jpg",
        "Sunday on the meadow.",
        "Red checked blanket on grass with a basket, apples, lemonade and a book.",
        "25 May 2025",
        Point(0.66, 0.5),
    ),
    Memory(
        "sunset-jetty.jpg",
        "The last evening at the sea.",
        "Wooden jetty leading out over calm water towards a low orange sun.",
        "Summer 2025",
        Point(0.57, 0.5),
    ),
    Memory(
        "tent-under-stars.jpg",
        "First night under the stars.",
        "A canvas tent glowing warm in long grass between pines under a starry sky.",
        "Summer 2025",
        Point(0.56, 0.75),
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
        Point(0.45, 0.55),
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
        Point(0.6, 0.6),
    ),
    Memory(
        "birthday-cake.jpg",
        "Nine candles.",
        "Chocolate birthday cake with berries and nine lit candles, fairy lights behind.",
        "April 2026",
        Point(0.5, 0.65),
    ),
    Memory(
        "fairy-light-tree.jpg",
        "The garden, that summer.",
        "Tree hung with fairy lights at dusk, a small table and two chairs beside it.",
        "Summer 2026",
        Point(0.55, 0.5),
    ),
)
CHAPTERS = (
    Chapter("The first spring", "coffee-by-rainy-window.jpg"),
    Chapter("That summer", "sunset-jetty.jpg"),
    Chapter("The dark half of the year", "paper-boat.jpg"),
    Chapter("And summer again", "birthday-cake.jpg"),
)
LOOK = ("collage", "dusk")

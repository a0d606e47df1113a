"""The kinds of jewelry as sentences name them: each tongue has its own articles and cases for them.

A phrase comes as the subject of a sentence or as the object of one: German tells them apart.
"""

from typing import Final

from provenance.phrases import term

SUBJECT: Final = "subject"
OBJECT: Final = "object"
NOUNS: Final = (
    *("ring", "pair of earrings", "pendant", "necklace", "bracelet", "cuff", "brooch"),
    *("pair of cufflinks", "piece"),
)
# How a sentence may point at a piece, and in which place of the sentence.
POINTING: Final = (("the", SUBJECT), ("the", OBJECT), ("this", OBJECT), ("another", OBJECT))


def the(noun: str) -> str:
    """The piece as the subject of a sentence.

    >>> the("ring")
    'the ring'
    """
    return term(f"the {noun}", SUBJECT)


def the_object(noun: str) -> str:
    """The piece as the object of a sentence."""
    return term(f"the {noun}", OBJECT)


def this_object(noun: str) -> str:
    """The piece at hand, as the object of a sentence."""
    return term(f"this {noun}", OBJECT)


def another_object(noun: str) -> str:
    """Some other piece of this kind, as the object of a sentence."""
    return term(f"another {noun}", OBJECT)


def alone(noun: str) -> str:
    """The noun without any article, as in a list."""
    return term(noun, "kind")

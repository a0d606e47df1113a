"""How well a maker is known and who signs for them, in words: pages print it beside the name."""

from provenance.phrases import say
from provenance.wording import shop_name_notes

_CHECKED = {
    "I0": say("E-mail confirmed"),
    "I1": say("Domain proven"),
    "I2": say("Mark checked by us"),
    "I3": say("Co-signed by a guild or a second maker"),
}
_MEANINGS = {
    "I0": "They answer mail at the address they gave. We have not checked who they are.",
    "I1": "They control the web address they name. We have not checked their mark or register.",
    "I2": (
        "Our staff compared their mark or trade register entry with the register itself. "
        "We have not been in their workshop."
    ),
    "I3": (
        "A guild or a second checked maker vouched for them, and our staff wrote down who. "
        "It says nothing about a single piece."
    ),
}


def level_words(level: str, *, has_mark: bool) -> str:
    """What was checked of a maker, with its code.

    >>> level_words("I2", has_mark=True)
    'Mark checked by us: level I2'
    """
    if level == "I2" and not has_mark:
        return say(
            "%(checked)s: level %(level)s", checked=say("Register checked by us"), level=level
        )
    checked = _CHECKED.get(level) or say("Not checked")
    return say("%(checked)s: level %(level)s", checked=checked, level=level)


def level_meaning(level: str) -> str:
    """What that level proves and what it does not, in a sentence or two."""
    return _MEANINGS.get(level, "We have checked nothing about them.")


_KEY_WORDS = {
    "recorded": "Recorded by the platform for the maker",
    "held": "Maker’s key, kept by the platform",
    "own": "Maker’s own key",
}
_KEY_MEANINGS = {
    "recorded": (
        "The platform signed alone. It says that this workshop put the piece on record with it; "
        "the workshop itself signed nothing."
    ),
    "held": (
        "The workshop signed too, with a key that lies encrypted on the platform and opens with "
        "a passphrase only the workshop knows. The platform could misuse it while it is open."
    ),
    "own": (
        "The workshop signed too, with a key the platform never had. Without the workshop nobody "
        "can sign in its name, the platform neither."
    ),
}


def key_level_words(level: str) -> str:
    """Who signs for the maker, as pages print it.

    >>> key_level_words("own")
    'Maker’s own key'
    """
    return _KEY_WORDS.get(level, "Not known who signed for the maker")


def key_level_meaning(level: str) -> str:
    """What that proves and what it does not, in a sentence or two."""
    return _KEY_MEANINGS.get(level, "It does not say who holds the maker’s key.")


_KEY_IN_USE = {
    "recorded": (
        "New certificates are signed by this site alone, for the workshop: it has no key of its "
        "own in use."
    ),
    "held": (
        "New certificates are signed by this site and by the workshop, with a key of the "
        "workshop’s that lies here, encrypted under its passphrase."
    ),
    "own": (
        "New certificates are signed by this site and by the workshop, with a key of its own that "
        "this site never had."
    ),
}


def key_in_use_words(level: str) -> str:
    """Who signs for a maker from now on; earlier certificates may have been signed otherwise."""
    return f"{_KEY_IN_USE[level]} Each certificate says who signed it."


def notes_on_name(name: str) -> list[str]:
    """The standing note beside a name that makes a claim for every piece under it (rule W1).

    >>> notes_on_name("Tidewell Bench")
    []
    """
    return [
        say(
            "“%(word)s” is part of the workshop’s name. It says nothing of how a piece was made.",
            word=found.word,
        )
        for found in shop_name_notes(name)
    ]

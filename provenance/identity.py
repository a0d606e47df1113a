"""How well a maker is known, in words: every page prints the level beside the name."""

_CHECKED = {
    "I0": "E-mail confirmed",
    "I1": "Domain proven",
    "I2": "Mark checked by us",
    "I3": "Co-signed by a guild",
}
_MEANINGS = {
    "I0": "They answer mail at the address they gave. We have not checked who they are.",
    "I1": "They control the web address they name. We have not checked their mark or register.",
    "I2": "Our staff compared their mark or trade register entry with the register itself.",
    "I3": "A guild or a second checked maker vouched for them with a signature of its own.",
}


def level_words(level: str, *, has_mark: bool) -> str:
    """What was checked of a maker, with its code.

    >>> level_words("I2", has_mark=True)
    'Mark checked by us: level I2'
    """
    if level == "I2" and not has_mark:
        return "Register checked by us: level I2"
    return f"{_CHECKED.get(level, 'Not checked')}: level {level}"


def level_meaning(level: str) -> str:
    """What that level proves and what it does not, in a sentence or two."""
    return _MEANINGS.get(level, "We have checked nothing about them.")

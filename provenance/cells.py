"""A cell of a season as it is kept, whether it came in a file or was typed on the page."""

import unicodedata


def plain_text(cell: str) -> str:
    r"""The same words in one spelling: NFC, lines that end in LF, nothing empty around them.

    >>> plain_text(" Cafe\u0301\r\nKeep dry. ")
    'Café\nKeep dry.'
    """
    lines = cell.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()

"""How a picture came about, in the terms of IPTC: which of two says more, and the mark of it."""

import re
from collections.abc import Iterable

NEWSCODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

CAPTURED = ("digitalCapture", "computationalCapture")
COMPUTER = ("digitalCreation", "algorithmicMedia", "dataDrivenMedia", "virtualRecording")
AI = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
TERMS = frozenset({*CAPTURED, *COMPUTER, *AI})
# IPTC retired both in favour of the one.
_SUPERSEDED = {"digitalArt": "digitalCreation", "softwareImage": "digitalCreation"}

_ADDRESS = re.compile(rb"digitalsourcetype/([A-Za-z]{1,60})", re.IGNORECASE)
# Believed without its address too: nothing is gained by saying it of a picture falsely.
_AI_TERM = re.compile(rb"(?<![A-Za-z])(?:" + "|".join(AI).encode() + rb")(?![A-Za-z])")

_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
    'Iptc4xmpExt:DigitalSourceType="{address}"/>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


def read_term(text: str) -> str | None:
    """The term at the end of an address or standing alone, if it is one that matters here.

    >>> read_term("http://cv.iptc.org/newscodes/digitalsourcetype/digitalArt")
    'digitalCreation'
    """
    term = text.rpartition("/")[2]
    term = _SUPERSEDED.get(term, term)
    return term if term in TERMS else None


def read_xmp(xmp: bytes) -> str | None:
    """What an XMP packet says of the picture; of several terms the one that discloses most.

    >>> read_xmp(b'cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"')
    'trainedAlgorithmicMedia'
    """
    found = [*_ADDRESS.findall(xmp), *_AI_TERM.findall(xmp)]
    return strongest(read_term(each.decode("ascii")) for each in found)


def strongest(terms: Iterable[str | None]) -> str | None:
    """The term that discloses most: AI before computer image before photograph; else the first.

    >>> strongest(["digitalCapture", None, "digitalCreation"])
    'digitalCreation'
    """
    return max((term for term in terms if term), key=_weight, default=None)


def mark_of(term: str | None) -> bytes:
    """The XMP packet that says so to machines; empty for a photograph, which needs no mark.

    IPTC Photo Metadata Standard, "Digital Source Type"; nothing else stands in it.
    """
    if term not in (*COMPUTER, *AI):
        return b""
    return _PACKET.format(address=NEWSCODES + term).encode("utf-8")


def _weight(term: str) -> int:
    return 2 if term in AI else int(term in COMPUTER)

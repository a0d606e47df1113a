"""The bundle that travels inside a PDF of ours, found by the marks of its own stream.

A PDF is a large language, and only one sentence of it is read here: an embedded file (ISO 32000-1
section 7.11.4) whose stream is stored as it is or deflated, as our papers have it and as programs
leave it that save them again. Whatever comes out is believed no more than any file from outside.
"""

import re
import zlib
from collections.abc import Iterator
from typing import Final

from provenance.bundle import is_bundle
from provenance.canonical import BUNDLE_LIMIT, parse_object
from provenance.errors import MalformedError, ProvenanceError, TooLargeError

PDF_LIMIT: Final = 20 * 1024 * 1024
# More files than this in one PDF are no paper of ours, and each may cost 2 MiB to look at.
MOST_FILES: Final = 8

_BEGINNING: Final = b"%PDF-"
# ISO 32000-1 section 7.5.2 and its implementation note: the header may come a little late.
_LATEST: Final = 1024
_LONGEST_DICTIONARY: Final = 4096
# A name ends where something else begins: /EmbeddedFiles is the list of them.
_FILE: Final = re.compile(rb"/EmbeddedFile(?![A-Za-z])")
# Section 7.3.8.1: the word is followed by CR LF or LF, and nothing else is before the bytes.
_STREAM: Final = re.compile(rb">>\s*stream\r?\n")
_DEFLATED: Final = re.compile(rb"/Filter\s*\[?\s*/FlateDecode\b")
_FILTERED: Final = re.compile(rb"/Filter(?![A-Za-z])")
_ENCRYPTED: Final = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")


def is_pdf(data: bytes) -> bool:
    """Tell a PDF from everything else that is handed in.

    >>> is_pdf(b"%PDF-1.7"), is_pdf(b"{}")
    (True, False)
    """
    return _BEGINNING in data[:_LATEST]


def bundle_in(pdf: bytes) -> bytes:
    """The bytes of the one bundle inside a PDF of at most 20 MiB.

    What is checked then is that file, and nothing that the pages show. Raises TooLargeError;
    MalformedError when there is no bundle inside, or more than one and so no telling which.
    """
    if len(pdf) > PDF_LIMIT:
        raise TooLargeError(f"a PDF has at most {PDF_LIMIT // 1024**2} MiB")
    found = dict.fromkeys(each for each in _files(pdf) if _is_bundle(each))
    if len(found) > 1:
        raise MalformedError("this PDF holds more than one bundle; take out the one you mean")
    if not found:
        raise MalformedError(_why_none(pdf))
    return next(iter(found))


def _files(pdf: bytes) -> Iterator[bytes]:
    for number, mark in enumerate(_FILE.finditer(pdf)):
        if number >= MOST_FILES:
            raise MalformedError("this PDF holds more files than any paper of ours")
        begins = _STREAM.search(pdf, mark.end(), mark.end() + _LONGEST_DICTIONARY)
        # The stream must be the one that this dictionary describes.
        if begins and b"endobj" not in pdf[mark.end() : begins.start()]:
            opens = pdf.rfind(b" obj", max(0, mark.start() - _LONGEST_DICTIONARY), mark.start())
            described = pdf[max(opens, 0) : begins.start()]
            yield _content(pdf, begins.end(), described)


def _content(pdf: bytes, start: int, described: bytes) -> bytes:
    """The bytes of a stream; none where they are coded otherwise, or longer than any bundle."""
    if _DEFLATED.search(described):
        # It says itself where it ends, whatever /Length says.
        try:
            return zlib.decompressobj().decompress(
                memoryview(pdf)[start : start + BUNDLE_LIMIT], BUNDLE_LIMIT + 1
            )
        except zlib.error:
            return b""
    if _FILTERED.search(described):
        return b""
    end = pdf.find(b"endstream", start, start + BUNDLE_LIMIT + 16)
    return pdf[start:end].rstrip(b"\r\n") if end >= 0 else b""


def _is_bundle(content: bytes) -> bool:
    try:
        return is_bundle(parse_object(content, limit=BUNDLE_LIMIT))
    except ProvenanceError:
        return False


def _why_none(pdf: bytes) -> str:
    if _ENCRYPTED.search(pdf):
        return "this PDF is locked; take the file out of it in a PDF reader, and check that file"
    return "no bundle lies inside this PDF; a printed or scanned copy has none"

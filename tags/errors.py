"""What can be wrong with a mark: a code, a link, a symbol, a printed card."""

from provenance.errors import ProvenanceError


class TagError(ProvenanceError):
    """Something about a tag, its code or its print is not as it must be."""

    code = "tag"


class MalformedCodeError(TagError):
    """The text cannot be a code: wrong length, a letter we never use, or a slip of the pen."""

    code = "malformed_code"


class MalformedLinkError(TagError):
    """The address is not one a tag may carry."""

    code = "malformed_link"


class TextTooLongError(TagError):
    """The text does not fit into a QR symbol."""

    code = "text_too_long"


class EngravingTooSmallError(TagError):
    """The modules would be too small for a phone to read from metal."""

    code = "engraving_too_small"


class MalformedFontError(TagError):
    """The file is not a font in WOFF 1.0 form."""

    code = "malformed_font"


class PrintError(TagError):
    """The page could not be set."""

    code = "print"

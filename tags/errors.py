"""What can be wrong with a mark: a code, a link, a symbol, a printed card, a tap."""

from enum import StrEnum

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


class BadProfileError(TagError):
    """Tags of this kind could not be told from copies, or could not be written at all."""

    code = "bad_profile"


class MalformedNdefError(TagError):
    """The bytes are no NDEF file with one address, or no settings of such a file."""

    code = "malformed_ndef"


class UnreadableTableError(TagError):
    """The file is no table that a vendor brings back."""

    code = "unreadable_table"


class Refusal(StrEnum):
    """Why a tap was refused: for tests and for the maker's bench, never for who tapped."""

    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    REPEATED = "repeated"
    BAD_TAG = "bad_tag"
    NO_UID = "no_uid"
    NO_COUNTER = "no_counter"
    BAD_MAC = "bad_mac"
    BAD_TAMPER = "bad_tamper"


class InvalidTapError(TagError):
    """The link was not made by a tag of this profile; outside it always says the same."""

    code = "invalid_tap"

    def __init__(self, reason: Refusal) -> None:
        super().__init__("this link was not made by a tag of ours")
        self.reason = reason

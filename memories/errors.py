"""What can go wrong with a memory, each with a stable code and a sentence for the keeper."""

from provenance.errors import ProvenanceError


class MontageError(ProvenanceError):
    """Something about a montage or its memories was refused."""

    code = "montage_refused"


class UnknownItemError(MontageError):
    """An order was asked for something that is not in the montage."""

    code = "unknown_item"


class MediaUnavailableError(MontageError):
    """The fault is ours: the picture reader is missing or did not start. The upload may be good."""

    code = "media_unavailable"


class UnsafeUploadError(MontageError):
    """An upload was refused; the message is written for the keeper."""

    code = "unsafe_upload"


class EmptyFileError(UnsafeUploadError):
    """The file has no bytes."""

    code = "file_empty"


class NotAPictureError(UnsafeUploadError):
    """The content is not a photograph of a kind we open, whatever its name says."""

    code = "not_a_picture"


class TruncatedPictureError(UnsafeUploadError):
    """The photograph is damaged, or a part of it is missing."""

    code = "picture_truncated"


class PictureTooLargeError(UnsafeUploadError):
    """The photograph has more bytes, pixels or frames than we open, or needs too much memory."""

    code = "picture_too_large"


class MediaTimeoutError(UnsafeUploadError):
    """The photograph took longer to open than we allow."""

    code = "picture_timeout"


class UnreadablePictureError(UnsafeUploadError):
    """The picture reader fell over this file."""

    code = "picture_unreadable"


class ChangedElsewhereError(MontageError):
    """Another device changed the montage since this one read it; nothing was overwritten."""

    code = "montage_changed_elsewhere"


class NobodyMaySeeError(MontageError):
    """Publishing was asked for while the level is "only me"."""

    code = "nobody_may_see"


class NothingToShowError(MontageError):
    """Publishing was asked for before anything stands that a visitor might see."""

    code = "nothing_to_show"


class QuotaError(MontageError):
    """The keeper's room is full."""

    code = "quota_full"


class LeaseLostError(MontageError):
    """The item was erased, or another worker took it over, while this one was at work."""

    code = "lease_lost"

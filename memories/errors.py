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


class MemoriesKeyError(MediaUnavailableError):
    """The site has no key for originals, or not the one they were sealed under."""

    code = "memories_key"


class BadSealError(MontageError):
    """A sealed file was changed, moved or cut short, or this is not its key."""

    code = "bad_seal"


class FfmpegMissingError(MediaUnavailableError):
    """This site has no ffmpeg, so it takes no films and no sound; photographs go on."""

    code = "ffmpeg_missing"


class FfmpegFailedError(MontageError):
    """ffmpeg ended without what was asked of it; the message is for the log."""

    code = "ffmpeg_failed"


class FfmpegTimeoutError(FfmpegFailedError):
    """ffmpeg took longer than its bounds and was ended."""

    code = "ffmpeg_timeout"


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


class NotAClipError(UnsafeUploadError):
    """There is no film and no sound of a kind we play in this file."""

    code = "not_a_clip"


class ClipTooLongError(UnsafeUploadError):
    """A film or a sound lasts longer than we take."""

    code = "clip_too_long"


class UnreadableClipError(UnsafeUploadError):
    """The film or the sound is damaged, cut short, or of a kind we do not decode."""

    code = "clip_unreadable"


class MusicAlreadyError(MontageError):
    """The montage has its music already."""

    code = "music_already"


class RightsNotSaidError(MontageError):
    """Music was brought without saying that one may use it."""

    code = "rights_not_said"


class TusRequestError(MontageError):
    """A request of a resumable upload is not what the protocol asks for."""

    code = "tus_request"


class OffsetError(MontageError):
    """A resumable upload was continued elsewhere than where it ends."""

    code = "upload_offset"


class ChecksumError(MontageError):
    """A piece of a resumable upload is not what was sent."""

    code = "upload_checksum"


class UploadTooLongError(MontageError):
    """More of an upload arrived than was promised."""

    code = "upload_too_long"


class UploadGoneError(MontageError):
    """A resumable upload expired, or was given up."""

    code = "upload_gone"


class TooManyUploadsError(MontageError):
    """The keeper has very many uploads under way."""

    code = "too_many_uploads"


class NothingToUndoError(MontageError):
    """An undo was asked for where no earlier version is kept."""

    code = "nothing_to_undo"


class CannotCropError(MontageError):
    """A crop was asked for of something that is no photograph, or whose original is gone."""

    code = "cannot_crop"


class TooManyChaptersError(MontageError):
    """A page has all the chapters it has room for."""

    code = "too_many_chapters"


class ChangedElsewhereError(MontageError):
    """Another device changed the montage since this one read it; nothing was overwritten."""

    code = "montage_changed_elsewhere"


class NobodyMaySeeError(MontageError):
    """Publishing was asked for while the level is "only me"."""

    code = "nobody_may_see"


class NothingToShowError(MontageError):
    """Publishing was asked for before anything stands that a visitor might see."""

    code = "nothing_to_show"


class NothingToFilmError(MontageError):
    """A film was asked for while nothing on the page may be in one."""

    code = "nothing_to_film"


class QuotaError(MontageError):
    """The keeper's room is full."""

    code = "quota_full"


class LeaseLostError(MontageError):
    """The item was erased, or another worker took it over, while this one was at work."""

    code = "lease_lost"


class UnsatisfiableRangeError(MontageError):
    """The file has no byte of the part that was asked for."""

    code = "range_not_satisfiable"


class NoPinError(MontageError):
    """A page or a memory was put behind a PIN before there is one."""

    code = "no_pin"


class NoChipError(MontageError):
    """A tap was made the key to the page of a piece that has no chip."""

    code = "no_chip"


class TooManyInvitationsError(MontageError):
    """As many people are invited as one page takes."""

    code = "too_many_invitations"


class TooManyBroughtError(MontageError):
    """A guest brought as much as one link may."""

    code = "too_many_brought"


class ForStaffError(MontageError):
    """A report that the keeper may not answer: it came again, or the staff closed the page."""

    code = "report_is_for_staff"


class GiftBegunError(MontageError):
    """Somebody else began a gift with this code."""

    code = "gift_begun"


class GiftDraftError(MontageError):
    """A gift is sealed and claimed, never published by its giver."""

    code = "gift_draft"


class SealedError(MontageError):
    """The montage is a gift to its keeper that is not open yet."""

    code = "sealed"

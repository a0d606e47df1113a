"""Decode HEIC with libheif; the sizes it accepts are libheif's own security limits and ours."""

import os
from typing import Any

import pillow_heif

from memories.errors import PictureTooLargeError, TruncatedPictureError
from memories.media_picture import Pixels

CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}


def decode(descriptor: int) -> Pixels:
    """Decode the primary picture, turned as its container says, with 8 bits a channel."""
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            picture = pillow_heif.open_heif(file, convert_hdr_to_8bit=True)
            return _pixels(picture[picture.primary_index])
    except RuntimeError as problem:
        # libheif has one kind of error; only its words tell a poor machine from a poor picture.
        short_of_memory = "Memory allocation" in str(problem)
        refusal = PictureTooLargeError if short_of_memory else TruncatedPictureError
        raise refusal(str(problem)) from problem
    except (ValueError, OSError, SyntaxError, EOFError, KeyError) as problem:
        raise TruncatedPictureError(str(problem)) from problem


def _pixels(picture: Any) -> Pixels:
    width, height = picture.size
    return Pixels(
        width=width,
        height=height,
        channels=CHANNELS[picture.mode],
        stride=picture.stride,
        data=picture.data,
        icc=picture.info.get("icc_profile") or b"",
        exif=picture.info.get("exif") or b"",
        xmp=picture.info.get("xmp") or b"",
    )

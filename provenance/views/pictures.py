"""Photographs of a piece as a page shows them: their addresses, sizes and what they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from memories import media_source
from provenance.models.piece import Photograph, PhotographRole, PhotographSource
from provenance.phrases import capital, term

SMALL, MIDDLE, LARGE = "480.webp", "1080.webp", "2048.webp"
# Photographs lie in this order wherever several are shown, whenever they were taken.
_ORDER = [
    PhotographRole.FRONT,
    PhotographRole.SCALE,
    PhotographRole.MARKS,
    PhotographRole.BACK,
    PhotographRole.OTHER,
]
_INVENTED = frozenset(media_source.AI)
# schema.org's IPTCDigitalSourceEnumeration keeps the names that IPTC gave them first.
_SCHEMA_ORG = {
    PhotographSource.DIGITAL_CAPTURE: "DigitalCapture",
    PhotographSource.COMPUTATIONAL_CAPTURE: "MultiFrameComputationalCapture",
    PhotographSource.DIGITAL_CREATION: "DigitalArt",
    PhotographSource.ALGORITHMIC: "AlgorithmicMedia",
    PhotographSource.DATA_DRIVEN: "DataDrivenMedia",
    PhotographSource.VIRTUAL_RECORDING: "VirtualRecording",
    PhotographSource.TRAINED: "TrainedAlgorithmicMedia",
    PhotographSource.COMPOSITE_TRAINED: "CompositeWithTrainedAlgorithmicMedia",
    PhotographSource.COMPOSITE_SYNTHETIC: "CompositeSynthetic",
}


@dataclass(frozen=True)
class Picture:
    """One picture: `src` suits a phone, `desk_srcset` a wide screen; `note` says what it is."""

    src: str
    width: int
    height: int
    alt: str
    note: str = ""
    desk_srcset: str = ""


def cover_of(photographs: Iterable[Photograph]) -> Photograph | None:
    """The photograph to compare with: the front if there is one, never a picture by a machine."""
    usable = [each for each in photographs if each.source not in _INVENTED]
    front = [each for each in usable if each.role == PhotographRole.FRONT]
    return next(iter([*front, *usable]), None)


def for_machines(photographs: Iterable[Photograph], page: str) -> list[dict[str, object]]:
    """The pictures as schema.org has them, pictures by a machine last: some readers take the first.

    `page` is the address of the piece's page.
    """
    ordered = sorted(in_order(photographs), key=lambda each: each.source in _INVENTED)
    return [
        {
            "@type": "ImageObject",
            "contentUrl": f"{page}/photos/{each.public_id}/{LARGE}",
            "width": each.renditions[LARGE]["width"],
            "height": each.renditions[LARGE]["height"],
            "caption": each.alt or each.get_role_display().capitalize(),
            "digitalSourceType": f"https://schema.org/{_SCHEMA_ORG[PhotographSource(each.source)]}DigitalSource",
        }
        for each in ordered
    ]


def in_order(photographs: Iterable[Photograph]) -> list[Photograph]:
    """Front, scale, marks, back, other views; of one role the earlier first."""
    return sorted(photographs, key=lambda each: _ORDER.index(PhotographRole(each.role)))


def in_role(photographs: Sequence[Photograph], role: str) -> Photograph | None:
    return next((each for each in photographs if each.role == role), None)


def picture_of(photograph: Photograph | None, piece: str, *, size: str = SMALL) -> Picture | None:
    """The picture of a photograph of the piece with this public id; None for none."""
    if photograph is None:
        return None
    rendition = photograph.renditions[size]
    return Picture(
        src=_address(photograph, piece, size),
        width=rendition["width"],
        height=rendition["height"],
        alt=photograph.alt or capital(term(photograph.get_role_display(), "picture")),
        note="" if photograph.is_captured else term(photograph.get_source_display(), "picture"),
        desk_srcset=", ".join(
            f"{_address(photograph, piece, name)} {photograph.renditions[name]['width']}w"
            for name in (MIDDLE, LARGE)
        ),
    )


def _address(photograph: Photograph, piece: str, name: str) -> str:
    return reverse("provenance:piece_photo", args=[piece, photograph.public_id, name])

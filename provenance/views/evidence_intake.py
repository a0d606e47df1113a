"""Evidence on its way in: from an upload to what a service may put behind a step."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from memories.errors import MediaUnavailableError, UnsafeUploadError
from provenance import evidence_files
from provenance.errors import ProvenanceError
from provenance.evidence_files import TooMuchEvidenceError, check_room
from provenance.forms.photograph import NOT_SAID, SourceForm
from provenance.intake import safe_photograph, shown_by
from provenance.models.making import EvidenceKind
from provenance.models.piece import AI_MADE, Piece
from provenance.services import evidence
from provenance.services.evidence import Shown
from provenance.steps import StepFacts

# The fields of a row through which a file comes, and what it is kept as; None: by its content.
FIELDS: Mapping[str, str] = {
    "evidence": "",
    "file": EvidenceKind.FILE,
    "receipt": EvidenceKind.RECEIPT,
}
AI_SHOWS_NOTHING = "An AI image is no photograph of this work, so it shows nothing."


@dataclass(frozen=True)
class Told:
    """What comes with an upload: its kind where it is said, its source, its digest, its time."""

    kind: str = ""
    source: str = ""
    sha256: str = ""
    captured_at: datetime | None = None


@contextmanager
def shown_in(upload: "UploadedFile[bytes]", told: Told) -> Iterator[Shown]:
    """An upload as evidence; what is made of a photograph stands until the block ends.

    Raises a child of UnsafeUploadError, or MediaUnavailableError, DigestMismatchError or
    FileTooLargeError, each with the sentence for the person.
    """
    digest = evidence_files.digest_of(upload, told=told.sha256)
    if told.kind:
        evidence_files.check_file(upload)
        yield _kept(upload, digest, kind=told.kind)
    elif evidence_files.is_film(upload):
        evidence_files.check_film(upload)
        yield _kept(upload, digest, kind=EvidenceKind.VIDEO, source=told.source)
    else:
        with safe_photograph(upload, said=told.source) as incoming:
            yield shown_by(
                incoming,
                digest=digest,
                said=told.source,
                captured_at=told.captured_at,
                is_in_app=told.captured_at is not None,
            )


def _kept(upload: "UploadedFile[bytes]", digest: str, *, kind: str, source: str = "") -> Shown:
    return Shown(
        kind=kind,
        original_sha256=digest,
        source=source,
        content=File(upload.file, name="kept"),
        name=upload.name or "",
    )


# -- with the form of the whole piece -----------------------------------------------------------


class NotKeptError(ProvenanceError):
    """Evidence that came with the form was refused; `step` names the row."""

    code = "evidence_not_kept"

    def __init__(self, step: str, sentence: str) -> None:
        super().__init__(sentence)
        self.step = step


Taken = Sequence[tuple[str, Shown]]


def taken_with_form(
    request: HttpRequest, hands: ExitStack, *, steps: Sequence[StepFacts]
) -> tuple[Taken, dict[str, str]]:
    """The evidence of the form by step, made safe; and the sentences for what was refused."""
    taken: list[tuple[str, Shown]] = []
    refused: dict[str, str] = {}
    idents = {step.ident for step in steps}
    said = SourceForm(request.POST)
    source = said.cleaned_data["source"] if said.is_valid() else ""
    for name, upload in request.FILES.items():
        field, _, step = name.partition("-")
        if field not in FIELDS or step not in idents or not isinstance(upload, UploadedFile):
            continue
        kind = FIELDS[field]
        if not kind and not source:
            refused[step] = NOT_SAID
            continue
        try:
            shown = hands.enter_context(shown_in(upload, Told(kind=kind, source=source)))
        except (
            UnsafeUploadError,
            MediaUnavailableError,
            evidence_files.FileTooLargeError,
        ) as problem:
            refused[step] = str(problem)
            continue
        if shown.source in AI_MADE:
            refused[step] = AI_SHOWS_NOTHING
        taken.append((step, shown))
    return taken, refused


def keep_with_form(piece: Piece, taken: Taken, *, by: User) -> None:
    """Put what came with the form behind its steps; NotKeptError for the first that cannot."""
    for ident, shown in taken:
        step = piece.steps.select_related("piece__maker").get(ident=ident)
        try:
            check_room(step)
            evidence.add_evidence(step=step, shown=shown, by=by)
        except (
            evidence.RepeatedEvidenceError,
            evidence.EvidenceElsewhereError,
            TooMuchEvidenceError,
        ) as problem:
            raise NotKeptError(ident, str(problem)) from problem

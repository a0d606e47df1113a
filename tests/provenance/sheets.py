"""The form of the bench as a browser sends it, for the tests of its pages."""

from provenance.forms.steps import StepForm, typed_step
from provenance.models.piece import Piece
from provenance.services.making import steps_of
from provenance.steps import StepFacts
from tests.provenance.test_drafts import BAND

JSON = {"Accept": "application/json"}


def sent_steps(*steps: StepFacts) -> dict[str, str]:
    """The rows of these steps; an unticked box sends nothing."""
    sent = {"steps-TOTAL_FORMS": str(len(steps)), "steps-INITIAL_FORMS": "0"}
    for n, step in enumerate(steps):
        typed = typed_step(step)
        sent |= {f"steps-{n}-{name}": typed[name] for name in StepForm.base_fields}
        if not step.is_done:
            del sent[f"steps-{n}-done"]
    return sent


def sheet_of(piece: Piece, **changes: str) -> dict[str, str]:
    """What the page of a draft sends back when nothing but this was changed."""
    return BAND | {"revision": str(piece.revision)} | sent_steps(*steps_of(piece)) | changes


def address(piece: Piece, rest: str = "") -> str:
    return f"/workshop/{piece.public_id}{rest}"

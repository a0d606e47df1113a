"""What comes with a file that shows a step: what it is, how it came about, and its digest."""

from django import forms

from provenance.evidence_files import DIGEST
from provenance.forms.photograph import NOT_SAID, SOURCES
from provenance.models.making import EvidenceKind
from provenance.services.evidence import CAMERA_SECONDS


class EvidenceForm(forms.Form):
    """One file by itself, as a script sends it; a ticket says that our own page took it."""

    kind = forms.ChoiceField(
        choices=[(str(kind), kind) for kind in (EvidenceKind.FILE, EvidenceKind.RECEIPT)],
        required=False,
    )
    source = forms.ChoiceField(choices=SOURCES, required=False)
    sha256 = forms.RegexField(DIGEST, strip=True, required=False)
    ticket = forms.CharField(max_length=400, required=False)
    elapsed = forms.IntegerField(min_value=0, max_value=CAMERA_SECONDS * 1000, required=False)
    evidence = forms.FileField(
        allow_empty_file=True, error_messages={"required": "Choose a photograph or a film first."}
    )

    def clean(self) -> None:
        typed = self.cleaned_data
        if not (typed.get("kind") or typed.get("ticket") or typed.get("source")):
            self.add_error("source", NOT_SAID)
        if typed.get("ticket") and typed.get("elapsed") is None:
            self.add_error("elapsed", "The camera did not say when. Take the picture again.")

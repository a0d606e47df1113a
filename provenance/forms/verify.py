"""What a person may hand in to be checked: a pasted text or a file, and a fingerprint."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from provenance.canonical import BUNDLE_LIMIT
from provenance.enclosed import PDF_LIMIT, is_pdf
from provenance.errors import BadKeyError
from provenance.keys import read_fingerprint


class VerifyForm(forms.Form):
    """One certificate or bundle; a file goes before a pasted text."""

    file = forms.FileField(
        label="Choose the file",
        help_text="Certificate up to 256 KiB, bundle up to 2 MiB, our PDF up to 20 MiB.",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(
            attrs={"accept": ".json,.pdf,application/json,application/vc,application/pdf"}
        ),
    )
    text = forms.CharField(
        label="Or paste its text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )
    fingerprint = forms.CharField(
        label="Fingerprint on the card",
        help_text="Only for a certificate of another site: 8 groups of 4 letters and digits.",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        size = (file.size or 0) if file else 0
        if file and size > BUNDLE_LIMIT and not _is_pdf(file):
            raise ValidationError("This file is larger than 2 MiB. No certificate is.")
        if size > PDF_LIMIT:
            raise ValidationError("This PDF is larger than 20 MiB. None of ours is.")
        return file

    def clean_fingerprint(self) -> str:
        text: str = self.cleaned_data["fingerprint"]
        try:
            return read_fingerprint(text) if text else ""
        except BadKeyError as problem:
            raise ValidationError(
                "A fingerprint has 8 groups of 4, of the digits 0 to 9 and the letters a to f."
            ) from problem

    def clean(self) -> None:
        nothing = not self.cleaned_data.get("file") and not self.cleaned_data.get("text")
        if nothing and "file" not in self.errors and "text" not in self.errors:
            self.add_error("file", "Choose a file, or paste the text of a certificate.")

    @property
    def source(self) -> str:
        """The field that was used: what is wrong with the content is told beside it."""
        return "file" if self.cleaned_data.get("file") else "text"

    def content(self) -> bytes:
        """The bytes that were handed in."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data["text"]).encode()
        content: bytes = file.read()
        return content


def _is_pdf(file: "UploadedFile[bytes]") -> bool:
    beginning = file.read(1024)
    file.seek(0)
    return is_pdf(beginning)

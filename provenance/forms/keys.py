"""What a maker types about signing keys. A passphrase is read once and kept nowhere."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from provenance.errors import BadKeyError
from provenance.forms.fields import WordsField
from provenance.keys import read_multikey
from provenance.services.maker_keys import LARGEST_PROOF, SHORTEST_PASSPHRASE

LARGEST_SHEET = 2 * 1024 * 1024


class PassphraseField(forms.CharField):
    """Never shown again, not even after an error; spaces at its ends are part of it."""

    def __init__(self, *, autocomplete: str = "current-password", **rest: Any) -> None:
        attrs = {"autocomplete": autocomplete, "spellcheck": "false"}
        widget = forms.PasswordInput(attrs=attrs, render_value=False)
        super().__init__(max_length=1024, strip=False, widget=widget, **rest)


class HoldForm(forms.Form):
    """A new key, and the passphrase it lies under."""

    passphrase = PassphraseField(
        autocomplete="new-password",
        help_text=f"At least {SHORTEST_PASSPHRASE} characters: five words that nobody would "
        "guess. We cannot bring it back for you.",
    )
    again = PassphraseField(label="The same once more", autocomplete="new-password")

    def clean_passphrase(self) -> str:
        passphrase: str = self.cleaned_data["passphrase"]
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise ValidationError(f"This is short. Take at least {SHORTEST_PASSPHRASE} characters.")
        return passphrase

    def clean(self) -> None:
        if self.cleaned_data.get("passphrase", "") != self.cleaned_data.get("again", ""):
            self.add_error("again", "The two differ. Type both again.")


class UnlockForm(forms.Form):
    passphrase = PassphraseField(
        label="Passphrase of your key", help_text="It opens the key for this one act."
    )


class RegisterForm(forms.Form):
    """The public half of a key that the maker keeps."""

    key = forms.CharField(
        label="Public key",
        max_length=120,
        help_text="As make-key printed it. It begins with z6Mk.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        text: str = self.cleaned_data["key"]
        try:
            read_multikey(text)
        except BadKeyError as problem:
            raise ValidationError(f"This key cannot be used: {problem}.") from problem
        return text


class ProofForm(forms.Form):
    """The proof that `python -m provenance sign` wrote: as a file, or as its text."""

    file = forms.FileField(
        label="Choose the proof",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label="Or paste its text",
        required=False,
        max_length=LARGEST_PROOF,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > LARGEST_PROOF:
            raise ValidationError("This file is larger than any proof. Choose the proof itself.")
        return file

    def clean(self) -> None:
        nothing = not self.cleaned_data.get("file") and not self.cleaned_data.get("text")
        if nothing and not self.errors:
            self.add_error("file", "Choose the file with the proof, or paste its text.")

    @property
    def source(self) -> str:
        """The field that was used: what is wrong with the proof is told beside it."""
        return "file" if self.cleaned_data.get("file") else "text"

    def content(self) -> bytes:
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data["text"]).encode()
        content: bytes = file.read()
        return content


class SheetForm(forms.Form):
    """The proofs that `python -m provenance sign-again` wrote."""

    file = forms.FileField(
        label="Choose the proofs",
        widget=forms.FileInput(attrs={"accept": ".jsonl,application/jsonl"}),
        error_messages={"required": "Choose the file with the proofs."},
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_SHEET:
            raise ValidationError("This file is larger than any sheet of proofs.")
        return file

    def content(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read()
        return content


class StolenForm(forms.Form):
    """Which key was lost, and from when on nothing may be believed."""

    key = forms.ChoiceField()
    at = forms.DateTimeField(
        label="Since when, in UTC",
        help_text="The first moment somebody else may have had it. If you do not know, take "
        "the last moment you are sure of.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = WordsField(
        label="What happened",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everyone who checks a piece signed since then reads this.",
        error_messages={"required": "Say in a sentence what happened."},
    )
    sure = forms.BooleanField(
        label="I know that this cannot be undone",
        error_messages={"required": "Tick this to be sure."},
    )

    def __init__(self, *args: Any, keys: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"] = forms.ChoiceField(label="Which key", choices=keys)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"].astimezone(UTC).replace(microsecond=0)
        if at > timezone.now():
            raise ValidationError("This moment is still to come.")
        return at


class RetireForm(forms.Form):
    sure = forms.BooleanField(
        label="I will not sign with this key again",
        error_messages={"required": "Tick this to be sure."},
    )

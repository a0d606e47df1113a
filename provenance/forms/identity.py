"""What a maker and the staff type about how well a maker is known."""

from typing import Any

from django import forms

from provenance.domains import BadDomainError, read_domain
from provenance.forms.fields import WordsField
from provenance.models.maker import IdentityLevel
from provenance.services.identity import DECIDED


class DomainForm(forms.Form):
    domain = WordsField(
        label="Your domain",
        max_length=253,
        help_text="The name of your own web site, such as tidewell.co.uk.",
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_domain(self) -> str:
        try:
            return read_domain(self.cleaned_data["domain"])
        except BadDomainError as problem:
            text = str(problem)
            raise forms.ValidationError(f"{text[:1].upper()}{text[1:]}.") from problem


class IdentityForm(forms.Form):
    """Staff decide how well a maker is known, and say why."""

    level = forms.ChoiceField(
        label="Identity level",
        choices=[(level.value, f"{level.value}: {level.label}") for level in DECIDED],
        help_text="I1 is proven by a domain and not decided. I0 takes a decision back: what "
        "stands then is what was proven.",
    )
    co_signer = WordsField(
        label="Co-signed by",
        max_length=120,
        required=False,
        help_text="For I3: the guild, or the second maker of level I2, by name. Everybody reads "
        "it on the maker’s page.",
    )
    reason = WordsField(
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What was checked, and how. It stands in the log.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_named = bool(cleaned.get("co_signer"))
        if cleaned.get("level") == IdentityLevel.I3 and not is_named:
            self.add_error("co_signer", "Level I3 says who vouched.")
        if cleaned.get("level") != IdentityLevel.I3 and is_named:
            self.add_error("co_signer", "Only level I3 has somebody who vouched.")
        return cleaned

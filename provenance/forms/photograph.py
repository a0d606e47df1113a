"""What a maker says about a photograph: what it shows, and how it came about."""

from typing import Final

from django import forms
from django.conf import settings

from provenance.models.piece import PhotographRole, PhotographSource

# In the order in which one takes them.
ROLES: Final = {
    PhotographRole.FRONT: "Front",
    PhotographRole.SCALE: "With a scale",
    PhotographRole.MARKS: "Marks",
    PhotographRole.BACK: "Back",
    PhotographRole.OTHER: "Another view",
}
# Those that may be said; a file that says a model made it is believed before the person.
SOURCES: Final = [
    (PhotographSource.DIGITAL_CAPTURE, "Photographs"),
    (PhotographSource.DIGITAL_CREATION, "Computer images"),
    (PhotographSource.TRAINED, "AI pictures"),
]

NOT_SAID: Final = "Say first what you add: photographs, computer images or AI pictures."


def usual_source() -> str:
    """A demonstration shows computer images, a workshop photographs."""
    usual = PhotographSource.DIGITAL_CREATION if settings.DEMO else PhotographSource.DIGITAL_CAPTURE
    return str(usual)


class SourceForm(forms.Form):
    source = forms.ChoiceField(
        label="What you add are",
        choices=SOURCES,
        widget=forms.RadioSelect,
        initial=usual_source,
        error_messages={"required": NOT_SAID, "invalid_choice": NOT_SAID},
    )


class PhotographForm(SourceForm):
    """One photograph by itself, as a script sends it."""

    role = forms.ChoiceField(choices=[(str(role), label) for role, label in ROLES.items()])
    photograph = forms.FileField(
        allow_empty_file=True, error_messages={"required": "Choose a photograph first."}
    )

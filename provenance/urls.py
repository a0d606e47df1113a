"""Where provenance answers."""

from django.urls import URLPattern, URLResolver, path

from provenance.views import accounts, drafts, photographs, signed, signing, tokens, workshop

app_name = "provenance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/welcome", accounts.after_login, name="after_login"),
    path("workshop/begin", accounts.become_maker, name="become_maker"),
    path("workshop", workshop.workshop, name="workshop"),
    path("workshop/new", drafts.workshop_new, name="workshop_new"),
    path("workshop/tokens", tokens.workshop_tokens, name="workshop_tokens"),
    path("workshop/<slug:piece>", drafts.workshop_piece, name="workshop_piece"),
    path("workshop/<slug:piece>/sign", signing.workshop_issue, name="workshop_issue"),
    path("workshop/<slug:piece>/withdraw", signed.workshop_revoke, name="workshop_revoke"),
    path(
        "workshop/<slug:piece>/duplicate", workshop.workshop_duplicate, name="workshop_duplicate"
    ),
    path("workshop/<slug:piece>/photos", photographs.workshop_photo, name="workshop_photo"),
    path(
        "workshop/<slug:piece>/photos/<slug:photograph>/remove",
        photographs.workshop_photo_remove,
        name="workshop_photo_remove",
    ),
]

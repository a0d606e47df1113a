"""Where provenance answers."""

from django.urls import URLPattern, URLResolver, path

from provenance.views import (
    accounts,
    certificates,
    drafts,
    health,
    home,
    makers,
    photographs,
    pieces,
    public,
    signed,
    signing,
    tokens,
    verify,
    workshop,
)

app_name = "provenance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("privacy", home.privacy, name="privacy"),
    path("what-a-check-proves", home.what_a_check_proves, name="what_a_check_proves"),
    path("verify", verify.verify, name="verify"),
    path("p/<slug:piece>", pieces.piece, name="piece"),
    path(
        "p/<slug:piece>/photos/<slug:photograph>/<str:name>", pieces.photograph, name="piece_photo"
    ),
    path("c/<slug:certificate>", certificates.certificate, name="certificate"),
    path("c/<slug:certificate>.json", certificates.certificate_json, name="certificate_json"),
    path("c/<slug:certificate>/body.json", certificates.certificate_body, name="certificate_body"),
    path(
        "c/<slug:certificate>/bundle.json",
        certificates.certificate_bundle,
        name="certificate_bundle",
    ),
    path("j/<slug:slug>", makers.maker, name="maker"),
    path("j/<slug:slug>/did.json", public.maker_did, name="maker_did"),
    path(".well-known/did.json", public.platform_did, name="platform_did"),
    path("contexts/jewelry/v1", public.context, name="context"),
    path("status/<int:number>", public.status_list, name="status_list"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/welcome", accounts.after_login, name="after_login"),
    path("workshop/begin", accounts.become_maker, name="become_maker"),
    path("workshop", workshop.workshop, name="workshop"),
    path("workshop/new", drafts.workshop_new, name="workshop_new"),
    path("workshop/tokens", tokens.workshop_tokens, name="workshop_tokens"),
    path("workshop/<slug:piece>", drafts.workshop_piece, name="workshop_piece"),
    path("workshop/<slug:piece>/preview", signing.workshop_preview, name="workshop_preview"),
    path("workshop/<slug:piece>/sign", signing.workshop_issue, name="workshop_issue"),
    path("workshop/<slug:piece>/withdraw", signed.workshop_revoke, name="workshop_revoke"),
    path("workshop/<slug:piece>/duplicate", workshop.workshop_duplicate, name="workshop_duplicate"),
    path("workshop/<slug:piece>/photos", photographs.workshop_photo, name="workshop_photo"),
    path(
        "workshop/<slug:piece>/photos/<slug:photograph>/remove",
        photographs.workshop_photo_remove,
        name="workshop_photo_remove",
    ),
]

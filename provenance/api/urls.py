"""Where the API answers: plurals, no slash at the end, additions only within /v1."""

from django.urls import path

from provenance.api import (
    certificates,
    labels,
    making,
    pieces,
    preparations,
    recipes,
    standing,
    taps,
    verifications,
)
from provenance.api.desk import NothingHere, Schema

app_name = "api"
urlpatterns = [
    path("pieces", pieces.Pieces.as_view(), name="pieces"),
    path("pieces/<str:piece>", pieces.OnePiece.as_view(), name="piece"),
    path("pieces/<str:piece>/photographs", pieces.Photographs.as_view(), name="photographs"),
    path("pieces/<str:piece>/making", making.Making.as_view(), name="making"),
    path("pieces/<str:piece>/evidence", making.Evidence.as_view(), name="evidence"),
    path(
        "pieces/<str:piece>/evidence/<str:evidence>",
        making.OneEvidence.as_view(),
        name="one_evidence",
    ),
    path("pieces/<str:piece>/revision", standing.Revision.as_view(), name="revision"),
    path("recipes", recipes.Recipes.as_view(), name="recipes"),
    path("recipes/<str:recipe>", recipes.OneRecipe.as_view(), name="recipe"),
    path("labels", labels.Labels.as_view(), name="labels"),
    path("certificates", certificates.Certificates.as_view(), name="certificates"),
    path(
        "certificates/<str:certificate>", certificates.OneCertificate.as_view(), name="certificate"
    ),
    path(
        "certificates/<str:certificate>/revocation",
        certificates.Revocation.as_view(),
        name="revocation",
    ),
    path("preparations", preparations.Preparations.as_view(), name="preparations"),
    path("preparations/<str:piece>/proof", preparations.Proof.as_view(), name="proof"),
    path(
        "certificates/<str:certificate>/suspension",
        standing.Suspension.as_view(),
        name="suspension",
    ),
    path(
        "certificates/<str:certificate>/reinstatement",
        standing.Reinstatement.as_view(),
        name="reinstatement",
    ),
    path("verifications", verifications.Verifications.as_view(), name="verifications"),
    path("taps", taps.Taps.as_view(), name="taps"),
    path("schema", Schema.as_view(), name="schema"),
    path("<path:rest>", NothingHere.as_view(), name="nothing_here"),
]

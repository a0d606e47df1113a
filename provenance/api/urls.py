"""Where the API answers: plurals, no slash at the end, additions only within /v1."""

from django.urls import path

from provenance.api import certificates, pieces, verifications
from provenance.api.desk import NothingHere, Schema

app_name = "api"
urlpatterns = [
    path("pieces", pieces.Pieces.as_view(), name="pieces"),
    path("pieces/<str:piece>", pieces.OnePiece.as_view(), name="piece"),
    path("pieces/<str:piece>/photographs", pieces.Photographs.as_view(), name="photographs"),
    path("certificates", certificates.Certificates.as_view(), name="certificates"),
    path(
        "certificates/<str:certificate>", certificates.OneCertificate.as_view(), name="certificate"
    ),
    path(
        "certificates/<str:certificate>/revocation",
        certificates.Revocation.as_view(),
        name="revocation",
    ),
    path("verifications", verifications.Verifications.as_view(), name="verifications"),
    path("schema", Schema.as_view(), name="schema"),
    path("<path:rest>", NothingHere.as_view(), name="nothing_here"),
]

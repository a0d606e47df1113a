"""Every address of the site; each app lists its own."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

# One door for everybody: its limits against guessed passwords hold for the staff as well.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # First: behind /workshop/ anything else could be the id of a piece.
    path("", include("tags.urls")),
    path("", include("provenance.urls")),
    path("", include("memories.urls")),
    path("api/v1/", include("provenance.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("staff/admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("", include("config.demo.urls")))

handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.permission_denied"
handler404 = "config.refusals.page_not_found"
handler500 = "config.refusals.server_error"

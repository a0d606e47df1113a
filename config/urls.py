"""Every address of the site; each app lists its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("provenance.urls")),
    path("", include("tags.urls")),
    path("", include("memories.urls")),
    path("api/v1/", include("provenance.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("staff/admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("", include("config.demo.urls")))

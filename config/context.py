"""What every page knows: the site's name and address, its language, and whether it is a demo."""

from django.conf import settings
from django.http import HttpRequest

from config.languages import offered
from provenance.assertions import passkeys_work
from provenance.tongue import language


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_demo": settings.DEMO,
        "language": language(),
        "languages": offered(request),
        "passkeys_work": passkeys_work(settings.SITE_URL),
    }

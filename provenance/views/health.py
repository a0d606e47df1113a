"""Is the process up, and is the site ready to serve: two questions machines ask."""

import shutil
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from memories.models.worker import WorkerSign
from provenance.errors import ProvenanceError
from provenance.services import platform

WORKER_IS_LATE = timedelta(minutes=5)
# Below this many bytes a photograph or a journal of the database may not fit any more.
LEAST_ROOM = 200 * 1024 * 1024

OK = "ok"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": OK})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything a visitor needs is there. A late worker is told, but stops nobody."""
    needed = {name: ask() for name, ask in _NEEDED.items()}
    is_ready = all(answer == OK for answer in needed.values())
    told = {"worker": _worker() if needed["database"] == OK else "unknown"}
    answer = {"status": OK if is_ready else "not ready", **needed, **told}
    return JsonResponse(answer, status=200 if is_ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "no answer"
    return OK


def _platform_key() -> str:
    try:
        platform.signer()
    except ProvenanceError as problem:
        return problem.code
    except DatabaseError:
        return "not known"  # which key is in use stands there
    return OK


def _disk() -> str:
    try:
        free = shutil.disk_usage(settings.VAR_DIR).free
    except OSError:
        return "missing"
    return OK if free >= LEAST_ROOM else "nearly full"


def _worker() -> str:
    since = timezone.now() - WORKER_IS_LATE
    return OK if WorkerSign.objects.filter(seen_at__gte=since).exists() else "not seen"


_NEEDED: dict[str, Callable[[], str]] = {
    "database": _database,
    "platform_key": _platform_key,
    "disk": _disk,
}

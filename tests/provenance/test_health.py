"""Up, and ready to serve: what machines ask."""

import pytest
from django.utils import timezone

from memories.models.worker import WorkerSign
from provenance.errors import BadKeyError
from provenance.services import platform
from provenance.views import health

pytestmark = pytest.mark.django_db


def test_the_process_answers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert answer.json() == {"status": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_a_site_with_all_it_needs_is_ready(client):
    WorkerSign.objects.create(name="one", seen_at=timezone.now())

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "platform_key": "ok",
        "disk": "ok",
        "worker": "ok",
    }


def test_a_late_worker_is_told_but_stops_nobody(client):
    late = timezone.now() - 2 * health.WORKER_IS_LATE
    WorkerSign.objects.create(name="one", seen_at=late)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["worker"] == "not seen"


def test_without_its_key_the_site_is_not_ready(client, settings, tmp_path):
    settings.PLATFORM_KEY_PATH = tmp_path / "missing.pem"

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["platform_key"] == BadKeyError.code


def test_a_key_that_does_not_open_is_told_by_its_code(client, settings):
    settings.PLATFORM_KEY_PASSPHRASE = "another passphrase"

    assert client.get("/readyz").json()["platform_key"] == "key_locked"


def test_a_full_disk_stops_the_site_before_it_loses_something(client, monkeypatch):
    monkeypatch.setattr(health, "LEAST_ROOM", 2**80)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["disk"] == "nearly full"


def test_no_answer_names_a_path_or_a_key(client):
    text = client.get("/readyz").content.decode()

    assert "/" not in text
    assert platform.fingerprint() not in text

"""Several web processes count tries together when they share Redis."""

import os
import secrets

import pytest
import redis
from django.test import override_settings

from provenance import limits

pytestmark = pytest.mark.redis
URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


def _answers() -> bool:
    try:
        return bool(redis.Redis.from_url(URL, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


needs_redis = pytest.mark.skipif(
    not _answers(), reason="no Redis: sudo apt-get install redis-server, then make test"
)


@needs_redis
def test_tries_are_counted_in_redis_and_run_out(rf):
    backend = "django.core.cache.backends.redis.RedisCache"
    shared = {"default": {"BACKEND": backend, "LOCATION": URL, "KEY_PREFIX": secrets.token_hex(8)}}
    request = rf.post("/claim", REMOTE_ADDR="192.0.2.7")

    with override_settings(CACHES=shared):
        tries = [limits.allows(request, "claim") for _ in range(6)]
    kept = [key.decode() for key in redis.Redis.from_url(URL).scan_iter("*:limit:claim:*")]

    assert tries == [True] * 5 + [False]
    assert kept
    assert not any("192.0.2.7" in key for key in kept)

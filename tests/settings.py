"""The settings of the tests: the site's own, with a scratch folder, fast hashes and no outside."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from tags.written import WrittenProfile

_scratch = Path(tempfile.mkdtemp(prefix="touchmark-tests-"))
os.environ["DEMO"] = ""
os.environ["DEBUG"] = ""
os.environ["SITE_URL"] = "https://touchmark.example"
os.environ["SECRET_KEY"] = "a key for tests and for nothing else, long enough to please the checks"
os.environ["PLATFORM_KEY_PASSPHRASE"] = "a passphrase for tests"
os.environ["MEMORIES_KEY"] = "5ea1" * 15 + "0123"
os.environ["VAR_DIR"] = str(_scratch)
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_scratch}/db.sqlite3")

from config.settings import *  # noqa: E402  # the one star the house allows

_is_sqlite = str(DATABASES["default"]["ENGINE"]).endswith("sqlite3")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SECURE_SSL_REDIRECT = False
# A file, not memory: SQLite keeps threads apart only there, and races are tested with threads.
DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")} if _is_sqlite else {}
STATIC_ROOT.mkdir()  # WhiteNoise warns of a folder that is not there, and a warning is an error
TAGS_UID_KEY = "75" * 16
# A kind that hides UID and counter, under two versions of its keys; one that hides nothing; one
# in LRP mode; one that watches a seal.
_ring = WrittenProfile(
    name="ring",
    meta_keys=((2, "A2" * 16), (1, "A1" * 16)),
    file_keys=((2, "B2" * 16), (1, "B1" * 16)),
)
TAGS_PROFILES = (
    _ring,
    replace(_ring, name="plain", query="u={uid}&n={counter}&c={mac}", meta_keys=()),
    replace(_ring, name="lrp", crypto="lrp"),
    replace(
        _ring,
        name="seal",
        query="e={picc}&t={tamper}&c={mac}",
        window="e={picc}&t={tamper}&c=",
    ),
)
SCANS_FLUSHED_AFTER = 0

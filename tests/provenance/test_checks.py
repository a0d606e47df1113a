"""System checks: each fault of the set-up is told by its own number, and a good one is silent."""

import sqlite3
import subprocess
import sys

import pytest
from django.core.checks import registry
from django.core.management import CommandError, call_command

from memories import media
from provenance import checks, keys
from provenance.models.keys import SigningKey
from provenance.services import key_life, platform
from tests.factories import make_certificate
from tests.sites import ROOT, environment_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(settings, tmp_path):
    """A key file of the test's own."""
    settings.PLATFORM_KEY_PATH = tmp_path / "keys" / "platform.pem"
    settings.PLATFORM_KEY_PATH.parent.mkdir()
    keys.write_key_file(
        settings.PLATFORM_KEY_PATH, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    return settings.PLATFORM_KEY_PATH


def ids(messages):
    return [message.id for message in messages]


def test_a_good_set_up_is_silent(key):
    found = [message for check in checks.ALWAYS for message in check()]

    assert found == []
    assert checks.check_signing() == []


def test_every_check_is_registered_with_django():
    known = set(registry.registry.get_checks(include_deployment_checks=True))

    assert {*checks.ALWAYS, *checks.BEFORE_DEPLOYING} <= known
    assert not set(checks.BEFORE_DEPLOYING) & set(registry.registry.get_checks())


def test_a_missing_key_is_a_warning_so_that_the_database_can_be_prepared_first(key):
    key.unlink()

    assert ids(checks.check_platform_key()) == ["provenance.W001"]
    assert checks.check_signing() == []


def test_a_key_behind_a_file_instead_of_a_folder_cannot_be_reached(key, settings):
    settings.PLATFORM_KEY_PATH = key / "platform.pem"

    assert ids(checks.check_platform_key()) == ["provenance.E001"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_an_error(key, mode):
    key.chmod(mode)

    assert ids(checks.check_private()) == ["provenance.E002"]
    assert checks.check_signing() == []


@pytest.fixture
def files(key):
    """The first key's file, and that of the one that took its place."""
    make_certificate()
    key_life.rotate_platform_key()
    return key, platform.key_path(SigningKey.objects.of_platform().in_use().get().file)


@pytest.mark.parametrize("which", [0, 1], ids=["an earlier key", "the key in use"])
def test_each_key_on_record_is_looked_at(files, which):
    before = checks.check_private()

    files[which].chmod(0o644)

    found = checks.check_private()
    assert (before, ids(found)) == ([], ["provenance.E002"])
    assert files[which].name in found[0].msg


def test_a_replaced_key_is_not_missed_and_the_one_in_use_is(files):
    first, in_use = files
    first.unlink()
    without_the_first = [*checks.check_platform_key(), *checks.check_signing()]

    in_use.unlink()

    assert without_the_first == []
    assert ids(checks.check_platform_key()) == ["provenance.W003"]
    assert checks.check_signing() == []


def test_a_key_without_its_passphrase_is_an_error(key, settings):
    settings.PLATFORM_KEY_PASSPHRASE = ""

    assert ids(checks.check_platform_key()) == ["provenance.E003"]


def test_a_key_that_does_not_open_is_told_before_deploying(key, settings):
    settings.PLATFORM_KEY_PASSPHRASE = "another passphrase"

    assert ids(checks.check_signing()) == ["provenance.E006"]
    assert "another passphrase" not in str(checks.check_signing())


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://touchmark.example", []),
        ("http://localhost:8000", []),
        ("http://192.168.1.20:8000", []),
        ("http://touchmark.example", ["provenance.E004"]),
        ("https://touch_mark.example", ["provenance.E004"]),
    ],
)
def test_a_public_site_without_https_is_an_error_before_it_issues_anything(url, found, settings):
    settings.SITE_URL = url

    assert ids(checks.check_site_url()) == found


@pytest.mark.parametrize(
    ("host", "user", "password", "found"),
    [
        ("", "", "", []),
        ("mail.touchmark.example", "", "", []),
        ("mail.touchmark.example", "post", "secret", []),
        ("", "post", "secret", ["provenance.E005"]),
        ("mail.touchmark.example", "post", "", ["provenance.E005"]),
        ("mail.touchmark.example", "", "secret", ["provenance.E005"]),
    ],
)
def test_half_a_mail_server_is_an_error(host, user, password, found, settings):
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER = host, user
    settings.EMAIL_HOST_PASSWORD = password

    assert ids(checks.check_mail()) == found


def test_makers_keys_that_others_can_read_are_told(settings, tmp_path, key):
    settings.MAKER_KEYS_DIR = tmp_path / "makers"
    assert ids(checks.check_maker_keys()) == []
    settings.MAKER_KEYS_DIR.mkdir(mode=0o700)
    file = settings.MAKER_KEYS_DIR / "a.pem"
    file.touch(mode=0o600)
    assert ids(checks.check_private()) == []

    file.chmod(0o640)
    assert ids(checks.check_private()) == ["provenance.E008"]

    file.chmod(0o600)
    settings.MAKER_KEYS_DIR.chmod(0o755)
    assert ids(checks.check_private()) == ["provenance.E008"]


def test_a_folder_of_makers_keys_out_of_reach_is_told(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MAKER_KEYS_DIR = tmp_path / "file" / "makers"

    assert ids(checks.check_maker_keys()) == ["provenance.E007"]


@pytest.fixture
def bare(tmp_path):
    """The environment of a site that has a key and no database yet."""
    found = environment_of("http://localhost:8000", tmp_path, is_demo=False)
    (tmp_path / "keys").mkdir(mode=0o700)
    keys.write_key_file(
        tmp_path / "keys" / "platform.pem", passphrase=found["PLATFORM_KEY_PASSPHRASE"].encode()
    )
    return found


def run(environment, *words):
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_site_without_a_database_is_checked(bare):
    done = run(bare, "manage.py", "check")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words",
    [("manage.py", "check"), ("manage.py", "run_worker"), ("-m", "config.serve", "--port", "0")],
    ids=["check", "run_worker", "serve"],
)
def test_nothing_starts_while_others_can_read_a_key(bare, tmp_path, words):
    (tmp_path / "keys" / "platform.pem").chmod(0o640)

    done = run(bare, *words)

    assert done.returncode == 1
    assert "Others on this machine can read a key of the platform: platform.pem." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("version", "found"), [((3, 51, 2), ["provenance.I001"]), ((3, 51, 3), [])]
)
def test_an_old_sqlite_is_told_before_deploying(version, found, monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)

    assert ids(checks.check_sqlite()) == found


@pytest.mark.parametrize(("is_there", "found"), [(False, ["provenance.I002"]), (True, [])])
def test_a_site_that_reads_no_content_credentials_is_told_what_to_install(
    is_there, found, monkeypatch
):
    monkeypatch.setattr(media, "reads_credentials", lambda: is_there)

    messages = checks.check_credentials_reader()

    assert ids(messages) == found
    assert all("group c2pa" in message.hint for message in messages)


def test_the_key_command_makes_one_key_in_a_private_folder_and_prints_its_fingerprint(
    settings, tmp_path, capsys
):
    settings.PLATFORM_KEY_PATH = tmp_path / "new" / "platform.pem"

    call_command("make_platform_key")

    printed = capsys.readouterr().out
    assert platform.fingerprint() in printed
    assert platform.did() in printed
    assert settings.PLATFORM_KEY_PATH.stat().st_mode & 0o777 == 0o600
    assert settings.PLATFORM_KEY_PATH.parent.stat().st_mode & 0o777 == 0o700


def test_the_key_command_never_overwrites_a_key(key):
    before = key.read_bytes()

    with pytest.raises(CommandError, match="never overwritten"):
        call_command("make_platform_key")

    assert key.read_bytes() == before


def test_the_key_command_wants_a_passphrase(settings, tmp_path):
    settings.PLATFORM_KEY_PATH = tmp_path / "platform.pem"
    settings.PLATFORM_KEY_PASSPHRASE = ""

    with pytest.raises(CommandError, match="PLATFORM_KEY_PASSPHRASE"):
        call_command("make_platform_key")

    assert not settings.PLATFORM_KEY_PATH.exists()


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("https://touchmark.example", []),
        ("http://localhost:8000", []),
        ("http://192.168.1.5:8000", ["provenance.W002"]),
        ("https://192.168.1.5", ["provenance.W002"]),
        ("http://touchmark.example", ["provenance.W002"]),
    ],
)
def test_a_site_where_no_passkey_can_be_made_is_told(settings, origin, told):
    settings.SITE_URL = origin

    assert ids(checks.check_passkeys()) == told

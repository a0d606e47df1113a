"""System checks: each fault of the set-up is told by its own number, and a good one is silent."""

import sqlite3

import pytest
from django.core.checks import registry
from django.core.management import CommandError, call_command

from memories import media
from provenance import checks, keys
from provenance.services import platform


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

    assert ids(checks.check_platform_key()) == ["provenance.E002"]


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


def test_makers_keys_that_others_can_read_are_told(settings, tmp_path):
    settings.MAKER_KEYS_DIR = tmp_path / "makers"
    assert ids(checks.check_maker_keys()) == []
    settings.MAKER_KEYS_DIR.mkdir(mode=0o700)
    file = settings.MAKER_KEYS_DIR / "a.pem"
    file.touch(mode=0o600)
    assert ids(checks.check_maker_keys()) == []

    file.chmod(0o640)
    assert ids(checks.check_maker_keys()) == ["provenance.E008"]

    file.chmod(0o600)
    settings.MAKER_KEYS_DIR.chmod(0o755)
    assert ids(checks.check_maker_keys()) == ["provenance.E008"]


def test_a_folder_of_makers_keys_out_of_reach_is_told(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.MAKER_KEYS_DIR = tmp_path / "file" / "makers"

    assert ids(checks.check_maker_keys()) == ["provenance.E007"]


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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_the_key_command_never_overwrites_a_key(key):
    before = key.read_bytes()

    with pytest.raises(CommandError, match="never overwritten"):
        call_command("make_platform_key")

    assert key.read_bytes() == before


@pytest.mark.django_db
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

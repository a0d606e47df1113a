"""A certificate outlives its database: dumped and loaded or copied, its bytes are those signed."""

import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from provenance.models import triggers
from provenance.models.certificate import Actor, Certificate
from provenance.services import platform
from provenance.services.revoke import revoke_certificate
from provenance.verdict import CertificateAnswer
from provenance.verification import verify
from tests.factories import make_held_certificate, make_held_key, make_mira

pytestmark = pytest.mark.django_db(transaction=True)
ENDINGS = (".json", "/body.json")
# Django makes these itself, with numbers of its own.
MADE_BY_MIGRATION = ("contenttypes", "auth.permission", "sessions", "admin")


@pytest.fixture
def signed() -> dict[str, bytes]:
    """What was signed, by its address: one with the maker's proof, one withdrawn since."""
    mira = make_mira()
    signer = make_held_key(mira)
    make_held_certificate(mira, signer)
    withdrawn = make_held_certificate(mira, signer, title="Café ring 2")
    revoke_certificate(
        certificate=withdrawn, reason="Wrong stone.", actor=Actor.MAKER, by=mira.user
    )
    return served(*(f"/c/{each.public_id}" for each in Certificate.objects.all()))


def served(*addresses: str) -> dict[str, bytes]:
    return {
        address + ending: Client().get(address + ending).content
        for address in addresses
        for ending in ENDINGS
    }


def assert_as_signed(signed: dict[str, bytes]) -> None:
    """Served as signed, and the bytes still verify, against the lists as they stand here."""
    found = Certificate.objects.order_by("pk")
    assert served(*(f"/c/{each.public_id}" for each in found)) == signed
    assert [answer_of(each) for each in found] == [
        CertificateAnswer.CURRENT,
        CertificateAnswer.REVOKED,
    ]


def answer_of(certificate: Certificate) -> CertificateAnswer:
    now = timezone.now()
    lists = platform.status_lists_of(certificate.status_batch, now=now)
    content = bytes(certificate.files.get().content)
    return verify(content, trust=platform.own_trust(), status_lists=lists, now=now).answer


def test_what_was_signed_is_served_after_dump_and_load(signed, tmp_path):
    dump = str(tmp_path / "site.json")
    call_command("dumpdata", natural_foreign=True, exclude=MADE_BY_MIGRATION, output=dump)
    with without_triggers():
        call_command("flush", interactive=False)
    assert not Certificate.objects.exists()

    call_command("loaddata", dump, verbosity=0)

    assert_as_signed(signed)


@contextlib.contextmanager
def without_triggers() -> Iterator[None]:
    """They forbid what a flush does; a restored site has them as any other."""
    triggers.drop(connection)
    triggers.drop_for_keys(connection)
    yield
    triggers.create(connection)
    triggers.create_for_keys(connection)


@contextlib.contextmanager
def standing_on(name: str) -> Iterator[None]:
    """The site on another database for as long as the block lasts."""
    own = connection.settings_dict["NAME"]
    _reconnect(name)
    try:
        yield
    finally:
        _reconnect(own)


def _reconnect(name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    connection.settings_dict["NAME"] = name


@pytest.mark.sqlite
def test_what_was_signed_is_served_from_a_copy_of_the_file(signed, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    with contextlib.closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)

    with standing_on(str(copy)):
        assert_as_signed(signed)


@pytest.mark.postgres
def test_what_was_signed_is_served_after_pg_dump_and_restore(signed):
    restored = f"{connection.settings_dict['NAME']}_restored"
    dump = run("pg_dump", connection.settings_dict["NAME"])
    run("createdb", restored)
    try:
        run("psql", "--quiet", "--set=ON_ERROR_STOP=1", restored, told=dump)

        with standing_on(restored):
            assert_as_signed(signed)
    finally:
        run("dropdb", restored)


def run(command: str, *words: str, told: bytes = b"") -> bytes:
    """One of PostgreSQL's own programs, at the server of these tests."""
    at = connection.settings_dict
    named = {"PGHOST": at["HOST"], "PGPORT": at["PORT"], "PGUSER": at["USER"]}
    environment = os.environ | named | {"PGPASSWORD": at["PASSWORD"]}
    done = subprocess.run([command, *words], input=told, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout

"""`verify --online` against the site itself: what it asks for is there, and says what counts."""

from pathlib import Path

import pytest

from provenance.__main__ import main
from provenance.models.certificate import Actor
from provenance.services.revoke import revoke_certificate
from provenance.services.standing import file_of
from tests.factories import make_held_certificate, make_held_key, make_mira

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_site_answers_what_the_laptop_asks_it(live_server, settings, tmp_path: Path, capsys):
    settings.SITE_URL, settings.ALLOWED_HOSTS = live_server.url, ["localhost", "127.0.0.1"]
    mira = make_mira()
    certificate = make_held_certificate(mira, make_held_key(mira))
    file = tmp_path / "certificate.json"
    file.write_bytes(file_of(certificate))

    before = main(["verify", str(file), "--online"])
    revoke_certificate(
        certificate=certificate, reason="The stone was lost.", actor=Actor.MAKER, by=mira.user
    )
    after = main(["verify", str(file), "--online"])

    told = capsys.readouterr()
    assert (before, after, told.err) == (0, 1, "")
    assert "Certificate withdrawn." in told.out

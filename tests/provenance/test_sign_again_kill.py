"""A process killed while it signs again: what is signed stays, the rest goes on by one answer."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sites import ROOT, Site, empty_database, environment_of

pytestmark = [pytest.mark.slow, pytest.mark.engine]
MANY = 60
PIECE = 4

# So many certificates, their key stolen, another in use, and a passkey's answer for the list.
BEGIN = """
from datetime import timedelta
import time_machine
from django.utils import timezone
from provenance.models.authorisation import Act
from provenance.models.keys import SigningKey
from provenance.services import authorise, key_life, reproof
from tests.doors import Passkey
from tests.factories import make_held_certificate, make_held_key, make_mira
now = timezone.now()
with time_machine.travel(now - timedelta(hours=2)):
    mira = make_mira()
    signer = make_held_key(mira)
    for number in range(MANY):
        make_held_certificate(mira, signer, title=f"Ring {number}")
at = now - timedelta(hours=1)
key_life.report_maker_compromise(
    key=SigningKey.objects.get(maker=mira), at=at, reason="Lost.", by=mira.user
)
make_held_key(mira)
passkey = Passkey("https://touchmark.example", "touchmark.example")
passkey.belongs_to(mira.user)
digest = bytes.fromhex(reproof.what_is_signed_again(mira))
question = authorise.new_question(act=Act.SIGN_BATCH, digest=digest)
answer = passkey.answers(question.challenge)
authorise.authorise(by=mira.user, question=question, answer=answer)
"""
SIGN = """
from provenance.models.maker import Maker
from provenance.services import maker_keys, reproof
mira = Maker.objects.get()
signer = maker_keys.unlock(maker=mira, passphrase="under the third bench peg")
shown = reproof.what_is_signed_again(mira)
while reproof.reproof_for_maker(
    maker=mira, signer=signer, shown=shown, by=mira.user, limit=PIECE
):
    print("a piece", flush=True)
"""
LOOK = """
from provenance.canonical import parse_object
from provenance.models.authorisation import Authorisation
from provenance.models.certificate import CertificateFile
from provenance.models.log import Event
told = Event.objects.filter(kind="certificate.reproofed")
facts = [parse_object(bytes(each.statement))["facts"] for each in told]
spent = Authorisation.objects.filter(spent_at__isnull=False)
print(
    len(facts),
    len({each["certificate"] for each in facts}),
    len({each["authorisation"] for each in facts}),
    spent.count(),
    CertificateFile.objects.count(),
)
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with empty_database(tmp_path) as address:
        environment = environment_of("https://touchmark.example", tmp_path, is_demo=False)
        made = Site("https://touchmark.example", tmp_path, environment | {"DATABASE_URL": address})
        made.manage("migrate", "--verbosity", "0")
        made.manage("make_platform_key")
        shell(made, BEGIN.replace("MANY", str(MANY)))
        yield made


def shell(site: Site, code: str) -> str:
    return site.manage("shell", "--verbosity", "0", "-c", code)


def signed(site: Site) -> list[int]:
    """Events, certificates in them, authorisations in them, authorisations spent, files."""
    return [int(number) for number in shell(site, LOOK).split()]


def kill_amid_the_pieces(site: Site) -> None:
    code = SIGN.replace("PIECE", str(PIECE))
    words = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code]
    with subprocess.Popen(words, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE) as signing:
        assert signing.stdout is not None
        assert signing.stdout.readline() == b"a piece\n"
        signing.kill()


def test_a_killed_signing_goes_on_by_the_same_answer_and_signs_nothing_twice(site: Site) -> None:
    kill_amid_the_pieces(site)
    before = signed(site)

    shell(site, SIGN.replace("PIECE", str(PIECE)))

    assert before[0] in range(PIECE, MANY, PIECE)
    assert before[1:] == [before[0], 1, 1, MANY + before[0]]
    assert signed(site) == [MANY, MANY, 1, 1, 2 * MANY]

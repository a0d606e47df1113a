"""What is told of a certificate whose key was stolen: whose key, from when on, and no more."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils.html import escape

from provenance import __main__ as offline
from provenance import keys
from provenance.services import platform, reproof
from provenance.verdict_unreliable import LostKey, lost_advice, lost_limit, lost_note
from tests.factories import make_held_key, make_mira
from tests.pdfs import PACKAGES, all_words, run_together
from tests.provenance.test_key_loss import (
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    certify,
    lose_makers_key,
    report,
    verdict_of,
)

pytestmark = pytest.mark.django_db
OF_PLATFORM = "The platform’s key counts as stolen from 1 October 2027 on: A backup was stolen."
OF_MAKER = "The maker’s key counts as stolen from 1 October 2027 on: Her laptop was stolen."


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    """Keys made here are nobody else's."""
    settings.PLATFORM_KEY_PATH = tmp_path / "platform.pem"
    keys.write_key_file(
        settings.PLATFORM_KEY_PATH, passphrase=settings.PLATFORM_KEY_PASSPHRASE.encode()
    )
    settings.MAKER_KEYS_DIR = tmp_path / "makers"


@pytest.fixture
def mira():
    with time_machine.travel(SEPTEMBER, tick=False):
        return make_mira()


def told(client, address):
    with time_machine.travel(NOVEMBER, tick=False):
        return client.get(address).content.decode()


def both_pages(client, certificate):
    addresses = (f"/p/{certificate.piece.public_id}", f"/c/{certificate.public_id}")
    return [told(client, address) for address in addresses]


def test_a_theft_of_the_platforms_key_is_told_as_the_platforms(mira, client):
    early = certify(mira, SEPTEMBER)
    report()

    page, paper = both_pages(client, early)

    for each in (page, paper):
        assert "The platform’s signature cannot be relied on." in each
        assert OF_PLATFORM in each
    assert escape(lost_limit(LostKey.PLATFORM)) in page
    assert escape(lost_advice(LostKey.PLATFORM)) in page
    assert escape(lost_note(LostKey.PLATFORM)) in paper
    assert "issuer’s key, which is believed no longer" in paper


def test_a_theft_of_a_makers_key_is_told_as_the_makers(mira, client):
    late = certify(mira, OCTOBER, signer=make_held_key(mira))
    lose_makers_key(mira)

    page, paper = both_pages(client, late)

    for each in (page, paper):
        assert "The maker’s signature cannot be relied on." in each
        assert OF_MAKER in each
    assert escape(lost_limit(LostKey.MAKER)) in page
    assert escape(lost_advice(LostKey.MAKER)) in page
    assert escape(lost_note(LostKey.MAKER)) in paper


def test_what_is_signed_again_is_told_of_nothing_that_was_not(mira, client):
    early = certify(mira, SEPTEMBER)
    late = certify(mira, OCTOBER, "Late ring")
    report()
    with time_machine.travel(NOVEMBER, tick=False):
        list(reproof.reproof(batch=500))

    assert "cannot be relied on" not in both_pages(client, early)[1]
    assert escape(lost_note(LostKey.PLATFORM)) in both_pages(client, late)[1]


def test_the_reason_is_that_of_the_key_that_signed_and_of_no_other_lost_at_that_moment(
    mira, client
):
    certify(mira, SEPTEMBER, "Early ring")
    report()
    late = certify(mira, NOVEMBER, signer=make_held_key(mira))
    lose_makers_key(mira)

    with time_machine.travel(NOVEMBER + timedelta(hours=1), tick=False):
        page = client.get(f"/p/{late.piece.public_id}").content.decode()

    assert OF_MAKER in page
    assert "A backup was stolen." not in page


def test_the_api_says_the_same_and_names_the_moment(mira, client):
    late = certify(mira, OCTOBER, signer=make_held_key(mira))
    lose_makers_key(mira)

    with time_machine.travel(NOVEMBER, tick=False):
        verdict = client.get(f"/api/v1/certificates/{late.public_id}").json()["verdict"]

    assert verdict["headline"] == "The maker’s signature cannot be relied on."
    assert verdict["line"] == OF_MAKER
    assert verdict["limit"] == lost_limit(LostKey.MAKER)
    assert verdict["unreliable_since"] == "2027-10-01T00:00:00Z"


def test_where_both_keys_were_lost_no_day_is_said_of_either(mira, client):
    signer = make_held_key(mira)
    late = certify(mira, OCTOBER, signer=signer)
    lose_makers_key(mira)
    report(at=SEPTEMBER)

    page, _ = both_pages(client, late)

    ribbon = re.search(r'<header class="ribbon.*?</header>', page, re.DOTALL)
    assert ribbon
    assert "The platform’s signature cannot be relied on." in ribbon[0]
    assert "The platform’s key is no longer believed." in ribbon[0]


@pytest.mark.node
@pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm")
@pytest.mark.parametrize("ending", [".pdf", "/report.pdf"])
@pytest.mark.parametrize("owner", LostKey)
def test_both_papers_say_whose_key_it_was(mira, client, ending, owner):
    signer = make_held_key(mira) if owner is LostKey.MAKER else None
    certificate = certify(mira, OCTOBER, signer=signer)
    if owner is LostKey.MAKER:
        lose_makers_key(mira)
    else:
        report()

    with time_machine.travel(NOVEMBER, tick=False):
        printed = client.get(f"/c/{certificate.public_id}{ending}").content

    said = run_together(all_words(printed))
    further = lost_note(owner) if ending == ".pdf" else lost_limit(owner)[1:]
    line = OF_MAKER if owner is LostKey.MAKER else OF_PLATFORM
    assert run_together(line) in said
    assert run_together(further) in said


@pytest.mark.node
@pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm")
def test_the_report_prints_the_key_with_which_the_same_is_answered_again(
    mira, client, tmp_path, capsys
):
    stolen = certify(mira, SEPTEMBER)
    report()
    saved = tmp_path / "report.pdf"
    with time_machine.travel(NOVEMBER, tick=False):
        saved.write_bytes(client.get(f"/c/{stolen.public_id}/report.pdf").content)

    printed = run_together(all_words(saved.read_bytes()))
    key = platform.fingerprint()
    offline.main(
        ["verify", str(saved), "--json", "--trust-key", key, f"--at={NOVEMBER:%Y-%m-%dT%XZ}"]
    )

    assert run_together(f'--trust-key "{key}"') in printed
    assert run_together("which is believed no longer") in printed
    assert json.loads(capsys.readouterr().out)["answer"] == "unreliable"


# -- what a saved file tells, as docs/how-to says ------------------------------------------------


def test_a_bundle_saved_before_a_theft_tells_of_it_only_to_who_has_newer_keys(
    mira, client, tmp_path, capsys
):
    early = certify(mira, SEPTEMBER)
    saved, newer, card = tmp_path / "bundle.json", tmp_path / "did.json", platform.fingerprint()
    with time_machine.travel(SEPTEMBER, tick=False):
        saved.write_bytes(client.get(f"/c/{early.public_id}/bundle.json").content)
    report()
    with time_machine.travel(NOVEMBER, tick=False):
        newer.write_bytes(client.get("/.well-known/did.json").content)

    def answer(moment, *more):
        offline.main(["verify", str(saved), "--json", f"--at={moment:%Y-%m-%dT%XZ}", *more])
        return json.loads(capsys.readouterr().out)["answer"]

    assert answer(SEPTEMBER, "--trust-key", card) == "current"
    assert answer(NOVEMBER, "--trust-key", card) == "unconfirmed"
    assert answer(NOVEMBER, "--trust", str(newer)) == "unreliable"


def test_an_early_certificate_rests_on_the_key_that_signed_it_again(mira):
    early = certify(mira, SEPTEMBER, signer=make_held_key(mira))
    lose_makers_key(mira)
    answers = []

    for _ in "23":
        answers.append(verdict_of(early).answer)
        sign_all_again(mira, make_held_key(mira))
        answers.append(verdict_of(early).answer)
        lose_makers_key(mira)

    assert answers == ["current", "current", "unreliable", "current"]


def sign_all_again(maker, signer):
    with time_machine.travel(NOVEMBER, tick=False):
        shown = reproof.what_is_signed_again(maker)
        reproof.reproof_for_maker(maker=maker, signer=signer, shown=shown, by=maker.user)

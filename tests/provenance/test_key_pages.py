"""The desk's pages about keys, tried by Mira, Otto and Sana; and signing with each kind of key."""

import base64
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from provenance import keys
from provenance.canonical import canonical_bytes, parse_object
from provenance.credentials import create_proof, proofs_of
from provenance.models.certificate import Certificate
from provenance.models.keys import KeyLevel, SigningKey
from provenance.services import drafting, key_life, reproof
from tests.factories import (
    MAKER_PASSPHRASE,
    make_draft,
    make_held_certificate,
    make_held_key,
    make_mira,
    make_otto,
)
from tests.provenance.test_maker_keys import own_signer

pytestmark = pytest.mark.django_db
PAGES = ["", "/held", "/own", "/retire", "/stolen", "/again"]


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def text_of(page) -> str:
    return page.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_only_a_maker_sees_the_pages_about_keys(page):
    stranger, keeper = Client(), Client()
    keeper.force_login(make_otto())

    sana = stranger.get(f"/workshop/keys{page}")
    otto = keeper.get(f"/workshop/keys{page}")

    assert sana.status_code == 302
    assert sana.url.startswith("/accounts/login/")
    assert otto.url == "/workshop/begin"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_a_maker_and_is_never_stored(desk, page):
    answer = desk.get(f"/workshop/keys{page}")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_the_page_says_plainly_what_each_level_means(desk, mira):
    recorded = text_of(desk.get("/workshop/keys"))
    make_held_key(mira)
    held = text_of(desk.get("/workshop/keys"))

    assert "Recorded by the platform for the maker." in recorded
    assert "The platform signed alone." in recorded
    assert "Maker’s key, kept by the platform." in held
    assert "The platform could misuse it while it is open." in held


# -- kept here ----------------------------------------------------------------------------------


def test_a_key_is_made_under_a_passphrase_typed_twice(desk, mira):
    answer = desk.post(
        "/workshop/keys/held", {"passphrase": MAKER_PASSPHRASE, "again": MAKER_PASSPHRASE}
    )

    assert answer.status_code == 303
    key = SigningKey.objects.get(maker=mira)
    assert keys.fingerprint(bytes(key.public_key)) in text_of(desk.get("/workshop/keys"))


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"passphrase": "too short", "again": "too short"}, id="short"),
        pytest.param({"passphrase": MAKER_PASSPHRASE, "again": "another one, mistyped"}, id="two"),
        pytest.param({"passphrase": ""}, id="nothing"),
    ],
)
def test_a_poor_passphrase_makes_no_key_and_is_not_shown_again(desk, typed):
    page = desk.post("/workshop/keys/held", typed)

    assert page.status_code == 400
    assert not SigningKey.objects.exists()
    assert all(f'value="{word}"' not in text_of(page) for word in typed.values())


def sign_page(piece) -> str:
    return f"/workshop/{piece.public_id}/sign"


def test_the_passphrase_opens_the_key_for_one_signature(desk, mira):
    signer = make_held_key(mira)
    piece = make_draft(mira)
    shown = drafting.shown_digest(piece)

    page = desk.get(sign_page(piece))
    answer = desk.post(sign_page(piece), {"shown": shown, "passphrase": MAKER_PASSPHRASE})

    assert 'type="password"' in text_of(page)
    assert answer.status_code == 303
    content = bytes(Certificate.objects.get().files.get().content)
    methods = [proof["verificationMethod"] for proof in proofs_of(parse_object(content))]
    assert signer.verification_method in methods


def test_a_wrong_passphrase_signs_nothing_and_says_so_beside_the_field(desk, mira):
    make_held_key(mira)
    piece = make_draft(mira)

    page = desk.post(
        sign_page(piece),
        {"shown": drafting.shown_digest(piece), "passphrase": "a guess that is long enough"},
    )

    assert page.status_code == 400
    assert "This does not open the key." in text_of(page)
    assert "a guess that is long enough" not in text_of(page)
    assert not Certificate.objects.exists()


def test_a_spoilt_key_file_signs_nothing_and_is_said_beside_the_field(desk, mira, settings):
    make_held_key(mira)
    file = settings.MAKER_KEYS_DIR / SigningKey.objects.get(maker=mira).file
    sealed = base64.b64decode("".join(file.read_text().splitlines()[1:-1]))
    spot = sealed.index(bytes.fromhex("6086480165030401")) + 20
    flipped = bytes([sealed[spot] ^ 1])
    spoilt = base64.b64encode(sealed[:spot] + flipped + sealed[spot + 1 :]).decode()
    kind = "ENCRYPTED PRIVATE KEY"
    file.write_text(f"-----BEGIN {kind}-----\n{spoilt}\n-----END {kind}-----\n")
    piece = make_draft(mira)

    page = desk.post(
        sign_page(piece),
        {"shown": drafting.shown_digest(piece), "passphrase": MAKER_PASSPHRASE},
    )

    assert page.status_code == 400
    assert "The key cannot be opened here." in text_of(page)


def test_guessing_is_stopped_after_some_tries(desk, mira):
    make_held_key(mira)
    piece = make_draft(mira)
    typed = {"shown": drafting.shown_digest(piece), "passphrase": "a guess that is long enough"}

    pages = [text_of(desk.post(sign_page(piece), typed)) for _ in range(11)]

    assert "That was often." not in pages[9]
    assert "That was often." in pages[10]


def test_a_maker_without_a_key_is_not_asked_for_a_passphrase(desk, mira):
    page = text_of(desk.get(sign_page(make_draft(mira))))

    assert 'type="password"' not in page
    assert "Recorded by the platform for the maker" in page


# -- of her own ---------------------------------------------------------------------------------


def prove(signer, document, **changes) -> bytes:
    proof = create_proof(document, signer=signer, created=timezone.now()) | changes
    return canonical_bytes(proof)


def test_her_own_key_is_registered_with_a_signed_challenge(desk, mira):
    signer = own_signer(mira)

    named = desk.post("/workshop/keys/own", {"key": keys.multikey(signer.public_key)})
    challenge = json.loads(desk.get("/workshop/keys/own/challenge.json").content)
    proved = desk.post(
        "/workshop/keys/own/proof",
        {"file": SimpleUploadedFile("proof.json", prove(signer, challenge))},
    )

    assert (named.status_code, proved.status_code) == (303, 303)
    assert SigningKey.objects.get(maker=mira).level == KeyLevel.OWN
    assert desk.get("/workshop/keys/own/challenge.json").status_code == 404


def test_a_key_that_cannot_be_a_key_is_refused_beside_its_field(desk):
    page = desk.post("/workshop/keys/own", {"key": "z6MkNotAKey"})

    assert page.status_code == 400
    assert "This key cannot be used" in text_of(page)


def test_a_proof_by_another_key_registers_nothing(desk, mira):
    signer = own_signer(mira)
    desk.post("/workshop/keys/own", {"key": keys.multikey(signer.public_key)})
    challenge = json.loads(desk.get("/workshop/keys/own/challenge.json").content)

    page = desk.post(
        "/workshop/keys/own/proof", {"text": prove(own_signer(mira, 6), challenge).decode()}
    )

    assert page.status_code == 400
    assert not SigningKey.objects.exists()


def test_the_fields_for_her_key_have_no_names_and_their_form_goes_nowhere(desk, mira):
    desk.post("/workshop/keys/own", {"key": keys.multikey(own_signer(mira).public_key)})

    page = text_of(desk.get("/workshop/keys/own/proof"))

    section = page.partition("data-sign=")[2].partition("</section>")[0]
    fields = re.findall(r"<input [^>]*>", section)
    assert [each for each in fields if "name=" in each] == []
    assert len(fields) == 2
    assert re.findall(r"<form [^>]*>", section) == [
        '<form class="bring" method="dialog" autocomplete="off" novalidate>'
    ]


def test_without_a_challenge_there_is_nothing_to_prove(desk):
    assert desk.get("/workshop/keys/own/proof").url == "/workshop/keys/own"
    assert desk.get("/workshop/keys/own/challenge.json").status_code == 404


# -- retired and stolen -------------------------------------------------------------------------


def test_a_key_is_retired_once_she_is_sure(desk, mira):
    make_held_key(mira)

    unsure = desk.post("/workshop/keys/retire", {"sure": ""})
    sure = desk.post("/workshop/keys/retire", {"sure": "on"})

    assert (unsure.status_code, sure.status_code) == (400, 303)
    assert SigningKey.objects.get(maker=mira).retired_at
    assert "What it signed stays good." in text_of(desk.get("/workshop/keys"))


def stolen(mira, **typed):
    name = keys.multikey(bytes(SigningKey.objects.get(maker=mira).public_key))
    return {"key": name, "at": "2026-10-01T00:00", "reason": "Stolen.", "sure": "on"} | typed


def test_a_stolen_key_is_reported_with_its_moment_and_reason(desk, mira):
    make_held_key(mira)

    answer = desk.post("/workshop/keys/stolen", stolen(mira))

    assert answer.status_code == 303
    assert "Not believed since 1 October 2026, 00:00 UTC: Stolen." in text_of(
        desk.get("/workshop/keys")
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"at": "2999-01-01T00:00"},
        {"at": "lately"},
        {"reason": ""},
        {"reason": " \r\n"},
        {"reason": "x" * 301},
        {"sure": ""},
        {"key": "z6MkAnother"},
    ],
    ids=["to come", "no moment", "no reason", "blank", "too much said", "unsure", "another key"],
)
def test_half_a_report_is_no_report(desk, mira, typed):
    make_held_key(mira)

    page = desk.post("/workshop/keys/stolen", stolen(mira, **typed))

    assert page.status_code == 400
    assert not SigningKey.objects.filter(compromised_at__isnull=False).exists()


def test_the_new_key_signs_the_earlier_certificates_again(desk, mira):
    signer = make_held_key(mira)
    make_held_certificate(mira, signer)
    key = SigningKey.objects.get(maker=mira)
    at = timezone.now() + timedelta(seconds=1)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        key_life.report_maker_compromise(key=key, at=at, reason="Lost.", by=mira.user)
        make_held_key(mira)

    told = text_of(desk.get("/workshop/keys"))
    shown = reproof.what_is_signed_again(mira)
    answer = desk.post("/workshop/keys/again", {"passphrase": MAKER_PASSPHRASE, "shown": shown})

    assert "One certificate names a key that was stolen later. Signed again" in told
    assert answer.status_code == 303
    assert reproof.waiting_for_maker(mira).count() == 0


# -- programs -----------------------------------------------------------------------------------


def test_the_certificates_page_says_who_signed_for_the_maker(desk, mira):
    certificate = make_held_certificate(mira, make_held_key(mira))

    assert "Maker’s key, kept by the platform" in text_of(desk.get(f"/c/{certificate.public_id}"))

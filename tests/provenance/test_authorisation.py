"""Authorisations by passkey: what they cover, who gave them, and that none serves twice."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.utils import timezone
from fido2.utils import websafe_decode

from provenance.assertions import (
    BadAssertionError,
    Party,
    challenge_of,
    check_assertion,
    read_assertion,
)
from provenance.models.authorisation import Act, Authorisation
from provenance.models.log import Event
from provenance.services import authorise
from provenance.services.authorise import NotAuthorisedError, spend_authorisation
from tests.doors import Passkey
from tests.factories import make_mira, make_otto, make_user

DIGEST = hashlib.sha256(b"a batch of rings").digest()
OTHER = hashlib.sha256(b"another batch").digest()
BEGIN, FINISH = "/workshop/authorise/begin", "/workshop/authorise/finish"
PARTY = Party("https://touchmark.example")
CHALLENGE = challenge_of(act="sign_batch", digest=DIGEST, nonce=bytes(16))

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira():
    return make_mira().user


@pytest.fixture
def passkey(mira):
    device = Passkey()
    device.belongs_to(mira)
    return device


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


def ask(client, act="sign_batch", digest=DIGEST):
    told = post(client, BEGIN, {"act": act, "digest": digest.hex()}).json()
    return websafe_decode(told["request_options"]["publicKey"]["challenge"])


def give(user, passkey, *, act=Act.SIGN_BATCH, digest=DIGEST):
    question = authorise.new_question(act=act, digest=digest)
    answer = passkey.answers(question.challenge)
    return authorise.authorise(by=user, question=question, answer=answer)


def spend(user, *, act=Act.SIGN_BATCH, digest=DIGEST, now=None):
    return spend_authorisation(by=user, act=act, digest=digest, now=now or timezone.now())


# -- over the web -------------------------------------------------------------------------------


def test_mira_authorises_a_batch_with_her_passkey(client, mira, passkey):
    client.force_login(mira)

    answer = post(client, FINISH, {"credential": passkey.answers(ask(client))})

    kept = Authorisation.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "authorisation": kept.public_id,
        "act": "sign_batch",
        "digest": DIGEST.hex(),
    }
    assert (kept.user, bytes(kept.digest), kept.spent_at) == (mira, DIGEST, None)
    assert Event.objects.get(kind="authorisation.given").maker == mira.maker


def test_the_browser_is_told_whose_passkeys_may_answer(client, mira, passkey):
    client.force_login(mira)

    asked = post(client, BEGIN, {"act": "sign_batch", "digest": DIGEST.hex()}).json()

    options = asked["request_options"]["publicKey"]
    assert options["rpId"] == "touchmark.example"
    assert options["userVerification"] == "required"
    assert [websafe_decode(each["id"]) for each in options["allowCredentials"]] == [passkey.ident]


def test_the_same_answer_sent_again_authorises_nothing_more(client, mira, passkey):
    client.force_login(mira)
    answer = {"credential": passkey.answers(ask(client))}
    post(client, FINISH, answer)

    again = post(client, FINISH, answer)

    assert (again.status_code, again.json()["code"]) == (403, "bad_assertion")
    assert Authorisation.objects.count() == 1


def test_a_question_lies_open_for_five_minutes(client, mira, passkey):
    client.force_login(mira)
    answer = passkey.answers(ask(client))

    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        late = post(client, FINISH, {"credential": answer})

    assert late.json()["code"] == "bad_assertion"
    assert "Nothing was asked lately" in late.json()["detail"]


def test_without_a_passkey_she_is_told_to_add_one(client, mira):
    client.force_login(mira)

    answer = post(client, BEGIN, {"act": "sign_batch", "digest": DIGEST.hex()})

    assert (answer.status_code, answer.json()["code"]) == (409, "no_passkey")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"act": "sign_batch"}',
        b'{"act": "sell", "digest": "%s"}' % DIGEST.hex().encode(),
        b'{"act": "sign_batch", "digest": "00"}',
        b'{"act": ["sign_batch"], "digest": "%s"}' % DIGEST.hex().encode(),
        b"[" * 10_000,
        b'{"a": "%s"}' % (b"x" * 70_000),
    ],
)
@pytest.mark.parametrize("address", [BEGIN, FINISH])
def test_what_cannot_be_read_is_refused_by_name(client, mira, passkey, body, address):
    client.force_login(mira)
    ask(client)

    answer = client.post(address, body, content_type="application/json")

    assert answer.status_code in {400, 403}
    assert answer.json()["code"]
    assert not Authorisation.objects.exists()


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}},
        {"id": 1, "rawId": 2, "type": 3, "response": 4},
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
        },
    ],
)
def test_an_answer_out_of_shape_authorises_nothing(client, mira, passkey, credential):
    client.force_login(mira)
    ask(client)

    answer = post(client, FINISH, {"credential": credential})

    assert (answer.status_code, answer.json()["code"]) == (403, "bad_assertion")


@pytest.mark.parametrize("address", [BEGIN, FINISH])
def test_only_makers_are_asked(client, address):
    nobody = post(client, address, {})
    client.force_login(make_otto())
    otto = post(client, address, {})

    assert nobody["Location"].startswith("/accounts/login/")
    assert otto["Location"] == "/workshop/begin"


# -- attacks ------------------------------------------------------------------------------------


def test_the_passkey_of_somebody_else_authorises_nothing_for_mira(mira, passkey):
    sanas = Passkey()
    sanas.belongs_to(make_user("sana"))

    with pytest.raises(BadAssertionError):
        give(mira, sanas)


def test_an_answer_to_another_digest_authorises_nothing(mira, passkey):
    shown = authorise.new_question(act=Act.SIGN_BATCH, digest=DIGEST)
    meant = authorise.Question(Act.SIGN_BATCH, OTHER, shown.nonce)

    with pytest.raises(BadAssertionError):
        authorise.authorise(by=mira, question=meant, answer=passkey.answers(shown.challenge))


def test_an_answer_to_another_act_authorises_nothing(mira, passkey):
    shown = authorise.new_question(act=Act.SIGN_BATCH, digest=DIGEST)
    meant = authorise.Question(Act.SIGN_PIECE, DIGEST, shown.nonce)

    with pytest.raises(BadAssertionError):
        authorise.authorise(by=mira, question=meant, answer=passkey.answers(shown.challenge))


def test_one_challenge_is_never_kept_twice(mira, passkey):
    question = authorise.new_question(act=Act.SIGN_BATCH, digest=DIGEST)
    answer = passkey.answers(question.challenge)
    authorise.authorise(by=mira, question=question, answer=answer)

    with pytest.raises(authorise.AlreadyAuthorisedError):
        authorise.authorise(by=mira, question=question, answer=answer)


@pytest.mark.parametrize(
    ("origin", "host", "flags"),
    [
        ("https://evil.example", "touchmark.example", 0x05),
        ("https://www.touchmark.example", "touchmark.example", 0x05),
        ("http://touchmark.example", "touchmark.example", 0x05),
        ("https://touchmark.example:8443", "touchmark.example", 0x05),
        ("https://touchmark.example", "evil.example", 0x05),
        ("https://touchmark.example", "touchmark.example", 0x01),
        ("https://touchmark.example", "touchmark.example", 0x04),
    ],
)
def test_an_answer_given_elsewhere_or_by_nobody_does_not_hold(origin, host, flags):
    passkey = Passkey(origin, host)
    answer = passkey.answers(CHALLENGE, flags=flags)

    with pytest.raises(BadAssertionError):
        read_assertion(
            answer, challenge=CHALLENGE, party=PARTY, credentials=[bytes(passkey.credential)]
        )


@pytest.mark.parametrize("part", ["authenticator_data", "client_data", "signature", "credential"])
def test_a_kept_assertion_with_one_bit_changed_does_not_hold(part):
    passkey = Passkey()
    known = [bytes(passkey.credential)]
    kept = read_assertion(
        passkey.answers(CHALLENGE), challenge=CHALLENGE, party=PARTY, credentials=known
    )
    whole = getattr(kept, part)
    changed = type(kept)(**{**vars(kept), part: whole[:-1] + bytes([whole[-1] ^ 1])})

    with pytest.raises(BadAssertionError):
        check_assertion(changed, challenge=CHALLENGE, party=PARTY)


def test_a_registration_is_no_authorisation():
    passkey = Passkey()
    made = passkey.made(CHALLENGE)

    with pytest.raises(BadAssertionError):
        read_assertion(
            made, challenge=CHALLENGE, party=PARTY, credentials=[bytes(passkey.credential)]
        )


def test_no_two_splits_of_act_and_digest_share_a_challenge():
    one = challenge_of(act="ab", digest=b"c" * 32, nonce=bytes(16))
    other = challenge_of(act="abc", digest=b"c" * 31, nonce=bytes(16))

    assert one != other


# -- spending -----------------------------------------------------------------------------------


def test_an_authorisation_is_spent_once(mira, passkey):
    given = give(mira, passkey)

    spent = spend(mira)

    assert (spent, spent.spent_at is not None) == (given, True)
    with pytest.raises(NotAuthorisedError):
        spend(mira)


@pytest.mark.parametrize("other", [{"digest": OTHER}, {"act": Act.SIGN_PIECE}])
def test_it_serves_no_other_act_and_nothing_else(mira, passkey, other):
    give(mira, passkey)

    with pytest.raises(NotAuthorisedError):
        spend(mira, **other)


def test_it_serves_nobody_else(mira, passkey):
    give(mira, passkey)

    with pytest.raises(NotAuthorisedError):
        spend(make_mira("rhea").user)


def test_it_lasts_ten_minutes(mira, passkey):
    given = give(mira, passkey)

    with pytest.raises(NotAuthorisedError):
        spend(mira, now=given.at + timedelta(minutes=10))


def test_a_row_somebody_wrote_into_the_database_is_checked_before_it_is_spent(mira, passkey):
    give(mira, passkey)
    Authorisation.objects.update(digest=OTHER)

    with pytest.raises(BadAssertionError):
        spend(mira, digest=OTHER)


def test_it_can_be_checked_after_the_passkey_was_taken_away(mira, passkey):
    given = give(mira, passkey)

    Authenticator.objects.all().delete()

    authorise.recheck(Authorisation.objects.get(pk=given.pk))

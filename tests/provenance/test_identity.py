"""Identity levels: what a domain proves, what staff decide, and that a level is only ever shown
as far as it was checked."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from provenance.domains import proof_line
from provenance.models.identity import DomainProof, DomainState
from provenance.models.log import Event
from provenance.models.maker import Maker
from provenance.services import domain_checks, identity
from provenance.services.identity import LevelNotDecidedError
from tests.doors import at_the_door, enter_with_app
from tests.factories import make_certificate, make_mira, make_otto, make_staff
from tests.fakes import FakeOutside

DOMAIN = "tidewell.example"
PAGE = "/workshop/identity"

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside():
    return FakeOutside()


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def asked(maker: Maker) -> DomainProof:
    return identity.ask_domain(maker=maker, domain=DOMAIN, by=maker.user)


def proven(maker: Maker, outside: FakeOutside) -> DomainProof:
    proof = asked(maker)
    outside.records[DOMAIN] = [proof_line(proof.token)]
    domain_checks.check_next(outside)
    proof.refresh_from_db()
    return proof


def make_due(proof: DomainProof) -> None:
    DomainProof.objects.filter(pk=proof.pk).update(due_at=timezone.now())


def look_until_it_is_given_up(proof: DomainProof, outside: FakeOutside) -> None:
    for _ in range(10):
        make_due(proof)
        if not domain_checks.check_next(outside):
            return
    raise AssertionError("it is looked at for ever")


def level_of(maker: Maker) -> str:
    return Maker.objects.get(pk=maker.pk).identity_level


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="domain.").values_list("kind", flat=True))


def public_page(client, maker: Maker) -> str:
    return client.get(f"/j/{maker.slug}").content.decode()


# -- proving ------------------------------------------------------------------------------------


def test_mira_types_her_domain_and_gets_a_line_to_put_there(desk, mira):
    desk.post(PAGE, {"domain": "https://Tidewell.example/"})

    page = desk.get(PAGE).content.decode()
    proof = DomainProof.objects.get()
    assert proof_line(proof.token) in page
    assert "_touchmark.tidewell.example" in page
    assert "https://tidewell.example/.well-known/touchmark.txt" in page


def test_nothing_outside_is_asked_while_a_page_is_made(desk, mira, outside, monkeypatch):
    monkeypatch.setattr(domain_checks, "Internet", lambda: outside)

    desk.post(PAGE, {"domain": DOMAIN})
    desk.post(PAGE, {"act": "look"})

    assert outside.looks == []


@pytest.mark.parametrize("way", ["dns", "file"])
def test_the_line_in_either_place_proves_the_domain(mira, outside, way):
    proof = asked(mira)
    place = outside.records if way == "dns" else outside.files
    place[DOMAIN] = ["v=spf1 -all", proof_line(proof.token)]

    domain_checks.check_next(outside)

    proof.refresh_from_db()
    assert (proof.state, proof.way, level_of(mira)) == (DomainState.PROVEN, way, "I1")
    assert kinds() == ["domain.named", "domain.proven"]


def test_the_worker_looks_at_domains_too(mira, outside, monkeypatch):
    proof = asked(mira)
    outside.records[DOMAIN] = [proof_line(proof.token)]
    monkeypatch.setattr(domain_checks, "Internet", lambda: outside)

    call_command("run_worker", "--once")

    assert level_of(mira) == "I1"


def test_the_line_of_another_workshop_proves_nothing_for_mira(mira, outside):
    other = identity.ask_domain(maker=make_mira("rhea"), domain="rhea.example", by=mira.user)
    asked(mira)
    outside.records[DOMAIN] = [proof_line(other.token)]

    domain_checks.check_next(outside)
    domain_checks.check_next(outside)

    assert level_of(mira) == "I0"


def test_a_line_that_is_not_there_yet_is_looked_for_again_later(desk, mira, outside):
    proof = asked(mira)

    domain_checks.check_next(outside)

    proof.refresh_from_db()
    assert (proof.state, proof.attempts) == (DomainState.WANTED, 1)
    assert proof.due_at > timezone.now() + timedelta(seconds=50)
    assert not domain_checks.check_next(outside)
    assert "neither in the TXT record nor in the file" in desk.get(PAGE).content.decode()


def test_a_line_that_never_comes_is_given_up_with_the_reason(desk, mira, outside):
    proof = asked(mira)
    outside.silent.add(DOMAIN)

    look_until_it_is_given_up(proof, outside)

    proof.refresh_from_db()
    assert (proof.state, len(outside.looks)) == (DomainState.FAILED, 7)
    page = desk.get(PAGE).content.decode()
    assert "tidewell.example is not proven." in page
    assert "nobody answered" in page


def test_mira_has_it_looked_up_again(desk, mira, outside):
    proof = asked(mira)
    look_until_it_is_given_up(proof, outside)
    outside.records[DOMAIN] = [proof_line(proof.token)]

    desk.post(PAGE, {"act": "look"})
    domain_checks.check_next(outside)

    assert level_of(mira) == "I1"


def test_asking_again_and_again_keeps_no_domain_whose_line_is_gone(desk, mira, outside):
    proof = proven(mira, outside)
    outside.records.clear()

    for _ in range(4):
        desk.post(PAGE, {"act": "look"})
        # The time of the next look comes.
        DomainProof.objects.filter(pk=proof.pk).update(due_at=timezone.now())
        domain_checks.check_next(outside)

    assert level_of(mira) == "I0"
    assert kinds() == ["domain.named", "domain.proven", "domain.lapsed"]


def test_asking_again_and_again_loses_no_domain_within_a_short_fault(desk, mira, outside):
    proof = proven(mira, outside)
    outside.silent.add(DOMAIN)

    answers = [desk.post(PAGE, {"act": "look"}, follow=True) for _ in range(6)]
    while domain_checks.check_next(outside):
        answers.append(desk.post(PAGE, {"act": "look"}, follow=True))

    proof.refresh_from_db()
    assert (proof.attempts, level_of(mira)) == (1, "I1")
    assert "We look again by ourselves before level I1 lapses." in answers[-1].content.decode()


def test_asking_about_a_domain_that_stands_has_it_looked_up_now(desk, mira, outside):
    proof = proven(mira, outside)
    nothing_due = domain_checks.check_next(outside)

    desk.post(PAGE, {"act": "look"})
    looked = domain_checks.check_next(outside)

    proof.refresh_from_db()
    assert (nothing_due, looked) == (False, True)
    assert (proof.state, proof.attempts, level_of(mira)) == (DomainState.PROVEN, 0, "I1")


def test_a_worker_that_died_leaves_the_domain_to_another(mira, outside, monkeypatch):
    proof = asked(mira)
    outside.records[DOMAIN] = [proof_line(proof.token)]
    assert domain_checks.take() is not None
    assert not domain_checks.check_next(outside)
    proof.refresh_from_db()
    assert proof.state == DomainState.DOING

    make_due(proof)
    domain_checks.check_next(outside)

    assert level_of(mira) == "I1"


def test_a_domain_dropped_while_it_was_looked_up_proves_nothing(mira, outside):
    proof = asked(mira)
    task = domain_checks.take()
    identity.drop_domain(proof=proof, by=mira.user)

    domain_checks.write_down(task, domain_checks.Found(way="dns"))

    assert level_of(mira) == "I0"
    assert "domain.proven" not in kinds()


# -- lapsing ------------------------------------------------------------------------------------


def test_a_proven_domain_is_looked_at_again_after_thirty_days(mira, outside):
    proof = proven(mira, outside)
    first = proof.checked_at
    assert proof.due_at - first == timedelta(days=30)

    make_due(proof)
    domain_checks.check_next(outside)

    proof.refresh_from_db()
    assert proof.checked_at > first
    assert proof.proven_at == first
    assert kinds() == ["domain.named", "domain.proven"]


def test_one_night_without_an_answer_changes_nothing(desk, mira, outside):
    proof = proven(mira, outside)
    outside.silent.add(DOMAIN)

    make_due(proof)
    domain_checks.check_next(outside)

    assert level_of(mira) == "I1"
    assert "The last look did not see it" in desk.get(PAGE).content.decode()


def test_a_line_taken_away_lowers_the_level_and_is_told(desk, mira, outside):
    proof = proven(mira, outside)
    outside.records.clear()

    look_until_it_is_given_up(proof, outside)

    assert level_of(mira) == "I0"
    assert kinds()[-1] == "domain.lapsed"
    assert "tidewell.example is proven no longer." in desk.get(PAGE).content.decode()
    shown = public_page(desk, mira)
    assert "E-mail confirmed: level I0" in shown
    assert "It is proven no longer." in shown


def test_what_staff_decided_stands_when_a_domain_lapses(mira, outside):
    proof = proven(mira, outside)
    staff = make_staff()
    identity.decide_identity(maker=mira, level="I2", reason="Mark looked up.", by=staff)
    outside.records.clear()

    look_until_it_is_given_up(proof, outside)

    assert level_of(mira) == "I2"


def test_dropping_the_domain_drops_the_level(desk, mira, outside):
    proven(mira, outside)

    desk.post(PAGE, {"act": "drop"})

    assert level_of(mira) == "I0"
    assert not DomainProof.objects.exists()
    assert kinds()[-1] == "domain.dropped"


# -- staff --------------------------------------------------------------------------------------


def test_taking_a_decision_back_leaves_what_was_proven(mira, outside):
    proven(mira, outside)
    staff = make_staff()
    identity.decide_identity(maker=mira, level="I2", reason="Mark looked up.", by=staff)

    identity.decide_identity(maker=mira, level="I0", reason="The mark was another's.", by=staff)

    assert level_of(mira) == "I1"


def test_nobody_decides_that_a_domain_is_proven(mira):
    with pytest.raises(LevelNotDecidedError):
        identity.decide_identity(maker=mira, level="I1", reason="Seen.", by=make_staff())


def test_level_i3_says_who_vouched(client, mira):
    at_the_door(client)
    enter_with_app(client, make_staff())
    address = f"/staff/admin/provenance/maker/{mira.pk}/identity/"

    refused = client.post(address, {"level": "I3", "reason": "Letter of 3 May."})
    client.post(
        address,
        {"level": "I3", "reason": "Letter of 3 May.", "co_signer": "Guild of Bristol Smiths"},
    )

    assert "Level I3 says who vouched." in refused.content.decode()
    assert level_of(mira) == "I3"
    shown = public_page(client, mira)
    assert "Co-signed by a guild or a second maker: level I3" in shown
    assert "Co-signed by Guild of Bristol Smiths." in shown


def test_who_vouched_is_told_for_level_i3_only(client, mira):
    staff = make_staff()
    identity.decide_identity(maker=mira, level="I3", reason="Letter.", by=staff, co_signer="Guild")
    identity.decide_identity(maker=mira, level="I2", reason="The guild wrote.", by=staff)

    assert "Co-signed by" not in public_page(client, mira)


# -- the page -----------------------------------------------------------------------------------


def test_the_page_says_what_each_level_means(desk):
    page = desk.get(PAGE).content.decode()

    assert "E-mail confirmed: level I0" in page
    assert "We have not checked who they are." in page
    assert "Domain proven: level I1" in page
    assert "Co-signed by a guild or a second maker: level I3" in page
    assert page.count("you stand here") == 1


@pytest.mark.parametrize("typed", ["", "localhost", "192.168.0.1", "two words"])
def test_what_is_no_domain_is_refused_beside_the_field(desk, typed):
    page = desk.post(PAGE, {"domain": typed})

    assert page.status_code == 400
    assert page.context["form"].errors["domain"]
    assert not DomainProof.objects.exists()


def test_a_second_domain_does_not_take_the_place_of_the_first(desk, mira):
    asked(mira)

    desk.post(PAGE, {"domain": "other.example"})

    assert DomainProof.objects.get().domain == DOMAIN


def test_looking_too_often_is_said(desk, mira, monkeypatch):
    asked(mira)
    for _ in range(20):
        desk.post(PAGE, {"act": "look"})

    page = desk.post(PAGE, {"act": "look"}, follow=True)

    assert "We looked often enough for now." in page.content.decode()


@pytest.mark.parametrize("act", ["look", "drop"])
def test_without_a_domain_there_is_nothing_to_do_with_it(desk, act):
    assert desk.post(PAGE, {"act": act}).status_code == 404


@pytest.mark.parametrize("act", ["look", "drop"])
def test_the_domain_of_mira_is_nothing_to_another_maker(client, mira, act):
    proof = asked(mira)
    client.force_login(make_mira("rhea").user)

    page = client.post(PAGE, {"act": act})

    assert page.status_code == 404
    assert DomainProof.objects.filter(pk=proof.pk).exists()
    assert proof.domain not in client.get(PAGE).content.decode()


def test_otto_is_led_to_open_a_workshop_and_sana_to_the_door(client):
    sana = client.get(PAGE)
    client.force_login(make_otto())

    otto = client.get(PAGE)

    assert sana["Location"] == "/accounts/login/?next=/workshop/identity"
    assert otto["Location"] == "/workshop/begin"


def test_a_certificate_carries_the_level_of_its_day(mira, outside):
    proven(mira, outside)

    certificate = make_certificate(Maker.objects.get(pk=mira.pk))

    assert b'"identityLevel":"I1"' in bytes(certificate.body)

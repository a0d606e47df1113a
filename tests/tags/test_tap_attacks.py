"""Attacks on a tap: copies, races, guesses, and whatever else may stand behind a question mark."""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.models.log import Event
from tags import presence
from tags.models.tag import Tag
from tags.models.tap import DayKey, Tap
from tags.services import readings, visitors
from tests.sites import serving_the_test_database
from tests.tags.chips import encode, make_answering_chip

MANY = 100
anywhere = pytest.mark.django_db
E = "9A1B" * 8
C = "77AA" * 4
# One reading in 256 opens under another version of the keys too, as noise that looks like a UID,
# and then costs a second look: what is counted here is told of chips that are always the same.
OURS = bytes.fromhex("04C0FFEE015D2A")
IN_THE_CLEAR = bytes.fromhex("04C0FFEE025D2A")


def flipped(link: str) -> str:
    return link[:-1] + ("0" if link[-1] != "0" else "1")


def invalid_links() -> dict[str, str]:
    chip = make_answering_chip(uid=OURS)
    plain = make_answering_chip(chip.tag.piece, uid=IN_THE_CLEAR, profile="plain", place="clasp")
    good, in_the_clear = chip.tap(), plain.tap()
    stranger = encode(bytes.fromhex("04DE5F1EACC041"))
    shown = re.fullmatch(r"(.*u=)(\w{14})(&n=)(\w{6})(.*)", in_the_clear)
    return {
        "a wrong signature": flipped(good),
        "a chip that is not ours": stranger.tap().removeprefix("https://touchmark.example"),
        "noise": f"/s/ring?e={E}&c={C}",
        "another profile": good.replace("/s/ring", "/s/lrp"),
        "a profile that is not there": good.replace("/s/ring", "/s/platinum"),
        "no profile": good.replace("/s/ring", "/s/"),
        "small letters": good.lower(),
        "a parameter twice": good + "&e=" + E,
        "a parameter twice, hidden": good + "&%65=" + E,
        "another order": re.sub(r"\?(e=\w+)&(c=\w+)", r"?\2&\1", good),
        "no signature": good.partition("&c=")[0],
        "a short signature": good[:-2],
        "nothing": "/s/ring",
        "a question alone": "/s/ring?",
        "too much": good + "&x=" + "a" * 5000,
        "a counter set forward": f"{shown[1]}{shown[2]}{shown[3]}FFFFFF{shown[5]}",
        "another UID": f"{shown[1]}04DE5F1EACC041{shown[3]}{shown[4]}{shown[5]}",
        "no counter": re.sub(r"n=\w+&", "", in_the_clear),
        "no UID": re.sub(r"u=\w+&", "", in_the_clear),
    }


@anywhere
def test_whatever_does_not_hold_gets_one_answer_and_leaves_no_trace():
    links = invalid_links()
    events = Event.objects.count()

    answers = {name: Client().get(link) for name, link in links.items()}

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(links, 400)
    assert len({each.content for each in answers.values()}) == 1
    assert "No valid chip signature." in answers["noise"].content.decode()
    assert not any(each.cookies for each in answers.values())
    assert not Tap.objects.exists()
    assert set(Tag.objects.values_list("last_counter", flat=True)) == {-1}
    assert Event.objects.count() == events


@anywhere
@pytest.mark.parametrize("name", ["a wrong signature", "a chip that is not ours", "noise"])
def test_a_wrong_signature_costs_one_look_at_most_and_no_write(client, name):
    link = invalid_links()[name]
    client.get(link)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(link)

    statements = [query["sql"] for query in queries]
    assert len(statements) <= 1
    assert all(each.startswith("SELECT") for each in statements)


@anywhere
def test_a_known_and_an_unknown_chip_cost_the_same_work(client, monkeypatch):
    links = invalid_links()
    done = []

    def noted(act):
        return lambda *facts: (done.append(act.__name__), act(*facts))[1]

    for act in (readings.file_key, readings.verify):
        monkeypatch.setattr(readings, act.__name__, noted(act))
    for name in ("a wrong signature", "a chip that is not ours"):
        client.get(links[name])

    assert done == ["file_key", "verify"] * 2


@anywhere
def test_guessing_is_slowed_down_and_locks_no_chip_out(client):
    chip = make_answering_chip()
    cache.clear()
    statuses = {client.get(f"/s/ring?e={E}&c={n:016X}").status_code for n in range(300)}

    late = client.get(f"/s/ring?e={E}&c={C}").status_code

    assert (statuses, late) == ({400}, 429)
    assert client.get(chip.tap()).status_code == 303


@anywhere
def test_a_good_tap_costs_few_statements(client, django_assert_max_num_queries):
    chip = make_answering_chip()
    client.get(chip.tap())
    other = Client()

    # The tag; a savepoint of the test, the counter, the row, and its release.
    with django_assert_max_num_queries(5):
        other.get(chip.tap())


@anywhere
@given(query=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_no_bytes_behind_the_question_mark_break_anything(client, query):
    cache.clear()

    answer = client.generic("GET", "/s/ring", QUERY_STRING=query.decode("latin-1"))

    assert answer.status_code == 400


@anywhere
@given(
    path=st.text(st.characters(codec="utf-8"), max_size=30),
    name=st.sampled_from(["e", "c", "u", "n", "E", "%65"]),
    value=st.text("0123456789ABCDEFabcdef&=%#\0\n ", max_size=80),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_nothing_like_a_tap_breaks_anything(client, path, name, value):
    cache.clear()

    answer = client.generic("GET", "/s/" + path, QUERY_STRING=f"{name}={value}&c={C}")

    assert answer.status_code in (400, 404)


@anywhere
@pytest.mark.parametrize("cookie", ["", "x" * 5000, "é", "\0", '"', "a=b; c"])
def test_no_cookie_breaks_a_tap(client, cookie):
    chip = make_answering_chip()
    client.cookies[presence.COOKIE] = cookie

    assert client.get(chip.tap(), follow=True).status_code == 200


@anywhere
def test_a_country_is_taken_from_a_proxy_of_ours_and_from_nobody_else(client, settings):
    chip = make_answering_chip()
    client.get(chip.tap(), HTTP_CF_IPCOUNTRY="FR")
    settings.COUNTRY_HEADER = "CF-IPCountry"
    for told in ("gb", "XX", "'; DROP TABLE", ""):
        Client().get(chip.tap(), HTTP_CF_IPCOUNTRY=told)

    assert list(Tap.objects.values_list("country", flat=True)) == ["", "GB", "", "", ""]


@anywhere
def test_no_address_is_kept_and_one_network_counts_once_a_day(client):
    chip = make_answering_chip()
    visitors._key_of.cache_clear()
    near, far = ("203.0.113.7", "203.0.113.99"), ("198.51.100.7",)
    for address in (*near, *far, "2001:db8:7::1", "2001:db8:7:9::2"):
        Client().get(chip.tap(), REMOTE_ADDR=address)

    rows = repr(list(Tap.objects.values()))
    assert len({bytes(each) for each in Tap.objects.values_list("network", flat=True)}) == 3
    assert "203.0.113" not in rows
    assert "2001:db8" not in rows
    assert len(bytes(DayKey.objects.get().key)) == 32


# -- races --------------------------------------------------------------------------------------


def ask(port: int, link: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", link, headers={"Host": "touchmark.example"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_equal_counters_at_once_over_two_servers_one_is_live():
    chip = make_answering_chip()
    link = chip.tap()

    with (
        serving_the_test_database(processes=2) as ports,
        ThreadPoolExecutor(MANY) as pool,
    ):
        statuses = list(pool.map(lambda n: ask(ports[n % 2], link), range(MANY)))

    answers = sorted(Tap.objects.values_list("answer", flat=True))
    assert statuses == [303] * MANY
    assert answers == ["live", *["used_link"] * (MANY - 1)]
    assert Tag.objects.get(pk=chip.tag.pk).last_counter == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_rising_counters_at_once_never_go_back():
    chip = make_answering_chip()
    links = [chip.tap() for _ in range(MANY)]

    with (
        serving_the_test_database(processes=2) as ports,
        ThreadPoolExecutor(MANY) as pool,
    ):
        statuses = list(pool.map(lambda n: ask(ports[n % 2], links[n]), range(MANY)))

    taps = Tap.objects.filter(is_consumed=True).order_by("pk")
    spent = list(taps.values_list("counter", flat=True))
    assert statuses == [303] * MANY
    assert Tag.objects.get(pk=chip.tag.pk).last_counter == MANY
    assert spent == sorted(spent)

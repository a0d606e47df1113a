"""Who may see: every road to a memory asks the policy, and a denial tells nothing."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from memories import urls
from memories.models.chapter import Chapter
from memories.models.item import Item
from memories.models.montage import Montage, MontageLevel
from memories.montage import Answer, Decision
from memories.services import arrange, opening, sharing
from tests.factories import (
    code_address,
    make_certificate,
    make_film,
    make_memory,
    make_montage,
    make_open_montage,
    make_user,
)

pytestmark = pytest.mark.django_db

CANARY = b"CANARY in the pixels"
WORDS = "CANARY in the words"
DOORS = {"claim", "keep", "gift", "invitation"}
WAYS = [
    ("get", {}),
    ("head", {}),
    ("post", {}),
    ("get", {"Range": "bytes=0-3"}),
    ("get", {"If-None-Match": "*"}),
    ("get", {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"}),
    ("get", {"Accept": "application/json"}),
    ("head", {"Tus-Resumable": "1.0.0"}),
    ("patch", {"Tus-Resumable": "1.0.0"}),
    ("delete", {"Tus-Resumable": "1.0.0"}),
]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def holder_of_the_code(montage: Montage, client: Client | None = None) -> Client:
    client = client or Client()
    client.get(code_address(montage.piece))
    return client


def media(item: Item, variant: str = "480.webp") -> str:
    return reverse("memories:media", args=[item.public_id, variant])


def page(montage: Montage) -> str:
    return reverse("memories:montage", args=[montage.piece.public_id])


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def look(client: Client, road: str, **headers: str):
    """Fetch it whole, and let go of the file behind it."""
    answer = client.get(road, headers=headers)
    answer.bytes = body(answer)
    return answer


def private_montage() -> Montage:
    montage = make_montage(title=WORDS, words=WORDS)
    make_memory(montage, content=CANARY, caption=WORDS)
    return montage


def roads(montage: Montage) -> list[str]:
    """Every address of this app that names a piece or a memory; new ones join by themselves."""
    item = montage.items.get()
    values = {"piece": montage.piece.public_id, "item": item.public_id, "number": 1}
    values["invitation"] = values["upload"] = "0" * 22
    values["chapter"] = Chapter.objects.create(
        montage=montage, title="A secret chapter", position=0
    ).public_id
    values["film"] = make_film(
        montage, content=CANARY, level=MontageLevel.CODE, is_shared=True
    ).public_id
    found = []
    for pattern in urls.urlpatterns:
        if pattern.name in DOORS:
            continue
        named = set(pattern.pattern.converters)
        assert named <= set(values) | {"variant"}, f"tell this test what {pattern.name} takes"
        for variant in ("480.webp", "1080.webp", "480.avif") if "variant" in named else ("",):
            wanted = {**values, "variant": variant}
            found.append(
                reverse(f"memories:{pattern.name}", kwargs={name: wanted[name] for name in named})
            )
    return found


@pytest.mark.parametrize(("method", "headers"), WAYS)
@pytest.mark.parametrize("who", ["anonymous", "sana", "mira", "a holder of the code"])
def test_no_road_leads_a_stranger_to_a_private_memory(who, method, headers):
    montage = private_montage()
    client = {
        "anonymous": Client,
        "sana": lambda: signed_in(make_user("sana")),
        "mira": lambda: signed_in(montage.piece.maker.user),
        "a holder of the code": lambda: holder_of_the_code(montage),
    }[who]()

    for road in roads(montage):
        answer = getattr(client, method)(road, headers=headers)

        # 401 and 412 are how resumable uploads say it, before they look at anything.
        assert answer.status_code in {302, 401, 404, 405, 412}, road
        assert answer.status_code != 302 or "/accounts/login/" in answer["Location"], road
        assert b"CANARY" not in body(answer), road
    montage.refresh_from_db()
    assert (montage.revision, montage.items.count()) == (1, 1)


def test_media_and_pages_ask_the_policy_each_time(monkeypatch):
    montage = make_open_montage()
    client = holder_of_the_code(montage)
    roads_open = [page(montage), f"{page(montage)}/cover", media(montage.items.get())]
    before = [look(client, road).status_code for road in roads_open]
    monkeypatch.setattr(opening, "decide", deny)

    after = [look(client, road).status_code for road in roads_open]

    assert (before, after) == ([200] * 3, [404] * 3)


def deny(*args):
    return Decision(Answer.DENY, "a test")


def test_no_montage_and_not_for_you_are_the_same_answer_to_the_last_header(client):
    private = private_montage()
    none = make_certificate(private.piece.maker, title="Leaf pendant").piece

    answers = [
        client.get(page(private)),
        client.get(f"/m/{none.public_id}"),
        client.get("/m/0000000000000000000000"),
    ]

    assert len({_whole(answer) for answer in answers}) == 1
    assert answers[0].status_code == 404


def test_a_private_memory_and_none_are_the_same_answer_to_the_last_header(client):
    item = private_montage().items.get()

    answers = [client.get(media(item)), client.get("/media/0000000000000000000000/480.webp")]

    assert _whole(answers[0]) == _whole(answers[1])
    assert answers[0].status_code == 404


def _whole(answer) -> str:
    return repr((answer.status_code, sorted(answer.headers.items()), answer.content))


def test_the_record_and_the_scan_are_the_same_bytes_with_and_without_private_memories(client):
    montage = make_montage()
    addresses = [f"/p/{montage.piece.public_id}", code_address(montage.piece)]
    without = [client.get(address).content for address in addresses]
    make_memory(montage, content=CANARY)
    arrange.describe_page(
        montage=montage, revision=1, words=arrange.PageWords(WORDS, WORDS, "cover")
    )
    sharing.choose(montage=montage, revision=2, choice=sharing.Choice(MontageLevel.CODE))
    cache.clear()

    with_private = [client.get(address).content for address in addresses]

    assert without == with_private


def test_the_id_of_a_piece_alone_opens_nothing(client):
    montage = make_open_montage()

    client.get(f"/p/{montage.piece.public_id}")
    answers = [client.get(page(montage)), look(client, media(montage.items.get()))]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_who_opened_the_code_may_look(client):
    montage = make_open_montage()

    holder_of_the_code(montage, client)

    assert client.get(page(montage)).status_code == 200
    assert look(client, media(montage.items.get())).bytes == b"pixels"


def test_a_cookie_for_one_piece_opens_no_other(client):
    montage = make_open_montage()
    other = make_montage(
        maker=montage.piece.maker,
        user=make_user("sana"),
        level=MontageLevel.CODE,
        published_at=timezone.now(),
    )

    holder_of_the_code(montage, client)

    assert client.get(page(other)).status_code == 404


def test_a_forged_cookie_opens_nothing(client):
    montage = make_open_montage()
    tag = montage.piece.tags.get()

    client.cookies["tm_code"] = f"{tag.public_id}.{tag.epoch}:forged:forged"

    assert client.get(page(montage)).status_code == 404


def test_a_memory_for_me_alone_is_not_on_the_open_page_and_its_bytes_are_denied():
    montage = make_open_montage()
    hidden = make_memory(montage, content=CANARY, caption=WORDS, level=MontageLevel.ONLY_ME)
    client = holder_of_the_code(montage)

    shown = client.get(page(montage))

    assert WORDS not in shown.content.decode()
    assert hidden.public_id not in shown.content.decode()
    assert "One photograph." in shown.content.decode()
    assert look(client, media(hidden)).status_code == 404


def test_closing_the_page_ends_every_access_at_once_even_for_a_held_etag():
    montage = make_open_montage()
    client, item = holder_of_the_code(montage), montage.items.get()
    etag = look(client, media(item))["ETag"]

    arrange.unpublish(montage=montage)

    assert client.get(page(montage)).status_code == 404
    assert look(client, media(item), **{"If-None-Match": etag}).status_code == 404


def test_a_cookie_from_before_the_closing_does_not_open_the_page_again():
    montage = make_open_montage()
    client = holder_of_the_code(montage)
    arrange.unpublish(montage=montage)
    montage.refresh_from_db()
    arrange.publish(montage=montage, revision=montage.revision)

    before = client.get(page(montage)).status_code
    holder_of_the_code(montage, client)

    assert (before, client.get(page(montage)).status_code) == (404, 200)


def test_bytes_may_be_kept_five_minutes_by_one_browser_and_pages_not_at_all():
    montage = make_open_montage()
    client = holder_of_the_code(montage)

    picture = look(client, media(montage.items.get()))

    assert picture["Cache-Control"] == "private, max-age=300"
    assert "Cookie" in picture["Vary"]
    assert picture["Content-Type"] == "image/webp"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in client.get(page(montage))["Cache-Control"]


def test_a_browser_that_has_the_bytes_is_told_so_after_the_policy_was_asked():
    montage = make_open_montage()
    client, item = holder_of_the_code(montage), montage.items.get()
    etag = look(client, media(item))["ETag"]

    answer = look(client, media(item), **{"If-None-Match": etag})

    assert (answer.status_code, answer.content) == (304, b"")


def test_one_memory_asks_the_database_few_questions(django_assert_num_queries):
    montage = make_open_montage()
    client, item = holder_of_the_code(montage), montage.items.get()

    with django_assert_num_queries(2):
        look(client, media(item))


@pytest.mark.parametrize("variant", ["../../db.sqlite3", "2048.webp", "upload", "480.webp%00", "x"])
def test_a_variant_that_was_not_made_is_not_there(variant):
    montage = make_open_montage()
    client, item = holder_of_the_code(montage), montage.items.get()

    answer = client.get(f"/media/{item.public_id}/{variant}")

    assert answer.status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_there_and_no_error():
    montage = make_open_montage()
    client, item = holder_of_the_code(montage), montage.items.get()
    item.renditions.update(file="memories/gone/480.webp")

    assert look(client, media(item)).status_code == 404


def test_a_former_keeper_no_longer_sees_through_this_door():
    montage = make_open_montage()
    otto = signed_in(montage.keeper.user)
    montage.piece.custodies.update(until=timezone.now())

    answers = [
        otto.get(page(montage)),
        look(otto, media(montage.items.get())),
        otto.get(f"/keep/{montage.piece.public_id}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3


def test_otto_sees_all_of_his_own_before_and_after_publishing():
    montage = private_montage()
    otto = signed_in(montage.keeper.user)

    answers = [otto.get(page(montage)), look(otto, media(montage.items.get()))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].bytes == CANARY

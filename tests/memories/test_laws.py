"""Every law of the tables of memories, each broken by the row that must not stand."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from memories.models.access import Invitation, Report
from memories.models.chapter import Chapter
from memories.models.film import FilmJob
from memories.models.gift import Gift
from memories.models.item import Item, Rendition
from memories.models.montage import Montage
from memories.models.upload import Upload
from memories.models.version import Version
from provenance.models.keeping import ClaimCode
from tests.factories import make_certificate, make_custody, make_otto
from tests.laws import assert_refused, laws_of

pytestmark = pytest.mark.django_db

EARLIER = datetime(2020, 1, 1, tzinfo=UTC)


def make_montage():
    custody = make_custody(make_certificate().piece, make_otto())
    return Montage.objects.create(piece=custody.piece, keeper=custody.keeper)


def make_item(**facts):
    sound = {"position": 0, "upload_name": "sea.jpg", "upload_bytes": 9}
    montage = facts.pop("montage", None) or make_montage()
    return Item.objects.create(montage=montage, **{**sound, **facts})


def begin_a_second_montage():
    first = make_montage()
    return Montage.objects.create(piece=first.piece, keeper=first.keeper)


def make_one_rendition_twice():
    item = make_item()
    for file in ("one.webp", "two.webp"):
        Rendition.objects.create(
            item=item, name="480.webp", file=file, width=480, height=320, bytes=9
        )


def make_one_version_twice():
    montage = make_montage()
    for said in ("Order", "Words"):
        Version.objects.create(montage=montage, number=1, said=said, body={})


def bring_music_twice():
    music = make_item(kind="music", rights_said_at=timezone.now())
    make_item(kind="music", rights_said_at=timezone.now(), montage=music.montage)


def make_upload(**facts):
    sound = {"name": "sea.jpg", "length": 9, "expires_at": timezone.now() + timedelta(days=1)}
    return Upload.objects.create(montage=make_montage(), **{**sound, **facts})


def make_invitation(**facts):
    sound = {"name": "Nele", "token_hash": b"x" * 32, "epoch": 1, "most_redeemed": 3}
    ends = {"expires_at": timezone.now() + timedelta(days=1)}
    return Invitation.objects.create(montage=make_montage(), **(sound | ends | facts))


def make_report(**facts):
    return Report.objects.create(montage=make_montage(), **({"reason": "me"} | facts))


def make_gift(**facts):
    montage = make_montage()
    code = ClaimCode.objects.create(
        piece=montage.piece, code_hash=b"x" * 32, created_at=timezone.now()
    )
    return Gift.objects.create(montage=montage, code=code, giver=montage.keeper, **facts)


def make_film_job(**facts):
    montage = facts.pop("montage", None) or make_montage()
    return FilmJob.objects.create(montage=montage, **({"seconds": 30, "shape": "tall"} | facts))


def want_one_film_twice():
    return make_film_job(montage=make_film_job().montage)


BROKEN_BY = {
    "one_montage_per_keeper": begin_a_second_montage,
    "montage_level_is_known": lambda: Montage.objects.filter(pk=make_montage().pk).update(
        level="everyone"
    ),
    "montage_template_is_known": lambda: Montage.objects.filter(pk=make_montage().pk).update(
        template="fresco"
    ),
    "montage_theme_is_known": lambda: Montage.objects.filter(pk=make_montage().pk).update(
        theme="neon"
    ),
    "chapter_has_a_title": lambda: Chapter.objects.create(
        montage=make_montage(), title="", position=0
    ),
    "one_version_per_number": make_one_version_twice,
    "focus_lies_on_the_picture": lambda: make_item(focus_x=1.2),
    "crop_lies_on_the_picture": lambda: make_item(crop_left=0.5, crop_width=0.6),
    "pin_level_has_a_pin": lambda: Montage.objects.filter(pk=make_montage().pk).update(level="pin"),
    "seal_until_a_date_has_one": lambda: Montage.objects.filter(pk=make_montage().pk).update(
        seal="date"
    ),
    "invitation_is_redeemed_so_often_at_most": lambda: make_invitation(times_redeemed=4),
    "invitation_ends_after_it_began": lambda: make_invitation(expires_at=EARLIER),
    "answered_report_says_how_by_whom_and_when": lambda: make_report(answer="shown"),
    "report_has_a_known_reason": lambda: make_report(reason="dull"),
    "gift_is_opened_after_its_claim": lambda: make_gift(opened_at=EARLIER),
    "ready_item_has_a_size": lambda: make_item(state="ready"),
    "what_plays_has_a_length": lambda: make_item(kind="film", state="ready", width=640, height=360),
    "music_has_its_rights_said": lambda: make_item(kind="music"),
    "one_music_per_montage": bring_music_twice,
    "item_kind_is_known": lambda: make_item(kind="hologram"),
    "upload_has_a_length": lambda: make_upload(length=0),
    "upload_expires_later": lambda: make_upload(expires_at=timezone.now() - timedelta(days=1)),
    "refusal_has_a_reason": lambda: make_item(state="failed"),
    "item_level_is_known": lambda: make_item(level="everyone"),
    "one_film_of_each_kind": want_one_film_twice,
    "ready_film_has_a_file": lambda: make_film_job(state="ready"),
    "only_a_ready_film_has_a_file": lambda: make_film_job(file="films/a/film.mp4"),
    "one_rendition_per_name": make_one_rendition_twice,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("memories", law, BROKEN_BY[law])


def test_every_law_of_memories_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("memories"))

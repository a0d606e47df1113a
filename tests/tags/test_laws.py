"""Every law of the tables of tags, each broken by the row that must not stand."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from tags.codes import new_code
from tags.models.tag import Tag
from tags.models.tap import MonthCount, Opening, Tap
from tests.factories import make_certificate, make_chip
from tests.laws import assert_refused, laws_of

pytestmark = pytest.mark.django_db


def row_of(tag: Tag):
    return Tag.objects.filter(pk=tag.pk)


def chip_on_a_ring(**facts) -> Tag:
    return make_chip(piece=make_certificate().piece, **facts)


def tap_of(tag: Tag, **facts) -> Tap:
    row = {"key_version": 1, "counter": 7, "answer": "live", "is_consumed": True}
    return Tap.objects.create(tag=tag, session=bytes(16), network=bytes(8), **(row | facts))


def bind_two_codes_to_one_place():
    piece = make_certificate().piece
    return Tag.objects.create(piece=piece, place="card", code=new_code())


def retire_without_a_date():
    piece = make_certificate().piece
    return Tag.objects.filter(piece=piece).update(state="retired")


def make_a_tag_of_wood():
    return Tag.objects.filter(piece=make_certificate().piece).update(kind="wood")


def bind_a_chip_to_nothing():
    return row_of(make_chip(state="verified")).update(state="bound")


def replace_an_active_tag():
    piece = make_certificate().piece
    return row_of(make_chip(piece=piece)).update(replaced_by=piece.tags.get(place="card"))


def verify_without_a_date():
    return make_chip(state="verified", verified_at=None)


def open_a_seal_without_a_date():
    return row_of(chip_on_a_ring()).update(state="tampered")


def encode_one_chip_twice():
    chip = make_chip(state="encoded")
    return make_chip(chip.maker, state="encoded", uid_digest=chip.uid_digest)


def count_on_a_printed_code():
    return Tag.objects.filter(piece=make_certificate().piece).update(last_counter=3)


def activate_a_chip_without_keys():
    return chip_on_a_ring(profile="", key_version=0)


def count_past_three_bytes():
    return row_of(chip_on_a_ring()).update(last_counter=0x1000000)


def spend_a_counter_twice():
    chip = chip_on_a_ring()
    tap_of(chip)
    return tap_of(chip)


def answer_with_a_word_of_no_table():
    return tap_of(chip_on_a_ring(), answer="splendid")


def be_live_without_spending():
    return tap_of(chip_on_a_ring(), is_consumed=False)


def count_one_network_in_two_rows():
    tag = chip_on_a_ring()
    day = timezone.localdate()
    Opening.objects.create(tag=tag, day=day, network=bytes(8), times=1)
    return Opening.objects.create(tag=tag, day=day, network=bytes(8), times=2)


def count_no_opening():
    day = timezone.localdate()
    return Opening.objects.create(tag=chip_on_a_ring(), day=day, network=bytes(8), times=0)


def count_one_month_in_two_rows():
    tag, month = chip_on_a_ring(), timezone.localdate().replace(day=1)
    MonthCount.objects.create(tag=tag, month=month, what="taps", times=1)
    return MonthCount.objects.create(tag=tag, month=month, what="taps", times=2)


def count_what_nobody_counts():
    month = timezone.localdate().replace(day=1)
    return MonthCount.objects.create(tag=chip_on_a_ring(), month=month, what="sighs", times=1)


BROKEN_BY = {
    "one_standing_tag_per_place": bind_two_codes_to_one_place,
    "ended_tag_has_a_date": retire_without_a_date,
    "tag_kind_is_known": make_a_tag_of_wood,
    "tag_is_in_stock_or_on_a_piece": bind_a_chip_to_nothing,
    "only_a_replaced_tag_names_its_successor": replace_an_active_tag,
    "verified_tag_has_a_date": verify_without_a_date,
    "tampered_tag_has_a_date": open_a_seal_without_a_date,
    "uid_is_unique": encode_one_chip_twice,
    "only_a_chip_has_keys_and_a_counter": count_on_a_printed_code,
    "written_chip_has_uid_and_keys": activate_a_chip_without_keys,
    "counter_has_24_bits": count_past_three_bytes,
    "one_tap_per_counter": spend_a_counter_twice,
    "tap_answer_is_known": answer_with_a_word_of_no_table,
    "only_a_spent_counter_is_live": be_live_without_spending,
    "one_opening_row_per_network_and_day": count_one_network_in_two_rows,
    "opening_counts_something": count_no_opening,
    "one_count_per_month_and_kind": count_one_month_in_two_rows,
    "count_is_known": count_what_nobody_counts,
}


@pytest.mark.parametrize("law", BROKEN_BY)
def test_the_database_refuses_the_row_that_breaks(law):
    assert_refused("tags", law, BROKEN_BY[law])


def test_every_law_of_tags_has_a_row_that_breaks_it():
    assert set(BROKEN_BY) == set(laws_of("tags"))


# -- laws of a change, which only triggers can hold ---------------------------------------------


def assert_change_refused(tag: Tag, why: str, **change) -> None:
    before = row_of(tag).values().get()

    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        row_of(tag).update(**change)

    assert row_of(tag).values().get() == before


@pytest.mark.parametrize("ended", ["replaced", "retired", "compromised"])
@pytest.mark.parametrize("again", ["active", "suspended", "bound"])
def test_an_ended_tag_never_comes_back(ended, again):
    tag = chip_on_a_ring(state=ended, ended_at=timezone.now())

    assert_change_refused(tag, "ended tag stays ended", state=again, ended_at=None)


def test_one_end_never_becomes_another():
    tag = chip_on_a_ring(state="retired", ended_at=timezone.now())

    assert_change_refused(tag, "ended tag stays ended", state="compromised")


def test_a_counter_never_goes_back_within_its_keys():
    tag = chip_on_a_ring(last_counter=41)

    assert_change_refused(tag, "counter only grows", last_counter=40)


def test_a_version_of_keys_never_goes_back():
    tag = chip_on_a_ring(key_version=2, last_counter=5)

    assert_change_refused(tag, "counter only grows", key_version=1, last_counter=9)


def test_new_keys_begin_a_new_count():
    tag = chip_on_a_ring(last_counter=41)

    row_of(tag).update(key_version=2, last_counter=0)

    assert row_of(tag).get().last_counter == 0


@pytest.mark.parametrize("state", ["active", "suspended"])
def test_a_tag_in_use_never_moves_to_another_piece(state):
    tag = chip_on_a_ring(state=state)
    other = make_certificate(tag.piece.maker, title="Another ring").piece

    assert_change_refused(tag, "stays on its piece", piece=other)


def test_a_replaced_tag_never_moves_to_another_piece():
    tag = chip_on_a_ring(state="replaced", ended_at=timezone.now())
    other = make_certificate(tag.piece.maker, title="Another ring").piece

    assert_change_refused(tag, "stays on its piece", piece=other)


@pytest.mark.parametrize("later", [None, "2030-01-01T00:00:00Z"])
def test_an_opened_seal_never_closes(later):
    tag = chip_on_a_ring(tampered_at=timezone.now())

    assert_change_refused(tag, "seal stays open", tampered_at=later)


def test_a_row_never_changes_its_chip():
    tag = chip_on_a_ring()

    assert_change_refused(tag, "keeps its chip", uid_digest=bytes(16))


@pytest.mark.django_db(transaction=True)
def test_the_triggers_stand_after_a_flush():
    tag = chip_on_a_ring(last_counter=41)

    assert_change_refused(tag, "counter only grows", last_counter=40)

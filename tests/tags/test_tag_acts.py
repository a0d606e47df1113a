"""The acts of a tag's life: each is allowed where the table says so, and leaves one event."""

import pytest
from django.utils import timezone

from provenance.canonical import parse_object
from provenance.case import TagRead
from provenance.models.log import Event
from provenance.services.standing import TagShown, standing_of
from provenance.verification import Outcome
from tags import keyring
from tags.errors import InvalidTapError
from tags.life import MOVES, Act, TagState
from tags.models.tag import Tag, TagKind
from tags.services import bench, binding
from tags.services.bench import UidInUseError, WrongChipError
from tags.services.binding import AnotherMakersError, PlaceTakenError
from tags.services.issuing import issue_with_code
from tags.services.moves import TagStateError
from tests.factories import (
    make_certificate,
    make_chip,
    make_draft,
    make_mira,
    make_photograph,
)
from tests.tags.chips import SITE, encode, make_answering_chip

pytestmark = pytest.mark.django_db
UID = bytes.fromhex("04DE5F1EACC040")


def in_state(state: TagState, **facts) -> Tag:
    if state in (*MOVES[Act.REPLACE].before, *TERMINALS):
        ended = {"ended_at": timezone.now()} if state in TERMINALS else {}
        opened = {"tampered_at": timezone.now()} if state == TagState.TAMPERED else {}
        piece = make_certificate().piece
        return make_chip(piece=piece, state=state, **ended, **opened, **facts)
    return make_chip(state=state, **facts)


TERMINALS = (TagState.REPLACED, TagState.RETIRED, TagState.COMPROMISED)


def owner(tag: Tag):
    return tag.maker.user


def reserve(tag):
    return bench.reserve_tag(tag=tag, profile="ring", by=owner(tag))


def write(tag):
    return bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))


def fail(tag):
    return bench.fail_encoding(tag=tag, reason="Torn away.", by=owner(tag))


def suspend(tag):
    return binding.suspend_tag(tag=tag, reason="Lost.", by=owner(tag))


def lift(tag):
    return binding.lift_tag(tag=tag, reason="Found.", by=owner(tag))


def tamper(tag):
    return binding.mark_tampered(tag=tag)


def retire(tag):
    return binding.retire_tag(tag=tag, reason="Broken.", by=owner(tag))


ACTS = {
    Act.RESERVE: (reserve, "tag.reserved"),
    Act.FAIL_ENCODING: (fail, "tag.encoding_failed"),
    Act.SUSPEND: (suspend, "tag.suspended"),
    Act.LIFT: (lift, "tag.reinstated"),
    Act.TAMPER: (tamper, "tag.tampered"),
    Act.RETIRE: (retire, "tag.retired"),
}
OPEN = [(act, state) for act in ACTS for state in MOVES[act].before]
SHUT = [(act, state) for act in ACTS for state in TagState if state not in MOVES[act].before]


def kinds_since(before: set[int]) -> list[str]:
    return [event.kind for event in Event.objects.exclude(pk__in=before)]


def events() -> set[int]:
    return set(Event.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("act", "state"), OPEN)
def test_an_act_leads_where_the_table_says_and_leaves_one_event(act, state):
    tag = in_state(state)
    do, kind = ACTS[act]
    before = events()

    do(tag)

    assert Tag.objects.get(pk=tag.pk).state == MOVES[act].after
    assert kinds_since(before) == [kind]


@pytest.mark.parametrize(("act", "state"), SHUT)
def test_an_act_that_is_not_open_changes_nothing(act, state):
    tag = in_state(state)
    do, _ = ACTS[act]
    row, before = Tag.objects.filter(pk=tag.pk).values().get(), events()

    with pytest.raises(TagStateError):
        do(tag)

    assert Tag.objects.filter(pk=tag.pk).values().get() == row
    assert kinds_since(before) == []


def test_stock_is_taken_in_as_one_act():
    maker = make_mira()
    before = events()

    tags = bench.add_stock(maker=maker, kind=TagKind.NTAG424, count=3, by=maker.user)

    assert Tag.objects.in_stock_of(maker).count() == 3
    assert len({tag.code for tag in tags}) == 3
    assert kinds_since(before) == ["tag.stocked"]


# -- the bench ----------------------------------------------------------------------------------


def reserved(maker=None) -> Tag:
    maker = maker or make_mira()
    (tag,) = bench.add_stock(maker=maker, kind=TagKind.NTAG424, count=1, by=maker.user)
    return bench.reserve_tag(tag=tag, profile="ring", by=maker.user)


def test_a_chip_is_reserved_under_the_newest_keys():
    tag = reserved()

    assert (tag.profile, tag.key_version) == ("ring", 2)


def test_a_profile_that_is_not_set_up_reserves_nothing():
    tag = make_chip()

    with pytest.raises(keyring.NoSuchKeysError):
        bench.reserve_tag(tag=tag, profile="platinum", by=owner(tag))

    assert Tag.objects.get(pk=tag.pk).state == TagState.BLANK


def test_a_written_chip_that_answers_is_verified_and_its_count_is_spent():
    tag = reserved()
    bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))
    virtual = encode(UID)
    before = events()

    bench.verify_tag(tag=tag, link=virtual.tap(), by=owner(tag))

    row = Tag.objects.get(pk=tag.pk)
    assert (row.state, row.last_counter) == (TagState.VERIFIED, 1)
    assert row.verified_at is not None
    assert kinds_since(before) == ["tag.verified"]


def test_no_uid_is_in_the_row_or_on_record():
    tag = reserved()

    bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))

    row = Tag.objects.filter(pk=tag.pk).values().get()
    told = b"".join(bytes(event.statement) for event in Event.objects.all())
    assert UID not in bytes(row["uid_digest"])
    assert UID.hex() not in repr(row).lower()
    assert UID.hex().encode() not in told.lower()


def test_a_chip_with_factory_keys_is_not_verified():
    tag = reserved()
    bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))
    virtual = encode(UID)
    virtual._keys = [bytes(16)] * 5

    with pytest.raises(InvalidTapError):
        bench.verify_tag(tag=tag, link=virtual.tap(), by=owner(tag))


def test_a_chip_of_another_row_is_not_verified():
    other = make_answering_chip(on_a_piece=False, state="encoded")
    tag = reserved(other.tag.maker)
    bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))

    with pytest.raises(WrongChipError):
        bench.verify_tag(tag=tag, link=other.virtual.tap(), by=owner(tag))


def test_a_link_tried_before_is_not_tried_again():
    tag = reserved()
    bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))
    link = encode(UID).tap()
    Tag.objects.filter(pk=tag.pk).update(last_counter=1)

    with pytest.raises(TagStateError):
        bench.verify_tag(tag=tag, link=link, by=owner(tag))


def test_one_chip_is_not_written_as_two_tags():
    first = reserved()
    bench.mark_encoded(tag=first, uid=UID, by=owner(first))
    second = reserved(first.maker)

    with pytest.raises(UidInUseError):
        bench.mark_encoded(tag=second, uid=UID, by=owner(second))

    assert Tag.objects.get(pk=second.pk).state == TagState.RESERVED


def test_after_a_failure_the_next_keys_are_written_and_no_old_link_counts():
    tag = make_answering_chip(on_a_piece=False, state="encoded", version=1)
    old_link = tag.virtual.tap()

    bench.fail_encoding(tag=tag.tag, by=owner(tag.tag))
    bench.mark_encoded(tag=tag.tag, uid=tag.virtual.uid, by=owner(tag.tag))

    assert Tag.objects.get(pk=tag.tag.pk).key_version == 2
    with pytest.raises(InvalidTapError):
        bench.verify_tag(tag=tag.tag, link=old_link, by=owner(tag.tag))


def test_a_row_that_failed_is_written_again_with_its_own_chip_only():
    tag = make_answering_chip(on_a_piece=False, state="encoded", version=1).tag
    bench.fail_encoding(tag=tag, by=owner(tag))

    with pytest.raises(WrongChipError):
        bench.mark_encoded(tag=tag, uid=UID, by=owner(tag))


def test_a_plain_tag_is_verified_by_the_code_that_it_carries():
    maker = make_mira()
    (tag,) = bench.add_stock(maker=maker, kind=TagKind.NFC, count=1, by=maker.user)
    bench.reserve_tag(tag=tag, by=maker.user)
    bench.mark_encoded(tag=tag, uid=bytes(7), by=maker.user)

    bench.verify_tag(tag=tag, link=f"{SITE}/T/{tag.code}", by=maker.user)

    assert tag.state == TagState.VERIFIED


# -- on the piece -------------------------------------------------------------------------------


def test_a_tag_bound_to_a_draft_waits_for_the_signing():
    tag = make_chip(state="verified")
    piece = make_draft(tag.maker)
    photograph = make_photograph(piece, "other")
    before = events()

    binding.bind_tag(tag=tag, piece=piece, place="clasp", photograph=photograph, by=owner(tag))

    row = Tag.objects.get(pk=tag.pk)
    assert (row.state, row.place, row.photograph) == (TagState.BOUND, "clasp", photograph)
    assert kinds_since(before) == ["tag.bound"]


def test_a_signed_certificate_names_the_chip_and_sets_it_active():
    tag = make_chip(state="verified")
    piece = make_draft(tag.maker)
    binding.bind_tag(tag=tag, piece=piece, place="clasp", by=owner(tag))

    certificate = issue_with_code(piece=piece, by=owner(tag))

    named = parse_object(bytes(certificate.body))["credentialSubject"]["tags"]
    assert {"ntag424", "qr"} == {each["kind"] for each in named}
    assert Tag.objects.get(pk=tag.pk).state == TagState.ACTIVE


def test_a_tag_bound_after_the_signing_belongs_to_the_piece():
    certificate = make_certificate()
    tag = make_chip(certificate.maker, state="verified")

    binding.bind_tag(tag=tag, piece=certificate.piece, place="clasp", by=owner(tag))

    read = TagRead("ntag424", tag.public_id, tag.bound_at > certificate.valid_from, True)
    checked = standing_of(certificate, tag=TagShown(read=read), now=timezone.now())
    assert tag.state == TagState.ACTIVE
    assert checked.verdict.checks[10].outcome is Outcome.PASSED


def test_a_place_holds_one_tag():
    piece = make_chip(piece=make_certificate().piece).piece
    tag = make_chip(piece.maker, state="verified")

    with pytest.raises(PlaceTakenError):
        binding.bind_tag(tag=tag, piece=piece, place="band", by=owner(tag))


def test_a_tag_is_bound_to_a_piece_of_its_own_maker_only():
    tag = make_chip(make_mira("nib"), state="verified")
    piece = make_certificate().piece

    with pytest.raises(AnotherMakersError):
        binding.bind_tag(tag=tag, piece=piece, place="clasp", by=owner(tag))


def test_a_replaced_tag_names_its_successor_in_one_event():
    old = make_chip(piece=make_certificate().piece)
    new = make_chip(old.maker, state="verified")
    before = events()

    binding.replace_tag(tag=old, by_tag=new, reason="Worn.", by=owner(old))

    old, new = Tag.objects.get(pk=old.pk), Tag.objects.get(pk=new.pk)
    assert (old.state, old.replaced_by) == (TagState.REPLACED, new)
    assert (new.state, new.piece, new.place) == (TagState.ACTIVE, old.piece, old.place)
    assert kinds_since(before) == ["tag.replaced"]


def test_a_tag_that_cannot_be_bound_replaces_nothing():
    old = make_chip(piece=make_certificate().piece)
    new = make_chip(old.maker)

    with pytest.raises(TagStateError):
        binding.replace_tag(tag=old, by_tag=new, reason="Worn.", by=owner(old))

    assert Tag.objects.get(pk=old.pk).state == TagState.ACTIVE


def test_a_stolen_batch_takes_its_chips_and_no_other(monkeypatch):
    monkeypatch.setattr(binding, "MOST_AT_ONCE", 2)
    maker = make_mira()
    piece = make_certificate(maker).piece
    stolen = [make_chip(maker, state="verified") for _ in range(3)]
    stolen += [make_chip(piece=piece, state="tampered", tampered_at=timezone.now())]
    kept = [make_chip(maker), make_chip(maker, state="encoded", key_version=2)]
    kept += [make_chip(maker, state="encoded", profile="seal")]
    before = events()

    many = binding.compromise_batch(
        profile="ring", key_version=1, reason="The vendor lost them.", by=maker.user
    )

    states = dict(Tag.objects.values_list("pk", "state"))
    assert many == 4
    assert {states[tag.pk] for tag in stolen} == {TagState.COMPROMISED}
    assert TagState.COMPROMISED not in {states[tag.pk] for tag in kept}
    assert kinds_since(before) == ["tag.compromised"] * 4

"""A vendor's round: exported, written into chips made of Python, brought back, tapped live."""

import base64
import csv
import io
import secrets
import zipfile
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from provenance.models.log import Event
from provenance.models.piece import Piece
from tags import keyring, vendor_files
from tags.models.tag import Tag, TagKind
from tags.models.tap import Tap
from tags.sdm import file_key
from tags.services import bench, binding, stocking
from tags.virtual import CLOSED_AGAIN, VirtualTag
from tests.factories import make_certificate, make_chip, make_mira, make_otto
from tests.tags.chips import SITE, encode, path_of

pytestmark = pytest.mark.django_db
EXPORT, RESULTS = "/workshop/tags/export.zip", "/workshop/tags/results"
PROFILES = ["ring", "plain", "lrp", "seal", "deep"]


@pytest.fixture(autouse=True)
def _a_profile_with_encrypted_file_data(settings):
    ring = settings.TAGS_PROFILES[0]
    deep = replace(
        ring,
        name="deep",
        crypto="lrp",
        query="e={picc}&f={file}&c={mac}",
        window="f={file}&c=",
        file_bytes=16,
        has_seal_in_file=True,
    )
    settings.TAGS_PROFILES = (*settings.TAGS_PROFILES, deep)


@pytest.fixture
def mira():
    return make_mira()


@pytest.fixture
def desk(client, mira):
    client.force_login(mira.user)
    return client


def waiting(maker, profile="ring", count=1):
    return stocking.set_aside(maker=maker, count=count, profile=profile, by=maker.user)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def written_by_vendor(archive: bytes) -> dict[str, VirtualTag]:
    """Chips made of exactly what was sent and of the keys that are named in it, by code."""
    return {each.code: _written(each) for each in vendor_files.read_export(archive)}


def _written(sent: vendor_files.Programmed) -> VirtualTag:
    kind = keyring.kind_called(sent.profile)
    keys = kind.keys_of(sent.key_version)
    chip = VirtualTag(uid=b"\x04" + secrets.token_bytes(6))
    slots = {sent.file_slot: file_key(kind.profile, keys.file, chip.uid)}
    if sent.meta_slot is not None:
        slots[sent.meta_slot] = keys.meta.secret
    chip.write(sent.file, sent.settings, keys=slots, crypto=kind.profile.crypto)
    return chip


def table(*rows: dict[str, object]) -> str:
    out = io.StringIO()
    sheet = csv.DictWriter(out, ["code", "uid", "status", "key_version", "reading"], restval="")
    sheet.writeheader()
    sheet.writerows(rows)
    return out.getvalue()


def row_of(code: str, chip: VirtualTag, **more: object) -> dict[str, object]:
    return {"code": code, "uid": chip.uid.hex(), "reading": chip.tap()} | more


def look(desk, text_of_table: str):
    upload = SimpleUploadedFile("result.csv", text_of_table.encode())
    return desk.post(RESULTS, {"table": upload})


def agree(desk, text_of_table: str):
    return desk.post(RESULTS, {"text": text_of_table})


def state_of(tag) -> str:
    return Tag.objects.get(pk=tag.pk).state


# -- the whole round ----------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_a_tag_goes_out_comes_back_and_answers_live(desk, client, mira, profile):
    tags = waiting(mira, profile, 2)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(*(row_of(code, chip) for code, chip in chips.items()))

    told = look(desk, brought)
    untouched = [state_of(tag) for tag in tags]
    agree(desk, brought)

    piece = make_certificate(mira).piece
    tag = Tag.objects.get(pk=tags[0].pk)
    binding.bind_tag(tag=tag, piece=piece, place="band", by=mira.user)
    answer = client.get(path_of(chips[tag.code].tap()))
    assert "2 rows can be put on record" in text(told)
    assert untouched == ["reserved", "reserved"]
    assert state_of(tags[1]) == "verified"
    assert answer["Location"] == f"/p/{piece.public_id}"
    assert Tap.objects.get().answer == "live"


@pytest.mark.parametrize("profile", ["seal", "deep"])
def test_a_seal_that_is_opened_later_is_told(desk, client, mira, profile):
    (tag,) = waiting(mira, profile)
    (chip,) = written_by_vendor(desk.get(EXPORT).content).values()
    if profile == "deep":
        # Its state stands in what the chip encrypts.
        assert chip.tap()
    agree(desk, table(row_of(tag.code, chip)))
    tag.refresh_from_db()
    piece = make_certificate(mira).piece
    binding.bind_tag(tag=tag, piece=piece, place="band", by=mira.user)

    chip.open_seal()
    chip.close_seal()
    client.get(path_of(chip.tap()))

    assert chip.seal == CLOSED_AGAIN
    assert state_of(tag) == "tampered"


def test_plain_tags_come_back_with_or_without_a_reading(desk, mira):
    first, second, third = waiting(mira, "", 3)
    brought = table(
        {"code": first.code, "uid": "04AAAAAAAAAAAA", "reading": f"{SITE}/t/{first.code}"},
        {"code": second.code, "uid": "04BBBBBBBBBBBB"},
        {"code": third.code, "status": "failed"},
    )

    agree(desk, brought)

    assert [state_of(tag) for tag in (first, second, third)] == ["verified", "encoded", "reserved"]


# -- no key, ever -------------------------------------------------------------------------------


def test_no_key_leaves_the_house(desk, mira, settings):
    for profile in PROFILES:
        waiting(mira, profile)
    canaries = {settings.TAGS_UID_KEY}
    for written in settings.TAGS_PROFILES:
        canaries |= {key for _, key in (*written.meta_keys, *written.file_keys)}

    archive = desk.get(EXPORT).content

    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        contents = [archive, *(found.read(name) for name in found.namelist())]
    for content in contents:
        for canary in canaries:
            assert not [form for form in shapes(bytes.fromhex(canary)) if form in content]


def shapes(secret: bytes) -> list[bytes]:
    """A key as anything writes one."""
    figures, based = secret.hex(), base64.b64encode(secret).decode().rstrip("=")
    spaced = " ".join(figures[at : at + 2] for at in range(0, 32, 2))
    texts = [figures, figures.upper(), spaced, spaced.upper(), based]
    return [secret, secret[::-1], *(each.encode() for each in texts)]


def test_the_results_page_shows_no_serial_number_but_in_what_is_sent_back(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(row_of(tag.code, chips[tag.code]))

    answer = agree(desk, brought)

    assert chips[tag.code].uid.hex() not in text(answer)
    assert "no-store" in answer["Cache-Control"]


# -- the export ---------------------------------------------------------------------------------


def test_the_export_changes_nothing_and_is_the_same_each_time(desk, mira):
    waiting(mira, count=2)
    events = Event.objects.count()

    first, second = desk.get(EXPORT), desk.get(EXPORT)

    assert first.content == second.content
    assert first["Content-Disposition"] == 'attachment; filename="touchmark-tags.zip"'
    assert "no-store" in first["Cache-Control"]
    assert Event.objects.count() == events


def test_a_chip_whose_keys_are_not_here_waits_for_them(desk, mira):
    (tag,) = waiting(mira)
    (plain,) = waiting(mira, "")
    bench.fail_encoding(tag=tag, by=mira.user)

    sent = vendor_files.read_export(desk.get(EXPORT).content)

    assert [each.code for each in sent] == [plain.code]
    assert "1 chip of the kind “ring” waits for version 3 of the keys" in text(
        desk.get("/workshop/tags/write")
    )


def test_with_nothing_to_write_the_page_says_so(desk, mira):
    make_chip(mira)

    answer = desk.get(EXPORT, follow=True)

    assert answer.redirect_chain == [("/workshop/tags/write", 303)]
    assert "Nothing waits to be written." in text(answer)


def test_only_what_waits_in_the_own_drawer_goes_out(desk, mira):
    (mine,) = waiting(mira)
    waiting(make_mira("another"))

    sent = vendor_files.read_export(desk.get(EXPORT).content)

    assert [each.code for each in sent] == [mine.code]


# -- the table that comes back ------------------------------------------------------------------


def test_looking_changes_nothing(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    before = Tag.objects.filter(pk=tag.pk).values().get(), Event.objects.count()

    answer = look(desk, table(row_of(tag.code, chips[tag.code])))

    assert "Nothing has been changed yet." in text(answer)
    assert "Put 1 on record" in text(answer)
    assert (Tag.objects.filter(pk=tag.pk).values().get(), Event.objects.count()) == before


def test_brought_twice_it_changes_nothing_more(desk, mira):
    first, second, third = waiting(mira, count=3)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(
        row_of(first.code, chips[first.code]),
        row_of(second.code, chips[second.code], reading=""),
        {"code": third.code, "uid": "", "status": "failed", "key_version": 2},
    )
    agree(desk, brought)
    tags = list(Tag.objects.order_by("pk").values())
    events = Event.objects.count()

    answer = agree(desk, brought)

    assert [tag["state"] for tag in tags] == ["verified", "encoded", "reserved"]
    assert list(Tag.objects.order_by("pk").values()) == tags
    assert Event.objects.count() == events
    assert text(answer).count("On record already") == 2


def test_a_failed_chip_waits_again_under_the_next_keys(desk, mira):
    (tag,) = waiting(mira)

    agree(desk, table({"code": tag.code, "status": "failed", "key_version": 2}))

    fresh = Tag.objects.get(pk=tag.pk)
    assert (fresh.state, fresh.key_version) == ("reserved", 3)


def test_a_reading_may_be_brought_later(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    chip = chips[tag.code]
    agree(desk, table(row_of(tag.code, chip, reading="")))

    agree(desk, table(row_of(tag.code, chip)))

    assert state_of(tag) == "verified"


def test_one_bad_row_leaves_the_others_good(desk, mira):
    good, bad = waiting(mira, count=2)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(
        row_of(bad.code, chips[bad.code], uid="04AAAAAAAAAAAA"),
        row_of(good.code, chips[good.code]),
    )

    answer = agree(desk, brought)

    assert [state_of(good), state_of(bad)] == ["verified", "reserved"]
    assert Tag.objects.get(pk=bad.pk).uid_digest is None
    assert "<td>2</td><td><code>reading</code></td>" in text(answer)


def faults_of(answer) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in answer.context["faults"]]


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"code": "0000000000000"}, "code"),
        ({"code": "nonsense"}, "code"),
        ({"uid": ""}, "uid"),
        ({"uid": "04AAAA"}, "uid"),
        ({"uid": "04AAAAAA"}, "uid"),
        ({"key_version": 1}, "key_version"),
        ({"status": "perhaps"}, "status"),
        ({"status": "failed"}, "key_version"),
        ({"reading": "nonsense"}, "reading"),
        ({"reading": "https://elsewhere.example/s/ring?e=00&c=00"}, "reading"),
        ({"reading": f"{SITE}/s/ring?e={'0' * 32}&c={'0' * 16}"}, "reading"),
        ({"reading": "x" * 9000}, "reading"),
    ],
    ids=str,
)
def test_what_does_not_hold_is_named_by_its_column_before_and_after(desk, mira, changed, column):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(row_of(tag.code, chips[tag.code]) | changed)

    looked, agreed = look(desk, brought), agree(desk, brought)

    assert faults_of(looked) == faults_of(agreed) == [(2, column)]
    assert state_of(tag) == "reserved"


def test_a_reading_under_the_factory_key_is_not_live(desk, mira):
    (tag,) = waiting(mira, "plain")
    (sent,) = vendor_files.read_export(desk.get(EXPORT).content)
    blank = VirtualTag(uid=b"\x04" + secrets.token_bytes(6))
    blank.write(sent.file, sent.settings, keys={})

    answer = agree(desk, table(row_of(tag.code, blank)))

    assert faults_of(answer) == [(2, "reading")]
    assert state_of(tag) == "reserved"


def test_the_same_reading_does_not_verify_twice(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    row = row_of(tag.code, chips[tag.code])
    agree(desk, table(row))

    answer = agree(desk, table(row))

    assert faults_of(answer) == []
    assert Event.objects.filter(kind="tag.verified").count() == 1


def test_a_chip_that_is_another_tag_already_is_refused(desk, mira):
    first, second = waiting(mira, count=2)
    chips = written_by_vendor(desk.get(EXPORT).content)
    agree(desk, table(row_of(first.code, chips[first.code])))

    answer = agree(desk, table(row_of(second.code, chips[first.code], reading="")))

    assert faults_of(answer) == [(2, "uid")]


def test_a_tag_that_is_further_on_is_not_another_chip(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    agree(desk, table(row_of(tag.code, chips[tag.code])))

    answer = agree(desk, table({"code": tag.code, "uid": "04AAAAAAAAAAAA"}))

    assert faults_of(answer) == [(2, "uid")]


@pytest.mark.parametrize("state", ["blank", "retired"])
def test_a_tag_that_nobody_wrote_is_told_by_its_state(desk, mira, state):
    tag = make_chip(mira)
    if state == "retired":
        binding.retire_tag(tag=tag, reason="Broken.", by=mira.user)

    answer = agree(desk, table({"code": tag.code, "uid": "04AAAAAAAAAAAA"}))

    assert faults_of(answer) == [(2, "code")]


def test_a_tag_of_another_workshop_is_not_known_here(desk):
    (tag,) = waiting(make_mira("another"))

    answer = agree(desk, table({"code": tag.code, "uid": "04AAAAAAAAAAAA"}))

    assert faults_of(answer) == [(2, "code")]
    assert state_of(tag) == "reserved"


@pytest.mark.parametrize(
    "content", [b"", b"no table", b"code;uid", b"code,uid\n" + b"0,0\n" * 1001, bytes(600_000)]
)
def test_what_is_no_table_is_refused_calmly(desk, content):
    answer = desk.post(RESULTS, {"table": SimpleUploadedFile("result.csv", content)})

    assert answer.status_code == 400
    assert "<h1>Bring the vendor’s table back</h1>" in text(answer)


def test_what_is_sent_back_is_what_was_looked_at(desk, mira):
    (tag,) = waiting(mira)
    chips = written_by_vendor(desk.get(EXPORT).content)
    brought = table(row_of(tag.code, chips[tag.code]))

    shown = look(desk, brought).context["text"]
    agree(desk, shown)

    assert shown == brought
    assert state_of(tag) == "verified"


@pytest.mark.parametrize("address", [EXPORT, RESULTS])
@pytest.mark.parametrize("visitor", ["otto", None])
def test_neither_keeper_nor_stranger_comes_here(client, address, visitor):
    if visitor:
        client.force_login(make_otto())

    assert client.get(address).status_code == 302


def test_a_piece_takes_only_what_answered(desk, mira):
    (tag,) = waiting(mira)
    chip = encode(b"\x04" + secrets.token_bytes(6))
    agree(desk, table({"code": tag.code, "uid": chip.uid.hex()}))
    piece: Piece = make_certificate(mira).piece

    with pytest.raises(binding.TagStateError):
        binding.bind_tag(tag=Tag.objects.get(pk=tag.pk), piece=piece, place="band", by=mira.user)

    assert tag.kind == TagKind.NTAG424

"""Content credentials: what a camera signed, what was changed since, and what is not there."""

import importlib
import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories import media_credentials, media_manifest
from memories.media_credentials import NO_CREDENTIALS, Credentials, State
from memories.media_manifest import find_manifest, read_report
from tests.memories import pictures
from tests.memories.credentialed import (
    CAMERA,
    Ingredient,
    created,
    edited,
    library,
    manifest_of,
    sign,
)
from tests.memories.opening import EVERY_KIND, MAKERS, make_safe

pytestmark = pytest.mark.slow

CAPTURED_AT = datetime(2026, 5, 4, 10, 11, 12, tzinfo=UTC)
PHOTO = "digitalCapture"
AI, COMPOSITE = "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"


def credentials_of(shelf, upload):
    return make_safe(shelf, upload).credentials


def plain(manifest, **options):
    """Signed over a picture that says nothing of itself, so that only the credentials speak."""
    return sign(manifest, pictures.encode(pictures.make_picture(), "JPEG"), **options)


def changed(upload, *, after=b"", by=0):
    """The file with one bit turned, counted from the start of these bytes or from the end."""
    spoiled = bytearray(upload)
    spoiled[upload.index(after) + by if after else by] ^= 1
    return bytes(spoiled)


def test_a_photograph_without_credentials_simply_has_none(shelf):
    found = credentials_of(shelf, pictures.make_jpeg())

    assert found == NO_CREDENTIALS
    assert found.told == "No content credentials."
    assert found.warning == ""


@pytest.mark.parametrize("kind", MAKERS)
def test_a_camera_that_signs_what_it_took_makes_a_capture(shelf, kind):
    upload = sign(created(PHOTO), MAKERS[kind](), kind=kind)

    found = credentials_of(shelf, upload)

    assert found == Credentials(
        State.CAPTURE,
        digital_source_type="digitalCapture",
        captured_at=CAPTURED_AT,
        signer=CAMERA,
        generator="Touchmark tests 1",
    )
    assert "who that is was not checked" in found.told
    assert found.warning == ""


def test_a_capture_fills_its_item_of_evidence_and_a_photograph_without_credentials_says_none(shelf):
    found = credentials_of(shelf, sign(created("computationalCapture")))

    assert found.as_evidence() == {
        "c2pa": {"state": "capture"},
        "captured_at": "2026-05-04T10:11:12+00:00",
    }
    assert NO_CREDENTIALS.as_evidence() == {"c2pa": {"state": "none"}}


def test_a_capture_without_its_time_is_signed_and_no_more(shelf):
    found = credentials_of(shelf, sign(created(PHOTO, when="")))

    assert (found.state, found.captured_at) == (State.SIGNED, None)


@pytest.mark.parametrize(
    ("exif", "moment"),
    [
        ({"exif:DateTimeOriginal": "2026-05-04T12:11:12+02:00"}, CAPTURED_AT),
        (
            {"exif:DateTimeOriginal": "2026:05:04 12:11:12", "exif:OffsetTimeOriginal": "+02:00"},
            CAPTURED_AT,
        ),
        ({"exif:DateTimeOriginal": "2026:05:04 12:11:12"}, None),
    ],
)
def test_the_time_of_the_shutter_counts_where_its_zone_is_known(shelf, exif, moment):
    action = created(PHOTO, when="")["assertions"][0]["data"]["actions"][0]
    context = {"@context": {"exif": "http://ns.adobe.com/exif/1.0/"}}
    stated = {"label": "stds.exif", "kind": "Json", "data": context | exif}

    found = credentials_of(shelf, sign(manifest_of(action, extra=(stated,))))

    assert found.captured_at == moment


def test_a_picture_whose_credentials_say_ai_is_believed_and_marked(shelf):
    picture = make_safe(shelf, plain(created(AI)), plan=EVERY_KIND)

    assert picture.credentials.state == State.SIGNED
    assert picture.digital_source_type == AI
    assert all(AI.encode() in each.path.read_bytes() for each in picture.variants)


@pytest.mark.parametrize(("before", "part", "term"), [(PHOTO, AI, COMPOSITE), (AI, PHOTO, AI)])
def test_ai_is_found_in_whatever_went_into_a_picture(shelf, before, part, term):
    parts = (
        Ingredient(plain(created(before)), "parentOf"),
        Ingredient(plain(created(part)), "componentOf"),
    )

    picture = make_safe(shelf, plain(edited(), ingredients=parts))

    assert picture.digital_source_type == term
    assert picture.credentials.state == State.SIGNED


def test_an_edited_capture_is_signed_and_no_capture_whatever_it_was_before(shelf):
    parts = (Ingredient(plain(created(PHOTO)), "parentOf"),)
    manifest = manifest_of({"action": "c2pa.opened", "parameters": {"ingredientIds": ["parentOf"]}})

    found = credentials_of(shelf, plain(manifest, ingredients=parts))

    assert (found.state, found.digital_source_type) == (State.SIGNED, "digitalCapture")


def test_a_drawing_laid_over_a_photograph_does_not_make_it_a_computer_image(shelf):
    parts = (
        Ingredient(plain(created(PHOTO)), "parentOf"),
        Ingredient(plain(created("digitalCreation")), "componentOf"),
    )

    picture = make_safe(shelf, plain(edited(), ingredients=parts))

    assert picture.digital_source_type == "digitalCapture"


def test_one_changed_pixel_breaks_the_credentials_and_is_told(shelf):
    upload = sign(created(PHOTO))

    found = credentials_of(shelf, changed(upload, by=-40))

    assert (found.state, found.captured_at) == (State.BROKEN, None)
    assert found.warning == (
        "Its content credentials are broken. The picture was changed after it was signed."
    )


def test_a_changed_statement_breaks_the_credentials(shelf):
    upload = sign(created(PHOTO))

    found = credentials_of(shelf, changed(upload, after=b"2026-05-04T", by=3))

    assert found.state == State.BROKEN
    assert found.reason == "A statement in them was changed after it was signed."


def test_ai_is_believed_of_broken_credentials_too(shelf):
    picture = make_safe(shelf, changed(plain(created(AI)), by=-40), plan=EVERY_KIND)

    assert picture.credentials.state == State.BROKEN
    assert picture.digital_source_type == AI
    assert all(AI.encode() in each.path.read_bytes() for each in picture.variants)


def test_a_manifest_cut_short_is_broken_and_the_photograph_is_kept(shelf):
    upload = sign(created(PHOTO))
    at = upload.index(media_manifest.STORE)
    start = upload.rindex(b"\xff\xeb", 0, at)
    length = int.from_bytes(upload[start + 2 : start + 4], "big")
    kept = length // 2
    cut = upload[: start + 2] + kept.to_bytes(2, "big") + upload[start + 4 : start + 2 + kept]

    picture = make_safe(shelf, cut + upload[start + 2 + length :])

    assert picture.credentials.state == State.BROKEN
    assert picture.credentials.reason == "They cannot be read whole."


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("claimSignature.mismatch", "Their signature does not fit."),
        (
            "claimSignature.outsideValidity",
            "They were signed outside the time of the certificate.",
        ),
        ("signingCredential.expired", "The certificate that signed them had run out."),
        ("assertion.bmffHash.mismatch", "The picture was changed after it was signed."),
        ("ingredient.manifest.mismatch", "What they say of an earlier picture does not fit."),
        ("something.new", "They cannot be read whole."),
    ],
)
def test_each_way_of_being_broken_has_its_sentence(code, reason):
    found = read_report({"validation_state": "Invalid", "validation_status": [{"code": code}]})

    assert (found.state, found.reason) == (State.BROKEN, reason)


def test_a_manifest_larger_than_we_open_is_left_unread_and_the_photograph_is_kept(shelf):
    upload = bytearray(pictures.make_jpeg())
    told = (media_manifest.MOST_BYTES + 1).to_bytes(4, "big") + b"jumb" + bytes(4)
    box = b"JP\x00\x01" + (1).to_bytes(4, "big") + told + media_manifest.STORE
    upload[2:2] = b"\xff\xeb" + (len(box) + 2).to_bytes(2, "big") + box

    found = credentials_of(shelf, bytes(upload))

    assert (found.state, found.reason) == (State.UNREAD, "They are larger than we open.")


# No server is ever asked, neither inside the worker's empty network nor by the library itself.


@pytest.fixture
def server():
    """A server that counts who asks it for a manifest."""
    asked = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    serving = threading.Thread(target=http.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{http.server_port}/manifest.c2pa", asked
    http.shutdown()
    serving.join()
    http.server_close()


def test_attack_a_manifest_kept_elsewhere_is_never_fetched_and_never_called_none(shelf, server):
    address, asked = server
    upload = sign(created(PHOTO), remote=address, embed=False)

    found = credentials_of(shelf, upload)

    assert found.state == State.UNREAD
    assert found.reason == "They are kept on another server, which we do not ask."
    assert found.as_evidence() == {}
    assert asked == []


def test_attack_the_library_by_itself_fetches_nothing(tmp_path, server):
    library()
    reader = importlib.import_module("memories.media_c2pa")
    address, asked = server
    upload = tmp_path / "upload"
    upload.write_bytes(sign(created(PHOTO), remote=address, embed=False))

    with upload.open("rb") as file:
        found = reader.read(file.fileno(), "jpeg")

    assert (found.state, asked) == (State.UNREAD, [])


def test_an_embedded_manifest_is_read_where_an_address_stands_beside_it(shelf, server):
    address, asked = server

    found = credentials_of(shelf, sign(created(PHOTO), remote=address))

    assert (found.state, asked) == (State.CAPTURE, [])


# Without the library nothing is refused, and nothing is called "none" that is not.


def with_manifest():
    """A JPEG that begins a manifest store, made without the library."""
    box = b"JP\x00\x01" + (1).to_bytes(4, "big") + (900).to_bytes(4, "big") + b"jumb" + bytes(4)
    box += media_manifest.STORE
    plain = pictures.make_jpeg()
    return plain[:2] + b"\xff\xeb" + (len(box) + 2).to_bytes(2, "big") + box + plain[2:]


def test_without_the_library_credentials_are_told_as_unread(shelf, lacking):
    lacking("c2pa")

    found = credentials_of(shelf, with_manifest())

    assert (found.state, found.reason) == (State.UNREAD, "This site has no reader for them.")
    assert found.warning.startswith("It has content credentials, which were not read.")
    assert found.as_evidence() == {}


def test_without_the_library_a_photograph_without_credentials_has_none(shelf, lacking):
    lacking("c2pa")

    assert credentials_of(shelf, pictures.make_jpeg()) == NO_CREDENTIALS


# The readers meet any report and any bytes.


@pytest.mark.parametrize("before", [0, 1, 11, media_manifest.CHUNK - 9, media_manifest.CHUNK + 1])
def test_a_manifest_is_found_wherever_it_begins(tmp_path, before):
    path = tmp_path / "file"
    told = (4321).to_bytes(4, "big") + b"jumb" + bytes(4)
    path.write_bytes(bytes(before) + told + media_manifest.STORE + bytes(50))

    with path.open("rb") as file:
        assert find_manifest(file) == 4321


NAMES = st.sampled_from(
    [
        *("active_manifest", "manifests", "assertions", "ingredients", "signature_info", "label"),
        *("data", "actions", "action", "when", "digitalSourceType", "validation_state", "a"),
        *("relationship", "common_name", "claim_generator_info", "name", "validation_status"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_attack_any_report_gives_credentials_that_cross_to_the_other_process(report):
    found = read_report(report)

    assert (
        media_credentials.believe(json.loads(json.dumps(media_credentials.spell(found)))) == found
    )


def test_attack_a_circle_of_parents_ends():
    parent = {"relationship": "parentOf", "active_manifest": "a"}
    report = {"active_manifest": "a", "manifests": {"a": {"ingredients": [parent]}}}

    assert read_report(report).state == State.BROKEN


def test_attack_a_strangers_words_come_through_short_and_without_tricks():
    words = "Sana\u202e\x00\n<b>" + "x" * 500
    active = {"signature_info": {"common_name": words}}
    report = {"active_manifest": "a", "manifests": {"a": active}, "validation_state": "Valid"}

    signer = read_report(report).signer

    assert signer.startswith("Sana<b>x")
    assert len(signer) == media_credentials.LONGEST_NAME


def test_attack_a_time_at_the_edge_of_time_is_no_time():
    action = {"action": "c2pa.created", "digitalSourceType": "digitalCapture"}
    for when in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"):
        stated = [{"label": "c2pa.actions", "data": {"actions": [action | {"when": when}]}}]
        report = {"active_manifest": "a", "manifests": {"a": {"assertions": stated}}}
        assert read_report(report | {"validation_state": "Valid"}).captured_at is None


SPELLED = media_credentials.spell(
    Credentials(State.CAPTURE, "digitalCapture", CAPTURED_AT, CAMERA, "Camera")
)


@pytest.mark.parametrize(
    "lie",
    [
        {"state": "trusted"},
        {"digital_source_type": "<script>"},
        {"captured_at": "2026-05-04T10:11:12"},
        {"captured_at": "yesterday"},
        {"signer": "x" * 81},
        {"generator": "two\nlines"},
        {"reason": ["a", "list"]},
        {"signer": None},
    ],
)
def test_attack_credentials_that_no_honest_worker_tells_are_not_believed(lie):
    with pytest.raises((ValueError, TypeError)):
        media_credentials.believe(SPELLED | lie)

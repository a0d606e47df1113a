"""The whole battery of hostile files through the door that every upload goes through."""

import json
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from memories import ffmpeg
from memories.errors import MontageError
from memories.models.item import ItemState
from memories.services import prepare, receive, storage
from tests.factories import make_montage
from tests.memories.hostile import BATTERY, CANARY, DEFUSED, EITHER, REFUSED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TRACES = (CANARY, b"51.4545", b"ISO6709", b"\xa9xyz", b"loci", b"Exif", b"http://ns.adobe.com")
TRACES += (b"<script", b"PK\x03\x04", b"root:", b"MotionPhoto", b"ICC_PROFILE", b"Lavf")
MOST_KILOBYTES = 700 * 1024
MOST_SECONDS = 60

# In a process of its own, so that the peak of memory is that of this file alone.
OPEN = """
import json, resource, sys, time
from pathlib import Path
from memories import ffmpeg, media, media_clips, media_sniff
from memories.errors import MontageError
from memories.media_plan import FIRST, ClipLimits
began = time.monotonic()
source, into = Path(sys.argv[1]), Path(sys.argv[2])
try:
    with source.open("rb") as file:
        sniffed = media_sniff.sniff(file.read(media_sniff.SNIFFED_BYTES))
    if sniffed.family == "photograph":
        media.make_safe(source, into=into, plan=FIRST)
    else:
        media_clips.make_safe(
            media_clips.Upload(source, sniffed.demuxer), program=ffmpeg.find(), into=into,
            limits=ClipLimits(), as_sound=False, on_progress=lambda percent: None,
        )
    outcome = "defused"
except MontageError as refusal:
    outcome = "refused"
status = Path("/proc/self/status").read_text()
own = int(status.partition("VmHWM:")[2].split()[0])
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps({"outcome": outcome, "kilobytes": peak, "seconds": time.monotonic() - began}))
"""


def test_the_battery_is_as_large_as_it_says():
    assert len(BATTERY) >= 60


@pytest.mark.parametrize("name", BATTERY)
def test_attack_a_hostile_file_is_refused_or_defused_within_memory_and_time(shelf, name):
    make, outcome = BATTERY[name]
    content = make()
    (shelf / "holiday.jpg").write_bytes(content)

    told = subprocess.run(
        [sys.executable, "-c", OPEN, shelf / "holiday.jpg", shelf / "made"],
        cwd=ffmpeg.ROOM,
        capture_output=True,
        check=False,
    )

    assert told.returncode == 0, told.stderr.decode()
    measured = json.loads(told.stdout)
    assert measured["outcome"] in {outcome} if outcome != EITHER else {REFUSED, DEFUSED}
    assert measured["kilobytes"] <= MOST_KILOBYTES
    assert measured["seconds"] <= MOST_SECONDS
    if measured["outcome"] == DEFUSED:
        assert_only_pixels_and_samples(shelf / "made", content)


def assert_only_pixels_and_samples(made, content):
    files = [path for path in made.iterdir() if path.is_file()]
    assert files
    for path in files:
        written = path.read_bytes()
        assert written != content
        assert not [trace for trace in TRACES if trace in written]


SAMPLE = (
    "a JPEG with a place in EXIF, XMP and IPTC",
    "a film with a place in its tags",
    "a sound with a place in its tags",
    "an HLS playlist of a file here",
    "a film that is a list of files behind its brand",
    "a web page",
)


def test_attack_of_all_that_was_brought_no_answer_tells_a_place(caplog):
    """From the door to the last byte: pages, media, lists and logs of a keeper and a visitor."""
    montage = make_montage()
    otto = Client()
    otto.force_login(montage.keeper.user)
    for name in SAMPLE:
        upload = SimpleUploadedFile("holiday.jpg", BATTERY[name][0]())
        receive.receive_file(montage=montage, upload=upload)
    while prepare.prepare_next():
        pass

    items = list(montage.items.all())
    assert [item.state for item in items] == [ItemState.READY] * 3 + [ItemState.FAILED] * 3
    desk = f"/keep/{montage.piece.public_id}"
    addresses = [desk, f"{desk}/items", f"/m/{montage.piece.public_id}"]
    addresses += [f"{desk}/items/{item.public_id}" for item in items]
    for item in items:
        kept = item.renditions.values_list("name", flat=True)
        addresses += [f"/media/{item.public_id}/{name}" for name in kept]
    for address in addresses:
        answer = otto.get(address)
        content = answer.getvalue() if answer.streaming else answer.content
        assert answer.status_code == 200
        assert not [trace for trace in TRACES[:4] if trace in content]
    assert "51.4545" not in caplog.text


def test_attack_what_was_refused_lies_nowhere(settings):
    montage = make_montage()
    refused = [name for name, (_, outcome) in BATTERY.items() if outcome == REFUSED][-12:]
    for name in refused:
        upload = SimpleUploadedFile("holiday.jpg", BATTERY[name][0]())
        try:
            receive.receive_file(montage=montage, upload=upload)
        except MontageError as refusal:
            assert str(refusal).endswith(".")
    while prepare.prepare_next():
        pass

    for item in montage.items.all():
        assert (item.state, item.upload_file) == (ItemState.FAILED, "")
        assert storage.private().listdir(storage.folder_of(item)) == ([], [])

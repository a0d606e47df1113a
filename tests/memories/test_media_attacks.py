"""Uploads made to harm: bombs, liars, polyglots, and a worker that was taken over."""

import json
import socket
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memories import media, media_credentials, media_embedded
from memories.errors import (
    EmptyFileError,
    MediaTimeoutError,
    MediaUnavailableError,
    NotAPictureError,
    PictureTooLargeError,
    TruncatedPictureError,
    UnreadablePictureError,
    UnsafeUploadError,
)
from memories.media_plan import MEGABYTE, USUAL
from tests.memories import pictures
from tests.memories.opening import EVERY_KIND, MAKERS, SMALL, made, make_safe

pytestmark = pytest.mark.slow


def test_attack_a_photograph_with_a_web_page_and_an_archive_behind_it_loses_both(shelf):
    make_safe(shelf, pictures.make_polyglot(), plan=EVERY_KIND)

    for path in (shelf / "made").iterdir():
        assert b"<script>" not in path.read_bytes()
        assert b"PK\x03\x04" not in path.read_bytes()
        assert pictures.CANARY not in path.read_bytes()


@pytest.mark.parametrize(
    ("upload", "refusal", "says"),
    [
        (b"", EmptyFileError, "empty"),
        (pictures.SVG, NotAPictureError, "SVG"),
        (pictures.HTML, NotAPictureError, "web page"),
        (pictures.PDF, NotAPictureError, "PDF"),
        (pictures.VIDEO, NotAPictureError, "video"),
        (pictures.TIFF, NotAPictureError, "TIFF"),
        (b"Dear Otto,", NotAPictureError, "not a photograph"),
        (b"\xff\xd8\xff", TruncatedPictureError, "cut short"),
        (b"\x89PNG\r\n\x1a\n", TruncatedPictureError, "cut short"),
        (b"RIFF\x00\x00\x00\x00WEBP", TruncatedPictureError, "cut short"),
        (b"GIF89a", TruncatedPictureError, "cut short"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", TruncatedPictureError, "cut short"),
    ],
)
def test_what_is_not_a_photograph_is_refused_whatever_it_is_called(shelf, upload, refusal, says):
    with pytest.raises(refusal, match=says):
        make_safe(shelf, upload, name="holiday.jpg")

    assert made(shelf) == []


@pytest.mark.parametrize("kind", MAKERS)
def test_a_photograph_cut_short_is_refused_and_leaves_nothing(shelf, kind):
    upload = MAKERS[kind]()

    with pytest.raises(TruncatedPictureError, match="upload it again"):
        make_safe(shelf, upload[: len(upload) * 2 // 3])

    assert made(shelf) == []


def test_a_file_of_too_many_bytes_is_refused_before_it_is_read(shelf):
    limits = replace(USUAL, max_bytes=MEGABYTE)

    with pytest.raises(PictureTooLargeError, match="larger than 1 MB"):
        make_safe(shelf, bytes(MEGABYTE + 1), limits=limits)


HOSTILE = {
    "a one-bit PNG of 13,000 by 13,000": (pictures.make_one_bit_png, "picture_too_large"),
    "a PNG of 400 megapixels": (
        lambda: pictures.make_lying_png(20_000, 20_000),
        "picture_too_large",
    ),
    "a JPEG that says four gigapixels": (
        lambda: pictures.make_lying_jpeg(65_000, 65_000),
        "picture_too_large",
    ),
    "a HEIC that says four gigapixels": (
        lambda: pictures.make_lying_heic(65_000, 65_000),
        "picture_too_large",
    ),
    "a HEIC that says less than it holds": (
        lambda: pictures.make_lying_heic(64, 48),
        "picture_too_large",
    ),
    "a PNG within the limits that holds one line": (
        lambda: pictures.make_lying_png(9_000, 9_000),
        "picture_truncated",
    ),
    "a JPEG within the limits that holds one corner": (
        lambda: pictures.make_lying_jpeg(9_000, 9_000),
        "made",
    ),
    "a PNG with 50 MB of text": (pictures.make_text_png, "picture_too_large"),
    "a PNG with 50 MB of text in 50 kB": (pictures.make_squeezed_text_png, "made"),
    "a GIF of 3,000 frames": (lambda: pictures.make_gif(3_000), "picture_too_large"),
    "a PNG of 98 megapixels of nothing": (lambda: pictures.make_one_bit_png(9_900), "made"),
}

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from memories import media
from memories.errors import UnsafeUploadError
from memories.media_plan import FIRST
began = time.monotonic()
try:
    media.make_safe(Path(sys.argv[1]), into=Path(sys.argv[2]), plan=FIRST)
    code = "made"
except UnsafeUploadError as refusal:
    code = refusal.code
# Not ru_maxrss for ourselves: it remembers the size of whoever started us.
status = Path("/proc/self/status").read_text()
own = int(status.partition("VmHWM:")[2].split()[0])
peak = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(json.dumps({"code": code, "kilobytes": peak, "seconds": time.monotonic() - began}))
"""


def measure(shelf, upload):
    """Open an upload in a fresh process, so that the peak is this upload's alone."""
    (shelf / "upload").write_bytes(upload)
    told = subprocess.run(
        [sys.executable, "-c", MEASURE, shelf / "upload", shelf / "made"],
        cwd=media.ROOM,
        capture_output=True,
        check=True,
    )
    return json.loads(told.stdout)


@pytest.mark.parametrize("name", HOSTILE)
def test_attack_a_bomb_is_refused_or_defused_within_memory_and_time(shelf, name):
    make, outcome = HOSTILE[name]

    measured = measure(shelf, make())

    assert measured["code"] == outcome
    assert measured["kilobytes"] <= 512 * 1024
    assert measured["seconds"] <= 10


def test_a_progressive_jpeg_too_large_for_memory_is_not_called_damaged(shelf):
    picture = pictures.make_picture(10_000, 9_990)
    upload = pictures.encode(picture, "JPEG", progressive=True, subsampling=0)

    with pytest.raises(PictureTooLargeError, match="more memory"):
        make_safe(shelf, upload)

    assert made(shelf) == []


def test_twelve_megapixels_fit_into_150_megabytes(shelf):
    measured = measure(shelf, pictures.make_jpeg(4000, 3000))

    assert measured["code"] == "made"
    assert measured["kilobytes"] <= 150 * 1024


def test_attack_a_taken_over_worker_finds_no_network():
    listener = socket.create_server(("127.0.0.1", 0))
    probe = (
        "import socket; from memories import media_isolation\n"
        "print(media_isolation.leave_network(), flush=True)\n"
        f"socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), timeout=2)\n"
    )

    with listener:
        told = subprocess.run(
            [sys.executable, "-c", probe], cwd=media.ROOM, capture_output=True, check=False
        )

    if told.stdout.strip() == b"False":
        pytest.skip("this machine does not let a process leave its network")
    assert told.returncode != 0
    assert b"OSError" in told.stderr


# The worker is replaced by one that an attacker wrote: the parent must believe none of it.


@pytest.fixture
def taken_over(tmp_path, monkeypatch):
    """Put a program of the attacker in the place of the worker."""

    def take_over(program):
        room = tmp_path / "room"
        (room / "memories").mkdir(parents=True)
        (room / "memories" / "media_worker.py").write_text(program)
        monkeypatch.setattr(media, "ROOM", room)

    return take_over


HONEST = {
    "width": 4,
    "height": 4,
    "taken_at": None,
    "digital_source_type": None,
    "credentials": media_credentials.spell(media_credentials.NO_CREDENTIALS),
    "tiny": [1, 1, "/////w=="],
    "network_isolated": True,
}


def answering(before="", **changed):
    return f"{before}\nprint({json.dumps({**HONEST, **changed})!r})"


@pytest.mark.parametrize(
    "program",
    [
        "print('not json')",
        "print('[]')",
        "print('{}')",
        """print('{"refused": "no_such_code"}')""",
        answering(),
        answering(width=10**9),
        answering(taken_at="yesterday"),
        answering(digital_source_type="<script>"),
        answering(credentials=None),
        answering(credentials={}),
        answering(credentials={**HONEST["credentials"], "state": "trusted"}),
        answering(tiny=[90, 90, "AAAA"]),
        answering(tiny="AAAA"),
        answering(width="4"),
        answering(network_isolated="yes"),
        answering(extra=1),
        answering("open('480.webp', 'w').write('<svg onload=alert(1)>')"),
        answering("import os; os.symlink('/etc/hostname', '480.webp')"),
        answering("import os; os.mkfifo('480.webp')"),
        "import os; os.abort()",
    ],
)
def test_attack_a_worker_that_lies_is_not_believed(shelf, taken_over, program):
    taken_over(program)

    with pytest.raises(UnsafeUploadError):
        make_safe(shelf, pictures.make_jpeg())

    assert made(shelf) == []


def test_attack_a_worker_that_leaves_the_mark_out_is_not_believed(shelf, taken_over):
    (shelf / "plain").mkdir()
    unmarked = media.make_safe(put(shelf, pictures.make_jpeg()), into=shelf / "plain", plan=SMALL)
    copying = f"import shutil; shutil.copy({str(unmarked.variants[0].path)!r}, '480.webp')"
    taken_over(answering(copying))

    assert make_safe(shelf, pictures.make_jpeg()).variants
    with pytest.raises(UnreadablePictureError):
        make_safe(shelf, pictures.make_jpeg(), said="trainedAlgorithmicMedia")


def put(shelf, upload):
    (shelf / "put").write_bytes(upload)
    return shelf / "put"


def test_attack_a_worker_that_never_ends_is_ended(shelf, taken_over):
    taken_over("while True: pass")

    with pytest.raises(MediaTimeoutError, match="too long"):
        make_safe(shelf, pictures.make_jpeg(), limits=replace(USUAL, wall_seconds=0.5))


def test_attack_a_worker_inherits_no_secret(shelf, taken_over, monkeypatch):
    monkeypatch.setenv("SITE_SECRET", "tell nobody")
    seen = shelf / "seen"
    taken_over(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")

    with pytest.raises(UnreadablePictureError):
        make_safe(shelf, pictures.make_jpeg())

    assert "VIPS_BLOCK_UNTRUSTED" in seen.read_text()
    assert "tell nobody" not in seen.read_text()


def test_a_worker_that_cannot_start_is_our_fault_not_the_keepers(shelf, taken_over):
    taken_over("import no_such_module")

    with pytest.raises(MediaUnavailableError, match="try again later"):
        make_safe(shelf, pictures.make_jpeg())


# The readers of headers and metadata meet any bytes at all.


@given(st.sampled_from(sorted(MAKERS)), st.binary(max_size=200), st.integers(0, 400))
def test_attack_any_bytes_in_a_header_give_a_size_or_a_refusal(kind, noise, at):
    upload = PLAIN[kind][:at] + noise + PLAIN[kind][at + len(noise) :]

    assert_answers_or_refuses(upload)


PLAIN = {kind: make() for kind, make in MAKERS.items()}


def assert_answers_or_refuses(upload):
    with tempfile.TemporaryFile() as file:
        file.write(upload)
        try:
            assert media.check_upload(file).width > 0
        except UnsafeUploadError as refusal:
            assert str(refusal).endswith(".")


@given(st.binary(max_size=300))
def test_attack_any_bytes_as_exif_give_a_date_or_none(noise):
    for exif in (noise, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08" + noise):
        found = media_embedded.read_capture_date(exif)
        assert found is None or isinstance(found, datetime)

"""Uploads made safe: what a photograph loses, what it keeps, and what is refused."""

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
from PIL import Image

from memories import media, media_embedded
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
from memories.media_plan import FIRST, LATER, MEGABYTE, RECORD, USUAL, Variant
from tests.memories import pictures

SMALL = (Variant("480.webp", 480, "webp", 80),)
EVERY_KIND = (*FIRST, *LATER, Variant("480.jpg", 480, "jpeg", 85))
WORN_METADATA = (b"EXIF", b"XMP ", b"ICCP", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE")

MAKERS = {
    "jpeg": pictures.make_jpeg,
    "png": pictures.make_png,
    "webp": pictures.make_webp,
    "avif": pictures.make_avif,
    "heic": pictures.make_heic,
}


@pytest.fixture
def shelf(tmp_path):
    (tmp_path / "made").mkdir()
    return tmp_path


def make_safe(shelf, upload, *, plan=SMALL, limits=USUAL, name="upload"):
    (shelf / name).write_bytes(upload)
    return media.make_safe(shelf / name, into=shelf / "made", plan=plan, limits=limits)


def made(shelf):
    return sorted(path.name for path in (shelf / "made").iterdir())


def pixel(shelf, place, name="480.webp"):
    with Image.open(shelf / "made" / name) as picture:
        across, down = place
        at = (int(picture.width * across), int(picture.height * down))
        return picture.convert("RGB").getpixel(at)


def is_near(colour, expected, within=12):
    return all(abs(one - other) <= within for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_photograph_of_each_kind_keeps_its_date_and_loses_everything_else(shelf, kind):
    upload = MAKERS[kind]()
    assert pictures.CANARY in upload

    picture = make_safe(shelf, upload, plan=EVERY_KIND)

    assert picture.source_kind == kind
    assert (picture.width, picture.height) == (640, 480)
    assert picture.taken_at == datetime.fromisoformat("2019-05-04T10:11:12")
    for derivative in picture.variants:
        written = derivative.path.read_bytes()
        assert not [word for word in (pictures.CANARY, *WORN_METADATA) if word in written]
    assert is_near(pixel(shelf, (0.1, 0.5)), pictures.BLUE)
    assert is_near(pixel(shelf, (0.9, 0.5)), pictures.RED)


def test_what_is_reported_of_a_derivative_is_what_the_file_is(shelf):
    picture = make_safe(shelf, pictures.make_jpeg(1200, 900), plan=RECORD)

    for derivative in picture.variants:
        with Image.open(derivative.path) as file:
            assert file.size == (derivative.width, derivative.height)
        assert derivative.path.stat().st_size == derivative.bytes
        assert len(derivative.sha256) == 64
    assert [derivative.name for derivative in picture.variants] == [v.name for v in RECORD]


def test_a_small_photograph_is_never_made_larger(shelf):
    picture = make_safe(shelf, pictures.make_png(300, 200), plan=FIRST)

    assert {(one.width, one.height) for one in picture.variants} == {(300, 200)}


@pytest.mark.parametrize("maker", [pictures.make_jpeg, pictures.make_heic])
def test_a_photograph_held_sideways_stands_upright(shelf, maker):
    picture = make_safe(shelf, maker(640, 480, orientation=pictures.ON_ITS_SIDE))

    assert (picture.width, picture.height) == (480, 640)
    assert is_near(pixel(shelf, (0.5, 0.1)), pictures.BLUE)
    assert is_near(pixel(shelf, (0.5, 0.9)), pictures.RED)


def test_a_large_sideways_jpeg_is_halved_while_loading_and_still_stands_upright(shelf):
    upload = pictures.make_jpeg(2400, 1600, orientation=pictures.ON_ITS_SIDE)

    picture = make_safe(shelf, upload)

    assert (picture.width, picture.height) == (1600, 2400)
    assert picture.variants[0].height == 480
    assert is_near(pixel(shelf, (0.5, 0.1)), pictures.BLUE)


def test_a_print_shops_cmyk_comes_out_red(shelf):
    make_safe(shelf, pictures.make_cmyk_jpeg())

    red, green, blue = pixel(shelf, (0.5, 0.5))
    assert red > 200
    assert green < 70
    assert blue < 70


def test_sixteen_bits_come_out_at_their_brightness(shelf):
    make_safe(shelf, pictures.make_sixteen_bit_png(0x8000))

    assert is_near(pixel(shelf, (0.5, 0.5)), (128, 128, 128), within=4)


def test_colours_are_read_through_the_profile_of_the_photograph(shelf):
    make_safe(shelf, pictures.make_profiled_jpeg())

    assert is_near(pixel(shelf, (0.5, 0.5)), pictures.BLUE)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("profile", [b"no profile at all", pictures.make_swapped_profile()])
def test_a_broken_or_unfitting_profile_costs_colours_and_not_the_picture(shelf, mode, profile):
    picture = make_safe(shelf, pictures.make_profiled_jpeg(profile, mode=mode))

    assert (picture.width, picture.height) == (64, 64)


def test_the_wide_colours_of_a_telephones_heic_are_read_through_its_profile(shelf):
    plain = Image.new("RGB", (64, 64), pictures.RED)
    upload = pictures.encode(plain, "HEIF", icc_profile=pictures.make_swapped_profile())

    make_safe(shelf, upload)

    assert is_near(pixel(shelf, (0.5, 0.5)), pictures.BLUE)


def test_a_moving_picture_shows_its_first_frame(shelf):
    picture = make_safe(shelf, pictures.make_gif(frames=12))

    assert (picture.source_kind, picture.width) == ("gif", 8)


def test_a_see_through_picture_stays_see_through(shelf):
    upload = pictures.encode(Image.new("RGBA", (64, 64), (200, 30, 30, 0)), "PNG")

    make_safe(shelf, upload)

    with Image.open(shelf / "made" / "480.webp") as picture:
        assert picture.convert("RGBA").getpixel((32, 32))[3] == 0


@pytest.mark.parametrize("term", sorted(media.MACHINE_MADE))
def test_a_picture_that_says_a_model_made_it_is_not_silenced(shelf, term):
    upload = pictures.encode(pictures.make_picture(), "JPEG", xmp=pictures.make_xmp(term))

    assert make_safe(shelf, upload).digital_source_type == term


def test_the_placeholder_is_a_short_data_address(shelf):
    picture = make_safe(shelf, pictures.make_jpeg())

    assert picture.placeholder.startswith("data:image/webp;base64,")
    assert len(picture.placeholder) < 400
    assert len(picture.thumbhash) < 32


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


def test_twelve_megapixels_fit_into_150_megabytes(shelf):
    measured = measure(shelf, pictures.make_jpeg(4000, 3000))

    assert measured["code"] == "made"
    assert measured["kilobytes"] <= 150 * 1024


def test_a_photograph_that_needs_more_memory_than_allowed_is_refused(shelf):
    limits = replace(USUAL, memory_bytes=84 * MEGABYTE)

    with pytest.raises(PictureTooLargeError, match="more memory"):
        make_safe(shelf, pictures.make_heic(4000, 3000), limits=limits)

    assert made(shelf) == []


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


# What a machine lacks is said, and the rest works.


@pytest.fixture
def lacking(tmp_path, monkeypatch):
    """A machine on which the named libraries are not installed."""

    def lack(*names):
        room = tmp_path / "room"
        room.mkdir()
        for package in ("memories", "provenance"):
            (room / package).symlink_to(media.ROOM / package)
        for name in names:
            (room / f"{name}.py").write_text("raise ImportError(__name__)")
        monkeypatch.setattr(media, "ROOM", room)

    return lack


@pytest.mark.parametrize("kind", MAKERS)
def test_without_libvips_pillow_makes_the_same_promises(shelf, lacking, kind):
    lacking("pyvips")

    picture = make_safe(shelf, MAKERS[kind](), plan=EVERY_KIND)

    assert (picture.width, picture.height) == (640, 480)
    assert picture.taken_at == datetime.fromisoformat("2019-05-04T10:11:12")
    for derivative in picture.variants:
        written = derivative.path.read_bytes()
        assert not [word for word in (pictures.CANARY, *WORN_METADATA) if word in written]
    assert is_near(pixel(shelf, (0.1, 0.5)), pictures.BLUE)
    assert is_near(pixel(shelf, (0.9, 0.5)), pictures.RED)


@pytest.mark.parametrize("maker", [pictures.make_jpeg, pictures.make_heic])
def test_without_libvips_a_sideways_photograph_stands_upright(shelf, lacking, maker):
    lacking("pyvips")

    picture = make_safe(shelf, maker(640, 480, orientation=pictures.ON_ITS_SIDE))

    assert (picture.width, picture.height) == (480, 640)
    assert is_near(pixel(shelf, (0.5, 0.1)), pictures.BLUE)


@pytest.mark.parametrize(
    ("upload", "colour", "within"),
    [
        (pictures.make_sixteen_bit_png(0x8000), (128, 128, 128), 4),
        (pictures.make_profiled_jpeg(), pictures.BLUE, 12),
        (pictures.make_cmyk_jpeg(), (255, 0, 0), 45),
    ],
)
def test_without_libvips_colours_are_right(shelf, lacking, upload, colour, within):
    lacking("pyvips")

    make_safe(shelf, upload)

    assert is_near(pixel(shelf, (0.5, 0.5)), colour, within)


def test_without_libvips_a_photograph_cut_short_is_refused(shelf, lacking):
    lacking("pyvips")

    with pytest.raises(TruncatedPictureError):
        make_safe(shelf, pictures.make_jpeg()[:4000])


def test_without_libheif_heic_is_refused_as_our_lack_and_jpeg_works(shelf, lacking):
    lacking("pillow_heif")

    with pytest.raises(MediaUnavailableError, match="of this kind"):
        make_safe(shelf, pictures.make_heic())

    assert make_safe(shelf, pictures.make_jpeg()).source_kind == "jpeg"


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


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "2019:13:41 10:11:12", "yesterday"])
def test_a_camera_without_a_clock_gives_no_date(taken):
    assert media_embedded.read_capture_date(pictures.make_exif(taken=taken)) is None


def test_the_date_of_an_edit_is_not_the_date_of_the_photograph():
    exif = Image.Exif()
    exif[0x0132] = pictures.TAKEN

    assert media_embedded.read_capture_date(exif.tobytes()) is None


def test_every_sentence_of_refusal_ends_like_a_sentence():
    sentences = [str(refusal) for refusal in media.REFUSALS.values()]

    assert all(sentence.endswith(".") for sentence in sentences)

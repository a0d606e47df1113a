"""What a photograph keeps and loses when it is made safe, and what a machine lacks."""

import io
import struct
from datetime import datetime

import pytest
from PIL import Image

from memories import media, media_embedded, media_headers
from memories.errors import MediaUnavailableError, TruncatedPictureError
from memories.media_plan import FIRST, RECORD
from tests.memories import pictures
from tests.memories.opening import EVERY_KIND, MAKERS, WORN_METADATA, is_near, make_safe, pixel

pytestmark = pytest.mark.slow


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


def test_the_placeholder_is_a_short_data_address(shelf):
    picture = make_safe(shelf, pictures.make_jpeg())

    assert picture.placeholder.startswith("data:image/webp;base64,")
    assert len(picture.placeholder) < 400
    assert len(picture.thumbhash) < 32


# What a machine lacks is said, and the rest works.


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


MOTION = {
    "an Android motion photo": lambda: encode_with_xmp(b'GCamera:MotionPhoto="1"'),
    "its forerunner": lambda: encode_with_xmp(b"<GCamera:MicroVideo>1</GCamera:MicroVideo>"),
    "a mark at the end": lambda: pictures.make_jpeg() + pictures.VIDEO + b"MotionPhoto_Data",
    "a box of HEIC": lambda: (
        pictures.make_heic() + struct.pack(">I", 80) + b"mpvd" + pictures.VIDEO
    ),
}


def encode_with_xmp(said):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/" ' + said + b"/>"
    return pictures.encode(pictures.make_picture(), "JPEG", xmp=xmp) + pictures.VIDEO


@pytest.mark.parametrize("name", MOTION)
def test_of_a_motion_photo_the_picture_is_taken_and_the_film_behind_it_dropped(shelf, name):
    upload = MOTION[name]()

    make_safe(shelf, upload, plan=EVERY_KIND)

    assert media_headers.has_motion(io.BytesIO(upload))
    for path in (shelf / "made").iterdir():
        assert b"ftypisom" not in path.read_bytes()
        assert b"Motion" not in path.read_bytes()


@pytest.mark.parametrize("kind", MAKERS)
def test_a_photograph_without_motion_is_not_called_one(kind):
    assert not media_headers.has_motion(io.BytesIO(MAKERS[kind]()))

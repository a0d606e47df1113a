"""How a picture came about: what it says, which word discloses more, and our mark for machines."""

import doctest
import re

import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from memories import media_credentials, media_source
from memories.media_source import AI, CAPTURED, COMPUTER, NEWSCODES
from provenance.models.piece import PhotographSource
from provenance.policy import policy_named
from tests.memories import pictures
from tests.memories.opening import EVERY_KIND, make_safe

pytestmark = pytest.mark.slow

DISCLOSED = [*AI, *COMPUTER]
MARK = re.compile(rb'Iptc4xmpExt:DigitalSourceType="([^"]+)"')
# Our own metadata blocks; every other block would be the upload's.
FOREIGN = (b"Exif", b"EXIF", b"ICCP", b"ICC_PROFILE", b"Photoshop", pictures.CANARY)


@pytest.mark.parametrize("module", [media_source, media_credentials])
def test_the_examples_are_true(module):
    results = doctest.testmod(module)

    assert results.attempted
    assert not results.failed


def said_by(name, file):
    return pictures.encode(pictures.make_picture(), name, xmp=pictures.make_xmp(file))


@pytest.mark.parametrize("term", [*DISCLOSED, *CAPTURED])
def test_what_a_file_says_of_itself_is_read(shelf, term):
    assert make_safe(shelf, said_by("JPEG", term)).digital_source_type == term


@pytest.mark.parametrize("retired", ["digitalArt", "softwareImage"])
def test_terms_that_iptc_retired_are_read_as_what_took_their_place(shelf, retired):
    assert make_safe(shelf, said_by("JPEG", retired)).digital_source_type == "digitalCreation"


@pytest.mark.parametrize("other", ["humanEdits", "digitalCreationOfMine", "", "print"])
def test_other_words_disclose_nothing(other):
    assert media_source.read_xmp(pictures.make_xmp(other)) is None


def test_of_two_terms_in_one_packet_the_one_that_discloses_more_counts():
    packet = pictures.make_xmp("digitalCapture") + pictures.make_xmp("trainedAlgorithmicMedia")

    assert media_source.read_xmp(packet) == "trainedAlgorithmicMedia"


def test_ai_is_believed_without_the_address_of_the_term_and_a_computer_image_only_with_it():
    assert media_source.read_xmp(b"<rdf:li>trainedAlgorithmicMedia</rdf:li>") == AI[0]
    assert media_source.read_xmp(b"<dc:title>digitalCreation</dc:title>") is None


@given(st.binary(max_size=300))
def test_attack_any_bytes_as_xmp_give_a_term_or_none(noise):
    assert media_source.read_xmp(b"digitalsourcetype/" + noise) in media_source.TERMS | {None}


@given(st.lists(st.sampled_from([*DISCLOSED, *CAPTURED, None])))
def test_more_words_never_disclose_less(terms):
    weights = [_weight(term) for term in terms]

    assert _weight(media_source.strongest(terms)) == max(weights, default=0)


def _weight(term):
    return (term in AI) * 2 + (term in COMPUTER)


def test_the_terms_are_those_of_the_policy_and_each_can_be_kept_with_a_photograph():
    sources = policy_named().sources

    assert set(AI) == set(sources["ai"])
    assert set(COMPUTER) < set(sources["computer"])
    assert set(CAPTURED) < set(sources["captured"])
    assert set(PhotographSource.values) == set(media_source.TERMS)


# The mark stands in every derivative, and two readers that know nothing of us find it.


@pytest.mark.parametrize("term", DISCLOSED)
def test_every_derivative_of_a_picture_that_says_it_is_no_photograph_is_marked(shelf, term):
    picture = make_safe(shelf, said_by("JPEG", term), plan=EVERY_KIND)

    assert_marked(picture, term)


@pytest.mark.parametrize("term", DISCLOSED)
def test_every_derivative_is_marked_where_only_the_person_says_so(shelf, term):
    picture = make_safe(shelf, pictures.make_jpeg(), plan=EVERY_KIND, said=term)

    assert picture.digital_source_type == "digitalCapture"
    assert_marked(picture, term)


@pytest.mark.parametrize("term", ["trainedAlgorithmicMedia", "digitalCreation"])
def test_without_libvips_every_derivative_is_marked_too(shelf, lacking, term):
    lacking("pyvips")

    assert_marked(make_safe(shelf, said_by("PNG", term), plan=EVERY_KIND, said=term), term)


@pytest.mark.parametrize(
    ("file", "said", "marked"),
    [
        ("digitalCreation", "trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("trainedAlgorithmicMedia", "digitalCreation", "trainedAlgorithmicMedia"),
        ("compositeSynthetic", "trainedAlgorithmicMedia", "compositeSynthetic"),
        ("algorithmicMedia", "digitalCapture", "algorithmicMedia"),
        ("digitalCapture", "digitalCreation", "digitalCreation"),
    ],
)
def test_of_the_files_word_and_the_persons_the_one_that_discloses_more_is_marked(
    shelf, file, said, marked
):
    assert_marked(make_safe(shelf, said_by("WEBP", file), plan=EVERY_KIND, said=said), marked)


@pytest.mark.parametrize("said", [None, *CAPTURED])
def test_a_photograph_carries_no_mark_and_no_metadata_at_all(shelf, said):
    picture = make_safe(shelf, pictures.make_jpeg(), plan=EVERY_KIND, said=said)

    for derivative in picture.variants:
        written = derivative.path.read_bytes()
        assert not [word for word in (b"xpacket", b"XMP ", b"xmpmeta", *FOREIGN) if word in written]


def assert_marked(picture, term):
    for derivative in picture.variants:
        written = derivative.path.read_bytes()
        assert MARK.findall(written) == [(NEWSCODES + term).encode()], derivative.name
        assert pillow_reads(derivative.path) == NEWSCODES + term
        assert vips_reads(derivative.path) == NEWSCODES + term
        assert not [word for word in FOREIGN if word in written]


def pillow_reads(path):
    with Image.open(path) as picture:
        # AVIF has its own empty Exif item with libvips, so the values are asked, not the block.
        assert not dict(picture.getexif())
        return MARK.search(picture.info["xmp"])[1].decode()


def vips_reads(path):
    picture = pyvips.Image.new_from_file(str(path))
    assert "exif-data" not in picture.get_fields()
    return MARK.search(picture.get("xmp-data"))[1].decode()

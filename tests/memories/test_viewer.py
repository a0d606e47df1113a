"""The montage a visitor sees: cover, collage, ribbon; complete without a script."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from memories.models.montage import Montage, MontageLevel, Opening
from provenance.models.certificate import Actor
from provenance.services.revoke import revoke_certificate
from tests.factories import code_address, make_memory, make_montage, make_open_montage

pytestmark = pytest.mark.django_db

SCRIPT_LIMIT = 25_000


@pytest.fixture
def montage() -> Montage:
    return make_open_montage(title="The long way to Wells", words="From the café\n\nto the garden")


@pytest.fixture
def visitor(montage, client) -> Client:
    client.get(code_address(montage.piece))
    return client


def address(montage: Montage, rest: str = "") -> str:
    return f"/m/{montage.piece.public_id}{rest}"


def shown(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_scan_opens_with_the_cover_and_shows_nothing_personal(montage, client):
    page = shown(client.get(code_address(montage.piece)))

    assert "Tap to open our memories" in page
    assert "This code names the ring." in page
    assert address(montage) in page
    for secret in ("Wells", "café", "/media/", "photograph"):
        assert secret not in page


def test_the_cover_leads_past_itself_to_the_same_scan_with_its_record(montage, client):
    cover = shown(client.get(code_address(montage.piece)))
    record = re.search(r'href="([^"]+\?record)"', cover)[1]

    page = shown(client.get(record))

    assert "This code names the ring." in page
    assert address(montage) in page


def test_a_scan_opens_with_the_certificate_when_the_keeper_chose_so(montage, client):
    Montage.objects.update(opening=Opening.CERTIFICATE)

    page = shown(client.get(code_address(montage.piece)))

    assert "Tap to open our memories" not in page
    assert address(montage) in page


def test_a_withdrawn_certificate_is_said_on_the_cover_and_over_the_memories(montage, visitor):
    visitor.get(address(montage))
    certificate = montage.piece.certificates.get()
    mira = montage.piece.maker.user
    revoke_certificate(certificate=certificate, reason="Melted.", actor=Actor.MAKER, by=mira)

    pages = [shown(visitor.get(code_address(montage.piece))), shown(visitor.get(address(montage)))]

    assert all("Certificate withdrawn." in page for page in pages)


def test_the_collage_shows_title_words_captions_and_how_many(montage, visitor):
    page = shown(visitor.get(address(montage)))

    for words in ("The long way to Wells", "From the café", "Kept with the Marlowe ring"):
        assert words in page
    assert "One photograph." in page


def test_pictures_come_in_both_formats_with_sizes_and_the_first_one_first(montage, visitor):
    make_memory(montage)

    page = shown(visitor.get(address(montage)))

    assert page.count('type="image/avif"') == page.count('type="image/webp"') == 2
    assert page.count('fetchpriority="high"') == 1
    assert page.count('loading="lazy"') == 1
    assert 'sizes="(min-width: 75rem)' in page
    assert page.index('fetchpriority="high"') < page.index('loading="lazy"')


def test_every_picture_has_words_for_those_who_listen(montage, visitor):
    make_memory(montage, caption="", alt="")
    make_memory(montage, caption="", alt="A paper boat on a pond")

    page = shown(visitor.get(address(montage)))

    assert 'alt="Four hours in this café."' in page
    assert 'alt="Photograph 2"' in page
    assert 'alt="A paper boat on a pond"' in page


@pytest.mark.parametrize(
    ("source", "note"),
    [
        ("trainedAlgorithmicMedia", "AI image, not a photo"),
        ("compositeSynthetic", "AI image, not a photo"),
        ("digitalCreation", "computer image"),
    ],
)
def test_a_picture_that_is_no_photograph_says_so_on_itself_and_in_its_words(
    montage, visitor, source, note
):
    make_memory(montage, alt="A paper boat on a pond", source=source)

    page = shown(visitor.get(address(montage)))

    assert page.count(f'<span class="strip">{note}</span>') == 1
    assert f'alt="{note}. A paper boat on a pond"' in page


def test_a_photograph_carries_no_strip(montage, visitor):
    make_memory(montage, source="digitalCapture")

    assert '<span class="strip">' not in shown(visitor.get(address(montage)))


def test_the_places_of_the_pictures_stand_in_the_one_style_block_with_its_nonce(montage, visitor):
    make_memory(montage, placeholder="data:image/webp;base64,UklGRg==")

    answer = visitor.get(address(montage))

    page = shown(answer)
    nonce = re.search(r"'nonce-([^']+)'", answer["Content-Security-Policy"])[1]
    assert page.count("<style") == 1
    assert f'<style nonce="{nonce}">' in page
    assert "#m2 img{background-image:url(data:image/webp;base64,UklGRg==)}" in page
    assert " style=" not in page


def test_a_placeholder_that_is_none_never_reaches_the_style_block(montage, visitor):
    make_memory(montage, placeholder="red}</style><script>alert(1)</script>")

    page = shown(visitor.get(address(montage)))

    assert "alert(1)" not in page


def test_the_rows_of_each_screen_are_as_wide_as_the_page(montage, visitor):
    for width, height in ((1500, 1000), (1000, 1500), (2000, 1000), (1000, 1000)):
        make_memory(montage, width=width, height=height)

    style = re.search(r"<style[^>]*>(.*)</style>", shown(visitor.get(address(montage))), re.DOTALL)[
        1
    ]

    blocks = re.split(r"@media[^{]+\{", style)
    assert len(blocks) == 3
    for block in blocks:
        widths = [float(width) for width in re.findall(r"#m\d+\{width:([\d.]+)%", block)]
        assert len(widths) == 5
        assert all(0 < width <= 100 for width in widths)


def test_the_keeper_is_told_that_a_draft_is_a_draft():
    draft = make_montage()
    make_memory(draft)
    otto = Client()
    otto.force_login(draft.keeper.user)

    page = shown(otto.get(address(draft)))

    assert "Only you see this page: it is a draft." in page
    assert "Memories of the Marlowe ring" in page


def test_the_same_few_questions_are_asked_for_one_photograph_and_for_thirty(
    montage, visitor, django_assert_num_queries
):
    for _ in range(29):
        make_memory(montage)
    visitor.get(address(montage))

    with django_assert_num_queries(7):
        visitor.get(address(montage))


def test_an_empty_open_page_is_a_page_and_no_error(montage, visitor):
    montage.items.all().delete()

    assert "Nothing to see yet." in shown(visitor.get(address(montage)))


def test_no_memory_is_offered_to_search_engines_or_link_previews(montage, visitor):
    page = shown(visitor.get(address(montage)))

    assert '<meta name="robots" content="noindex">' in page
    assert "og:image" not in page


def test_the_viewers_own_scripts_are_small_together():
    folder = Path(settings.BASE_DIR) / "static" / "js"
    scripts = [(folder / name).read_bytes() for name in ("montage.js", "story.js", "sound.js")]

    assert sum(len(gzip.compress(script)) for script in scripts) <= SCRIPT_LIMIT


def test_the_cover_and_the_page_ask_nothing_of_other_sites(montage, visitor):
    for page in (
        shown(visitor.get(address(montage))),
        shown(visitor.get(address(montage, "/cover"))),
    ):
        assert not re.findall(r'(?:src|srcset|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("level", [MontageLevel.ONLY_ME])
def test_the_record_invites_nobody_to_what_they_may_not_see(montage, visitor, level):
    Montage.objects.update(level=level)

    page = shown(visitor.get(code_address(montage.piece)))

    assert address(montage) not in page

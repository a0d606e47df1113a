"""What a stranger reads, in four languages: whole, never mixed, and chosen by whoever reads."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from provenance import kinds
from provenance.comparison import facts_to_compare
from provenance.jewelry import Coating, Part, Report, Stone
from provenance.making_label_words import GradeWords
from provenance.making_record import Step
from provenance.making_told import making_told
from provenance.making_words import title_of
from provenance.phrases import (
    and_so_on,
    capital,
    day_in_words,
    joined,
    month_in_words,
    number_in_words,
    say,
    say_count,
    sentence,
    term,
)
from provenance.policy import policy_named
from provenance.tongue import in_our_tongue
from provenance.verdict import ORDER, CertificateAnswer, TagAnswer, headline, limit_words
from provenance.verdict_advice import advice_on
from provenance.verdict_unreliable import LostKey, lost_advice, lost_limit, lost_note
from tags.answers import Told, notes_on_code, notes_on_tap
from tags.services.issuing import issue_with_code
from tests.factories import MARLOWE, make_certificate, make_custody, make_draft, make_otto
from tests.given import FACTS, OF_OURS, ON_THE_PAGE, page_given
from tests.making_cases.freeze import cases
from tests.provenance.bench import CAST_AND_SET, with_steps
from tests.tongues import texts_of, unmarked, write_marking

LANGUAGES = ("en-gb", "fr", "de", "it")
HEADLINES = {
    "en": "You opened the record.",
    "fr": "Vous avez ouvert la fiche.",
    "de": "Sie haben den Eintrag geöffnet.",
    "it": "Ha aperto la scheda.",
}
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Names, units and marks are nobody's language; months are Django's.
OF_NO_LANGUAGE = re.compile(
    r"Touchmark|Marlowe ring|Tidewell Bench|Mira Tidewell|Bristol|TWB|PT950|UTC|US|UK|"
    r"The (?:front|scale) of the ring|[MHXDW]\d|strict-2026-11|English|Français|Deutsch|Italiano|"
    + "|".join(
        translation.trans_real.translation("fr").gettext(m)
        for m in (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        )
    )
)


def ask(client: Client, path: str, accept: str = "", **more):
    return client.get(path, headers={"accept-language": accept} if accept else {}, **more)


# -- phrases ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "day", "first", "month"),
    [
        ("en-gb", "20 November 2026", "1 March 2027", "March 2027"),
        ("fr", "20 novembre 2026", "1er mars 2027", "mars 2027"),
        ("de", "20. November 2026", "1. März 2027", "März 2027"),
        ("it", "20 novembre 2026", "1 marzo 2027", "marzo 2027"),
    ],
)
def test_a_day_is_written_as_its_language_writes_it(language, day, first, month):
    with translation.override(language):
        told = [
            in_our_tongue(day_in_words(date(2026, 11, 20))),
            in_our_tongue(day_in_words(date(2027, 3, 1))),
            in_our_tongue(month_in_words(date(2027, 3, 1))),
        ]

    assert told == [day, first, month]


@pytest.mark.parametrize(
    ("language", "number"), [("en-gb", "6.81"), ("fr", "6,81"), ("de", "6,81"), ("it", "6,81")]
)
def test_a_number_has_the_decimal_sign_of_its_language(language, number):
    with translation.override(language):
        assert in_our_tongue(number_in_words(Decimal("6.810"))) == number


@pytest.mark.parametrize(
    ("language", "one", "four"),
    [
        ("en-gb", "1 minute ago", "4 minutes ago"),
        ("fr", "il y a 1\xa0minute", "il y a 4\xa0minutes"),
        ("de", "vor 1\xa0Minute", "vor 4\xa0Minuten"),
        ("it", "1\xa0minuto fa", "4\xa0minuti fa"),
    ],
)
def test_one_and_several_have_their_own_forms(language, one, four):
    with translation.override(language):
        told = [
            in_our_tongue(say_count("%(count)s minute ago", "%(count)s minutes ago", count))
            for count in (1, 4)
        ]

    assert told == [one, four]


def test_german_tells_the_subject_of_a_sentence_from_its_object():
    with translation.override("de"):
        told = [in_our_tongue(each("ring")) for each in (kinds.the, kinds.the_object)]

    assert told == ["der Ring", "den Ring"]


def test_a_sentence_is_put_together_anew_and_not_translated_word_by_word():
    line = sentence(
        joined([capital(say("Weight")), and_so_on([term("gold", "metal"), "a word"])], ": ")
    )

    with translation.override("de"):
        assert in_our_tongue(line) == "Gewicht: Gold und a word."
    assert line == "Weight: gold and a word."


def test_what_a_maker_typed_stays_as_typed():
    with translation.override("it"):
        assert in_our_tongue(term("tidewell blue", "stone")) == "tidewell blue"
        assert in_our_tongue("Marlowe ring") == "Marlowe ring"


# -- the table of verdicts ----------------------------------------------------------------------


@pytest.fixture
def marking(tmp_path, monkeypatch, settings):
    """French as a language in which every translated sentence stands between marks."""
    write_marking(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    monkeypatch.setattr(trans_real, "_translations", {})
    with translation.override("fr"):
        yield


def forgotten(texts: list[str]) -> list[str]:
    """The texts of which a word was translated by nobody."""
    left = [OF_NO_LANGUAGE.sub(" ", unmarked(text)) for text in texts]
    return [text for text, rest in zip(texts, left, strict=True) if LETTERS.search(rest)]


def test_every_word_of_every_verdict_has_a_translation(marking):
    said = []
    for tag, answer in product(TagAnswer, CertificateAnswer):
        spoken = headline(tag, answer, facts=FACTS)
        said += [spoken.title, spoken.line, limit_words(spoken.answer, FACTS)]
        said += [text for each in advice_on(spoken.answer) for text in (each.title, each.words)]

    for lost in LostKey:
        facts = replace(FACTS, lost_key=lost)
        spoken = headline(TagAnswer.LIVE, CertificateAnswer.UNRELIABLE, facts=facts)
        said += [spoken.title, spoken.line, lost_limit(lost), lost_advice(lost), lost_note(lost)]
    assert forgotten([in_our_tongue(text) for text in said]) == []


def test_every_word_told_beside_a_tag_has_a_translation(marking):
    told = Told(reads=37, is_second=True, is_conflict=True)

    said = [in_our_tongue(note) for note in (*notes_on_tap(told), *notes_on_code(40, 12))]

    assert len(said) == 4
    assert forgotten(said) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_headline_is_the_same_as_another_in_its_language(language):
    with translation.override(language):
        titles = [in_our_tongue(headline(*pair_of(answer), facts=FACTS).title) for answer in ORDER]

    assert len(set(titles)) == len(titles)


def pair_of(answer):
    if isinstance(answer, TagAnswer):
        return answer, CertificateAnswer.CURRENT
    return TagAnswer.NOT_SCANNED, answer


# -- what a record holds ------------------------------------------------------------------------

# Parts, people and tools that nobody but a maker would name so.
TYPED = re.compile(
    r"tidewell|did:web:\S+|image model|mesh model|Brightcast|lid|bowl|ring|earring|stem|"
    r"s\d|f\d|[A-Z]{2,}\d*-\d+",
    re.IGNORECASE,
)


def phrases_in(value):
    """Every text in a told record, but the words that a maker typed beside a step."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from phrases_in(each)
    elif is_dataclass(value):
        silent = {"note", "step", "icon", "sha256", "kind", "policy", "reason", "rule", "grade"}
        for each in fields(value):
            if each.name not in silent or isinstance(getattr(value, each.name), GradeWords):
                yield from phrases_in(getattr(value, each.name))


def test_every_record_that_a_rule_was_written_for_is_told_in_whole_sentences(marking):
    given = [case["given"] for listed in cases().values() for case in listed]
    told = [making_told(subject, issued=None) for subject in given]

    said = [in_our_tongue(text) for each in told for text in phrases_in(each)]

    left = [text for text in forgotten(said) if forgotten([TYPED.sub(" ", unmarked(text))])]
    assert len(said) > 500
    assert sorted(set(left)) == []


def test_every_way_of_working_has_its_title(marking):
    policy = policy_named()
    titles = {
        in_our_tongue(title_of(Step("x", kind, part, control), policy))
        for kind in policy.kinds
        for control in policy.controls["design" if kind.startswith("design") else "making"]
        for part in ("piece", "head", "strand-2")
    }

    assert forgotten(sorted(titles)) == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_no_two_ways_of_working_are_told_alike(language):
    policy = policy_named()
    by_hand = [Step("x", kind, "piece", "hand") for kind in policy.kinds if "." in kind]
    judged = [step for step in by_hand if step.family in policy.judged]

    with translation.override(language):
        titles = [in_our_tongue(title_of(step, policy)) for step in judged]

    assert len(set(titles)) == len(titles)


STONES = [
    Stone("corundum", "natural", ("heat",), "sapphire", 1, "oval", Decimal("1.52")),
    Stone("diamond", "laboratory-grown", ("none-known",), count=6, carat_total=Decimal("0.12")),
    Stone("corundum", "composite", ("lead-glass",), "ruby"),
    Stone("corundum", "composite", ("lead-glass",), "ruby", 3),
    Stone("pearl", "cultured", ("unknown",), "seed pearl", 2, "round"),
    Stone("beryl", "unknown", ("oil", "dye"), "emerald", 1, basis="estimated", carat=Decimal(1)),
    Stone("quartz", "imitation", ("coating",), count=2, basis="estimated", carat=Decimal(1)),
]


def test_every_fact_to_compare_is_told_in_whole_sentences(marking):
    gilt = Coating("gold", "electroplated", 750, Decimal("0.5"))
    parts = [
        Part("shank", "gold", 750, colour="yellow", coating=Coating("rhodium", "electroplated")),
        Part("head", "platinum", 800, alloy="copper"),
        Part("band", "other", None, alloy="brass", coating=gilt),
        Part("bezel", "silver", 925, coating=Coating("gold", "vermeil", 750, Decimal("2.5"))),
        Part("clasp", "gold", 800, coating=Coating("other", "", note="")),
    ]
    stones = [replace(each, colour="F", clarity="VS", graded_by="maker") for each in STONES]
    reports = (Report("TWB", "00", date(2026, 8, 3), is_inscribed=True),)
    graded = replace(STONES[0], cut_grade="VG", graded_by="report", reports=reports)
    ring = replace(MARLOWE, parts=tuple(parts), stones=(*STONES, *stones, graded))

    said = [
        in_our_tongue(text)
        for fact in facts_to_compare(ring)
        for text in (fact.name, fact.fact, fact.how)
    ]

    left = [re.sub(r"VS|VG|ct", " ", unmarked(text)) for text in said]
    assert len(said) > 60
    assert forgotten(left) == []


# -- the page -----------------------------------------------------------------------------------


def make_told_certificate():
    """A ring with every kind of step that a page tells."""
    piece = with_steps(make_draft(), *CAST_AND_SET)
    return issue_with_code(piece=piece, by=piece.maker.user)


@pytest.mark.django_db
@pytest.mark.parametrize("tag", ON_THE_PAGE)
def test_a_page_with_any_tag_leaves_no_word_in_english(tag, marking):
    certificate = make_told_certificate()

    page = page_given(certificate, tag, CertificateAnswer.CURRENT)

    assert forgotten(texts_of(page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("answer", OF_OURS)
def test_a_page_with_any_certificate_leaves_no_word_in_english(answer, marking):
    certificate = make_told_certificate()

    page = page_given(certificate, TagAnswer.IDENTIFIED, answer)

    assert forgotten(texts_of(page)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/t/0000000000000", "/find", "/find?code=123", "/p/nothing"])
def test_the_pages_around_it_leave_no_word_in_english(path, marking, client):
    page = ask(client, path, "fr").content.decode()

    assert forgotten(texts_of(page)) == []


# -- who chooses --------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("it-CH;q=0.8,pt", "it"),
        ("pt,es;q=0.8", "en"),
        ("en-US", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_page_speaks_what_the_browser_asks_for(client, accept, language):
    piece = make_certificate().piece

    answer = ask(client, f"/p/{piece.public_id}", accept)

    page = answer.content.decode()
    assert HEADLINES[language] in page
    assert f'<html lang="{language}"' in page
    assert answer["Content-Language"] == language
    assert {"Accept-Language", "Cookie"} <= set(re.split(r", ", answer["Vary"]))


@pytest.mark.django_db
def test_a_page_on_its_shelf_never_speaks_another_language(client, django_assert_num_queries):
    piece = make_certificate().piece
    for accept in HEADLINES:
        ask(client, f"/p/{piece.public_id}", accept)

    for accept, words in HEADLINES.items():
        with django_assert_num_queries(1):
            page = ask(client, f"/p/{piece.public_id}", accept).content.decode()
        assert [each for each in HEADLINES.values() if each in page] == [words]


@pytest.mark.django_db
def test_the_foot_offers_each_language_without_a_script(client):
    piece = make_certificate().piece

    page = ask(client, f"/p/{piece.public_id}", "de").content.decode()

    for code, name in [("en", "English"), ("fr", "Français"), ("it", "Italiano")]:
        assert (
            f'<a href="?lang={code}" lang="{code}" hreflang="{code}" rel="nofollow">{name}</a>'
            in page
        )
    assert 'rel="nofollow" aria-current="true">Deutsch</a>' in page


@pytest.mark.django_db
def test_a_language_once_chosen_is_kept_by_this_browser(client):
    piece = make_certificate().piece

    chosen = ask(client, f"/p/{piece.public_id}?lang=it", "de")
    later = ask(client, f"/p/{piece.public_id}", "de")

    cookie = chosen.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("it", "Lax", True)
    assert cookie["max-age"] == timedelta(days=365).total_seconds()
    assert HEADLINES["it"] in later.content.decode()
    assert not later.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["xx", "", "de-DE", "../de", "\x00", "pt"])
def test_a_language_that_is_not_offered_is_not_taken(client, asked):
    piece = make_certificate().piece

    answer = ask(client, f"/p/{piece.public_id}", data={"lang": asked})

    assert HEADLINES["en"] in answer.content.decode()
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/verify", "/privacy", "/what-a-check-proves", "/accounts/login/", "/nowhere"]
)
def test_the_rest_of_the_site_speaks_english_alone(client, path):
    answer = ask(client, path, "de", data={"lang": "fr"})

    page = answer.content.decode()
    assert '<html lang="en"' in page
    assert "Touchmark keeps the record. It does not sell" in page
    assert "Content-Language" not in answer
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


@pytest.mark.django_db
def test_no_page_leaves_its_language_to_the_next(client):
    piece = make_certificate().piece
    ask(client, f"/p/{piece.public_id}", "de")

    home = client.get("/").content.decode()

    assert "Check a piece" in home
    assert (translation.get_language() or "en").startswith("en")


@pytest.mark.django_db
def test_a_keeper_is_counted_in_the_language_of_the_page(client):
    certificate = make_certificate()
    make_custody(certificate.piece, make_otto())

    page = ask(client, f"/p/{certificate.piece.public_id}", "de").content.decode()

    assert "In erster Hand" in page
    assert "Namen zeigen wir nie." in page


@pytest.mark.django_db
def test_a_label_in_another_language_says_how_it_was_signed(client):
    certificate = make_told_certificate()

    page = ask(client, f"/p/{certificate.piece.public_id}", "fr").content.decode()

    signed = re.search(r'<span lang="en">“([^”]+)”</span>', page)
    assert signed
    assert signed[1].startswith("Designed by a person; Cast from a 3D-printed model")
    assert "Dessiné par une personne" in page

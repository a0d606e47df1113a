"""The catalogues of `locale`: whole, of one mind with the code, and as careful as its English."""

import ast
import re

import pytest

from tests import catalogues
from tests.catalogues import LANGUAGES, Message, calls_in_code, compiled, read, sayable, written

PLACE = re.compile(r"%\(\w+\)s")
# What no check can show must not be claimed in any language.
FORBIDDEN = {
    "fr": r"authenti|véritable|contref|\bfaux\b|\bfausse|\bprix\b|garanti d’origine|\boups",
    "de": r"authenti|\becht|fälsch|imitat(?!ion)|\bpreis|garantiert|\bhoppla|erfolgreich",
    "it": r"autentic|genuin|contraff|\bfals|\bprezz|garantito|\bops\b",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_other(language):
    told = read(language).told

    assert told.keys() == sayable()
    assert [message.text for message, texts in told.items() if not all(texts)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_only_a_guess(language):
    assert read(language).fuzzy == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(language):
    catalogue = read(language)

    assert catalogue.file.read_text(encoding="utf-8") == written(catalogue)
    assert catalogue.file.with_suffix(".mo").read_bytes() == compiled(catalogue)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language):
    wrong = [
        (message.text, text)
        for message, texts in read(language).told.items()
        for text in texts
        if sorted(PLACE.findall(text)) != sorted(PLACE.findall(message.text))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_promises_more_than_was_checked(language):
    forbidden = re.compile(rf"{FORBIDDEN[language]}|!|100\s?%|[£$€]", re.IGNORECASE)

    found = [text for texts in read(language).told.values() for text in texts]

    assert [text for text in found if forbidden.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_its_english_does(language):
    wrong = [
        (message.text, text)
        for message, texts in read(language).told.items()
        for text in texts
        if text.endswith((".", ":", "?")) != message.text.endswith((".", ":", "?"))
    ]

    assert wrong == []


def test_a_sentence_stands_whole_in_the_code_so_that_it_can_be_found():
    broken = [
        f"{path}:{call.lineno}"
        for path, call in calls_in_code()
        if not call.args or not isinstance(call.args[0], ast.Constant)
    ]

    assert broken == []


def test_a_new_sentence_is_taken_in_and_an_old_one_dropped(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogues, "sayable", lambda: {Message("", "Weight")})
    old = catalogues.Catalogue("fr", {Message("", "Size"): ("Taille",)})
    old.file.parent.mkdir(parents=True)
    old.file.write_text(written(old), encoding="utf-8")

    catalogues.main()

    assert read("fr").told == {Message("", "Weight"): ("",)}
    assert "1 sentences, 1 to translate" in capsys.readouterr().out

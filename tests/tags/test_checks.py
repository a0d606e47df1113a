"""How chips are set up: no key that everybody knows, nothing by half, no key in any words."""

from dataclasses import replace

import pytest
from django.core.checks import run_checks

from config import chips
from tags import keyring
from tags.written import WrittenProfile

# Another check asks which key files are on record.
pytestmark = pytest.mark.django_db

GOOD = WrittenProfile("ring", meta_keys=((1, "a1" * 16),), file_keys=((1, "b1" * 16),))
CANARY = "c0ffee" * 5 + "00"


def told(settings, *profiles: WrittenProfile) -> set[str]:
    settings.TAGS_PROFILES = profiles
    return {each.id for each in run_checks() if str(each.id).startswith("tags.")}


def test_a_whole_profile_has_nothing_to_mend(settings):
    assert told(settings, GOOD) == set()


def test_a_site_without_chips_needs_nothing(settings):
    settings.TAGS_UID_KEY = ""

    assert told(settings) == set()


@pytest.mark.parametrize(
    ("change", "check"),
    [
        pytest.param({"crypto": "des"}, "tags.E001", id="a cipher nobody has"),
        pytest.param({"query": "e={picc}"}, "tags.E001", id="no signature"),
        pytest.param({"query": "u={uid}&c={mac}"}, "tags.E001", id="no counter"),
        pytest.param({"query": "n={counter}&c={mac}"}, "tags.E001", id="no UID"),
        pytest.param({"system_id": "zz"}, "tags.E001", id="a system id of letters"),
        pytest.param({"name": "Ring"}, "tags.E001", id="a name in capitals"),
        pytest.param({"meta_keys": ((1, "0" * 32),)}, "tags.E002", id="a key of zeros"),
        pytest.param({"file_keys": ((1, "0" * 32),)}, "tags.E002", id="another key of zeros"),
        pytest.param({"file_keys": ((1, "b1" * 15),)}, "tags.E002", id="a short key"),
        pytest.param({"file_keys": ((1, "b1" * 17),)}, "tags.E002", id="a long key"),
        pytest.param({"file_keys": ((1, "no key at all"),)}, "tags.E002", id="words"),
        pytest.param({"file_keys": ((1, ""),)}, "tags.E002", id="an empty file"),
        pytest.param({"file_keys": ()}, "tags.E003", id="no file key"),
        pytest.param({"meta_keys": ()}, "tags.E003", id="no meta key"),
        pytest.param({"meta_keys": ((2, "a2" * 16),)}, "tags.E003", id="two halves"),
        pytest.param({"query": "u={uid}&n={counter}&c={mac}"}, "tags.E003", id="one too many"),
    ],
)
def test_what_is_amiss_is_told(settings, change, check):
    found = told(settings, replace(GOOD, **change))

    assert check in found


def test_a_kind_whose_keys_are_bad_answers_to_nobody(settings):
    settings.TAGS_PROFILES = (replace(GOOD, file_keys=((1, "0" * 32),)),)

    assert keyring.kind_named("ring") is None


def test_a_version_without_its_other_half_is_passed_over(settings):
    settings.TAGS_PROFILES = (replace(GOOD, file_keys=((2, "b2" * 16), (1, "b1" * 16))),)

    kind = keyring.kind_named("ring")

    assert [keys.version for keys in kind.versions] == [1]


@pytest.mark.parametrize("text", ["", "00" * 16, "75", "seventy-five"])
def test_profiles_need_the_key_of_the_serial_numbers(settings, text):
    settings.TAGS_UID_KEY = text

    assert told(settings, GOOD) == {"tags.E005"}


def test_keys_of_a_profile_that_nobody_named_are_told(settings):
    settings.TAGS_UNCLAIMED = ("RNIG",)

    assert told(settings, GOOD) == {"tags.E004"}


def test_a_country_is_believed_only_behind_a_proxy(settings):
    settings.COUNTRY_HEADER = "CF-IPCountry"
    alone = told(settings)
    settings.PROXY_DEPTH = 1

    assert (alone, told(settings)) == ({"tags.E006"}, set())


def test_no_key_is_in_the_words_of_a_check_or_a_profile(settings):
    bad = replace(GOOD, file_keys=((1, CANARY[:-1]),), meta_keys=((1, CANARY),))
    settings.TAGS_PROFILES, settings.TAGS_UID_KEY = (bad,), CANARY[:-2]

    words = repr(bad) + "".join(f"{each} {each.hint}" for each in run_checks())

    assert "c0ffee" not in words


def test_profiles_and_every_version_of_their_keys_come_from_the_environment(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("b2" * 16 + "\n")
    for name, value in {
        "TAGS_PROFILES": "ring, gold-seal",
        "TAGS_RING_META_KEY_1": "a1" * 16,
        "TAGS_RING_FILE_KEY_1": "b1" * 16,
        "TAGS_RING_FILE_KEY_10_FILE": str(tmp_path / "key"),
        "TAGS_GOLD_SEAL_CRYPTO": "lrp",
        "TAGS_RNIG_FILE_KEY_1": "b1" * 16,
    }.items():
        monkeypatch.setenv(name, value)

    ring, seal = chips.chip_profiles()

    assert ring.meta_keys == ((1, "a1" * 16),)
    assert ring.file_keys == ((10, "b2" * 16), (1, "b1" * 16))
    assert (seal.name, seal.crypto, seal.file_keys) == ("gold-seal", "lrp", ())
    assert chips.unclaimed_keys() == ("RNIG",)

"""What a text may say: each rule with a text that it refuses and one that it lets stand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.letters import fold
from provenance.policy import UnknownPolicyError
from provenance.wording import AI_DESIGN, lint, shop_name_notes
from provenance.wording_data import MetalFact, StoneFact, metals_of, stones_of

CAST = "Cast from a 3D-printed model; hand-set; hand-finished"
GOLD = MetalFact("gold", 750)
GROWN = StoneFact("diamond", "laboratory-grown", ("none-known",))
SAPPHIRE = StoneFact("sapphire", "natural", ("heat",))
HANDMADE_WORDS = [
    "Handmade ring",
    "HANDCRAFTED",
    "hand-wrought band",
    "hand wrought",
    "hand_made",
    "hand.made",
    "made by hand",
    "crafted entirely by hand",
    "bench-made",
    "artisan-made",
    "artisanal earrings",
    "hand-hammered",
    "#handmadejewelry handmade",
    "bague faite à la main",
    "bague fait main",
    "fabriquée à la main",
    "bijou artisanal",
    "handgefertigter Ring",
    "in Handarbeit",
    "von Hand gemacht",
    "handgemacht",
    "anello fatto a mano",
    "gioiello artigianale",
    "lavorato interamente a mano",
]
DISGUISED = [
    "hand\u00admade",
    "hand\u200bmade",
    "hand\u2011made",
    "hand\u2014made",
    "hand\u2212made",
    "hand\ufe63made",
    "hand\u00a0made",
    "h\u0430ndm\u0430de",
    "\u041d\u0410ND\u041c\u0410DE",
    "\u0397\u0391\u039dDMADE",
    "\uff28\uff41\uff4e\uff44\uff4d\uff41\uff44\uff45",
    "\U0001d421\U0001d41a\U0001d427\U0001d41d\U0001d426\U0001d41a\U0001d41d\U0001d41e",
    "h\u00e1ndm\u00e0de",
    "ha\u0301ndmade",
    "\u24d7\u24d0\u24dd\u24d3\u24dc\u24d0\u24d3\u24d4",
    "hand\u2060\ufeffmade",
]
PLAIN = [
    "Marlowe ring",
    "a handle made of wood",
    "on the left hand, set with care",
    "second-hand box",
    "handsome and well made",
    "la main de Fatma",
    "Handschuh",
    "mano a mano",
]


def rules(text, granted=(), **facts):
    return [each.rule for each in lint(text, granted=granted, **facts)]


@pytest.mark.parametrize("text", HANDMADE_WORDS)
def test_a_word_read_as_handmade_is_refused_on_a_cast_piece(text):
    found = lint(text, granted={"hand-set"}, best=CAST)

    assert {each.rule for each in found} == {"W1"}
    assert {each.best for each in found} == {CAST}


@pytest.mark.parametrize("text", HANDMADE_WORDS)
def test_the_same_word_stands_on_a_piece_that_is_handmade(text):
    assert rules(text, {"Handmade"}) == []


@pytest.mark.parametrize("text", DISGUISED)
def test_a_disguised_word_is_read_as_it_looks(text):
    assert rules(text) == ["W1"]


@pytest.mark.parametrize("text", PLAIN)
def test_words_that_claim_nothing_are_left_alone(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("hand-forged", "a hand-forged band"),
        ("hand-forged", "forgée à la main"),
        ("hand-forged", "handgeschmiedeter Reif"),
        ("hand-forged", "forgiato a mano"),
        ("hand-engraved", "engraved by hand"),
        ("hand-engraved", "handgraviert"),
        ("hand-engraved", "inciso a mano"),
        ("hand-set", "hand-set diamonds"),
        ("hand-set", "sertie à la main"),
        ("hand-set", "von Hand gefasst"),
        ("hand-set", "incastonato a mano"),
        ("hand-polished", "hand polished"),
        ("hand-polished", "lucidata a mano"),
        ("hand-finished", "hand-finished"),
        ("hand-finished", "rifinito a mano"),
        ("Hand-carved model, cast", "Hand-carved model, cast"),
        ("Hand-fabricated with bought-in parts", "Hand-fabricated with bought-in parts"),
    ],
)
def test_a_hand_operation_is_granted_by_its_own_claim_and_no_other(claim, text):
    assert rules(text, {claim}) == []
    assert rules(text, {"another claim"}) == ["W1"]


def test_a_carved_model_does_not_make_a_ring_hand_carved():
    assert rules("a hand-carved ring", {"Hand-carved model, cast"}) == ["W1"]


def test_a_finding_shows_the_word_as_it_was_typed_and_where():
    text = "Ring, Hand\u00adcrafted in Bristol"

    (found,) = lint(text, granted=(), best=CAST)

    assert found.word == "Hand\u00adcrafted"
    assert text[found.start : found.end] == found.word
    assert "is read as hand-made" in found.why


def test_a_shop_name_gets_a_standing_note_and_no_refusal():
    (note,) = shop_name_notes("The Handmade Bench")

    assert "shows its own label" in note.why
    assert not shop_name_notes("Tidewell Bench")


def test_designed_by_a_person_is_refused_where_ai_made_the_design():
    assert rules("Designed by Mira Tidewell", {AI_DESIGN}) == ["D1"]
    assert rules("Designed by Mira Tidewell", {"Designed by a person"}) == []


@pytest.mark.parametrize(
    "text", ["lab grown diamond", "lab-grown", "lab diamonds", "cultured diamond", "Zuchtdiamant"]
)
def test_a_grown_stone_is_named_in_full(text):
    assert rules(text) == ["S1"]
    assert rules("laboratory-grown diamond") == []


@pytest.mark.parametrize(
    "text",
    ["a real diamond", "natural diamonds", "genuine", "diamant naturel", "echter Diamant", "a gem"],
)
def test_a_grown_stone_is_not_called_natural(text):
    assert rules(text, stones=[GROWN]) == ["S1"]
    assert rules(text, stones=[]) == []


def test_natural_is_said_of_the_stone_that_is():
    stones = [SAPPHIRE, GROWN]

    assert rules("natural sapphire, laboratory-grown diamonds", stones=stones) == []
    assert rules("sapphire with natural diamonds", stones=stones) == ["S1"]


def test_a_ruby_full_of_glass_is_a_composite():
    ruby = StoneFact("ruby", "natural", ("lead-glass filled",))

    assert rules("treated ruby ring", stones=[ruby]) == ["S4"]
    assert rules("composite of ruby and glass", stones=[ruby]) == []
    assert rules("ruby ring", stones=[StoneFact("ruby", "natural", ("heat",))]) == []


def test_cultured_stands_directly_before_pearl():
    pearl = StoneFact("pearl", "unknown")

    assert rules("pearl earrings", stones=[pearl]) == ["S5"]
    assert rules("cultured freshwater pearl", stones=[pearl]) == ["S5"]
    assert rules("freshwater cultured pearls", stones=[pearl]) == []
    assert rules("perle de culture", stones=[pearl]) == []
    assert rules("Zuchtperlen", stones=[pearl]) == []
    assert rules("perla coltivata", stones=[pearl]) == []
    assert rules("pearl", stones=[StoneFact("pearl", "natural")]) == []
    assert rules("mother-of-pearl") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("green amethyst", "prasiolite"),
        ("améthyste verte", "prasiolite"),
        ("grüner Amethyst", "prasiolite"),
        ("ametista verde", "prasiolite"),
        ("Yellow Emerald", "golden beryl"),
        ("smoky topaz", "smoky quartz"),
        ("Herkimer diamond", "quartz"),
    ],
)
def test_a_misnamed_stone_is_refused_with_its_name(text, name):
    assert [(each.rule, each.best) for each in lint(text, granted=())] == [("S6", name)]


def test_a_stone_with_its_own_name_stands():
    assert rules("prasiolite, golden beryl and amethyst") == []


def test_flawless_needs_a_report():
    reported = StoneFact("diamond", "natural", (), has_report=True)

    assert rules("a flawless diamond, lupenrein, senza difetti") == ["S8"] * 3
    assert rules("perfect clarity") == ["S8"]
    assert rules("flawless", stones=[reported]) == []
    assert rules("a perfect gift") == []


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("recycled gold-plated brass", "recycled"),
        ("recyceltes Silber", "recycled"),
        ("fair-trade stones", "fair"),
        ("conflict-free", "conflict-free"),
        ("senza conflitti", "conflict-free"),
    ],
)
def test_an_origin_needs_its_document(text, claim):
    assert rules(text) == ["P1"]
    assert rules(text, {claim}) == []


def test_no_ring_is_kimberley_certified():
    assert rules("Kimberley certified ring", {"conflict-free", "fair", "recycled"}) == ["P1"]


@pytest.mark.parametrize(
    "text",
    [
        "18k gold",
        "18 ct gold",
        "18 kt. yellow gold",
        "18 ct (750) yellow gold",
        "750 gold",
        "750er Gold",
        "solid 18 karat gold",
        "gold-plated box",
        "gold-coloured thread",
        "golden light",
        "or jaune 750",
        "oro 18 kt",
    ],
)
def test_gold_with_its_fineness_stands(text):
    assert rules(text, metals=[GOLD]) == []


@pytest.mark.parametrize("text", ["gold ring", "solid gold", "yellow gold", "bague en or", "oro"])
def test_gold_without_its_fineness_is_refused(text):
    (found,) = lint(text, granted=(), metals=[GOLD])

    assert (found.rule, found.best) == ("G1", "18 ct (750) gold")


def test_gold_of_another_fineness_is_refused():
    assert rules("14k gold", metals=[GOLD]) == ["G1"]
    assert rules("gold", metals=[MetalFact("gold", 999)]) == []


def test_the_fineness_may_follow_where_the_language_puts_it():
    assert rules("Gold 750", metals=[GOLD], language="de") == []
    assert rules("Gold 750", metals=[GOLD], language="en") == ["G1"]


def test_a_coated_part_is_not_gold():
    plated = MetalFact("silver", 925, coating="gold-plated")

    assert rules("18k gold ring", metals=[plated]) == ["G2"]
    assert rules("gold-plated silver ring", metals=[plated]) == []


def test_vermeil_is_thick_gold_on_sterling():
    thick = MetalFact("silver", 925, "gold", 585, Decimal("2.5"))
    thin = MetalFact("silver", 925, "gold", 585, Decimal("2.4"))

    assert rules("gold vermeil", metals=[thick]) == []
    assert rules("gold vermeil", metals=[thin]) == ["G2"]


def test_silver_and_platinum_keep_to_their_fineness():
    assert rules("sterling", metals=[MetalFact("silver", 800)]) == ["G3"]
    assert rules("800 silver", metals=[MetalFact("silver", 800)]) == []
    assert rules("sterling silver", metals=[MetalFact("silver", 925)]) == []
    assert rules("platinum band", metals=[MetalFact("platinum", 900)]) == ["G3"]
    assert rules("platinum 900 band", metals=[MetalFact("platinum", 900)]) == []
    assert rules("platinum band", metals=[MetalFact("platinum", 950)]) == []


def test_a_stone_whose_name_has_several_words_is_read_like_any_other():
    stones = [StoneFact("star-sapphire (blue) ~", "laboratory-grown")]

    assert rules("natural star sapphire blue", stones=stones) == ["S1"]
    assert rules("laboratory-grown star sapphire blue", stones=stones) == []


def test_the_facts_are_read_from_the_signed_subject():
    subject = {
        "parts": [
            {
                "id": "a",
                "metal": {"element": "silver", "fineness": 925},
                "coating": {
                    "metal": "gold",
                    "fineness": 585,
                    "um": {"value": "2.5", "unitCode": "4H"},
                },
            }
        ],
        "stones": [
            {"species": "corundum", "variety": "Ruby", "origin": "natural", "reports": [{}]},
            {"species": "Diamond", "variety": None, "treatment": ["none-known"]},
        ],
    }

    assert metals_of(subject) == (MetalFact("silver", 925, "gold-plated", 585, Decimal("2.5")),)
    assert stones_of(subject) == (
        StoneFact("ruby", "natural", (), has_report=True),
        StoneFact("diamond", "unknown", ("none-known",)),
    )


def test_words_of_a_policy_nobody_holds_are_not_guessed():
    with pytest.raises(UnknownPolicyError):
        lint("ring", granted=(), policy="../secret")


@given(st.text(max_size=60))
def test_every_text_is_answered_and_every_finding_is_in_it(text):
    found = lint(text, granted=(), stones=[GROWN], metals=[GOLD])

    assert all(text[each.start : each.end] == each.word for each in found)


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text).text).text == fold(text).text


@given(st.text(alphabet="\u00ad\u200b\u200d\u2060\u0301\ufe0f", max_size=4))
def test_nothing_without_width_hides_a_word(invisible):
    assert rules(f"hand{invisible}ma{invisible}de") == ["W1"]

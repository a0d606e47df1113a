"""The papers of a piece: they keep for ever, say what was signed, and carry it inside."""

import hashlib
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from provenance.__main__ import main
from provenance.canonical import canonical_bytes
from provenance.enclosed import bundle_in
from provenance.paper import ATTACHED, Paper, StepLine, paper_of
from provenance.verdict import Facts, TagAnswer, headline
from provenance.verification import Verdict
from tags import papers
from tests.documented import ROOT
from tests.pdfs import (
    PACKAGES,
    all_words,
    attached,
    pages,
    run_together,
    scanned,
    size_mm,
    words,
)
from tests.provenance.makings import (
    ISSUED,
    NOON,
    Hearing,
    make_body,
    make_bundle,
    make_certificate,
)

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not PACKAGES.exists(), reason="the fonts come with npm"),
]

HOSTILE = '#panic("x") #import "/etc/passwd" $ x $ *b* _i_ @ref ] [ <a> `c` \\u{0} // c {1+1}'
WITHDRAWN = papers.Notice(
    "Certificate withdrawn.",
    "By its maker, 2 October 2027. This cannot be undone.",
    "stop",
    "The stone was swapped.",
)


@cache
def whole() -> Paper:
    """A ring with everything said of it that can be said, and its whole making record."""
    subject = json.loads((ROOT / "tests" / "interop" / "complete-subject.json").read_text())
    return paper_of(make_certificate(make_body(subject)))


@cache
def enclosed() -> papers.Enclosed:
    return papers.Enclosed(canonical_bytes(make_bundle()), ISSUED)


@cache
def plate(width: int = 800, height: int = 1000) -> papers.Plate:
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(picture, "WEBP")
    return papers.plate_of(picture.getvalue(), alt="The front of the ring", note="")


def print_paper(fonts, paper: Paper | None = None, **changes) -> bytes:
    facts = {"plate": plate(), "notice": None, "enclosed": enclosed()} | changes
    return papers.certificate_pdf(paper or whole(), **facts, fonts=fonts)


def print_report(fonts, paper: Paper | None = None, verdict: Verdict | None = None, **changes):
    verdict = verdict or Hearing().verdict()
    spoken = headline(TagAnswer.NOT_SCANNED, verdict.answer, facts=Facts(kind="ring"))
    facts = {
        "at": NOON,
        "headline": spoken,
        "checks": verdict.checks,
        "limit": "whether the ring in your hand is the one the record names.",
        "tag": "No tag was read for this check.",
        "level": (paper or whole()).level,
    }
    report = papers.Report(**(facts | changes))
    return papers.report_pdf(paper or whole(), report, enclosed=enclosed(), fonts=fonts)


@pytest.fixture(params=[print_paper, print_report], ids=["certificate", "report"])
def printed(request, print_fonts) -> bytes:
    return request.param(print_fonts)


# -- for ever -----------------------------------------------------------------------------------


def test_it_calls_itself_pdf_a_3b_and_says_which_colours_it_means(printed):
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>" in printed
    assert re.search(rb"/OutputIntents? ", printed)
    assert b"/S/GTS_PDFA1" in printed


def test_every_font_travels_along(printed):
    described = re.findall(rb"/Type/FontDescriptor.*?>>", printed, re.DOTALL)

    assert described
    assert all(re.search(rb"/FontFile[23]? ", font) for font in described)


def test_it_is_neither_locked_nor_alive(printed):
    assert not re.search(rb"/Encrypt|/JavaScript|/JS\b|/Launch|/OpenAction|/XFA", printed)


def test_it_can_be_read_aloud(printed):
    assert b"<pdfuaid:part>1</pdfuaid:part>" in printed
    assert b"/Lang(en)" in printed
    assert b"/MarkInfo<</Marked true" in printed
    assert b"/StructTreeRoot" in printed


def test_the_bundle_lies_inside_as_data_of_the_paper(printed):
    assert attached(printed) == {ATTACHED: enclosed().bundle}
    assert b"/AFRelationship/Data" in printed
    assert re.search(rb"/AF ?\[", printed)
    assert b"/Subtype/application#2Fjson" in printed


def test_the_same_paper_is_the_same_file_whatever_was_set_between(print_fonts):
    first = print_paper(print_fonts)

    print_paper(print_fonts, replace(whole(), title="Pendant"))

    assert print_paper(print_fonts) == first
    assert print_report(print_fonts) == print_report(print_fonts)


def test_another_process_sets_the_same_file(print_fonts):
    script = (
        "import hashlib, pathlib, sys; from tests.tags.test_papers import print_paper; "
        "print(hashlib.sha256(print_paper(pathlib.Path(sys.argv[1]))).hexdigest())"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(print_fonts)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == hashlib.sha256(print_paper(print_fonts)).hexdigest()


# -- what it says -------------------------------------------------------------------------------


def test_the_first_page_stands_alone_in_its_frame(print_fonts):
    face = pages(print_paper(print_fonts))[0]

    said, paper = run_together(words(face)), whole()
    signature = paper.signature
    for each in (
        *(paper.title, paper.edition, paper.line, paper.house, paper.making.says),
        *(signature.digest, signature.fingerprint, signature.moment, signature.for_maker),
        "evidence grade E1, worked out by the rules strict-2026-11",
        "What this paper cannot tell you: whether the ring in your hand",
        "Demonstration: this piece does not exist",
        f"{paper.level}, when signed",
    ):
        assert run_together(each) in said


def test_a_phone_reads_the_way_to_the_piece_from_its_pixels(print_fonts):
    face = pages(print_paper(print_fonts))[0]

    assert scanned(face) == [whole().kept_at]


def test_the_second_page_tells_parts_stones_steps_and_how_to_verify(print_fonts):
    said, paper = run_together(words(pages(print_paper(print_fonts))[1])), whole()

    for each in (
        *(part.metal for part in paper.parts),
        *(fact.told for fact in paper.facts),
        *(stone.told for stone in paper.stones),
        *(step.title for step in paper.making.steps),
        *paper.how_to_verify,
        *paper.cannot_all,
        "we did not check it https://lab.example/0000000000",
        "“Handmade” is not said here. Because: a 3D-printed model (M4), cast parts (M3).",
    ):
        assert run_together(each) in said


def test_a_paper_that_stands_says_nothing_of_its_standing(print_fonts):
    said = all_words(print_paper(print_fonts))

    assert not re.search(r"\b(current|valid|withdrawn\.)", said.replace("valid until", ""))


def test_a_withdrawn_one_says_so_on_top_of_every_page_with_date_and_cause(print_fonts):
    pdf = print_paper(print_fonts, notice=WITHDRAWN)

    told = [words(page) for page in pages(pdf)]
    assert len(told) == 3
    assert "“The stone was swapped.”" in told[0]
    for page in told:
        assert "Certificate withdrawn. By its maker, 2 October 2027." in page


def test_a_paper_without_its_photograph_says_why_there_is_none(print_fonts):
    gone = all_words(print_paper(print_fonts, plate=None))
    never = all_words(print_paper(print_fonts, replace(whole(), has_photograph=False), plate=None))

    assert "The photograph that was signed is not at hand" in gone
    assert "photograph that was signed" not in never


def test_the_report_names_every_check_with_its_answer_and_reason(print_fonts):
    verdict = Hearing().verdict()

    said = all_words(print_report(print_fonts, verdict=verdict))

    for check in verdict.checks:
        assert run_together(f"{check.name} {check.reason}") in run_together(said)
    assert said.count("not checked") == 4
    assert "You opened the record." in said
    assert "(2026-11-20T12:00:00Z)" in said
    assert "Rules of the label strict-2026-11" in said
    assert whole().signature.digest in said.replace(" ", "")


def test_the_report_tells_how_well_the_maker_is_known_now_and_was_when_it_was_signed(print_fonts):
    level = "E-mail confirmed: level I0"
    changed = run_together(all_words(print_report(print_fonts, level=level)))
    same = run_together(all_words(print_report(print_fonts)))

    assert run_together(f"{level}. When signed: {whole().level}") in changed
    assert run_together("When signed:") not in same


def test_the_report_leads_a_phone_to_the_certificate(print_fonts):
    assert scanned(pages(print_report(print_fonts))[0]) == [whole().signature.identifier]


# -- what lies inside ---------------------------------------------------------------------------


@pytest.mark.parametrize("print_it", [print_paper, print_report])
def test_a_note_on_the_name_of_a_workshop_stands_beside_it(print_fonts, print_it):
    paper = replace(whole(), name_notes=("“Handmade” is part of the workshop’s name.",))

    first = words(pages(print_it(print_fonts, paper))[0])

    assert "“Handmade” is part of the workshop’s name." in first


@pytest.mark.parametrize("print_it", [print_paper, print_report])
def test_a_laptop_verifies_the_pdf_and_the_file_taken_out_of_it_alike(
    print_fonts, tmp_path, capsys, print_it
):
    pdf = print_it(print_fonts)
    (tmp_path / "paper.pdf").write_bytes(pdf)
    (tmp_path / ATTACHED).write_bytes(bundle_in(pdf))
    asked = ["--trust-key", whole().signature.fingerprint, "--at", "2026-11-20T12:00:00Z"]

    codes = [main(["verify", str(tmp_path / name), *asked]) for name in ("paper.pdf", ATTACHED)]

    assert codes == [0, 0]
    assert capsys.readouterr().out.count("Checked was the file inside the PDF.") == 1


# -- how it is set ------------------------------------------------------------------------------


def test_it_is_a4_and_keeps_its_words_on_letter_paper_too(print_fonts):
    face = pages(print_paper(print_fonts))[0]

    inked = face.render(scale=1).to_pil().convert("L").point(lambda grey: 255 * (grey < 250))

    assert size_mm(face) == (210, 297)
    # Letter is 279.4 mm high: centred on it, A4 loses 8.8 mm above and below.
    left, top, right, bottom = (edge / 72 * 25.4 for edge in inked.getbbox())
    assert top > 10
    assert bottom < 297 - 10
    assert left > 10
    assert right < 210 - 10


def test_a_usual_record_fits_on_two_pages(print_fonts):
    assert len(pages(print_paper(print_fonts))) == 2
    assert len(pages(print_report(print_fonts))) == 1


def test_a_long_record_flows_on_and_loses_nothing(print_fonts):
    steps = tuple(
        StepLine(f"Step number {n} done by hand", "By the maker, 3 May 2026.", "", ())
        for n in range(1, 41)
    )
    paper = replace(whole(), making=replace(whole().making, steps=steps))

    pdf = print_paper(print_fonts, paper)

    said = all_words(pdf)
    assert len(pages(pdf)) == 3
    assert all(step.title in said for step in steps)


def test_long_words_stay_on_the_first_page_and_leave_the_code_readable(print_fonts):
    paper = replace(
        whole(),
        title="The exceedingly long name of a ring of many words and Donaudampfschifffahrtsringe",
        house="W" * 80,
        person="P" * 120,
        line=whole().line * 4,
        marks=whole().marks * 5,
        making=replace(whole().making, says="; ".join(["hand-finished"] * 16)),
    )

    for notice in (None, replace(WITHDRAWN, cause="The stone was swapped. " * 12)):
        pdf = print_paper(print_fonts, paper, notice=notice)

        face = pages(pdf)[0]
        assert scanned(face) == [paper.kept_at]
        assert "What this paper cannot tell you" in words(face)
        assert "What it is made of" in words(pages(pdf)[1])


def test_a_wide_photograph_and_an_upright_one_both_find_room(print_fonts):
    for shape in ((1600, 900), (900, 1600), (1000, 1000)):
        face = pages(print_paper(print_fonts, plate=plate(*shape)))[0]

        assert scanned(face) == [whole().kept_at]
        assert "Marlowe ring" in words(face)


def test_words_that_look_like_the_typesetters_language_are_printed_as_words(print_fonts):
    paper = replace(whole(), title=HOSTILE, description=HOSTILE, care=(HOSTILE,))

    said = all_words(print_paper(print_fonts, paper)).replace(" ", "")

    assert said.count(HOSTILE.replace(" ", "")) >= 3


def test_letters_that_no_type_has_become_boxes_and_the_paper_says_so(print_fonts):
    paper = replace(whole(), title="指輪 Жемчуг \U0001f48d", house="Ювелир")

    said = words(pages(print_paper(print_fonts, paper))[0])

    assert "□□ Жемчуг □" in said
    assert "Ювелир" in said
    assert "□ stands for a letter this paper has no type for. The signed file has it." in said


def test_a_line_cannot_be_turned_around(print_fonts):
    paper = replace(whole(), title="\u202e057 dlog\u202c \u2066ring\u2069\u0007")

    said = words(pages(print_paper(print_fonts, paper))[0])

    assert "057 dlog ring" in said


@settings(max_examples=15)
@given(text=some.text(max_size=80))
def test_no_text_of_a_maker_stops_the_press(print_fonts, text):
    paper = replace(
        whole(),
        title=text,
        house=text,
        mark=text[:8],
        description=text,
        care=(text,),
        making=replace(whole().making, steps=(StepLine(text, text, text, (text,)),)),
    )

    assert scanned(pages(print_paper(print_fonts, paper))[0]) == [paper.kept_at]

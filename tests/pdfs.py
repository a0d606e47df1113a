"""Looking at what was printed: the pages of a PDF, their words, and what a phone reads there."""

import re
from pathlib import Path

import pypdfium2
import zxingcpp

PACKAGES = Path(__file__).resolve().parents[1] / "node_modules" / "@fontsource"
MM = 72 / 25.4


def pages(pdf: bytes) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(pdf))


def words(page: pypdfium2.PdfPage) -> str:
    """The text of a page on one line, without the widthless spaces that let long words break."""
    text = page.get_textpage().get_text_range().replace("\u200b", "")
    return " ".join(text.split())


def run_together(text: str) -> str:
    """A text without what a line break adds or takes away: spaces and hyphens."""
    return re.sub(r"[\s\-\u00ad\ufffe\u0002]", "", text)


def all_words(pdf: bytes) -> str:
    return " ".join(words(page) for page in pages(pdf))


def scanned(page: pypdfium2.PdfPage) -> list[str]:
    pixels = page.render(scale=300 / 72).to_pil().convert("L")
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


def size_mm(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return round(width / MM, 2), round(height / MM, 2)


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside, as another program finds them."""
    document = pypdfium2.PdfDocument(pdf)
    files = [document.get_attachment(n) for n in range(document.count_attachments())]
    return {file.get_name(): bytes(file.get_data()) for file in files}

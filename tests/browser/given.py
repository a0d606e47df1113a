"""The piece page in every state and language, made in the running demonstration."""

import json
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from playwright.sync_api import Page, Route

from provenance.models.piece import Piece
from provenance.verdict import Answer, CertificateAnswer, TagAnswer
from tests.browser.scenery import SKUS
from tests.browser.stage import Stage
from tests.given import OF_OURS, ON_THE_PAGE, page_given

MAKE = "from tests.browser.given import main; main()"
STATES: tuple[Answer, ...] = (*ON_THE_PAGE, *OF_OURS[1:])
LANGUAGES = tuple(code[:2] for code, _ in settings.LANGUAGES)


@dataclass(frozen=True)
class Given:
    """The pages by language and state, and how a browser comes to see one."""

    stage: Stage
    pages: dict[str, dict[str, str]]

    def open(self, page: Page, language: str, state: str) -> None:
        """Show this page at the address of the piece, with the site's own style and pictures."""
        address = self.stage.url("/p/{marlowe}")

        def answer(route: Route) -> None:
            route.fulfill(body=self.pages[language][state], content_type="text/html; charset=utf-8")

        page.route(address, answer)
        page.goto(address)
        page.unroute(address)


def pages_of(stage: Stage) -> Given:
    told = stage.site.manage("shell", "--verbosity", "0", "--command", MAKE)
    return Given(stage, json.loads(told))


def main() -> None:
    """Print, as JSON, every page in every language."""
    certificate = Piece.objects.get(sku=SKUS["marlowe"]).certificates.get()
    pages: dict[str, dict[str, str]] = {}
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            pages[code[:2]] = {state: page_given(certificate, *_pair(state)) for state in STATES}
    print(json.dumps(pages))


def _pair(state: Answer) -> tuple[TagAnswer, CertificateAnswer]:
    if isinstance(state, TagAnswer):
        return state, CertificateAnswer.CURRENT
    return TagAnswer.IDENTIFIED, state

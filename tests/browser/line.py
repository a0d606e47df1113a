"""The line of memories that all tests of screens share, and how it is put back in its order."""

from playwright.sync_api import Page

from tests.browser.stage import Stage

DESK = "/keep/{braid}"
SENT_AS_BY_A_DRAG = """async order => {
  const form = document.querySelector("#order");
  const body = new FormData(form);
  body.append("order", order.join(" "));
  const answer = await fetch(form.action, { method: "POST", body });
  return answer.ok;
}"""


def line_of(stage: Stage) -> list[str]:
    """The public ids of memories and chapters, as Otto sees them on his desk."""
    otto = stage.visit("otto")
    otto.page.goto(stage.url(DESK))
    line = rows_of(otto.page)
    otto.context.close()
    return line


def rows_of(page: Page) -> list[str]:
    ids: list[str] = page.locator("[data-item]").evaluate_all(
        "all => all.map(each => each.dataset.item)"
    )
    return ids


def put_back(stage: Stage, line: list[str]) -> None:
    otto = stage.visit("otto")
    otto.page.goto(stage.url(DESK))
    if rows_of(otto.page) != line:
        assert otto.page.evaluate(SENT_AS_BY_A_DRAG, line)
    otto.context.close()

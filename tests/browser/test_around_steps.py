"""What frames a lesson's steps, at a keyboard: the words that a page uses, images, the quiz."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.lesson_files import AROUND, LESSON, QUIZ, greeting, written_to

from .conftest import Site
from .test_every_page import examine, looks

TEXTS = {
    "ja": "箱の中の箱です。\n\n![箱が1つ](images/box.svg)\n",
    "en": "A box in a box.\n\n![One box](images/box.svg)\n",
}
BOX = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><style>rect { fill: #24251f }
@media (prefers-color-scheme: dark) { rect { fill: #fff } }</style><rect width="40" height="30"/>
</svg>"""


@pytest.fixture
def lesson(site: Site, tmp_path: Path) -> Iterator[str]:
    """Its path; the site's other tests have no such lesson."""
    written = LESSON.replace("position: 1", "position: 99") + AROUND + QUIZ
    written_to(tmp_path / "greeting", greeting(written, **TEXTS) | {"images/box.svg": BOX})
    site.manage("load_lessons", str(tmp_path))
    yield "lessons/greeting/"
    forget = "from lessons.models import Lesson; Lesson.objects.filter(slug='greeting').delete()"
    site.manage("shell", "-v", "0", "-c", forget)


def test_a_lesson_from_its_goals_to_its_quiz(visitor: Callable[..., Page], lesson: str) -> None:
    page = visitor()
    page.goto("/en/")
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto(f"/en/{lesson}closing/")
    page.locator("[name=answer]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_focused()
    expect(page.locator(".why")).to_have_text("It is not.")
    for language in ("en", "ja"):
        for name in ("hello", "closing"):
            page.goto(f"/{language}/{lesson}{name}/")
            for _width, look in looks(page):
                examine(page, f"greeting-{name}-{language}-{look}")
    page.locator("[name=answer]").nth(1).focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".question")).to_have_attribute("data-state", "solved")
    expect(page.locator(".step-list [aria-current]")).to_have_attribute("data-done", "")
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(f"/en/{lesson}hello/")
    page.locator(".prose a[href='#term-1']").press("Enter")
    expect(page.locator("#term-1")).to_be_in_viewport()
    assert page.evaluate("scrollY") == 0, "the pane scrolls, not the page"


def test_an_image_follows_the_theme(visitor: Callable[..., Page], lesson: str) -> None:
    def seen(page: Page) -> bytes:
        image = page.locator(".prose img")
        image.scroll_into_view_if_needed()
        expect(image).not_to_have_js_property("naturalWidth", 0)
        return image.screenshot()

    light, dark = visitor(), visitor(dark=True)
    for page in (light, dark):
        page.goto(f"/en/{lesson}hello/")
    assert seen(light) != seen(dark)
    dark.evaluate("document.documentElement.dataset.theme = 'light'")
    assert seen(light) == seen(dark), "the page's own switch counts, not only the system's"

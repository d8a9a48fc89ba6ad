"""Every page in both languages, both widths and both themes: accessible, and fit for its window.

With HAKONIWA_SCREENSHOTS=FOLDER each is also kept as a picture, to be looked at.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT, Site
from .screen import open_shell, start_as_guest, type_line, wait_for_text

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# All that a theme changes.
COLOURS = {"type": "rule", "values": ["color-contrast"]}
OPEN_PAGES = {
    "home": "",
    "lessons": "lessons/",
    "step": "lessons/docker-run/layer/",
    "join": "join/",
    "sign-in": "sign-in/",
    "404": "nowhere/",
}
DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
WIDTHS = {1440: 900, 390: 844}
LOOKS = [(width, dark) for width in WIDTHS for dark in (False, True)]


def examine(page: Page, name: str) -> None:
    """axe finds nothing, and nothing sticks out of the window."""
    keep_picture(page, name)
    # In the page's own world, and past its Content-Security-Policy, which stays as it is.
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(r => r.violations.map(v =>"
        " [v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + n.failureSummary)]))",
        COLOURS if page.evaluate(DARK) else RULES,
    )
    assert found == [], f"{name}: {json.dumps(found, indent=1, ensure_ascii=False)}"
    inner, whole = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert whole <= inner, f"{name} is {whole} wide in a window of {inner}"


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("HAKONIWA_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_pages_that_anybody_may_read(
    visitor: Callable[..., Page], language: str, width: int, dark: bool
) -> None:
    page = visitor(width, WIDTHS[width], dark=dark, touch=width < 500)
    for name, path in OPEN_PAGES.items():
        page.goto(f"/{language}/{path}")
        examine(page, f"{name}-{language}-{width}-{'dark' if dark else 'light'}")
    page.goto(f"/{language}/join/")
    page.get_by_role("main").get_by_role("button").click()
    page.locator("input[name=code]").fill("AAAA-AAAA")
    page.locator("input[name=name]").fill("花子" if language == "ja" else "Hana")
    page.locator("input[name=password]").fill("correct horse")
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator(".note.problem")).to_be_visible()
    examine(page, f"join-error-{language}-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_lesson_with_its_terminal(visitor: Callable[..., Page], language: str) -> None:
    page = visitor()
    start_as_guest(page, f"/{language}/lessons/docker-run/fetch/")
    type_line(page, "docker run -it ubuntu /bin/bash")
    wait_for_text(page, "root@")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")
    page.goto(f"/{language}/lessons/docker-run/leave/")
    expect(page.locator("#task-stopped-not-removed .task-facts")).to_be_visible()
    page.locator("#task-stopped-not-removed summary").click()
    for width, look in looks(page):
        if width >= 500:
            examine(page, f"lesson-{language}-{look}")
            continue
        examine(page, f"lesson-text-{language}-{look}")
        page.locator(".pane-switch [data-view=terminal]").click()
        examine(page, f"lesson-terminal-{language}-{look}")
        page.locator(".pane-switch [data-view=lesson]").click()


MANY_FILES = (
    "mkdir -p アプリ/公開 && echo FROM ubuntu > Dockerfile && mkfifo pipe && ln -s アプリ link"
    " && truncate -s 3G disk.img && touch $(printf 'long%.0s' {1..40}) '<b>bold'"
    " && echo made-$((6*7))"
)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_files_of_a_sandbox(visitor: Callable[..., Page], language: str) -> None:
    page = visitor()
    start_as_guest(page, f"/{language}/lessons/docker-run/fetch/")
    page.locator("[data-tool=files]").click()
    panel = page.locator("#files-panel")
    expect(panel.locator(".files-told")).not_to_be_empty()
    examine_looks(page, f"files-none-{language}")
    type_line(page, MANY_FILES)
    wait_for_text(page, "made-42")
    page.locator("[data-files=refresh]").click()
    expect(panel.locator(".files-list li")).to_have_count(7)
    panel.locator("[data-kind=file] .file-name").get_by_text("disk.img").click()
    expect(panel.locator(".files-told")).not_to_be_empty()
    examine_looks(page, f"files-{language}")
    panel.locator("[data-kind=file] .file-name").get_by_text("Dockerfile").click()
    expect(panel.locator("textarea")).to_have_value("FROM ubuntu\n")
    panel.locator("textarea").fill("FROM debian\n")
    type_line(page, "echo changed > Dockerfile; echo made-$((7*7))")
    wait_for_text(page, "made-49")
    panel.locator("[type=submit]").click()
    expect(panel.locator(".files-conflict")).to_be_visible()
    examine_looks(page, f"files-editor-{language}")


def looks(*pages: Page) -> Iterator[tuple[int, str]]:
    """The pages take on one look after the other; its width and its name."""
    for width, dark in LOOKS:
        for page in pages:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            page.emulate_media(color_scheme="dark" if dark else "light")
        yield width, f"{width}-{'dark' if dark else 'light'}"


def examine_looks(page: Page, name: str) -> None:
    """The terminal's side of a lesson in each look."""
    for width, look in looks(page):
        if width < 500:
            page.locator(".pane-switch [data-view=terminal]").click()
        examine(page, f"{name}-{look}")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_lesson_with_several_shells(visitor: Callable[..., Page], language: str) -> None:
    page = visitor()
    start_as_guest(page, f"/{language}/lessons/docker-run/fetch/")
    open_shell(page)
    type_line(page, "exit 3")
    expect(page.locator(".shell[data-active] .notice")).to_contain_text("3")
    for direction in ("row", "column"):
        page.locator(f"[data-split={direction}]").click()
        expect(page.locator(".shell .xterm:visible")).to_have_count(2)
        examine_looks(page, f"shells-{direction}-{language}")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_instructors_pages(visitor: Callable[..., Page], site: Site, language: str) -> None:
    password = make_instructor(site, f"teacher-{language}")
    page = visitor()
    page.goto(f"/{language}/sign-in/")
    page.locator("input[name=name]").fill(f"teacher-{language}")
    page.locator("input[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button").click()
    expect(page.locator("input[name=password]")).to_be_visible()
    examine(page, f"choose-password-{language}")
    page.locator("input[name=password]").fill("a better one 7")
    page.get_by_role("main").get_by_role("button").click()
    page.goto(f"/{language}/classes/")
    page.locator("input[name=name]").fill("2年1組")
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", name="2年1組")).to_be_visible()
    for _width, look in looks(page):
        examine(page, f"classes-{language}-{look}")
    page.goto(f"/{language}/studio/")
    examine(page, f"drafts-{language}")
    begin = page.locator("form[action$='begin/docker-run/'] button")
    if begin.count():  # the site's drafts are the same in both languages
        begin.click()
    page.goto(f"/{language}/studio/docker-run/?file=steps/fetch.en.md")
    expect(page.locator(".cm-content")).to_have_count(2)
    for _width, look in looks(page):
        examine(page, f"draft-{language}-{look}")
    page.evaluate(
        "for (const one of document.querySelectorAll('[name=revision]')) one.value = 1000"
    )
    page.locator(".cm-content").first.press("x")
    expect(page.locator("[data-state=conflict]")).to_be_visible()
    page.locator(".sheet [type=submit]").first.click()
    expect(page.locator("textarea[readonly]")).to_be_visible()
    for _width, look in looks(page):
        examine(page, f"draft-conflict-{language}-{look}")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_page_for_whoever_has_to_wait(visitor: Callable[..., Page], language: str) -> None:
    page = visitor()
    page.goto(f"/{language}/sign-in/")
    for _wrong in range(10):
        page.locator("input[name=name]").fill(f"nobody-{language}")
        page.locator("input[name=password]").fill("a wrong one 7")
        page.get_by_role("main").get_by_role("button").click()
    expect(page.locator(".error-number")).to_have_text("429")
    for _width, look in looks(page):
        examine(page, f"429-{language}-{look}")


def make_instructor(site: Site, name: str) -> str:
    """An instructor who came in with a one-time password, which is returned."""
    site.manage(
        "shell",
        "-c",
        "from hakoniwa.accounts.models import User\n"
        f"user = User(username='{name}', name='{name}', role='instructor',"
        " must_choose_password=True)\n"
        "user.set_password('one time only')\n"
        "user.save()",
    )
    return "one time only"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_without_javascript_a_lesson_can_be_read(
    chromium: object, site: Site, language: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{site.url}/{language}/lessons/docker-run/fetch/")
    expect(page.locator(".no-script")).to_be_visible()
    expect(page.locator("#step-title")).to_be_visible()
    keep_picture(page, f"no-javascript-{language}")
    context.close()

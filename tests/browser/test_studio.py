"""Writing a lesson in the studio: nothing that was typed is lost, and the page helps."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .authors import (
    begin_draft,
    make_author,
    open_file,
    see_the_end,
    sign_in,
    state_of,
    text_of,
    write,
)
from .conftest import Site

SAVED = re.compile("Saved")
# A second; on a busy machine one more.
WITHIN = 2.0


@pytest.fixture(scope="module")
def author(site: Site) -> str:
    return make_author(site, "author")


@pytest.fixture
def page(visitor: Callable[..., Page], author: str, request: pytest.FixtureRequest) -> Page:
    """An author in a draft that no other test has."""
    page = visitor()
    sign_in(page, author)
    begin_draft(page, request.node.name.removeprefix("test_").replace("_", "-")[:40])
    return page


def test_a_killed_site_and_a_crashed_browser_lose_nothing(page: Page, site: Site) -> None:
    write(page, "First words.")
    expect(state_of(page)).to_have_text(SAVED)
    site.kill()
    write(page, " Typed while it was away.")
    expect(state_of(page)).to_contain_text("kept in this browser")
    site.start()
    expect(state_of(page)).to_have_text(SAVED)
    site.kill()
    write(page, " And then the browser crashed.")
    expect(state_of(page)).to_contain_text("kept in this browser")
    address, context = page.url, page.context
    page.close()
    site.start()
    again = context.new_page()
    again.goto(address)
    see_the_end(again)
    expect(text_of(again)).to_contain_text("Typed while it was away.")
    expect(text_of(again)).not_to_contain_text("crashed")
    again.get_by_role("button", name="Take it up").click()
    see_the_end(again)
    expect(text_of(again)).to_contain_text("And then the browser crashed.")
    expect(state_of(again)).to_have_text(SAVED)
    again.reload()
    see_the_end(again)
    expect(text_of(again)).to_contain_text("And then the browser crashed.")
    expect(again.locator(".sheet-left:visible")).to_have_count(0)


def test_the_second_of_two_tabs_decides_what_stays(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    write(page, "From the first tab.")
    expect(state_of(page)).to_have_text(SAVED)
    write(other, "From the second tab.")
    expect(state_of(other)).to_have_attribute("data-state", "conflict")
    other.locator(".sheet[data-open] [type=submit]").click()
    expect(other.locator("textarea[readonly]")).to_have_value(re.compile("From the first tab."))
    see_the_end(other)
    expect(text_of(other)).to_contain_text("From the second tab.")
    write(other, " Not yet.")
    other.wait_for_timeout(800)
    other.goto(page.url)
    see_the_end(other)
    expect(text_of(other)).to_contain_text("From the first tab.")
    other.get_by_role("button", name="Take it up").click()
    see_the_end(other)
    expect(state_of(other)).to_have_text(SAVED)
    expect(text_of(other)).to_contain_text("From the second tab. Not yet.")


def test_the_preview_follows_and_a_composed_character_is_left_alone(page: Page) -> None:
    preview = page.locator(".sheet[data-open] .sheet-preview")
    preview.evaluate("box => box.scrollTop = 120")
    write(page, "\n\nNow **bold**.")
    begun = time.monotonic()
    expect(preview.locator("strong", has_text="bold")).to_be_visible()
    assert time.monotonic() - begun < WITHIN
    assert preview.evaluate("box => box.scrollTop") == 120
    keyboard = page.context.new_cdp_session(page)
    expect(state_of(page)).to_have_text(SAVED)
    keyboard.send(
        "Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3}
    )
    page.wait_for_timeout(900)
    expect(state_of(page)).not_to_have_text(SAVED)
    keyboard.send("Input.insertText", {"text": "日本"})
    expect(state_of(page)).to_have_text(SAVED)
    expect(preview).to_contain_text("bold.日本")
    expect(text_of(page)).not_to_contain_text("にほん")


def test_the_other_language_is_marked_as_left_behind(page: Page) -> None:
    write(page, "Something new.")
    expect(page.locator("#standing-ja")).to_contain_text("Stale")
    page.get_by_role("button", name="They say the same now").click()
    expect(page.locator(".sheet-standing .note")).to_have_count(0)


def test_keys_are_completed_and_faults_stand_beside_their_line(page: Page) -> None:
    open_file(page, page.url.split("/")[5], "lesson.yml")
    write(page, "minu")
    page.get_by_role("option", name="minutes").click()
    page.keyboard.type("many")
    expect(page.locator("#studio-problems")).to_contain_text("minutes stands here twice")
    expect(page.locator(".cm-lint-marker-error")).to_be_visible()
    page.keyboard.press("Tab")
    expect(text_of(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".sheet [type=submit]")).to_be_focused()

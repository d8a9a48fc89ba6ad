"""Somebody who presses a button again and again is told on the page to wait, and for how long."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .screen import start_as_guest
from .test_every_page import examine

# Requests of the page's own kind, until the site has had enough.
FLOOD = """async url => {
  const headers = {"X-CSRFToken": document.querySelector("meta[name=csrf-token]").content};
  for (let request = 0; request < 100; request++) {
    const answer = await fetch(url, {method: "POST", headers});
    if (answer.status === 429) return Number(answer.headers.get("Retry-After"));
  }
}"""


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_page_says_how_long_to_wait(visitor: Callable[..., Page], language: str) -> None:
    page = visitor()
    lesson = f"/{language}/lessons/docker-run/fetch/"
    start_as_guest(page, lesson)
    sentence = "お試しください" if language == "ja" else "then try again"

    assert 0 < page.evaluate(FLOOD, f"{lesson}check/") <= 60
    page.locator(".live button").click()
    expect(page.locator("#live-status")).to_contain_text(sentence)
    examine(page, f"check-too-often-{language}")

    page.evaluate(FLOOD, f"/{language}/sandboxes/")
    page.reload()
    notice = page.locator(".terminal-body .notice")
    expect(notice.locator(".notice-message")).to_contain_text(sentence)
    expect(notice.get_by_role("button")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.locator(".pane-switch [data-view=terminal]").click()
    examine(page, f"claim-too-often-{language}")

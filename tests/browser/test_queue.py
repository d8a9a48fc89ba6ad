"""A full classroom: a place that moves by itself, the lesson readable meanwhile, and the turn."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_prompt, wait_for_text
from .test_every_page import examine, looks

Visit = Callable[..., Page]


@pytest.fixture
def small(site: Site) -> Iterator[Site]:
    """A site with a single seat, which is free."""
    site.manage("end_sandboxes")
    forget = "from sandbox.models import QueuePlace; QueuePlace.objects.all().delete()"
    site.manage("shell", "-c", forget)
    with site.beside(HAKONIWA_MAX_SANDBOXES="1") as small:
        yield small
    site.manage("end_sandboxes")


def wait_in_line(page: Page, small: Site, language: str = "en") -> None:
    page.goto(small.url + LESSON.replace("/en/", f"/{language}/"))
    page.locator("#terminal-pane button.primary").click()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "queued")


def test_the_place_moves_and_the_turn_is_taken_by_itself(visitor: Visit, small: Site) -> None:
    first, second, third = visitor(), visitor(), visitor()
    start_as_guest(first, small.url + LESSON)
    wait_in_line(second, small)
    wait_in_line(third, small)
    expect(second.locator(".notice")).to_contain_text("number 1 in the queue")
    expect(third.locator(".notice")).to_contain_text("number 2 in the queue")
    third.reload()
    expect(third.locator(".notice")).to_contain_text("number 2 in the queue")
    expect(third.locator("#step-title")).to_be_visible()
    second.evaluate(
        "window.told = []; new MutationObserver(() => window.told.push(announcer.textContent))"
        ".observe(announcer, {childList: true})"
    )
    small.manage("end_sandboxes")
    wait_for_prompt(second)
    assert any("It is your turn" in text for text in second.evaluate("window.told"))
    expect(third.locator(".notice")).to_contain_text("number 1 in the queue")
    type_line(second, "docker ps")
    wait_for_text(second, "CONTAINER ID")


def test_the_title_tells_somebody_who_reads_elsewhere(visitor: Visit, small: Site) -> None:
    first, second = visitor(), visitor()
    start_as_guest(first, small.url + LESSON)
    wait_in_line(second, small, "ja")
    second.evaluate("document.hasFocus = () => false")
    small.manage("end_sandboxes")
    wait_for_prompt(second)
    assert second.title().startswith("順番が来ました")
    second.evaluate("window.dispatchEvent(new Event('focus'))")
    assert "順番" not in second.title()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_place_in_the_queue_is_fit_to_read(visitor: Visit, small: Site, language: str) -> None:
    first, page = visitor(), visitor()
    start_as_guest(first, small.url + LESSON)
    wait_in_line(page, small, language)
    expect(page.locator(".notice-countdown")).not_to_be_empty()
    for width, look in looks(page):
        if width < 500:
            page.locator(".pane-switch [data-view=terminal]").click()
        examine(page, f"queue-{language}-{look}")
        box = page.locator(".shell[data-active] .notice").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= page.evaluate("innerHeight"), (width, box)

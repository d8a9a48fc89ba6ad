"""What a page says of its sandbox's time: quiet for long, a warning with a button, and the end."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_prompt, wait_for_text
from .test_every_page import examine_looks


def set_times(site: Site, **minutes: int) -> None:
    """So many minutes from now for each of these columns of the sandbox that was made last."""
    changes = ", ".join(f"{name}=now + timedelta(minutes={m})" for name, m in minutes.items())
    site.manage(
        "shell",
        "-c",
        "from datetime import timedelta\n"
        "from django.utils import timezone\n"
        "from sandbox.models import Sandbox\n"
        "now = timezone.now()\n"
        "newest = Sandbox.objects.filter(state='claimed').latest('created_at')\n"
        f"Sandbox.objects.filter(pk=newest.pk).update({changes})",
    )


def keep(site: Site) -> None:
    site.manage("keep_sandboxes", "--once")


def test_a_near_end_is_counted_down_told_once_and_put_off(page: Page, site: Site) -> None:
    expect(page.locator(".terminal-until")).to_contain_text("until")
    expect(page.locator(".terminal-time")).to_be_hidden()
    other_tab = page.context.new_page()
    other_tab.goto(LESSON)
    page.evaluate(
        "window.told = []; new MutationObserver(() => window.told.push(announcer.textContent))"
        ".observe(announcer, {childList: true})"
    )
    set_times(site, ends_at=6)
    bar = page.locator(".terminal-time")
    expect(bar).to_contain_text("nearly over")
    expect(bar.get_by_role("timer")).to_contain_text("5:")
    time.sleep(2.5)
    spoken = [text for text in page.evaluate("window.told") if "nearly over" in text]
    assert len(spoken) == 1, "a countdown that speaks every second drowns the lesson"
    expect(other_tab.locator(".terminal-time")).to_be_visible()
    bar.get_by_role("button", name="Extend").click()
    expect(bar).to_be_hidden()
    expect(other_tab.locator(".terminal-time")).to_be_hidden()


def test_typing_is_enough_to_stay(page: Page, site: Site) -> None:
    set_times(site, active_at=-55)
    page.reload()
    wait_for_prompt(page)
    bar = page.locator(".terminal-time")
    expect(bar).to_contain_text("You have not typed for a while")
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Enter")
    expect(bar).to_be_hidden()


def test_what_cannot_be_extended_says_so_ends_and_says_why(page: Page, site: Site) -> None:
    type_line(page, "docker pull -q ubuntu")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")
    set_times(site, ends_at=4, claimed_at=4 - 540)
    expect(page.locator(".terminal-time")).to_contain_text("as far as this classroom allows")
    expect(page.locator(".terminal-time").get_by_role("button")).to_be_hidden()
    set_times(site, ends_at=-1)
    keep(site)
    notice = page.locator(".notice")
    expect(notice).to_contain_text("The time of your sandbox is over")
    expect(page.locator(".terminal-time")).to_be_hidden()
    notice.get_by_role("button", name="Get a new sandbox").click()
    wait_for_prompt(page)
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")


def test_an_end_for_idleness_is_told_to_a_page_that_comes_back_later(
    visitor: Callable[..., Page], site: Site
) -> None:
    page = visitor()
    start_as_guest(page, LESSON.replace("/en/", "/ja/"))
    set_times(site, active_at=-61)
    keep(site)
    expect(page.locator(".notice")).to_contain_text("長い間入力がなかったため")
    page.reload()
    wait_for_text(page, "student@hakoniwa")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_warning_is_fit_to_read(visitor: Callable[..., Page], site: Site, language: str) -> None:
    page = visitor()
    start_as_guest(page, LESSON.replace("/en/", f"/{language}/"))
    set_times(site, ends_at=9)
    expect(page.locator(".terminal-time")).to_be_visible()
    examine_looks(page, f"time-warning-{language}")

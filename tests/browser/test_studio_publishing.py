"""From a new lesson to learners who see it, and the preview that follows a folder."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .authors import make_author, open_file, sign_in, state_of, write
from .conftest import ROOT, Site
from .screen import text_of, type_line, wait_for_prompt, wait_for_text
from .test_every_page import examine, looks
from .test_studio import WITHIN


def test_a_learner_in_the_middle_stays_on_their_version(
    visitor: Callable[..., Page], site: Site, chromium: Browser
) -> None:
    author = visitor()
    sign_in(author, make_author(site, "publisher"))
    author.goto("/en/studio/")
    author.locator("#id_slug").fill("healthchecks")
    author.get_by_role("button", name="Begin").click()
    publish = author.get_by_role("button", name="Publish what is saved")
    publish.click()
    expect(author.locator("#versions ~ ol li")).to_have_count(1)
    first = learner_in(chromium, site)
    expect(first.locator(".prose")).not_to_contain_text("The second edition.")

    open_file(author, "healthchecks", "steps/begin.en.md")
    write(author, "\n\nThe second edition.")
    expect(state_of(author)).to_contain_text("Saved")
    author.get_by_role("link", name="What would be published").click()
    expect(author.locator("[data-kind=added]").last).to_contain_text("The second edition.")
    for language in ("ja", "en"):
        author.goto(f"/{language}/studio/healthchecks/compare/")
        for _width, look in looks(author):
            examine(author, f"compare-{language}-{look}")
    author.goto("/en/studio/healthchecks/")
    publish.click()
    expect(author.locator("#versions ~ ol li")).to_have_count(2)

    first.reload()
    expect(first.locator(".prose")).not_to_contain_text("The second edition.")
    second = learner_in(chromium, site)
    expect(second.locator(".prose")).to_contain_text("The second edition.")
    for learner in (first, second):
        learner.context.close()


def learner_in(chromium: Browser, site: Site) -> Page:
    """A new guest in the lesson's first step; without JavaScript nobody claims a sandbox."""
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/lessons/healthchecks/begin/")
    page.get_by_role("button", name="Try it as a guest").click()
    return page


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A new lesson's folder, watched."""
    site.manage("lessons", "new", "watched", "--folder", str(tmp_path))
    folder = tmp_path / "watched"
    command = [sys.executable, "manage.py", "lessons", "preview", str(folder)]
    watching = subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE)
    assert watching.stdout is not None
    assert b"/studio/_folders/watched/" in watching.stdout.readline()
    yield folder
    watching.send_signal(signal.SIGINT)
    assert watching.wait(10) == 0


def test_saving_a_file_shows_within_a_second_beside_a_live_terminal(
    visitor: Callable[..., Page], site: Site, folder: Path
) -> None:
    page = visitor()
    sign_in(page, make_author(site, "watcher"))
    page.goto("/en/studio/_folders/watched/")
    wait_for_prompt(page)
    type_line(page, "echo still-$((40+2))")
    wait_for_text(page, "still-42")
    pane = page.locator("#lesson-pane")
    pane.evaluate("pane => pane.scrollTop = 150")
    for language, words in (("en", "Saved just now."), ("ja", "いま保存しました。")):
        file = folder / f"steps/begin.{language}.md"
        file.write_text(f"{file.read_text()}\n{words}\n")
        begun = time.monotonic()
        expect(page.locator(f".preview-sides [lang={language}]").nth(1)).to_contain_text(words)
        assert time.monotonic() - begun < WITHIN
    assert pane.evaluate("pane => pane.scrollTop") == 150
    assert "still-42" in text_of(page)
    lesson = folder / "lesson.yml"
    lesson.write_text(lesson.read_text().replace("minutes: 10", "minutes: many"))
    fault = page.locator(".preview-line", has_text="minutes: many")
    expect(fault).to_be_visible()
    lesson.write_text(lesson.read_text().replace("minutes: many", "minutes: 10"))
    expect(fault).to_have_count(0)
    page.get_by_role("button", name="Check now").click()
    expect(page.locator(".tried")).to_contain_text("Does not pass:")
    for language in ("en", "ja"):
        page.goto(f"/{language}/studio/_folders/watched/")
        wait_for_prompt(page)
        for _width, look in looks(page):
            examine(page, f"preview-{language}-{look}")

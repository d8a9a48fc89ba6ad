"""In the studio an exercise is done once, becomes a task, and the draft is proven."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .authors import make_author, sign_in, text_of
from .conftest import Site
from .screen import type_line, wait_for_prompt, wait_for_text
from .test_every_page import examine, looks

# A draft in which there is nothing to do yet.
PREPARE = """
from hakoniwa.accounts.models import User
from lessons.studio.drafts import begin
from tests.lesson_files import LESSON, greeting
files = greeting(LESSON[:LESSON.index('    tasks:')] + '    # no task yet\\n')
begin('greeting', files, User.objects.get(username='recorder'))
"""


def examine_in_both_languages(page: Page, path: str, name: str) -> None:
    for language in ("ja", "en"):
        page.goto(f"/{language}/studio/greeting/{path}/")
        for _width, look in looks(page):
            examine(page, f"{name}-{language}-{look}")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_exercise_is_recorded_added_and_proven(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    sign_in(page, make_author(site, "recorder"))
    site.manage("shell", "-v", "0", "-c", PREPARE)
    page.goto("/en/studio/greeting/")
    page.get_by_role("link", name="Record an exercise").click()
    wait_for_prompt(page)
    type_line(page, "docker volume create earlier")
    wait_for_text(page, "\nearlier")
    page.get_by_role("button", name="Start recording").click()
    expect(page.get_by_role("status").filter(has_text="Recording.")).to_be_visible()
    for command, answer in [
        ("docker volume create notes", "\nnotes"),
        ("docker volume ls --quiet", "\nearlier\nnotes"),
        ("docker volume remvoe notes", "Usage:"),
    ]:
        type_line(page, command)
        wait_for_text(page, answer)
    examine_in_both_languages(page, "record", "recording")
    wait_for_prompt(page)
    page.get_by_role("button", name="Stop recording").click()
    proposals = page.locator(".proposal")
    expect(proposals).to_have_count(1)
    expect(proposals).to_contain_text("volume: {name: notes}")
    expect(proposals.get_by_role("checkbox")).to_be_checked()
    expect(page.locator("[name=script]")).to_have_value("docker volume create notes\n")
    examine_in_both_languages(page, "record", "recorded")
    page.get_by_role("button", name="Add as a task to this draft").click()
    expect(text_of(page)).to_contain_text("# no task yet")
    expect(text_of(page)).to_contain_text("- id: recorded")

    page.get_by_role("link", name="Prove").click()
    page.get_by_role("button", name="Start the proof").click()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.locator(".proof-said")).to_have_text(
        "2 proven, 0 failed, 0 not tried, 1 not written"
    )
    expect(page.locator(".proof-cases [data-verdict=proven]")).to_have_count(2)
    for _width, look in looks(page):
        examine(page, f"proven-{look}")

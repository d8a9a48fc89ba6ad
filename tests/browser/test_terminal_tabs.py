"""Several shells of one sandbox: tabs, two at once, and all of them after the site was killed."""

import re
import subprocess
import time

from playwright.sync_api import Dialog, Page, expect

from .conftest import Site
from .screen import (
    LESSON,
    open_shell,
    sandbox_of,
    tab,
    text_of,
    type_line,
    wait_for_prompt,
    wait_for_text,
)

ACTIVE = ".shell[data-active]"
ATTACHED = "tmux -L hakoniwa list-clients | wc -l"


def in_sandbox(sandbox: str, site: Site, line: str) -> str:
    """What a line prints there, past every terminal."""
    engine = ["docker", "--host", site.engine, "exec", "--user", "student", f"hakoniwa-{sandbox}"]
    done = subprocess.run(
        [*engine, "bash", "-c", line], capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def tabs_are(page: Page, *names: str) -> None:
    expect(page.get_by_role("tab")).to_have_text(list(names))


def test_tabs_are_kept_and_are_the_same_in_a_second_browser(page: Page, site: Site) -> None:
    tabs_are(page, "Shell 1")
    type_line(page, "echo in-the-$((0 + 1))st")
    open_shell(page)
    tabs_are(page, "Shell 1", "Shell 2")
    type_line(page, "echo in-the-$((1 + 1))nd")
    wait_for_text(page, "in-the-2nd")
    page.reload()
    wait_for_text(page, "in-the-2nd")
    tabs_are(page, "Shell 1", "Shell 2")
    tab(page, 1).click()
    wait_for_text(page, "in-the-1st")

    browser = page.context.browser
    assert browser is not None
    signed_in = page.context.storage_state()
    second = browser.new_context(base_url=site.url, storage_state=signed_in).new_page()
    second.goto(LESSON)
    tabs_are(second, "Shell 1", "Shell 2")
    open_shell(second)
    tabs_are(page, "Shell 1", "Shell 2", "Shell 3")
    tab(second, 2).click()
    wait_for_text(second, "in-the-2nd")
    second.locator("[data-tabs=close]").click()
    tabs_are(second, "Shell 1", "Shell 3")
    tabs_are(page, "Shell 1", "Shell 3")
    second.context.close()


def test_a_shell_in_which_a_program_runs_is_only_closed_when_one_is_sure(
    page: Page, site: Site
) -> None:
    open_shell(page)
    type_line(page, "sleep 4321")
    while not in_sandbox(sandbox_of(page), site, "pgrep -x sleep"):
        page.wait_for_timeout(200)
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", dismiss)
    with page.expect_event("dialog"):
        page.locator("[data-tabs=close]").click()
    assert asked == ["“sleep” runs in Shell 2. Close the shell, and end the program with it?"]
    assert in_sandbox(sandbox_of(page), site, "pgrep -x sleep")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-tabs=close]").click()
    tabs_are(page, "Shell 1")
    assert not in_sandbox(sandbox_of(page), site, "pgrep -x sleep")
    open_shell(page)
    page.locator("[data-tabs=close]").click()  # nothing runs in it, so nothing is asked
    tabs_are(page, "Shell 1")
    expect(page.locator("[data-tabs=close]")).to_be_disabled()


def test_a_shell_that_ended_shows_its_code_until_it_is_seen_to(page: Page) -> None:
    open_shell(page)
    type_line(page, "exit 42")
    notice = page.locator(f"{ACTIVE} .notice")
    expect(notice).to_contain_text("This shell has ended with exit code 42")
    tabs_are(page, "Shell 1", "Shell 2 (ended: 42)")
    page.reload()
    tabs_are(page, "Shell 1", "Shell 2 (ended: 42)")
    expect(notice).to_contain_text("This shell has ended with exit code 42")
    notice.get_by_role("button", name="Open a new shell").click()
    wait_for_prompt(page)
    tabs_are(page, "Shell 1", "Shell 2")
    type_line(page, "exit")
    expect(notice).to_contain_text("This shell has ended with exit code 0")
    page.locator("[data-tabs=close]").click()
    tabs_are(page, "Shell 1")


def test_a_shell_that_ended_while_nobody_looked_is_not_replaced_in_silence(
    page: Page, site: Site
) -> None:
    type_line(page, "echo began-$((1 + 1)); sleep 1; exit 7")
    wait_for_text(page, "began-2")
    site.kill()
    time.sleep(1.5)
    site.start()
    expect(page.locator(f"{ACTIVE} .notice")).to_contain_text("exit code 7")


def test_six_shells_and_no_more(page: Page) -> None:
    for _number in range(5):
        open_shell(page)
    expect(page.locator("[data-tabs=open]")).to_be_disabled()
    expect(page.get_by_role("tab")).to_have_count(6)
    path = f"/ws/en/sandboxes/{sandbox_of(page)}/terminals/7/"
    refused = page.evaluate(
        """path => new Promise((answer) => {
          const socket = new WebSocket(`ws://${location.host}${path}`);
          socket.onopen = () => answer(false);
          socket.onerror = () => answer(true);
        })""",
        path,
    )
    assert refused


def test_tabs_by_keyboard(page: Page) -> None:
    open_shell(page)
    open_shell(page)
    tab(page, 3).focus()
    page.keyboard.press("ArrowRight")
    expect(tab(page, 1)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(tab(page, 2)).to_be_focused()
    expect(tab(page, 3)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(tab(page, 2)).to_have_attribute("aria-selected", "true")
    expect(page.locator(f"{ACTIVE} .xterm-helper-textarea")).to_be_focused()
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(tab(page, 3)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Control+Shift+ArrowRight")
    expect(tab(page, 1)).to_have_attribute("aria-selected", "true")
    tab(page, 1).focus()
    page.keyboard.press("Delete")
    tabs_are(page, "Shell 2", "Shell 3")


def test_two_shells_at_once_where_there_is_room(page: Page) -> None:
    whole = page.evaluate("window.hakoniwa.terminal.cols")
    page.locator("[data-split=row]").click()  # there is only one yet: another is opened
    tabs_are(page, "Shell 1", "Shell 2")
    wait_for_prompt(page)
    expect(page.locator(".shell .xterm:visible")).to_have_count(2)
    type_line(page, "sleep 0.5; clear; stty size")
    half = page.evaluate("window.hakoniwa.terminal.cols")
    assert half < whole * 0.6
    wait_for_text(page, f" {half}\n")
    expect(tab(page, 1)).to_have_attribute("aria-selected", "true")
    expect(tab(page, 2)).to_have_attribute("aria-selected", "true")
    page.locator("#shell-main .xterm-screen").click()
    page.keyboard.type("echo typed-into-$((0 + 1))\n")
    wait_for_text(page, "typed-into-1")

    page.locator("[data-split=column]").click()
    page.wait_for_function("half => window.hakoniwa.terminal.cols > half * 1.5", arg=half)
    page.reload()
    expect(page.locator(".shell .xterm:visible")).to_have_count(2)
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".pane-switch [data-view=terminal]").click()
    expect(page.locator(".shell .xterm:visible")).to_have_count(1)
    expect(page.locator("[data-split=row]")).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("[data-split=column]").click()
    expect(page.locator(".shell .xterm:visible")).to_have_count(1)


def test_two_browsers_of_different_sizes_on_one_shell(page: Page) -> None:
    """Both show the same; it has the size of the one that was typed into last."""
    other = page.context.new_page()
    other.set_viewport_size({"width": 1100, "height": 600})
    other.goto(LESSON)
    wait_for_prompt(other)
    sizes = {}
    for who, word in ((page, "large"), (other, "small"), (page, "large-again")):
        who.bring_to_front()
        sizes[who] = who.evaluate("[window.hakoniwa.terminal.rows, window.hakoniwa.terminal.cols]")
        type_line(who, f"clear; echo {word}-$(stty size | tr ' ' -)-")
        rows, columns = sizes[who]
        for both in (page, other):
            wait_for_text(both, f"{word}-{rows}-{columns}-")
    assert sizes[page] != sizes[other]
    other.close()


def test_shells_outlive_the_sites_sudden_end(page: Page, site: Site) -> None:
    """kill -9 with a program of a whole screen in one tab, and many lines in the other."""
    type_line(page, "clear; for n in $(seq 400); do echo line-$n-; done")
    wait_for_text(page, "line-400-")
    open_shell(page)
    type_line(page, "vim -u NONE")
    page.keyboard.type("iwritten before the end\n日本語もそのまま")
    wait_for_text(page, "日本語もそのまま")
    second = page.context.new_page()
    second.goto(LESSON)
    tab(second, 2).click()
    wait_for_text(second, "日本語もそのまま")
    sandbox = sandbox_of(page)
    vim = in_sandbox(sandbox, site, "pgrep -x vim")
    time.sleep(5)  # what is younger is not told from a browser that has just come
    site.kill()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "lost")
    assert in_sandbox(sandbox, site, ATTACHED) == "3", "nobody told them"
    site.start()

    for both in (page, second):
        expect(both.locator("#terminal-pane")).to_have_attribute("data-state", "open")
        wait_for_text(both, "written before the end\n日本語もそのまま")
    assert in_sandbox(sandbox, site, "pgrep -x vim") == vim != ""
    page.bring_to_front()
    page.locator(f"{ACTIVE} .xterm-helper-textarea").focus()
    page.keyboard.type("、そのあとも")
    for both in (page, second):
        wait_for_text(both, "日本語もそのまま、そのあとも")
    tab(page, 1).click()
    wait_for_text(page, "line-400-")
    wait_for_text(page, "line-1-")
    assert re.findall(r"line-(\d+)-\n", text_of(page)) == [str(n) for n in range(1, 401)]

    # What the dead site had attached is let go of; both browsers stay.
    end = time.monotonic() + 15
    while in_sandbox(sandbox, site, ATTACHED) != "3":
        assert time.monotonic() < end, in_sandbox(sandbox, site, "ps -eo args")
        time.sleep(0.3)
    page.wait_for_timeout(1000)
    assert in_sandbox(sandbox, site, ATTACHED) == "3"
    for both in (page, second):
        expect(both.locator("#terminal-pane")).to_have_attribute("data-state", "open")

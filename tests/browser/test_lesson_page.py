"""The lesson page: its two sides, its commands, its live ticks, on a desk and on a phone."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from .conftest import Site
from .screen import start_as_guest, type_line, wait_for_prompt, wait_for_text

LESSON = "/en/lessons/docker-run"


def width(locator: Locator) -> float:
    box = locator.bounding_box()
    assert box is not None
    return box["width"]


def test_a_click_runs_a_command_and_another_copies_it(page: Page) -> None:
    block = page.locator('figure[data-command="docker run -it ubuntu /bin/bash"]').first
    block.get_by_role("button", name="Copy").click()
    expect(block.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "docker run -it ubuntu /bin/bash"
    block.get_by_role("button", name="Run").click()
    wait_for_text(page, "root@")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")


def test_running_without_a_terminal_says_what_to_do(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto(f"{LESSON}/fetch/")
    page.locator("figure.command").first.get_by_role("button", name="Run").click()
    expect(page.locator(".command-note")).to_contain_text("try as a guest")


def test_the_divider_moves_by_keyboard_and_by_mouse_and_is_remembered(page: Page) -> None:
    lesson, divider = page.locator("#lesson-pane"), page.locator(".divider")
    before = width(lesson)
    divider.focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    assert width(lesson) > before + 50
    assert divider.get_attribute("aria-valuenow") == "52"
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, 400)
    page.mouse.down()
    page.mouse.move(500, 400, steps=5)
    page.mouse.up()
    assert abs(width(lesson) - 500) < 15
    page.reload()
    wait_for_prompt(page)
    assert abs(width(lesson) - 500) < 15
    divider.focus()
    page.keyboard.press("Home")
    assert divider.get_attribute("aria-valuenow") == "25"


def test_the_keyboard_reaches_everything_and_leaves_the_terminal(page: Page) -> None:
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("F6")
    expect(page.locator("#step-title")).to_be_focused()
    page.keyboard.press("F6")
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()
    page.keyboard.type("echo tab-goes-to-the-shell: /usr/bi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait_for_text(page, "\ntab-goes-to-the-shell: /usr/bin/")


def test_on_a_phone_one_side_at_a_time(visitor: Callable[..., Page]) -> None:
    page = visitor(390, 844, touch=True)
    page.goto(f"{LESSON}/fetch/")
    page.locator(".pane-switch [data-view=terminal]").click()
    page.locator("#terminal-pane button.primary").click()
    page.locator(".pane-switch [data-view=lesson]").click()
    expect(page.locator("#terminal-pane")).to_be_hidden()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "open")
    page.locator("figure.command").first.get_by_role("button", name="Run").click()
    expect(page.locator("#terminal-pane")).to_be_visible()
    expect(page.locator("#lesson-pane")).to_be_hidden()
    wait_for_text(page, "root@")
    expect(page.locator("#task-strip .task-strip-count")).to_have_text("1 of 1")
    page.locator("[data-key=end]").click()
    wait_for_text(page, "exit")
    page.locator("#task-strip").click()
    expect(page.locator("#lesson-pane")).to_be_visible()


def test_another_step_keeps_the_terminal_and_the_language_keeps_the_step(page: Page) -> None:
    type_line(page, "echo before-$((7 + 7))")
    wait_for_text(page, "before-14")
    page.evaluate("window.same = true")
    page.locator(".turn-page .next").click()
    expect(page).to_have_url(f"{page.url.split('/en/')[0]}{LESSON}/create/")
    assert page.evaluate("window.same"), "the page was not loaded anew"
    wait_for_text(page, "before-14")
    page.get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert page.url.endswith("/ja/lessons/docker-run/create/")
    wait_for_text(page, "before-14")
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_wrong_attempt_is_told_what_was_seen_and_gets_its_hint(page: Page) -> None:
    page.goto(f"{LESSON}/shell/")
    wait_for_prompt(page)
    task = page.locator("#task-bash-running")
    type_line(page, "docker run -d ubuntu sleep 60")
    expect(task).to_contain_text("without -i, without -t")
    task.locator("summary").click()
    expect(task.locator(".hint p")).to_contain_text("does not get what you type")
    type_line(page, "docker run -dit ubuntu sleep 60")
    expect(task.locator(".hint p")).to_contain_text("the container does not get", timeout=5000)
    type_line(page, "docker rm -f $(docker ps -aq)")
    expect(task).to_contain_text("There is no container yet")
    expect(task.locator("details")).to_have_attribute("open", "")
    assert task.get_attribute("data-state") == "open"


def test_check_now_looks_at_once_and_without_the_live_channel(page: Page) -> None:
    page.evaluate("htmx.config.wsReconnectDelay = () => 1e6")
    page.goto(f"{LESSON}/create/")
    wait_for_prompt(page)
    type_line(page, "docker create -q ubuntu")
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("#task-container-created")).to_have_attribute("data-state", "passed")


def test_ticks_come_back_after_the_site_was_away(page: Page, site: Site) -> None:
    site.kill()
    expect(page.locator("#live-status")).to_contain_text("lost their connection")
    site.start()
    expect(page.locator("#live-status")).to_contain_text("is being watched")
    wait_for_prompt(page)
    type_line(page, "docker pull -q ubuntu")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")


def test_the_second_lesson_ticks_from_its_first_task_to_its_last(
    visitor: Callable[..., Page],
) -> None:
    """A volume keeps what a container loses: the whole lesson, as it tells learners to type it."""
    page = visitor()
    start_as_guest(page, "/ja/lessons/throwaway-containers/")
    for _step in range(20):
        for block in page.locator("#lesson-pane figure.command").all():
            if block.locator("[data-action=run]").count():
                run_when_quiet(page, block.get_attribute("data-command") or "")
        for task in page.locator(".task").all():
            expect(task).to_have_attribute("data-state", "passed")
        following = page.locator(".turn-page .next[href*='throwaway-containers/']")
        if not following.count():
            break
        title = page.locator("#step-title").inner_text()
        following.click()
        expect(page.locator("#step-title")).not_to_have_text(title)
    expect(page.locator(".finished")).to_be_visible()


def run_when_quiet(page: Page, command: str) -> None:
    """Type a command; on to the next when a prompt, the sandbox's or a container's, is last."""
    type_line(page, command)
    page.wait_for_function(
        """() => {
          const terminal = window.hakoniwa.terminal, buffer = terminal.buffer.active;
          const line = buffer.getLine(buffer.baseY + buffer.cursorY).translateToString(true);
          return /[$#]$/.test(line.trim());
        }"""
    )
    page.wait_for_timeout(300)

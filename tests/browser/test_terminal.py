"""The terminal in a real browser: typing in any script, the clipboard, links, and coming back."""

import re
import subprocess
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .screen import start_as_guest, text_of, type_line, wait_for_prompt, wait_for_text

LESSON = "/en/lessons/docker-run/fetch/"
SELECT_ALL = "window.hakoniwa.terminal.selectAll()"
SIZE = "[window.hakoniwa.terminal.cols, window.hakoniwa.terminal.rows]"


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    page = visitor()
    start_as_guest(page, LESSON)
    return page


def containers_of(site: Site) -> list[str]:
    listed = site.manage(
        "shell",
        "-v",
        "0",
        "-c",
        "from sandbox import containers; print(*containers.containers_of_this_site())",
    )
    return listed.split()


def end_sandboxes(site: Site) -> None:
    """Take every sandbox of the site away, behind its back."""
    site.manage(
        "shell",
        "-c",
        "from sandbox import containers\n"
        "for found in containers.containers_of_this_site(): containers.remove_container(found)",
    )


def test_japanese_is_composed_by_an_input_method(page: Page) -> None:
    """What an IME sends: a composition that grows, then the chosen characters, then Enter."""
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.type("echo ")
    session = page.context.new_cdp_session(page)
    for part in ("に", "にほ", "日本"):
        session.send(
            "Input.imeSetComposition",
            {"text": part, "selectionStart": len(part), "selectionEnd": len(part)},
        )
    expect(page.locator(".composition-view")).to_have_text("日本")
    session.send("Input.insertText", {"text": "日本語"})
    page.keyboard.press("Enter")
    wait_for_text(page, "\n日本語")
    assert text_of(page).count("日本語") == 2, "typed once, echoed once"


def test_wide_characters_take_two_cells(page: Page) -> None:
    """tmux in the sandbox and xterm.js must agree, or the cursor is in the wrong place."""
    type_line(page, "printf '日本語|e🍣|\\n'")
    wait_for_text(page, "\n日本語|e🍣|")
    width = page.evaluate(
        """() => {
          const buffer = window.hakoniwa.terminal.buffer.active;
          for (let row = 0; row < buffer.length; row++) {
            const line = buffer.getLine(row);
            if (line.translateToString(true).startsWith("日本語|")) {
              return [6, 10].map((cell) => line.getCell(cell).getChars());
            }
          }
        }"""
    )
    assert width == ["|", "|"]


def test_copy_and_paste_by_button_and_by_shortcut(page: Page) -> None:
    type_line(page, "clear; echo by-$((1 + 1))-button")
    wait_for_text(page, "by-2-button")
    page.evaluate(SELECT_ALL)
    page.locator("[data-tool=copy]").click()
    expect(page.locator(".terminal-told")).to_have_text("Copied")
    assert "by-2-button" in page.evaluate("navigator.clipboard.readText()")

    page.evaluate("navigator.clipboard.writeText('echo pasted-$((20 + 3))')")
    page.locator("[data-tool=paste]").click()
    wait_for_text(page, "20 + 3")
    page.keyboard.press("Enter")
    wait_for_text(page, "pasted-23")

    page.evaluate(SELECT_ALL)
    page.keyboard.press("Control+Shift+C")
    page.wait_for_function("navigator.clipboard.readText().then(t => t.includes('pasted-23'))")
    page.evaluate("navigator.clipboard.writeText('echo pasted-$((40 + 5))')")
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Control+Shift+V")
    wait_for_text(page, "40 + 5")
    page.keyboard.press("Enter")
    wait_for_text(page, "pasted-45")


def test_a_program_cannot_reach_the_clipboard(page: Page) -> None:
    page.evaluate("navigator.clipboard.writeText('mine')")
    type_line(page, "printf '\\e]52;c;%s\\a' $(printf stolen | base64); echo tried-$((1 + 0))")
    wait_for_text(page, "tried-1")
    assert page.evaluate("navigator.clipboard.readText()") == "mine"


def test_a_link_opens_beside_the_lesson_and_only_web_links_do(page: Page, site: Site) -> None:
    type_line(page, f"clear; echo {site.url}/en/join/ ; echo javascript:alert-it")
    wait_for_text(page, "\njavascript:alert-it")
    row = page.evaluate(
        """() => {
          const buffer = window.hakoniwa.terminal.buffer.active;
          for (let row = 0; row < window.hakoniwa.terminal.rows; row++) {
            const line = buffer.getLine(buffer.viewportY + row).translateToString(true);
            if (line.startsWith("http")) return row;
          }
        }"""
    )
    box = page.locator(".xterm-screen").bounding_box()
    assert box is not None
    height = box["height"] / page.evaluate(SIZE)[1]
    x, y = box["x"] + 60, box["y"] + (row + 0.5) * height
    page.mouse.move(x - 5, y)
    page.mouse.move(x, y)
    with page.context.expect_page() as opened:
        page.mouse.click(x, y)
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{site.url}/en/join/"
    assert opened.value.evaluate("window.opener") is None


def test_letters_grow_the_screen_is_fitted_and_the_shell_knows(page: Page) -> None:
    before = page.evaluate(SIZE)
    for _step in range(4):
        page.locator("[data-tool=larger]").click()
    page.wait_for_function(f"cols => {SIZE}[0] < cols", arg=before[0])
    cols, rows = page.evaluate(SIZE)
    type_line(page, "sleep 0.5; clear; stty size")
    wait_for_text(page, f"{rows} {cols}")
    page.reload()
    wait_for_prompt(page)
    assert page.evaluate(SIZE) == [cols, rows], "the choice is remembered"
    page.set_viewport_size({"width": 1100, "height": 700})
    page.wait_for_function(f"cols => {SIZE}[0] < cols", arg=cols)


def test_searching_finds_and_says_how_often(page: Page) -> None:
    type_line(page, "clear; for i in 1 2 3; do echo needle; done")
    wait_for_text(page, "needle\nneedle\nneedle")
    page.keyboard.press("Control+Shift+F")
    page.locator("#terminal-search-text").fill("needle")
    expect(page.locator(".terminal-search-result")).to_have_text(re.compile(r"\d of \d"))
    page.locator("#terminal-search-text").fill("haystack")
    expect(page.locator(".terminal-search-result")).to_have_text("Not found")
    page.keyboard.press("Escape")
    expect(page.locator(".terminal-search")).to_be_hidden()
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()


def test_a_screen_reader_can_read_the_screen(page: Page) -> None:
    page.locator("[data-tool=reader]").click()
    type_line(page, "echo read-$((3 + 4))")
    expect(page.locator(".xterm-accessibility")).to_contain_text("read-7")
    page.reload()
    wait_for_prompt(page)
    expect(page.locator("[data-tool=reader]")).to_have_attribute("aria-pressed", "true")


def test_it_comes_back_by_itself_when_the_site_was_away(page: Page, site: Site) -> None:
    type_line(page, "kept=still-there; (sleep 3; echo went-$((5 + 5))-on) &")
    wait_for_text(page, "[1]")
    site.kill()
    notice = page.locator(".notice")
    expect(notice).to_contain_text("The connection was lost")
    expect(notice).to_contain_text("Next try in")
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "lost")
    site.start()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "open")
    wait_for_text(page, "went-10-on")
    type_line(page, "echo $kept")
    wait_for_text(page, "\nstill-there")
    assert page.locator(".notice[data-open]").count() == 0


def test_a_shell_that_ended_says_so_and_enter_opens_another(page: Page) -> None:
    type_line(page, "gone=yes; exit 3")
    expect(page.locator(".notice")).to_contain_text("This shell has ended")
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Enter")
    wait_for_prompt(page)
    type_line(page, "echo [$gone]")
    wait_for_text(page, "\n[]")


def test_a_sandbox_that_ended_is_explained_and_replaced(page: Page, site: Site) -> None:
    end_sandboxes(site)
    notice = page.locator(".notice")
    expect(notice).to_contain_text("sandbox")
    notice.get_by_role("button", name="Get a new sandbox").click()
    wait_for_prompt(page)
    type_line(page, "docker ps")
    wait_for_text(page, "CONTAINER ID")


def test_a_session_that_ended_is_explained(page: Page) -> None:
    page.context.clear_cookies()
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.reload()
    expect(page.locator("#terminal-pane")).to_contain_text("Your terminal opens here")


def test_signed_out_elsewhere_the_page_says_so(page: Page, site: Site) -> None:
    page.context.clear_cookies()
    site.kill()
    site.start()
    expect(page.locator(".notice")).to_contain_text("Your sign-in has ended")
    expect(page.locator(".notice").get_by_role("button", name="Reload the page")).to_be_visible()


def test_a_flood_can_be_stopped(page: Page) -> None:
    type_line(page, "yes 0123456789012345678901234567890123456789")
    wait_for_text(page, "01234567890123456789\n0123456789")
    page.wait_for_timeout(1500)
    page.locator(".xterm-helper-textarea").focus()
    page.keyboard.press("Control+C")
    page.keyboard.type("clear; echo stopped-$((6 + 6))\n")
    wait_for_text(page, "stopped-12")


def test_a_second_tab_is_the_same_shell(page: Page) -> None:
    second = page.context.new_page()
    second.goto(LESSON)
    wait_for_prompt(second)
    type_line(second, "echo from-the-$((1 + 1))nd-tab")
    wait_for_text(page, "from-the-2nd-tab")


def test_the_engine_may_be_away(visitor: Callable[..., Page], site: Site) -> None:
    """A site without its engine says so in the learner's language, and nothing is lost."""
    page = visitor()
    away = Site.beside(site, HAKONIWA_ENGINE="unix:///nowhere/engine.sock")
    away.start()
    try:
        page.goto(f"{away.url}/ja/lessons/docker-run/fetch/")
        page.locator("#terminal-pane button.primary").click()
        expect(page.locator(".notice")).to_contain_text(
            "サンドボックス用Docker Engineが応答していません"
        )
        expect(page.locator(".notice").get_by_role("button", name="もう一度試す")).to_be_visible()
    finally:
        away.kill()


def test_a_missing_image_is_named(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    away = Site.beside(site, HAKONIWA_SANDBOX_IMAGE="hakoniwa/none:none")
    away.start()
    try:
        page.goto(f"{away.url}/ja/lessons/docker-run/fetch/")
        page.locator("#terminal-pane button.primary").click()
        expect(page.locator(".notice")).to_contain_text("サンドボックスのイメージがありません")
    finally:
        away.kill()


def test_terminal_bytes_are_never_markup(page: Page) -> None:
    type_line(page, "clear; echo '<img src=x onerror=document.title=1><b>bold</b>'")
    wait_for_text(page, "\n<img src=x")
    assert page.title() != "1"
    assert page.locator(".terminal-screen img").count() == 0


def test_only_the_owner_sees_a_sandbox(page: Page, visitor: Callable[..., Page]) -> None:
    """Another learner is refused before the handshake is answered, whatever they know."""
    path = page.evaluate(
        "fetch(document.querySelector('#terminal-pane').dataset.claimUrl, {method: 'POST',"
        " headers: {'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content}})"
        ".then(r => r.json()).then(s => s.terminal_url)"
    )
    stranger = visitor()
    start_as_guest(stranger, LESSON)
    opened = """path => new Promise(answer => {
      const socket = new WebSocket(`ws://${location.host}${path}`);
      socket.onopen = () => answer("opened");
      socket.onerror = () => answer("refused");
    })"""
    assert stranger.evaluate(opened, path) == "refused"
    assert page.evaluate(opened, path) == "opened"


def test_nothing_is_left_when_the_browser_goes(visitor: Callable[..., Page], site: Site) -> None:
    """A page that is closed leaves its shell and no process of its own in the sandbox."""
    end_sandboxes(site)
    page = visitor()
    start_as_guest(page, LESSON)
    [container] = containers_of(site)
    page.close()
    engine = ["docker", "--host", site.engine, "exec", container]
    for _try in range(50):
        running = subprocess.run(
            [*engine, "ps", "-eo", "args"], capture_output=True, text=True, check=True
        ).stdout
        if "hakoniwa-terminal" not in running:
            break
    assert "hakoniwa-terminal" not in running
    assert "bash --login" in running


def test_starting_afresh_replaces_a_sandbox_that_was_broken(page: Page) -> None:
    type_line(page, "docker pull -q ubuntu; echo was-here > mark")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-tool=afresh]").click()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "preparing")
    wait_for_prompt(page)
    type_line(page, "clear; ls -A | wc -l; docker images -q | wc -l")
    wait_for_text(page, "\n0\n0")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")


def test_a_tab_from_before_a_new_sign_in_still_gets_a_sandbox(page: Page, site: Site) -> None:
    """Signing in changes the token that protects forms; the older tab must not be locked out."""
    page.evaluate("document.cookie = `csrftoken=${'a'.repeat(32)};path=/`")
    end_sandboxes(site)
    page.locator(".notice").get_by_role("button", name="Get a new sandbox").click()
    wait_for_prompt(page)

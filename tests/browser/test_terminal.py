"""The terminal in a real browser: typing in any script, the clipboard and links."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Site
from .screen import LESSON, start_as_guest, text_of, type_line, wait_for_prompt, wait_for_text

SELECT_ALL = "window.hakoniwa.terminal.selectAll()"
SIZE = "[window.hakoniwa.terminal.cols, window.hakoniwa.terminal.rows]"


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
    wait_for_text(page, "echo 日本語")  # nobody presses Enter before they see it
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
        ".then(r => r.json()).then(s => s.terminals_url + 'main/')"
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

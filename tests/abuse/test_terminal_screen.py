"""What a program writes to the screen reaches neither the page, nor the clipboard, nor the shell.

Its owner is root in a sandbox, so bytes are tried twice: through tmux, as any program's are, and
past it, from a program in the launcher's place.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page

from tests.browser.conftest import Site
from tests.browser.screen import TEXT, sandbox_of, type_line, wait_for_prompt, wait_for_text

from .program import MemoryOf, put_in_the_launchers_place

# Each would type something at the prompt, were it answered with what it holds.
QUESTIONS = {
    "device attributes": r"\e[c\e[>c\e[=c\e[>q",
    "status and place": r"\e[5n\e[6n\e[?6n\e[?15n",
    "the title": r"\e]2;touch ~/pwned\a\e[21t\e[20t",
    "a setting": r"\eP$qtouch ~/pwned\r\e\\\eP+q746f756368\e\\",
    "a colour": r"\e]10;?\a\e]4;1;?;touch ~/pwned\r\a\e]52;c;?\a",
    "the answer-back": r"\x05\eZ\e[x",
    "modes": r"\e[?2004$p\e[18t\e[14t\e[11t",
    "a key of its own": r"\e]1337;ReportVariable=touch\a\e_Gi=1,a=q;AAAA\e\\",
}
CLIPBOARD = r"\e]52;c;c3RvbGVu\a\e]52;p;c3RvbGVu\a\ePtmux;\e\e]52;c;c3RvbGVu\a\e\\"
# A picture, parameters without end, a line of a million columns, and a screen of oddities.
LOAD = (
    r"""printf '\eP0;0;8q"1;1;9999;9999#0;2;100;0;0!99999999~-\e\\\\'; """
    r"""printf '\e[%0100000dm\e[99999999999;99999999999H\e[999999999@\e[999999999L'; """
    r"""printf 'x\e[999999999b'; """
    r"""printf '\e]8;;%0100000d\a\e]2;%0100000d\a'; printf 'x%.0s' $(seq 1000000); """
    r"""printf '\e[?5h\e[?47h\e[?1049h\e[?6h\e[2;3r\e[?1000h\e[?1006h\e[?2026h\ec'; """
)


@pytest.fixture
def past_tmux(page: Page, site: Site) -> Callable[[str], None]:
    """A shell whose bytes come straight from a line of bash, with what is typed shown by `cat`."""

    def replace(line: str) -> None:
        prompt = r"printf '\r\nstudent@hakoniwa'"
        bash = f"stty raw -echo; {line}; {prompt}; exec cat -v"
        put_in_the_launchers_place(site.engine, sandbox_of(page), bash)
        page.reload()
        wait_for_prompt(page)

    return replace


def test_no_answer_is_a_command_at_the_prompt(page: Page, subtests: pytest.Subtests) -> None:
    """The terminal may answer, but never with the program's own words, nor with an Enter."""
    for name, question in QUESTIONS.items():
        with subtests.test(name):
            type_line(page, f"clear; printf '{question}'; sleep 0.3")
            page.wait_for_timeout(1500)  # a later answer would stand before the next command
            page.keyboard.press("Control+C")
            page.wait_for_timeout(300)
            type_line(page, "clear; rm -d ~/pwned; echo looked-$((1 + 1))")
            wait_for_text(page, "looked-2")
            shown = page.evaluate(TEXT)
            assert "No such file" in shown or "ありません" in shown


def test_no_answer_past_tmux_holds_the_programs_words(
    page: Page, past_tmux: Callable[[str], None]
) -> None:
    everything = "".join(QUESTIONS.values())
    past_tmux(f"printf '{everything}'")
    page.wait_for_timeout(1500)
    shown = page.evaluate(TEXT).replace("\n", "")
    assert "[" in shown, "some are answered: the test would see it"
    assert "touch" not in shown
    assert "pwned" not in shown
    assert "^M" not in shown


@pytest.mark.parametrize("tmux", [True, False], ids=["a program", "past tmux"])
def test_the_clipboard_and_the_title_stay(
    page: Page, past_tmux: Callable[[str], None], tmux: bool
) -> None:
    page.evaluate("navigator.clipboard.writeText('mine')")
    title = page.title()
    writing = rf"printf '{CLIPBOARD}\e]0;stolen\a\e]2;stolen\a\e]1;stolen\a'"
    if tmux:
        type_line(page, f"{writing}; echo tried-$((1 + 0))")
        wait_for_text(page, "tried-1")
    else:
        past_tmux(f"{writing}; echo tried-1")
        wait_for_text(page, "tried-1")
    page.wait_for_timeout(300)
    assert page.evaluate("navigator.clipboard.readText()") == "mine"
    assert page.title() == title


def test_a_link_says_where_it_leads_before_it_is_followed(
    page: Page, past_tmux: Callable[[str], None], site: Site
) -> None:
    real = f"{site.url}/en/join/?real"
    link = r"\e]8;;%s\aclick-here-%s\e]8;;\a\r\n"
    places = {"web": real, "script": "javascript:document.title=1", "file": "file:///etc/passwd"}
    words = " ".join(f"'{address}' {name}" for name, address in places.items())
    past_tmux(f"printf '{link}' {words}")
    wait_for_text(page, "click-here-file")
    asked: list[str] = []
    answer = {"follow": False}

    def decide(dialog: Dialog) -> None:
        asked.append(dialog.message)
        if answer["follow"]:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", decide)
    assert len(page.context.pages) == 1, "nothing is followed without a click"
    click_row(page, 0)
    page.wait_for_timeout(300)
    assert len(asked) == 1
    assert real in asked[0]
    assert len(page.context.pages) == 1, "nor where the person does not want to"
    answer["follow"] = True
    with page.context.expect_page() as opened:
        click_row(page, 0)
    assert opened.value.url == real
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    asked.clear()
    for row in (1, 2):
        click_row(page, row)
        page.wait_for_timeout(300)
    assert asked == []
    assert len(page.context.pages) == 1
    assert page.title() != "1"


@pytest.mark.parametrize("tmux", [True, False], ids=["a program", "past tmux"])
def test_pictures_long_lines_and_parameters_without_end_stop_nobody(
    page: Page, past_tmux: Callable[[str], None], site: Site, tmux: bool
) -> None:
    with MemoryOf(site.pid) as memory:
        if tmux:
            type_line(page, f"{LOAD} clear; echo done-$((1 + 1))")
        else:
            past_tmux(f"{LOAD} printf 'done-2\\r\\n'")
        wait_for_text(page, "done-2")
    assert memory.grown < 2 * 1024 * 1024
    if tmux:
        type_line(page, "clear; echo goes-$((1 + 1))n")
        wait_for_text(page, "goes-2n")


def test_a_flood_on_a_real_page_costs_the_site_nothing_and_ctrl_c_ends_it(
    page: Page, site: Site
) -> None:
    """Prints how long the page went on after Ctrl-C; the bound is a wide one for a busy machine."""
    waits = []
    with MemoryOf(site.pid) as memory:
        for _time in range(3):
            type_line(page, "clear; yes 0123456789012345678901234567890123456789")
            wait_for_text(page, "0123456789\n0123456789")
            page.wait_for_timeout(1500)
            waits.append(page.evaluate(STOP))
    print(f"Ctrl-C shown after {[round(wait) for wait in waits]} ms; +{memory.grown // 1024} KiB")
    assert memory.grown < 2 * 1024 * 1024
    assert min(waits) < 300 * 5


# Types Ctrl-C; milliseconds until the prompt stands on the screen.
STOP = """() => new Promise((answer) => {
  const { terminal } = window.hakoniwa;
  const began = performance.now();
  terminal.onWriteParsed(() => {
    const { active } = terminal.buffer;
    const line = active.getLine(active.baseY + active.cursorY).translateToString(true);
    if (line.includes("student@hakoniwa")) answer(performance.now() - began);
  });
  terminal.input("\\x03");
})"""


def click_row(page: Page, row: int) -> None:
    box = page.locator(".xterm-screen").bounding_box()
    assert box is not None
    height = box["height"] / page.evaluate("window.hakoniwa.terminal.rows")
    x, y = box["x"] + 40, box["y"] + (row + 0.5) * height
    page.mouse.move(x - 5, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(100)
    page.mouse.click(x, y)

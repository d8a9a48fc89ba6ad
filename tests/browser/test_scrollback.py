"""What scrolled out of the screen: all of it is there for somebody who looks up."""

import re

from playwright.sync_api import Page

from .screen import TEXT, text_of, type_line, wait_for_prompt, wait_for_text

BUFFER = "window.hakoniwa.terminal.buffer.active"
AT = f"{BUFFER}.baseY - {BUFFER}.viewportY"
TOP = f"{BUFFER}.getLine({BUFFER}.viewportY).translateToString(true)"


def numbers(page: Page) -> list[str]:
    return re.findall(r"(?<=\n)\d+(?=\n)", text_of(page))


def look_up(page: Page) -> None:
    page.locator(".shell[data-active] .xterm-screen").hover()
    page.mouse.wheel(0, -120)


def wait_for_all(page: Page, lines: int) -> None:
    """Every line from the first to the prompt."""
    numbers = "\n".join(str(number) for number in range(1, lines + 1))
    page.wait_for_function(
        f"numbers => ({TEXT})().includes(numbers) && /[$] *$/.test(({TEXT})())",
        arg=f"\n{numbers}\n",
    )


def test_no_line_is_missing_for_somebody_who_looks_up(page: Page) -> None:
    """tmux doesn't draw what has scrolled away before it could be seen."""
    type_line(page, "clear; seq 1 3000; echo last-$((1 + 1))")
    wait_for_text(page, "\nlast-2")
    look_up(page)
    page.keyboard.type("echo typed-$((2 + 1))")  # while it is drawn anew
    wait_for_text(page, "$ echo typed-$((2 + 1))")
    assert numbers(page) == [str(number) for number in range(1, 3001)]
    page.keyboard.press("Enter")
    wait_for_text(page, "\ntyped-3")


def test_one_stays_where_one_has_scrolled_to(page: Page) -> None:
    type_line(page, "clear; seq 1 400; echo last-$((1 + 1))")
    wait_for_text(page, "\nlast-2")
    for _turn in range(3):
        look_up(page)
    wait_for_all(page, 400)
    page.wait_for_function(f"() => {AT} > 6", timeout=5000)  # a turn of the wheel is some lines
    seen, above = page.evaluate(f"[{TOP}, {AT}]")
    rows = page.evaluate("window.hakoniwa.terminal.rows")
    assert seen == str(400 + 2 - above - rows + 1)


def test_a_reload_shows_the_same_lines(page: Page) -> None:
    """Neither a line less nor a blank one more, whether more or fewer than a screen scrolled."""
    for lines in (40, 400):
        type_line(page, f"clear; seq 1 {lines}; echo last-{lines}-$((1 + 1))")
        wait_for_text(page, f"\nlast-{lines}-2")
        look_up(page)
        wait_for_all(page, lines)
        before = text_of(page)
        page.reload()
        wait_for_prompt(page)
        wait_for_text(page, f"\nlast-{lines}-2")
        assert text_of(page).rstrip() == before.rstrip()


def test_a_program_with_the_whole_screen_stays_as_it_is(page: Page) -> None:
    type_line(page, "clear; seq 1 300; seq 1 900 | less")
    wait_for_text(page, "\n:")
    screen = text_of(page)
    look_up(page)
    page.keyboard.press("G")
    wait_for_text(page, "\n900\n")
    assert "\n900\n" not in screen
    page.keyboard.press("q")
    wait_for_prompt(page)
    page.wait_for_timeout(2000)  # so long the page doesn't ask again
    type_line(page, "echo out-$((3 + 4))")
    wait_for_text(page, "\nout-7")
    look_up(page)
    wait_for_all(page, 300)

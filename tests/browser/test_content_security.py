"""The Content-Security-Policy in a real browser: nothing inline, and the terminal still right."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_text

# What a span of the terminal looks like: its colours, and whether its style came as a text.
LOOK = """text => {
  const span = [...document.querySelectorAll(".xterm-rows span")]
    .find(one => one.textContent.includes(text));
  if (!span) return null;
  const look = getComputedStyle(span);
  return [look.color, look.backgroundColor, look.fontWeight, look.textDecorationLine];
}"""
NO_WEBGL = """
const real = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
};
"""
ATTACKS = """() => {
  const put = html => document.body.insertAdjacentHTML("beforeend", html);
  put('<img src=x onerror="window.attacked = 1">');
  put('<style>body { outline: 7px solid red }</style>');
  put('<p id="styled" style="position: fixed; inset: 0">over the page</p>');
  put('<iframe srcdoc="<script>parent.attacked = 1</script>"></iframe>');
  const script = document.createElement("script");
  script.textContent = "window.attacked = 1";
  document.body.append(script);
  return new Promise(done => setTimeout(() => done([
    window.attacked ?? null,
    getComputedStyle(document.body).outlineStyle,
    getComputedStyle(document.getElementById("styled")).position,
  ]), 300));
}"""


def test_the_terminal_has_its_colours_and_measures(visitor: Callable[..., Page]) -> None:
    """Drawn in the DOM, as on a machine without WebGL; what the policy refuses is a complaint."""
    page = visitor()
    page.add_init_script(NO_WEBGL)
    start_as_guest(page, LESSON)
    type_line(page, r"clear; printf '\e[38;2;12;200;34;48;2;0;0;60mtrue-%s\e[0m\n' colour")
    wait_for_text(page, "true-colour")
    type_line(page, r"printf '\e[1;4;31mbold-%s\e[0m \e[38;5;208mcube-%s\e[0m\n' red orange")
    wait_for_text(page, "cube-orange")
    page.wait_for_function(LOOK, arg="cube-orange")
    assert page.evaluate(LOOK, "true-colour")[:2] == ["rgb(12, 200, 34)", "rgb(0, 0, 60)"]
    colour, _background, weight, line = page.evaluate(LOOK, "bold-red")
    assert (weight, line) == ("700", "underline")
    assert colour != page.evaluate(LOOK, "cube-orange")[0]
    before = page.evaluate(LOOK, "bold-red")[0]
    page.locator("[data-theme-switch]").click()
    page.wait_for_function(f"before => ({LOOK})('bold-red')[0] !== before", arg=before)
    rows, screen = page.evaluate(
        "['.xterm-rows', '.xterm-screen'].map(part => document.querySelector(part).clientHeight)"
    )
    row = page.evaluate("document.querySelector('.xterm-rows > div').clientHeight")
    assert rows == screen == row * page.evaluate("hakoniwa.terminal.rows")


def test_what_gets_into_a_page_neither_runs_nor_paints(site: Site, chromium: Browser) -> None:
    page = chromium.new_page()  # not a visitor's: here violations are what is wanted
    page.goto(f"{site.url}/en/lessons/docker-run/fetch/")
    attacked, outline, position = page.evaluate(ATTACKS)
    assert attacked is None
    assert (outline, position) == ("none", "static")
    page.close()

"""A learner's terminal as a test sees it: what stands on the screen, and typing."""

from playwright.sync_api import Locator, Page, expect

# The screen as text, wrapped lines joined; the page puts its terminal where only tests look.
TEXT = """() => {
  const buffer = window.hakoniwa.terminal.buffer.active;
  let text = "";
  for (let row = 0; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    text += (line.isWrapped ? "" : "\\n") + line.translateToString(true);
  }
  return text;
}"""
PROMPT = "student@hakoniwa"
# A page with a terminal, and a task that `docker pull ubuntu` ticks.
LESSON = "/en/lessons/docker-run/fetch/"


def wait_for_prompt(page: Page) -> None:
    """Until the shell is there."""
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "open")
    wait_for_text(page, PROMPT)


def wait_for_text(page: Page, text: str) -> None:
    page.wait_for_function(f"text => ({TEXT})().includes(text)", arg=text)


def text_of(page: Page) -> str:
    return str(page.evaluate(TEXT))


def type_line(page: Page, line: str) -> None:
    """Type as a person does: key by key into whatever has the focus."""
    page.locator(".shell[data-active] .xterm-helper-textarea").focus()
    page.keyboard.type(line)
    page.keyboard.press("Enter")


def start_as_guest(page: Page, path: str) -> None:
    """Open a lesson and come in as a guest from there."""
    page.goto(path)
    page.locator("#terminal-pane button.primary").click()
    wait_for_prompt(page)


def open_shell(page: Page) -> None:
    """One more tab, its shell waiting."""
    page.locator("[data-tabs=open]").click()
    wait_for_prompt(page)


def tab(page: Page, number: int) -> Locator:
    return page.get_by_role("tab", name=f"Shell {number}")


def sandbox_of(page: Page) -> str:
    """The id of the sandbox of this page's learner."""
    claim = (
        "fetch(document.querySelector('#terminal-pane').dataset.claimUrl, {method: 'POST',"
        " headers: {'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content}})"
    )
    return str(page.evaluate(f"{claim}.then(r => r.json()).then(s => s.id)"))

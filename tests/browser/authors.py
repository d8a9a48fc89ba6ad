"""Instructors at the studio's pages."""

from playwright.sync_api import Locator, Page, expect

from .conftest import Site

PASSWORD = "a better one 7"


def make_author(site: Site, name: str) -> str:
    """An instructor who has a password already; the name."""
    site.manage(
        "shell",
        "-c",
        "from hakoniwa.accounts.models import User\n"
        f"user = User(username='{name}', name='{name}', role='instructor')\n"
        f"user.set_password('{PASSWORD}')\n"
        "user.save()",
    )
    return name


def sign_in(page: Page, name: str) -> None:
    page.goto("/en/sign-in/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**/en/lessons/")


def begin_draft(page: Page, slug: str) -> None:
    """A draft of its own of docker-run, its first step open."""
    if page.request.get(f"/en/studio/{slug}/").status == 404:
        token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
        headers = {"X-CSRFToken": token, "Referer": page.url}
        page.request.post("/en/studio/begin/docker-run/", headers=headers)
        page.request.post("/en/studio/docker-run/duplicate/", form={"slug": slug}, headers=headers)
    open_file(page, slug, "steps/fetch.en.md")


def open_file(page: Page, slug: str, path: str) -> None:
    page.goto(f"/en/studio/{slug}/?file={path}")
    expect(text_of(page)).to_be_visible()


def text_of(page: Page) -> Locator:
    """Where the open file is written."""
    return page.locator(".sheet[data-open] .cm-content")


def write(page: Page, words: str) -> None:
    """At the end of the open file, key by key."""
    text_of(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def see_the_end(page: Page) -> None:
    """The editor draws only the lines that are near to what is seen."""
    text_of(page).press("Control+End")


def state_of(page: Page) -> Locator:
    return page.locator(".sheet[data-open] .sheet-state")

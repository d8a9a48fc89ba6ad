"""What a terminal says when something has ended or is away, and how it comes back."""

import subprocess
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_prompt, wait_for_text


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
    expect(page.locator(".notice")).to_contain_text("This shell has ended with exit code 3")
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
    page.reload()
    expect(page.locator("#terminal-pane")).to_contain_text("Your terminal opens here")


def test_signed_out_elsewhere_the_page_says_so(page: Page, site: Site) -> None:
    page.context.clear_cookies()
    site.kill()
    site.start()
    expect(page.locator(".notice")).to_contain_text("Your sign-in has ended")
    expect(page.locator(".notice").get_by_role("button", name="Reload the page")).to_be_visible()


def test_the_engine_may_be_away(visitor: Callable[..., Page], site: Site) -> None:
    """A site without its engine says so in the learner's language, and nothing is lost."""
    page = visitor()
    with site.beside(HAKONIWA_ENGINE="unix:///nowhere/engine.sock") as away:
        page.goto(f"{away.url}/ja/lessons/docker-run/fetch/")
        page.locator("#terminal-pane button.primary").click()
        expect(page.locator(".notice")).to_contain_text(
            "サンドボックス用Docker Engineが応答していません"
        )
        expect(page.locator(".notice").get_by_role("button", name="もう一度試す")).to_be_visible()


def test_a_missing_image_is_named(visitor: Callable[..., Page], site: Site) -> None:
    page = visitor()
    with site.beside(HAKONIWA_SANDBOX_IMAGE="hakoniwa/none:none") as away:
        page.goto(f"{away.url}/ja/lessons/docker-run/fetch/")
        page.locator("#terminal-pane button.primary").click()
        expect(page.locator(".notice")).to_contain_text("サンドボックスのイメージがありません")


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
    type_line(page, "docker pull -q ubuntu; touch ~/mark")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-tool=afresh]").click()
    expect(page.locator("#terminal-pane")).to_have_attribute("data-state", "preparing")
    wait_for_prompt(page)
    type_line(page, "clear; ls ~ | grep -c mark; docker images -q | wc -l")
    wait_for_text(page, "\n0\n0")
    expect(page.locator("#task-image-pulled")).to_have_attribute("data-state", "passed")


def test_a_tab_from_before_a_new_sign_in_still_gets_a_sandbox(page: Page, site: Site) -> None:
    """Signing in changes the token that protects forms; the older tab must not be locked out."""
    page.evaluate("document.cookie = `csrftoken=${'a'.repeat(32)};path=/`")
    end_sandboxes(site)
    page.locator(".notice").get_by_role("button", name="Get a new sandbox").click()
    wait_for_prompt(page)

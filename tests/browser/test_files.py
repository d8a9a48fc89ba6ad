"""The file panel beside a lesson: what a learner uploads, edits, names and keeps."""

from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from .screen import type_line, wait_for_prompt, wait_for_text

# A file as a browser hands it to a page when it is dropped there.
DROP = """([name, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name));
  document.querySelector(".terminal-screen").dispatchEvent(
    new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def panel(page: Page) -> Locator:
    return open_panel(page)


def open_panel(page: Page) -> Locator:
    page.locator("[data-tool=files]").click()
    panel = page.locator("#files-panel")
    expect(panel.locator(".files-told")).not_to_have_text("")
    return panel


def answer(page: Page, text: str | None) -> None:
    """What the person does with the next question of the browser."""

    def act(dialog: Dialog) -> None:
        dialog.dismiss() if text is None else dialog.accept(text)

    page.once("dialog", act)


def row(panel: Locator, name: str) -> Locator:
    return panel.locator(".files-list li").filter(has_text=name)


def test_files_go_up_by_button_and_by_drop_and_come_down(
    page: Page, panel: Locator, tmp_path: Path
) -> None:
    picture = tmp_path / "図 1.txt"
    picture.write_text("箱庭\n")
    panel.locator("input[type=file]").set_input_files(picture)
    expect(row(panel, "図 1.txt")).to_be_visible()
    page.evaluate(DROP, ["dropped.txt", "hello"])
    expect(row(panel, "dropped.txt")).to_contain_text("5 B")
    with page.expect_download() as download:
        row(panel, "図 1.txt").get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "図 1.txt"
    assert download.value.path().read_text() == "箱庭\n"
    answer(page, None)
    page.evaluate(DROP, ["dropped.txt", "another"])
    expect(panel.locator(".files-uploads")).to_contain_text("is there already")
    expect(row(panel, "dropped.txt")).to_contain_text("5 B")
    answer(page, "")
    page.evaluate(DROP, ["dropped.txt", "another"])
    expect(row(panel, "dropped.txt")).to_contain_text("7 B")


def test_too_large_a_file_is_refused_before_it_is_sent(page: Page, panel: Locator) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.evaluate(DROP.replace("[text]", "[new Uint8Array(10 * 2 ** 20 + 1)]"), ["big", ""])
    expect(panel.locator(".files-uploads")).to_contain_text("larger than 10 MiB")
    assert not [url for url in sent if "upload" in url]


def test_the_editor_saves_what_the_shell_then_sees(page: Page, panel: Locator) -> None:
    answer(page, "Dockerfile")
    panel.get_by_role("button", name="New file").click()
    text = panel.locator("textarea")
    expect(text).to_be_focused()
    page.keyboard.type("FROM ubuntu\n")
    page.keyboard.press("Tab")
    page.keyboard.type("# 箱庭")
    expect(panel.locator(".files-editor-state")).to_have_text("Not saved")
    page.keyboard.press("Control+s")
    expect(panel.locator(".files-editor-state")).to_have_text("Saved")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()
    panel.get_by_role("button", name="Back to the list").click()
    panel.get_by_role("button", name="Close").click()
    type_line(page, "cat -A Dockerfile | head -1; grep -c 箱庭 Dockerfile; echo $((40+2))")
    wait_for_text(page, "FROM ubuntu$\n1\n42")


def test_the_editor_does_not_write_over_what_changed_in_the_sandbox(
    page: Page, panel: Locator
) -> None:
    page.evaluate(DROP, ["note", "one\n"])
    row(panel, "note").locator(".file-name").click()
    text = panel.locator("textarea")
    expect(text).to_have_value("one\n")
    text.fill("mine\n")
    type_line(page, "echo theirs > note; echo done-$((6*7))")
    wait_for_text(page, "done-42")
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.locator(".files-conflict")).to_contain_text("has changed in the sandbox")
    answer(page, None)
    panel.get_by_role("button", name="Back to the list").click()
    expect(text).to_have_value("mine\n")
    panel.get_by_role("button", name="Open it anew").click()
    expect(text).to_have_value("theirs\n")
    text.fill("mine\n")
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(panel.locator(".files-editor-state")).to_have_text("Saved")


def test_hostile_names_are_text_and_nothing_else(page: Page, panel: Locator) -> None:
    type_line(page, "touch '<img src=x onerror=alert(1)>' $'a\\nb' '..dots' \"it's\"; mkfifo pipe")
    type_line(page, "ln -s /etc/shadow shadow; echo done-$((6*7))")
    wait_for_text(page, "done-42")
    panel.get_by_role("button", name="Refresh").click()
    expect(row(panel, "<img src=x onerror=alert(1)>")).to_be_visible()
    assert panel.locator("img").count() == 0
    expect(row(panel, "pipe").locator(".file-name")).to_be_disabled()
    row(panel, "shadow").locator(".file-name").click()
    expect(panel.locator(".files-told")).to_contain_text("does not allow")
    for name in ("<img", "a\nb", "..dots", "it's"):
        answer(page, "")
        row(panel, name).get_by_role("button", name="Delete").click()
        expect(row(panel, name)).to_have_count(0)


def test_folders_are_gone_through_by_keyboard(page: Page, panel: Locator) -> None:
    answer(page, "アプリ")
    panel.get_by_role("button", name="New folder").click()
    row(panel, "アプリ").locator(".file-name").focus()
    page.keyboard.press("Enter")
    expect(panel.locator(".files-trail [aria-current]")).to_have_text("アプリ")
    expect(panel.locator(".files-trail [aria-current]")).to_be_focused()
    page.evaluate(DROP, ["inside", "x"])
    expect(row(panel, "inside")).to_be_visible()
    answer(page, "renamed")
    row(panel, "inside").get_by_role("button", name="Rename").click()
    expect(row(panel, "renamed")).to_be_visible()
    panel.locator(".files-trail button").first.click()
    expect(row(panel, "アプリ")).to_be_visible()
    panel.locator("[data-files=close]").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".xterm-helper-textarea")).to_be_focused()


def test_starting_afresh_keeps_the_files_and_all_of_them_can_be_had(
    page: Page, panel: Locator
) -> None:
    page.evaluate(DROP, ["note", "kept"])
    expect(row(panel, "note")).to_be_visible()
    panel.get_by_role("button", name="Close").click()
    answer(page, "")
    page.locator("[data-tool=afresh]").click()
    wait_for_prompt(page)
    panel = page.locator("#files-panel")
    page.locator("[data-tool=files]").click()
    expect(row(panel, "note")).to_be_visible()
    expect(panel.locator(".files-saved")).to_contain_text("Last saved at")
    with page.expect_download() as download:
        panel.get_by_role("link", name="Download all").click()
    assert download.value.suggested_filename == "work.tar.gz"

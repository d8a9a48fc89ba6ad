"""What everything else stands on: a learner, a real engine, a lesson that ticks itself off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .screen import text_of, type_line, wait_for_prompt, wait_for_text


@pytest.fixture
def learner(visitor: Callable[..., Page]) -> Page:
    return visitor()


def ticked(page: Page, task: str) -> None:
    expect(page.locator(f"#task-{task}")).to_have_attribute("data-state", "passed")


def open_task(page: Page, task: str) -> None:
    expect(page.locator(f"#task-{task}")).to_have_attribute("data-state", "open")


def next_step(page: Page, heading: str) -> None:
    page.locator(".turn-page .next").click()
    expect(page.locator("#step-title")).to_have_text(heading)


def test_main_job(learner: Page) -> None:
    page = learner
    page.goto("/ja/")
    page.get_by_role("link", name="docker run -it ubuntu /bin/bash").first.click()
    expect(page.locator("#step-title")).to_have_text("イメージを取得する")
    page.get_by_role("button", name="ゲストとして試す").click()
    wait_for_prompt(page)
    wait_for_text(page, "箱庭へようこそ")
    open_task(page, "image-pulled")

    type_line(page, "mark=here-$((40 + 2))")
    type_line(page, "docker run -it ubuntu /bin/bash")
    wait_for_text(page, "Unable to find image 'ubuntu:latest' locally")
    wait_for_text(page, "root@")
    ticked(page, "image-pulled")
    next_step(page, "コンテナを作成する")
    ticked(page, "container-created")
    next_step(page, "書き込みできるレイヤーを重ねる")
    open_task(page, "layer-changed")
    type_line(page, "echo hello > /hello.txt")
    ticked(page, "layer-changed")
    next_step(page, "ネットワークにつなぐ")
    ticked(page, "address-given")
    next_step(page, "bashを実行する")
    ticked(page, "bash-running")
    next_step(page, "exitで停止する")
    open_task(page, "stopped-not-removed")
    type_line(page, "exit")
    ticked(page, "stopped-not-removed")

    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#step-title")).to_have_text("Exit stops it, and nothing more")
    ticked(page, "stopped-not-removed")
    same_shell(page, "in English")

    page.reload()
    same_shell(page, "after a reload")
    ticked(page, "stopped-not-removed")
    expect(page.locator(".step-list [data-done]")).to_have_count(6)
    page.goto("/en/lessons/")
    expect(page.locator(".contents li").first).to_contain_text("Finished")


def same_shell(page: Page, when: str) -> None:
    """The screen as it was, and the shell that still knows what was set in it."""
    wait_for_prompt(page)
    wait_for_text(page, "docker run -it ubuntu /bin/bash")
    type_line(page, f"echo $mark {when}")
    wait_for_text(page, f"here-42 {when}")
    assert "箱庭へようこそ" in text_of(page)

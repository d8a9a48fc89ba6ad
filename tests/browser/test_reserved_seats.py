"""An instructor reserves seats for a class, is told what can't be had, and cancels."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .test_every_page import examine, looks


@pytest.mark.parametrize(
    ("language", "past", "one"),
    [("ja", "過ぎています", "1席"), ("en", "This time is past", "1 seat")],
)
def test_reserving_and_cancelling(
    visitor: Callable[..., Page], site: Site, language: str, past: str, one: str
) -> None:
    name = f"reserver-{language}"
    site.manage(
        "shell",
        "-c",
        "from hakoniwa.accounts.models import Cohort, User\n"
        f"user = User(username='{name}', name='{name}', role='instructor')\n"
        "user.set_password('a better one 7')\n"
        "user.save()\n"
        f"Cohort.objects.create(name='2年3組', instructor=user)",
    )
    page = visitor()
    page.goto(f"/{language}/sign-in/")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill("a better one 7")
    page.get_by_role("main").get_by_role("button").click()
    page.goto(f"/{language}/classes/")
    page.locator("a[href*='/seats/']").click()
    form = page.locator("form:has(input[name=seats])")

    def reserve(seats: int, starts_at: datetime) -> None:
        form.locator("input[name=seats]").fill(str(seats))
        for field, moment in (
            ("starts_at", starts_at),
            ("ends_at", starts_at + timedelta(hours=1)),
        ):
            form.locator(f"input[name={field}]").fill(moment.strftime("%Y-%m-%dT%H:%M"))
        form.get_by_role("button").click()

    tomorrow = datetime.now() + timedelta(days=1, hours=12)
    reserve(1, tomorrow - timedelta(days=30))
    expect(page.get_by_role("main")).to_contain_text(past)
    look(page, f"reserve-error-{language}")
    reserve(1, tomorrow)
    expect(page.locator(".reservations li")).to_contain_text(one)
    look(page, f"reserve-{language}")
    page.locator(".reservations button").click()
    expect(page.locator(".reservations li")).to_have_count(0)


def look(page: Page, name: str) -> None:
    for _width, each in looks(page):
        examine(page, f"{name}-{each}")

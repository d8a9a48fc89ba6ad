"""A draft's proof on its websocket: told line by line, one at a time, gone with its listener."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client
from docker import APIClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from hakoniwa.asgi import application
from lessons.studio.drafts import begin
from lessons.studio.proofs import is_proving
from sandbox import containers
from sandbox.models import Sandbox
from tests.lesson_files import LESSON, greeting

pytestmark = pytest.mark.django_db(transaction=True)
SOLVED = LESSON + "        solve: docker pull --quiet ubuntu\n"


@pytest.fixture(autouse=True)
def site(settings: Settings, engine: APIClient) -> Iterator[None]:
    """A site of this test's own, on which nothing may be left."""
    settings.SANDBOX_SITE = f"{settings.SANDBOX_SITE}-proof-socket"
    yield
    left = containers.containers_of_this_site()
    for container in left:
        containers.remove_container(container)
    assert not left


@pytest.fixture
def cookie(client: Client, db: None) -> str:
    """Of an instructor with a draft."""
    author = User.objects.create(username="author", name="author", role=User.Role.INSTRUCTOR)
    begin("greeting", greeting(SOLVED), author)
    client.force_login(author)
    return f"sessionid={client.cookies['sessionid'].value}"


async def listener(cookie: str) -> Any:
    headers = [
        (b"host", b"localhost"),
        (b"origin", b"http://localhost"),
        (b"cookie", cookie.encode()),
    ]
    socket = WebsocketCommunicator(application, "/ws/ja/studio/greeting/prove/", headers=headers)
    assert (await socket.connect(timeout=10))[0]
    return socket


async def told(socket: Any, until: str) -> list[dict[str, Any]]:
    """All that is said up to a message of this type."""
    said: list[dict[str, Any]] = []
    while not said or said[-1]["type"] != until:
        said.append(json.loads(await socket.receive_from(timeout=60)))
    return said


async def test_each_case_is_told_as_it_comes_in_the_pages_language(cookie: str) -> None:
    said = await told(await listener(cookie), until="over")
    assert [message["type"] for message in said] == [
        "cases", "begun", "result", "begun", "result", "result", "over",
    ]  # fmt: skip
    results = [message for message in said if message["type"] == "result"]
    assert [result["verdict"] for result in results] == ["proven", "proven", "missing"]
    assert said[0]["total"] == len(results)
    assert "合格2件" in said[-1]["words"]
    assert said[-1]["proven"] is True


async def test_one_at_a_time_and_nothing_is_left_when_nobody_listens(cookie: str) -> None:
    first = await listener(cookie)
    await told(first, until="begun")
    [refused] = await told(await listener(cookie), until="refused")
    assert "別のタブ" in refused["words"]
    await first.disconnect()
    await gone()
    again = await listener(cookie)
    await told(again, until="cases")
    await again.disconnect()
    await gone()


async def gone() -> None:
    """The proof with all that it had."""
    for _look in range(300):
        if await sync_to_async(nothing_is_left)():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("something is left")


def nothing_is_left() -> bool:
    author = User.objects.get(username="author")
    live = Sandbox.objects.exclude(state=Sandbox.State.GONE).exists()
    return not (live or User.objects.exclude(pk=author.pk).exists() or is_proving(author))

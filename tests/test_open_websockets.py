"""One person's websockets have a limit: the newest works, the oldest gives way."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from hakoniwa.accounts.models import User
from hakoniwa.accounts.open_websockets import MOST_OPEN, OPENINGS
from hakoniwa.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)
Opener = Callable[[User], Coroutine[Any, Any, Any]]


@pytest.fixture
async def open_lesson(lessons: None) -> AsyncIterator[Opener]:
    opened = []

    async def one_more(person: User) -> Any:
        client = Client()
        await sync_to_async(client.force_login)(person)
        headers = [
            (b"host", b"localhost"),
            (b"origin", b"http://localhost"),
            (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()),
        ]
        socket = WebsocketCommunicator(
            application, "/ws/en/lessons/docker-run/fetch/", headers=headers
        )
        taken, _code = await socket.connect(timeout=10)
        assert taken
        opened.append(socket)
        return socket

    yield one_more
    for socket in opened:
        await socket.disconnect()


async def closed_with(socket: Any) -> int | None:
    """The close code, if the site has closed it."""
    while not await socket.receive_nothing(timeout=0.3):
        output = await socket.receive_output()
        if output["type"] == "websocket.close":
            return int(output["code"])
    return None


async def test_the_oldest_gives_way(learner: User, cohort: Any, open_lesson: Opener) -> None:
    neighbour = await open_lesson(cohort.instructor)
    oldest, second, third = [await open_lesson(learner) for _tab in range(3)]
    for _tab in range(MOST_OPEN - 3):
        newest = await open_lesson(learner)
    assert await closed_with(oldest) is None, "as many as there may be"
    await open_lesson(learner)
    assert await closed_with(oldest) == 4012
    await third.disconnect()
    await open_lesson(learner)
    assert await closed_with(second) is None, "the third has made room"
    await open_lesson(learner)
    assert await closed_with(second) == 4012
    assert await closed_with(newest) is None
    assert await closed_with(neighbour) is None


async def test_who_opens_one_after_the_other_is_refused(learner: User, open_lesson: Opener) -> None:
    for _opening in range(OPENINGS.times):
        OPENINGS.spend(learner.pk)
    with pytest.raises(AssertionError):
        await open_lesson(learner)

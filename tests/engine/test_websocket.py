"""The terminal's websocket, from the ASGI application down to a real shell."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import AsyncClient
from pytest_django.fixtures import Settings

from hakoniwa.accounts.models import User
from hakoniwa.asgi import application
from sandbox import services
from sandbox.keeping import keep_once
from sandbox.models import Sandbox
from sandbox.protocol import MOST_INPUT_BYTES

pytestmark = pytest.mark.django_db(transaction=True)
OURS = "http://localhost:8000"


@pytest.fixture
async def claimed(learner: User) -> AsyncIterator[Sandbox]:
    sandbox = await services.claim(learner)
    yield sandbox
    await services.end(sandbox, "the test is over")


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


async def browser(sandbox: Sandbox, user: User | None, origin: str = OURS) -> Any:
    """A websocket as a page of this origin opens it."""
    headers = [(b"host", b"localhost:8000"), (b"origin", origin.encode())]
    if user is not None:
        session = await sync_to_async(session_of)(user)
        headers.append((b"cookie", f"sessionid={session}".encode()))
    path = f"/ws/ja/sandboxes/{sandbox.pk}/terminals/main/?cols=90&rows=20"
    return WebsocketCommunicator(application, path, headers=headers)


async def told(socket: Any) -> dict[str, Any]:
    """The next control message; the terminal's bytes before it are passed over."""
    while True:
        output = await socket.receive_output(timeout=30)
        if output.get("text"):
            return dict(json.loads(output["text"]))


async def closed(socket: Any) -> int:
    while (output := await socket.receive_output(timeout=30))["type"] != "websocket.close":
        pass
    return int(output["code"])


async def shown(socket: Any, text: str) -> None:
    seen = b""
    while text.encode() not in seen:
        output = await socket.receive_output(timeout=30)
        seen += output.get("bytes") or b""


async def test_the_owner_gets_a_shell_of_the_size_asked_for(
    claimed: Sandbox, learner: User
) -> None:
    socket = await browser(claimed, learner)
    assert (await socket.connect(timeout=30))[0]
    assert await told(socket) == {"type": "ready"}
    await socket.send_to(bytes_data=b"stty size; echo done-$((1+1))\r")
    await shown(socket, "20 90")
    await socket.send_to(text_data='{"type":"resize","cols":70,"rows":15}')
    await socket.send_to(text_data='{"type":"ping","id":5}')
    assert await told(socket) == {"type": "pong", "id": 5}
    # The new size is a call to the engine, which keys pass on their way.
    await socket.send_to(bytes_data=b"until stty size | grep '15 7[0]'; do sleep 0.1; done\r")
    await shown(socket, "15 70")
    await socket.send_to(bytes_data=b"exit 9\r")
    assert await told(socket) == {"type": "exit", "code": 9}
    assert await closed(socket) == 4000


async def test_strangers_are_refused_before_the_handshake(
    claimed: Sandbox, learner: User, cohort: Any
) -> None:
    stranger = await User.objects.acreate(username="stranger", name="stranger")
    for user in (None, stranger, cohort.instructor):
        socket = await browser(claimed, user)
        assert not (await socket.connect(timeout=30))[0], f"{user} was let in"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost:8080", "http://localhost", "null", ""],
)
async def test_other_sites_pages_are_refused(claimed: Sandbox, learner: User, origin: str) -> None:
    socket = await browser(claimed, learner, origin)
    assert not (await socket.connect(timeout=30))[0]


async def test_a_host_that_is_not_ours_is_refused(
    claimed: Sandbox, learner: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["classroom.example"]
    socket = await browser(claimed, learner)
    assert not (await socket.connect(timeout=30))[0]


@pytest.mark.parametrize(
    ("send", "code", "name"),
    [
        ({"bytes_data": b"x" * (MOST_INPUT_BYTES + 1)}, 4009, "too_large"),
        ({"text_data": "not json"}, 4008, "bad_message"),
        ({"text_data": '{"type":"exec","cmd":"id"}'}, 4008, "bad_message"),
        ({"text_data": '{"type":"resize","cols":1e9,"rows":1}'}, 4008, "bad_message"),
    ],
)
async def test_a_bad_frame_gets_a_sentence_and_a_close(
    claimed: Sandbox, learner: User, send: dict[str, Any], code: int, name: str
) -> None:
    socket = await browser(claimed, learner)
    await socket.connect(timeout=30)
    assert (await told(socket))["type"] == "ready"
    await socket.send_to(**send)
    message = await told(socket)
    assert (message["type"], message["code"]) == ("error", name)
    assert "ください" in message["message"]
    assert await closed(socket) == code


async def test_one_terminal_too_many_closes_the_oldest_with_a_sentence(
    claimed: Sandbox, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakoniwa.accounts.open_websockets.MOST_OPEN", 1)
    oldest, newest = await browser(claimed, learner), await browser(claimed, learner)
    await oldest.connect(timeout=30)
    assert (await told(oldest))["type"] == "ready"
    await newest.connect(timeout=30)
    message = await told(oldest)
    assert message["code"] == "too_many"
    assert "タブ" in message["message"]
    assert await closed(oldest) == 4012
    await newest.disconnect()


async def drain(socket: Any) -> tuple[int, list[int]]:
    """What comes until the server waits: how many bytes, and the marks between them."""
    received, marks = 0, []
    while not await socket.receive_nothing(timeout=2):
        output = await socket.receive_output()
        received += len(output.get("bytes") or b"")
        if output.get("text"):
            marks.append(json.loads(output["text"])["mark"])
    return received, marks


async def test_bytes_that_nobody_draws_are_not_sent(claimed: Sandbox, learner: User) -> None:
    """A browser gets one window until it sends a mark back, and can't make one up."""
    socket = await browser(claimed, learner)
    await socket.connect(timeout=30)
    assert (await told(socket))["type"] == "ready"
    await socket.send_to(bytes_data=b"yes $(seq 100 | tr '\\n' ' ')\r")
    received, marks = await drain(socket)
    assert 100_000 < received < 700_000
    for made_up in (0, 1, marks[-1] + 1):
        await socket.send_to(text_data=json.dumps({"type": "ack", "mark": made_up}))
    assert await socket.receive_nothing(timeout=1)
    await socket.send_to(text_data=json.dumps({"type": "ack", "mark": marks[-1]}))
    more, _marks = await drain(socket)
    assert 100_000 < more < 700_000
    await socket.disconnect()


async def test_a_shell_goes_on_without_its_browser(
    claimed: Sandbox, learner: User, run: Callable[..., str]
) -> None:
    first = await browser(claimed, learner)
    await first.connect(timeout=30)
    await shown(first, "student@hakoniwa")
    await first.send_to(bytes_data=b"kept=yes\r")
    await first.disconnect()
    assert await sync_to_async(run)(claimed.container, "tmux -L hakoniwa list-clients") == ""
    second = await browser(claimed, learner)
    await second.connect(timeout=30)
    await shown(second, "student@hakoniwa")
    await second.send_to(bytes_data=b"echo [$kept]\r")
    await shown(second, "[yes]")
    await second.disconnect()


async def test_signing_out_closes_the_terminals_of_that_session_only(
    claimed: Sandbox, learner: User
) -> None:
    here = await browser(claimed, learner)
    elsewhere = await browser(claimed, learner)
    for socket in (here, elsewhere):
        await socket.connect(timeout=30)
        assert (await told(socket))["type"] == "ready"
    session = dict(here.scope["headers"])[b"cookie"].decode().removeprefix("sessionid=")
    client = AsyncClient()
    client.cookies["sessionid"] = session
    assert (await client.post("/ja/sign-out/")).status_code == 302
    assert (await told(here))["code"] == "signed_out"
    assert await closed(here) == 4001
    await elsewhere.send_to(text_data='{"type":"ping","id":1}')
    assert await told(elsewhere) == {"type": "pong", "id": 1}
    await elsewhere.disconnect()


async def test_a_lesson_channel_that_broke_closes_so_that_the_page_comes_back(
    learner: User, lessons: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("lessons.live.follow", broken)
    session = await sync_to_async(session_of)(learner)
    headers = [(b"host", b"localhost:8000"), (b"origin", OURS.encode())]
    headers.append((b"cookie", f"sessionid={session}".encode()))
    socket = WebsocketCommunicator(application, "/ws/ja/lessons/docker-run/fetch/", headers=headers)
    assert (await socket.connect(timeout=30))[0]
    assert await closed(socket) == 4011


async def test_an_id_that_is_none_is_refused(learner: User) -> None:
    socket = await browser(Sandbox(pk="-" * 36), learner)
    with pytest.raises(ValueError, match="No route found"):
        await socket.connect(timeout=1)  # waited out in any case


async def test_another_person_at_the_same_browser_closes_what_was_open(
    claimed: Sandbox, learner: User
) -> None:
    socket = await browser(claimed, learner)
    await socket.connect(timeout=30)
    assert (await told(socket))["type"] == "ready"
    client = AsyncClient()
    client.cookies["sessionid"] = dict(socket.scope["headers"])[b"cookie"].decode().split("=")[1]
    teacher = await User.objects.aget(username="teacher")
    teacher.set_password("correct horse")
    await teacher.asave()
    form = {"code": "", "name": "teacher", "password": "correct horse"}
    assert (await client.post("/ja/sign-in/", form)).status_code == 302
    assert (await told(socket))["code"] == "signed_out"


async def test_a_guest_who_joins_goes_on_and_still_hears_of_the_sign_out(cohort: Any) -> None:
    client = AsyncClient()
    await client.post("/en/try/")
    guest = await User.objects.aget(role=User.Role.GUEST)
    sandbox = await services.claim(guest)
    socket = await browser(sandbox, guest)
    socket.scope["headers"][-1] = (
        b"cookie",
        f"sessionid={client.cookies['sessionid'].value}".encode(),
    )
    await socket.connect(timeout=30)
    assert (await told(socket))["type"] == "ready"
    form = {"code": cohort.code, "name": "Taro", "password": "correct horse"}
    assert (await client.post("/en/join/", form)).status_code == 302
    await socket.send_to(text_data='{"type":"ping","id":3}')
    assert await told(socket) == {"type": "pong", "id": 3}
    await client.post("/en/sign-out/")
    assert (await told(socket))["code"] == "signed_out"
    await services.end(sandbox, "the test is over")


async def test_a_guest_who_leaves_gives_the_sandbox_up(cohort: Any) -> None:
    client = AsyncClient()
    await client.post("/en/try/")
    sandbox = await services.claim(await User.objects.aget(role=User.Role.GUEST))
    await client.post("/en/sign-out/")
    await sync_to_async(keep_once)()
    await sandbox.arefresh_from_db()
    assert sandbox.state == Sandbox.State.GONE

"""The terminal's websocket: parses, authorises, hands on to `Terminal`."""

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Coroutine
from typing import Any
from urllib.parse import parse_qs

from channels.exceptions import DenyConnection
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hakoniwa import background
from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer

from .errors import EngineDown, SandboxError, SandboxGone
from .input_queue import TooMuchInput
from .models import Sandbox
from .newest import Newest
from .protocol import (
    MOST_INPUT_BYTES,
    Ack,
    BadMessage,
    Close,
    Ping,
    Resize,
    parse_message,
)
from .services import sandbox_of
from .shells import announce_shells, group_of_shells, let_go_of_lost_browsers
from .terminals import Terminal

log = logging.getLogger(__name__)
# A client that asks without end and never reads would fill Daphne's memory with answers.
PONG_SECONDS = 0.1


class TerminalConsumer(SessionConsumer):
    language = "en"
    terminal: Terminal | None = None
    closing = False

    def __init__(self) -> None:
        super().__init__()
        self.opening: asyncio.Task[None] | None = None
        self.flows: list[asyncio.Task[None]] = []
        self.pong = Newest(self._pong, PONG_SECONDS)
        self.browser = secrets.token_hex(8)
        self.shells = ""

    async def connect(self) -> None:
        """Who asks, and whether the sandbox is theirs, is settled before anything is accepted."""
        user = self.scope["user"]
        if not isinstance(user, User):
            raise DenyConnection
        route = self.scope["url_route"]["kwargs"]
        self.language = route["language"]
        try:
            sandbox = await sandbox_of(user, str(route["sandbox_id"]))
        except SandboxError as error:
            log.info("terminal refused to %s: %s", user.pk, error)
            raise DenyConnection from None
        await self.follow_session()
        self.shells = group_of_shells(sandbox.pk)
        await self.channel_layer.group_add(self.shells, self.channel_name)
        await self.accept()
        # Not waited for: what a client sends meanwhile would queue up in Daphne.
        self.opening = asyncio.create_task(self._watched(self._open(sandbox, route["name"])))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.terminal is None or self.closing:
            return
        try:
            if bytes_data is None:
                self._obey(self.terminal, parse_message(text_data or ""))
            elif len(bytes_data) > MOST_INPUT_BYTES:
                raise TooMuchInput
            else:
                self.terminal.type(bytes_data)
        except TooMuchInput:
            sentence = _("That was too much text at once for the terminal. Paste it in parts.")
            await self._refuse(Close.TOO_LARGE, sentence)
        except BadMessage as error:
            log.info("terminal sent a bad message: %s", error)
            sentence = _("The page and the site did not understand each other. Reload the page.")
            await self._refuse(Close.BAD_MESSAGE, sentence)

    async def signed_out(self) -> None:
        await self._refuse(
            Close.SIGNED_OUT, _("Your sign-in has ended. Sign in again; your progress is kept.")
        )

    async def shells_changed(self, _event: dict[str, Any]) -> None:
        await self._tell({"type": "shells"})

    async def roll_call(self, event: dict[str, Any]) -> None:
        answer = {"type": "roll.called", "browser": self.browser}
        await self.channel_layer.send(event["reply_to"], answer)

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.shells:
            await self.channel_layer.group_discard(self.shells, self.channel_name)
        self.pong.stop()
        if self.opening is not None:  # what was started in the sandbox must be let go of
            await self.opening
        for flow in self.flows:
            flow.cancel()
        if self.terminal is not None:
            await self.terminal.detach()

    async def one_too_many(self) -> None:
        sentence = _(
            "You have this open in so many tabs that the oldest ones are closed. Close some, then "
            "go on here."
        )
        await self._refuse(Close.TOO_MANY, sentence)

    async def _open(self, sandbox: Sandbox, name: str) -> None:
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        fresh = query.get("fresh") == ["1"]
        self.terminal = await Terminal.open(
            sandbox, name, self.browser, self.language, _size(query), fresh=fresh
        )
        await self._tell({"type": "ready"})
        for flow in (self._show(self.terminal), self._feed(self.terminal)):
            self.flows.append(asyncio.create_task(self._watched(flow)))
        if fresh:
            await announce_shells(sandbox)
        background.start(let_go_of_lost_browsers(sandbox), "looking for lost browsers")

    def _obey(self, terminal: Terminal, message: Resize | Ping | Ack) -> None:
        if isinstance(message, Resize):
            terminal.resize(message.cols, message.rows)
        elif isinstance(message, Ping):
            self.pong.put(message.id)
        else:
            terminal.acknowledge(message.mark)

    async def _pong(self, ping: int) -> None:
        await self._tell({"type": "pong", "id": ping})

    async def _watched(self, flow: Coroutine[Any, Any, None]) -> None:
        """Where it fails, the page is told and comes back."""
        try:
            await flow
        except SandboxError as error:
            await self._fail(error)
        except Exception as error:
            log.exception("a terminal broke")
            await self._fail(EngineDown(str(error)))

    async def _show(self, terminal: Terminal) -> None:
        """Bytes from the shell to the browser, until the shell ends."""
        async for piece in terminal.output():
            if isinstance(piece, bytes):
                await self.send(bytes_data=piece)
            else:
                await self._tell({"type": "mark", "mark": piece})
        code = await terminal.exit_code()
        if code is None:  # the stream was lost, the shell was not
            raise EngineDown("the exec stream ended")
        await self._tell({"type": "exit", "code": code})
        await self._close(Close.SHELL_ENDED)

    async def _feed(self, terminal: Terminal) -> None:
        """What was typed to the shell, until the browser goes."""
        async for taken in terminal.feed():
            await self._tell({"type": "taken", "bytes": taken})

    async def _fail(self, error: SandboxError) -> None:
        log.warning("terminal: %s", error)
        gone = isinstance(error, SandboxGone)
        await self._refuse(Close.SANDBOX_GONE if gone else Close.ENGINE_LOST, error.sentence)

    async def _refuse(self, close: Close, sentence: str | Promise) -> None:
        if self.closing:
            return
        with translation.override(self.language):
            message = str(sentence)
        await self._tell({"type": "error", "code": close.name.lower(), "message": message})
        await self._close(close)

    async def _close(self, close: Close) -> None:
        self.closing = True
        await self.close(int(close))  # autobahn takes no subclass of int

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(message))


def _size(query: dict[str, list[str]]) -> tuple[int, int]:
    """The page's size in the address, so that the first screen is drawn right."""
    with contextlib.suppress(ValueError, KeyError):
        size = {"type": "resize", "cols": int(query["cols"][0]), "rows": int(query["rows"][0])}
        resize = parse_message(json.dumps(size))
        if isinstance(resize, Resize):
            return resize.cols, resize.rows
    return 80, 24

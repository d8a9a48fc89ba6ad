"""The terminal's websocket: parses, authorises, hands on to `Terminal`."""

import asyncio
import contextlib
import json
import logging
from typing import Any
from urllib.parse import parse_qs

from channels.exceptions import DenyConnection
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import SessionConsumer

from .errors import EngineDown, SandboxError, SandboxGone
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
from .terminals import Terminal

log = logging.getLogger(__name__)


class TerminalConsumer(SessionConsumer):
    language = "en"
    terminal: Terminal | None = None
    pump: asyncio.Task[None] | None = None

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
        await self.accept()
        columns, rows = self._size()
        try:
            self.terminal = await Terminal.open(
                sandbox, route["name"], self.language, columns, rows
            )
        except SandboxError as error:
            await self._fail(error)
            return
        await self._tell({"type": "ready"})
        self.pump = asyncio.create_task(self._pump(self.terminal))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.terminal is None:
            return
        try:
            if bytes_data is None:
                await self._obey(self.terminal, parse_message(text_data or ""))
            elif len(bytes_data) <= MOST_INPUT_BYTES:
                await self.terminal.type(bytes_data)
            else:
                sentence = _("That was too much text at once for the terminal. Paste it in parts.")
                await self._refuse(Close.TOO_LARGE, sentence)
        except BadMessage as error:
            log.info("terminal sent a bad message: %s", error)
            sentence = _("The page and the site did not understand each other. Reload the page.")
            await self._refuse(Close.BAD_MESSAGE, sentence)
        except SandboxError as error:
            await self._fail(error)

    async def signed_out(self) -> None:
        await self._refuse(
            Close.SIGNED_OUT, _("Your sign-in has ended. Sign in again; your progress is kept.")
        )

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.pump is not None:
            self.pump.cancel()
        if self.terminal is not None:
            await self.terminal.detach()

    async def one_too_many(self) -> None:
        sentence = _(
            "You have this open in so many tabs that the oldest ones are closed. Close some, then "
            "go on here."
        )
        await self._refuse(Close.TOO_MANY, sentence)

    async def _obey(self, terminal: Terminal, message: Resize | Ping | Ack) -> None:
        if isinstance(message, Resize):
            await terminal.resize(message.cols, message.rows)
        elif isinstance(message, Ping):
            await self._tell({"type": "pong", "id": message.id})
        else:
            terminal.acknowledge(message.mark)

    async def _pump(self, terminal: Terminal) -> None:
        """Bytes from the shell to the browser, until the shell ends."""
        try:
            async for piece in terminal.output():
                if isinstance(piece, bytes):
                    await self.send(bytes_data=piece)
                else:
                    await self._tell({"type": "mark", "mark": piece})
            code = await terminal.exit_code()
        except SandboxError as error:
            await self._fail(error)
            return
        except Exception as error:
            log.exception("a terminal broke")
            await self._fail(EngineDown(str(error)))  # the page comes back by itself
            return
        if code is None:  # the stream was lost, the shell was not
            await self._fail(EngineDown("the exec stream ended"))
            return
        await self._tell({"type": "exit", "code": code})
        await self._close(Close.SHELL_ENDED)

    async def _fail(self, error: SandboxError) -> None:
        log.warning("terminal: %s", error)
        gone = isinstance(error, SandboxGone)
        await self._refuse(Close.SANDBOX_GONE if gone else Close.ENGINE_LOST, error.sentence)

    async def _refuse(self, close: Close, sentence: str | Promise) -> None:
        with translation.override(self.language):
            message = str(sentence)
        await self._tell({"type": "error", "code": close.name.lower(), "message": message})
        await self._close(close)

    async def _close(self, close: Close) -> None:
        await self.close(int(close))  # autobahn takes no subclass of int

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps(message))

    def _size(self) -> tuple[int, int]:
        """The page's size in the address, so that the first screen is drawn right."""
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        with contextlib.suppress(ValueError, KeyError):
            size = {"type": "resize", "cols": int(query["cols"][0]), "rows": int(query["rows"][0])}
            resize = parse_message(json.dumps(size))
            if isinstance(resize, Resize):
                return resize.cols, resize.rows
        return 80, 24

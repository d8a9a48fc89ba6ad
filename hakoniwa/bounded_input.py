"""What a websocket's client sent and nothing has read yet is bounded.

Daphne queues it without a bound, and faster than Channels hands it on: a client that sends all it
can would fill the site's memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from . import background

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

MOST_WAITING_BYTES = 1024 * 1024
# What a message costs beside its content.
MESSAGE_BYTES = 256
# Close.TOO_LARGE of the terminal, whose page has a sentence for it.
TOO_LARGE = 4009


class BoundedInput:
    """Closes a websocket whose client sends more than its application reads."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        inbox = _Inbox()
        filling = asyncio.create_task(inbox.fill(receive, send))
        try:
            await self._application(scope, inbox.next, send)
        finally:
            filling.cancel()


class _Inbox:
    def __init__(self) -> None:
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._size = 0

    async def next(self) -> Message:
        message = await self._messages.get()
        self._size -= _size(message)
        return message

    async def fill(self, receive: Receive, send: Send) -> None:
        """Take what Daphne has, at once and to the end: also of a client that is being closed."""
        closing: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            content = message["type"] == "websocket.receive"
            if content and not closing and self._size + _size(message) > MOST_WAITING_BYTES:
                close = {"type": "websocket.close", "code": TOO_LARGE}
                # Not waited for: `send` may wait for a client that doesn't read.
                closing = background.start(_finish(send, close), "closing a flooded websocket")
            if not (content and closing):
                self._put(message)

    def _put(self, message: Message) -> None:
        self._size += _size(message)
        self._messages.put_nowait(message)


async def _finish(send: Send, message: Message) -> None:
    await send(message)


def _size(message: Message) -> int:
    return MESSAGE_BYTES + len(message.get("bytes") or "") + len(message.get("text") or "")

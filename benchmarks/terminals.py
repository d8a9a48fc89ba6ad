"""Clients of terminals, as a page has them: the site's, and terminado's in the same sandboxes."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

from websockets import ConnectionClosed, Origin
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.served_site import Guest

PROMPT = b"student@hakoniwa"
MOST_SECONDS = 120.0
AT_A_TIME = 10


class Address(NamedTuple):
    """Where a terminal is; nothing but text, as another process may open it."""

    url: str
    origin: str
    cookies: str

    @classmethod
    def at_the_site(cls, guest: Guest, sandbox: str, shell: str) -> "Address":
        at = guest.site.replace("http", "ws", 1)
        size = "cols=100&rows=30"
        url = f"{at}/ws/en/sandboxes/{sandbox}/terminals/{shell}/?{size}"
        return cls(url, guest.site, guest.cookies())

    @classmethod
    def at_terminado(cls, server: str, container: str, session: str = "") -> "Address":
        shell = f"{container}/{session}" if session else container
        return cls(f"{server.replace('http', 'ws', 1)}/ws/{shell}", server, "")


class Terminal:
    """The site's: bytes both ways, and every mark sent back at once, as if all were drawn."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._sought = b""
        self._end = b""  # of what was shown, in case the sought begins there
        self._found: asyncio.Future[float] | None = None

    async def type(self, keys: str) -> None:
        await self.socket.send(keys.encode())

    def seek(self, sought: bytes) -> "asyncio.Future[float]":
        """When this is shown for the first time from now on, by `time.perf_counter`."""
        self._sought, self._end = sought, b""
        self._found = asyncio.get_running_loop().create_future()
        return self._found

    async def follow(self) -> None:
        """Read as long as there is something; whoever seeks hears that there is nothing more."""
        try:
            await self.read()
        except ConnectionClosed as error:
            if self._found is not None and not self._found.done():
                self._found.set_exception(error)

    async def read(self) -> None:
        while True:
            message = await self.socket.recv()
            if isinstance(message, bytes):
                self.show(message)
            elif (told := json.loads(message))["type"] == "mark":
                await self.socket.send(json.dumps({"type": "ack", "mark": told["mark"]}))

    def show(self, piece: bytes) -> None:
        if self._found is None or self._found.done():
            return
        if self._sought in self._end + piece:
            self._found.set_result(time.perf_counter())
        self._end = (self._end + piece)[-len(self._sought) :]


class TerminadoTerminal(Terminal):
    """JSON both ways. It is not parsed here, which a browser would have to do."""

    HEAD = len(b'["stdout", "')

    async def type(self, keys: str) -> None:
        await self.socket.send(json.dumps(["stdin", keys]))

    async def read(self) -> None:
        await self.socket.send(json.dumps(["set_size", 30, 100]))
        while True:
            self.show((await self.socket.recv(decode=False))[self.HEAD :])


@asynccontextmanager
async def opened(address: Address) -> AsyncIterator[Terminal]:
    """The terminal at its prompt, for as long as the block takes."""
    kind = Terminal if address.cookies else TerminadoTerminal
    headers = {"Cookie": address.cookies} if address.cookies else {}
    at = connect(
        address.url,
        origin=Origin(address.origin),
        additional_headers=headers,
        max_size=None,
        open_timeout=MOST_SECONDS,
        proxy=None,
    )
    async with at as socket:
        terminal = kind(socket)
        prompt = terminal.seek(PROMPT)
        reading = asyncio.create_task(terminal.follow())
        try:
            async with asyncio.timeout(MOST_SECONDS):
                await prompt
            yield terminal
        finally:
            reading.cancel()


@asynccontextmanager
async def all_opened(addresses: list[Address]) -> AsyncIterator[list[Terminal]]:
    """A class that is there already: some at a time, so that none waits for its prompt too long."""
    async with AsyncExitStack() as stack:
        terminals = []
        for some in range(0, len(addresses), AT_A_TIME):
            openings = (opened(address) for address in addresses[some : some + AT_A_TIME])
            terminals += await asyncio.gather(*map(stack.enter_async_context, openings))
        yield terminals

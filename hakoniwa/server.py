"""The web server: Daphne, with one thing more. `send` waits while a browser takes nothing.

Daphne hands what is sent to Twisted, which keeps it in memory until the browser has taken it. A
learner's app that floods a slow browser would fill the site's memory. Twisted tells a registered
producer when to pause
(https://docs.twisted.org/en/stable/core/howto/producers.html), and here `send` is the producer.
"""

import asyncio
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Room:
    """Whether there is room for more on the way to one browser."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def wait(self) -> None:
        await self._free.wait()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's names
        self._free.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._free.set()

    def stopProducing(self) -> None:  # noqa: N802
        self._free.set()


class WaitingServer(Server):  # type: ignore[misc]
    """Daphne's server, as its command line makes it."""

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """What an application's `send` does."""
        connection = self.connections.get(protocol)
        if connection is None or "disconnected" in connection:
            return
        kind = message["type"]
        if kind == "http.response.start":
            protocol.registerProducer(connection.setdefault("room", Room()), True)
        elif kind == "websocket.accept":
            # The HTTP connection that it was before is still registered.
            protocol.transport.unregisterProducer()
            protocol.transport.registerProducer(connection.setdefault("room", Room()), True)
        last = kind == "http.response.body" and not message.get("more_body", False)
        if last:
            protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if "room" in connection and not last:
            await connection["room"].wait()

    def protocol_disconnected(self, protocol: Any) -> None:
        """Nobody waits for a browser that has gone."""
        if room := self.connections.get(protocol, {}).get("room"):
            room.stopProducing()
        super().protocol_disconnected(protocol)


class WaitingCommandLine(CommandLineInterface):  # type: ignore[misc]
    """Daphne's own options, such as `-b HOST -p PORT APPLICATION`."""

    server_class = WaitingServer


if __name__ == "__main__":
    WaitingCommandLine.entrypoint()

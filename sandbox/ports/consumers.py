"""The websockets of pages at ports: parses, authorises, hands on to `AppSocket`."""

import asyncio
import logging
from contextlib import AsyncExitStack

from channels.exceptions import DenyConnection

from hakoniwa import background
from hakoniwa.accounts.sessions import SessionConsumer

from .problems import PortProblem
from .socket import AppSocket
from .tunnel import tunnel_to
from .visits import Visit

log = logging.getLogger(__name__)

HANDSHAKE_SECONDS = 10.0
# Codes for applications, as those of terminals (RFC 6455, section 7.4.2).
SIGNED_OUT = 4001
LOST = 4011


class PortConsumer(SessionConsumer):
    app: AppSocket | None = None
    pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Accepted once the app has accepted: what can't be opened there is not open here."""
        self.tunnels = AsyncExitStack()
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                self.app = await self._open()
        except (PortProblem, TimeoutError, DenyConnection) as problem:
            await self.tunnels.aclose()
            log.info("port's websocket: %r", problem)
            raise DenyConnection from None
        await self.accept(self.app.subprotocol)
        self.pump = background.start(self._pump(self.app), "a port's websocket")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = text_data if bytes_data is None else bytes_data
        if self.app is not None and message is not None:
            try:
                await self.app.send(message)
            except PortProblem as problem:
                log.info("port's websocket: %r", problem)
                await self.close(LOST)

    async def signed_out(self) -> None:
        await self.close(SIGNED_OUT)

    async def disconnect(self, code: int) -> None:
        await self.leave_session()
        if self.pump is not None:
            self.pump.cancel()
        await self.tunnels.aclose()

    async def _open(self) -> AppSocket:
        visit = Visit(self.scope)
        admission = await visit.admit_socket()
        # Whose it is, says the pass: no cookie comes from such a page.
        self.scope["user"] = admission.learner  # type: ignore[typeddict-item]
        self.scope["session"] = admission.session
        await self.follow_session()
        port = visit.place.port
        tunnel = await self.tunnels.enter_async_context(tunnel_to(admission.sandbox, port))
        app = AppSocket(tunnel, port, visit.target.decode("ascii"), self.scope["subprotocols"])
        await app.open()
        return app

    async def _pump(self, app: AppSocket) -> None:
        """From the app to the browser, until the app has closed."""
        try:
            async for message in app.messages():
                if isinstance(message, str):
                    await self.send(text_data=message)
                else:
                    await self.send(bytes_data=message)
            await self.close(app.close_code)
        except PortProblem as problem:
            log.info("port's websocket: %r", problem)
            await self.close(LOST)

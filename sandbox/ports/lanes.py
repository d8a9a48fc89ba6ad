"""How much of the site the ports of one sandbox may take up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from sandbox.pace import Pace

from .problems import TooManyConnections

# A browser opens six for a page; the rest is for websockets and a second tab.
MOST_CONNECTIONS = 16
PATIENCE_SECONDS = 10.0
# All connections of a sandbox together, both ways. Without it, one that floods would keep the
# site's event loop from everybody else's terminals.
BYTES_PER_SECOND = 8 * 1024 * 1024


class Lane:
    """One for each sandbox and process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self.carry = Pace(BYTES_PER_SECOND).carry

    @asynccontextmanager
    async def place(self) -> AsyncIterator["Lane"]:
        """Raises TooManyConnections where none becomes free in time."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise TooManyConnections(f"{MOST_CONNECTIONS} are open") from None
        try:
            yield self
        finally:
            self._places.release()


_lanes: WeakValueDictionary[UUID, Lane] = WeakValueDictionary()


def lane_of(sandbox_id: UUID) -> Lane:
    lane = _lanes.get(sandbox_id)
    if lane is None:
        lane = _lanes[sandbox_id] = Lane()
    return lane

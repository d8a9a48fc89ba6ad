"""How much of the site the ports of one sandbox may take up."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from .problems import TooManyConnections

# A browser opens six for a page; the rest is for websockets and a second tab.
MOST_CONNECTIONS = 16
PATIENCE_SECONDS = 10.0
# All connections of a sandbox together, both ways. Without it, one that floods would keep the
# site's event loop from everybody else's terminals.
BYTES_PER_SECOND = 8 * 1024 * 1024
BURST_SECONDS = 0.5


class Lane:
    """One for each sandbox and process."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST_CONNECTIONS)
        self._free_at = 0.0

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

    async def carry(self, count: int) -> None:
        """So many bytes have come; waits where they came too fast."""
        now = time.monotonic()
        self._free_at = max(self._free_at, now - BURST_SECONDS) + count / BYTES_PER_SECOND
        await asyncio.sleep(max(0.0, self._free_at - now))


_lanes: WeakValueDictionary[UUID, Lane] = WeakValueDictionary()


def lane_of(sandbox_id: UUID) -> Lane:
    lane = _lanes.get(sandbox_id)
    if lane is None:
        lane = _lanes[sandbox_id] = Lane()
    return lane

"""So many bytes a second, for all that somebody does together."""

import asyncio
import time

BURST_SECONDS = 0.5


class Pace:
    """One for each sandbox; whoever floods waits, and nobody else does."""

    def __init__(self, bytes_per_second: int) -> None:
        self._bytes_per_second = bytes_per_second
        self._free_at = 0.0

    async def carry(self, count: int) -> None:
        """So many bytes have come; waits where they came too fast."""
        now = time.monotonic()
        self._free_at = max(self._free_at, now - BURST_SECONDS) + count / self._bytes_per_second
        await asyncio.sleep(max(0.0, self._free_at - now))

"""One connection out of a sandbox, and how much of the gateway a sandbox's may take up."""

import asyncio
import time
from dataclasses import dataclass, field
from uuid import UUID

from sandbox.pace import Pace

MOST_CONNECTIONS = 32
LOOKUPS_AT_ONCE = 4
# Of all connections of a sandbox, both ways: 32 Mbit/s.
BYTES_PER_SECOND = 4 * 1024 * 1024
# A connection counts as so many bytes: 16 a second, which bounds look-ups and the log, too.
CONNECTION_COSTS = 256 * 1024
IDLE_SECONDS = 120.0
LONGEST_SECONDS = 3600.0


@dataclass
class Lane:
    """One for each sandbox's host ids."""

    first_id: int
    pace: Pace = field(default_factory=lambda: Pace(BYTES_PER_SECOND))
    lookups: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKUPS_AT_ONCE))
    open: int = 0


@dataclass(eq=False)
class Visit:
    """One connection that was let out."""

    sandbox_id: UUID
    lane: Lane
    where: str
    task: "asyncio.Task[None]"
    began: float = field(default_factory=time.monotonic)
    moved_at: float = field(default_factory=time.monotonic)
    sent: int = 0
    received: int = 0
    ended_by: str = ""

    async def carry(self, count: int, *, sent: bool) -> None:
        """So many bytes go through; waits where they are too many."""
        await self.lane.pace.carry(count)
        self.moved_at = time.monotonic()
        if sent:
            self.sent += count
        else:
            self.received += count

    def overdue(self) -> str:
        """Why it has to end; empty where it may go on."""
        now = time.monotonic()
        if now - self.moved_at > IDLE_SECONDS:
            return "idle"
        return "had its time" if now - self.began > LONGEST_SECONDS else ""

    def end(self, reason: str) -> None:
        self.ended_by = reason
        self.task.cancel()

    def __str__(self) -> str:
        seconds = time.monotonic() - self.began
        ended = f", ended: {self.ended_by}" if self.ended_by else ""
        return (
            f"sandbox {self.sandbox_id} {self.where}: {self.sent} bytes out, "
            f"{self.received} in, {seconds:.1f} s{ended}"
        )

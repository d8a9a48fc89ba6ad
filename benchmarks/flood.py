"""Pages in which `yes` runs, read as fast as they come.

In a process of its own, as they would be on a machine of their own: whoever measures beside it
only has to share the processors. `benchmarks/flood.py` is started by `flooded`, with addresses.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.terminals import Address, all_opened

SETTLE_SECONDS = 1.0


async def flood(addresses: list[Address]) -> None:
    async with all_opened(addresses) as terminals:
        for terminal in terminals:
            await terminal.type("yes\r")
        await asyncio.sleep(SETTLE_SECONDS)
        print("on", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        for terminal in terminals:
            await terminal.type("\x03")


@asynccontextmanager
async def flooded(addresses: list[Address]) -> AsyncIterator[None]:
    """`yes` runs at each of these while the block does."""
    if not addresses:
        yield
        return
    command = (sys.executable, "-m", "benchmarks.flood", json.dumps(addresses))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None  # noqa: S101 - asked for, as is the other
    assert process.stdout is not None  # noqa: S101
    try:
        if not await process.stdout.readline():
            raise RuntimeError("no flood came")
        yield
    finally:
        process.stdin.close()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(flood([Address(*address) for address in json.loads(sys.argv[1])]))

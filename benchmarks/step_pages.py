"""The live channel of a lesson's step, as its page has it."""

import re
import time

from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.served_site import Guest


def open_page(guest: Guest, lesson: str, step: str) -> connect:
    host = guest.site.removeprefix("http://")
    return connect(
        f"ws://{host}/ws/en/lessons/{lesson}/{step}/",
        origin=Origin(guest.site),
        additional_headers={"Cookie": guest.cookies()},
        proxy=None,
    )


async def shown(page: ClientConnection, task: str, state: str) -> float:
    """The time at which the page was sent the task in that state."""
    fragment = re.compile(rf'id="task-{task}"\s+class="task"\s+data-state="{state}"')
    while not fragment.search(str(await page.recv())):
        pass
    return time.time()

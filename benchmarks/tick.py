"""How soon a task ticks itself off once the learner's engine shows that it is done.

    ./classroom bench tick [--json] [--quick] [--repetitions N]

Guests come in one after the other and solve the lesson as its own `solve` lines do. Timed from
the engine's own clock of the event that fulfils the task, which is never later than the end of the
command. The baseline is the quickest that anything outside can know of it: a plain
`docker events`.
"""

import asyncio
import json
import os
import re
import time
from asyncio import StreamReader
from asyncio.subprocess import PIPE
from typing import cast

import yaml
from websockets import Origin
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.comparison import Comparison, load, options, report
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.served_site import PROJECT, Guest, served_site
from lessons.document import Lesson, Step

LESSON = "docker-run"
# The event after which the engine is as the task wants it. Left out is the task that the container
# of `layer-changed` fulfils in passing, if a look is quick enough.
FULFILLED_BY = {
    "image-pulled": "pull",
    "container-created": "create",
    "layer-changed": "die",
    "bash-running": "start",
    "stopped-not-removed": "die",
}


def main() -> None:
    chosen = options(__doc__ or "", "guests", usual=5)
    use_the_engine_of_the_classroom()
    load_before = load()
    written = (PROJECT / "lessons" / "content" / LESSON / "lesson.yml").read_text()
    lesson = Lesson.model_validate(yaml.safe_load(written))
    tick = Comparison("event → ticked task on the websocket", "`docker events`", "p95 < 500 ms")
    with served_site() as site:
        for _guest in range(chosen.repetitions):
            asyncio.run(solve_as_a_guest(site, lesson, tick))
    report([tick], load_before, chosen.json)


async def solve_as_a_guest(site: str, lesson: Lesson, tick: Comparison) -> None:
    guest = Guest(site)
    container = f"hakoniwa-{guest.claim_sandbox()}"
    try:
        events = await docker(container, "docker", "events", "--since", "0", "--format", "json")
        steps = [step for step in lesson.steps if step.tasks[0].id in FULFILLED_BY]
        for step in steps:
            tick.add(*await seconds_to_know(guest, container, step, events))
    finally:
        on_the_engine("rm", "--force", "--volumes", container)


async def seconds_to_know(
    guest: Guest, container: str, step: Step, events: StreamReader
) -> tuple[float, float]:
    """From the event to the ticked task, and to the line of `docker events`."""
    task = step.tasks[0]
    async with open_page(guest, step) as page, asyncio.timeout(60):
        await shown(page, task.id, "open")
        ticked = asyncio.create_task(shown(page, task.id, "passed"))
        heard = asyncio.create_task(next_event(events, FULFILLED_BY[task.id]))
        await (await docker(container, "bash", "-c", task.solve)).read()
        happened_at, heard_at = await heard
        return await ticked - happened_at, heard_at - happened_at


def open_page(guest: Guest, step: Step) -> connect:
    """The live channel of a step, as the page opens it."""
    host = guest.site.removeprefix("http://")
    return connect(
        f"ws://{host}/ws/en/lessons/{LESSON}/{step.id}/",
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


async def next_event(events: StreamReader, action: str) -> tuple[float, float]:
    """When it happened by the engine's clock, and when `docker events` said so."""
    while line := await events.readline():
        event = json.loads(line)
        if event["Action"] == action:
            return event["timeNano"] / 1e9, time.time()
    raise EOFError(f"`docker events` ended before {action}")


async def docker(container: str, *command: str) -> StreamReader:
    """Start a command in the sandbox; its output, which ends with it."""
    engine = os.environ["HAKONIWA_ENGINE"]
    way_in = ("docker", "--host", engine, "exec", "--user", "student", container)
    process = await asyncio.create_subprocess_exec(*way_in, *command, stdout=PIPE)
    return cast(StreamReader, process.stdout)


if __name__ == "__main__":
    main()

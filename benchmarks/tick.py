"""How soon a task ticks itself off once the learner's engine shows that it is done.

    ./classroom bench tick [--learners 1 20 60] [--json] [--quick] [--repetitions N]

Guests come in one after the other and solve the lesson as its own `solve` lines do. Of a class of
20 or 60 the others have its page and a terminal open, too, and each runs a container every 20
seconds. Timed from the engine's own clock of the event that fulfils the task, which is never later
than the end of the command. The baseline is the quickest that anything outside can know of it: a
plain `docker events`.
"""

import asyncio
import json
import os
import random
import time
from asyncio import StreamReader
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

import yaml

from benchmarks.comparison import Comparison, command_line, load, report
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.seats import AT_A_TIME, Seat, seats
from benchmarks.served_site import PROJECT, Guest, served_site
from benchmarks.step_pages import open_page, shown
from benchmarks.terminals import opened
from lessons.document import Lesson, Step

LESSON, FIRST_STEP = "docker-run", "fetch"
# The event after which the engine is as the task wants it. Left out is the task that the container
# of `layer-changed` fulfils in passing, if a look is quick enough.
FULFILLED_BY = {
    "image-pulled": "pull",
    "container-created": "create",
    "layer-changed": "die",
    "bash-running": "start",
    "stopped-not-removed": "die",
}
# What the others do.
RUN = "docker run --rm hello-world\r"
RUN_EVERY = 20.0


def main() -> None:
    line = command_line(__doc__ or "", "guests", usual=5)
    line.add_argument("--learners", type=int, nargs="+")
    chosen = line.parse_args()
    counts = chosen.learners or ([2] if chosen.repetitions == 1 else [1, 20, 60])
    use_the_engine_of_the_classroom()
    load_before = load()
    written = (PROJECT / "lessons" / "content" / LESSON / "lesson.yml").read_text()
    lesson = Lesson.model_validate(yaml.safe_load(written))
    comparisons = []
    for count in counts:
        what = f"event → ticked task on the websocket, {count} learner{'s'[: count > 1]}"
        tick = Comparison(what, "`docker events`", "p95 < 500 ms")
        with served_site() as site, seats(site, count - 1) as others:
            asyncio.run(in_a_class(site, others, lesson, tick, chosen.repetitions))
        comparisons.append(tick)
    report(comparisons, load_before, chosen.json)


async def in_a_class(
    site: str, others: list[Seat], lesson: Lesson, tick: Comparison, repetitions: int
) -> None:
    async with AsyncExitStack() as stack:
        for some in range(0, len(others), AT_A_TIME):
            working = map(at_work, others[some : some + AT_A_TIME])
            await asyncio.gather(*map(stack.enter_async_context, working))
        for _guest in range(repetitions):
            await solve_as_a_guest(site, lesson, tick)


@asynccontextmanager
async def at_work(seat: Seat) -> AsyncIterator[None]:
    """Somebody with the lesson open, who runs a container now and then."""

    async def run_now_and_then() -> None:
        while True:
            await asyncio.sleep(random.expovariate(1 / RUN_EVERY))
            await terminal.type(RUN)

    page = open_page(seat.guest, LESSON, FIRST_STEP)
    async with page, opened(seat.own()[0]) as terminal:
        working = asyncio.create_task(run_now_and_then())
        yield
        working.cancel()


async def solve_as_a_guest(site: str, lesson: Lesson, tick: Comparison) -> None:
    guest = await asyncio.to_thread(Guest, site)
    container = f"hakoniwa-{await asyncio.to_thread(guest.claim_sandbox)}"
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
    async with open_page(guest, LESSON, step.id) as page, asyncio.timeout(60):
        await shown(page, task.id, "open")
        ticked = asyncio.create_task(shown(page, task.id, "passed"))
        heard = asyncio.create_task(next_event(events, FULFILLED_BY[task.id]))
        await (await docker(container, "bash", "-c", task.solve)).read()
        happened_at, heard_at = await heard
        return await ticked - happened_at, heard_at - happened_at


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

"""What a learner costs the whole machine: memory and processors, idle and at work.

    ./classroom bench memory [--learners 8] [--json] [--quick] [--repetitions N]

By the kernel's accounts of the whole machine, not of our processes: what is available before and
with so many learners, and how busy the processors are, for each. So the outer engine's part, the
kernel's own and the site's are in it. What cached files hold is not, as others can have it.

A learner is idle (a sandbox, as one in the pool), then has a page open and types two keys a second
in its terminal, then runs three containers (nginx) as well. Beside it as many containers of the
same image on the same engine that only sleep.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial

from benchmarks.comparison import Comparison, command_line, load, report
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.seats import Seat, seats
from benchmarks.served_site import served_site
from benchmarks.step_pages import open_page
from benchmarks.terminals import Terminal, opened
from benchmarks.whole_machine import MEBIBYTES, MIB, THOUSANDTHS, Spent, group_bytes

KEYS_EVERY = 0.5
LESSON, STEP = "docker-run", "fetch"
THREE = "for name in one two three; do docker run --detach --name $name nginx; done"
SLEEPER = "a container that sleeps"
SLEEPS = ("--network", "none", "--entrypoint", "sleep")


def main() -> None:
    line = command_line(__doc__ or "", "turns", usual=2)
    line.add_argument("--learners", type=int, default=None)
    chosen = line.parse_args()
    quick = chosen.repetitions == 1 and not chosen.learners
    learners = chosen.learners or (2 if quick else 8)
    use_the_engine_of_the_classroom()
    load_before = load()
    costs = Costs(learners, *((0.5, 1.0) if quick else (5.0, 10.0)))
    report(costs.compare(chosen.repetitions), load_before, chosen.json)


class Costs:
    """Of so many learners, each state watched for so many seconds.

    Before that it settles: garbage is collected, pages are freed.
    """

    def __init__(self, learners: int, settles: float, seconds: float) -> None:
        self.learners = learners
        self.settles = settles
        self.seconds = seconds
        self.sleepers: list[float] = []
        self.memory: dict[str, Comparison] = {}
        self.processors: dict[str, Comparison] = {}

    def compare(self, repetitions: int) -> list[Comparison]:
        with served_site() as site:
            with seats(site, 1):  # what is read once for all, and the site's own first work
                pass
            for _turn in range(repetitions):
                nothing = self.watch()
                with sleeping(self.learners) as sleepers:
                    sleep = self.cost(nothing)
                    self.sleepers = [group_of(sleeper) / MIB for sleeper in sleepers]
                nothing = self.watch()
                with seats(site, self.learners) as taken:
                    self.note("idle", "< 40 MiB", self.cost(nothing), sleep)
                    self.note_groups(taken)
                    asyncio.run(self.at_work(taken, nothing, sleep))
        return [*self.memory.values(), *self.processors.values()]

    async def at_work(self, taken: list[Seat], nothing: Spent, sleep: Spent) -> None:
        async with AsyncExitStack() as stack:
            for seat in taken:
                await stack.enter_async_context(open_page(seat.guest, LESSON, STEP))
                terminal = await stack.enter_async_context(opened(seat.own()[0]))
                typing = asyncio.create_task(type_on(terminal))
                stack.callback(typing.cancel)
            self.note("typing", "", await asyncio.to_thread(self.cost, nothing), sleep)
            for seat in taken:
                run = partial(on_the_engine, "exec", "--user", "student", seat.container)
                await asyncio.to_thread(run, "bash", "-c", THREE)
            working = await asyncio.to_thread(self.cost, nothing)
            self.note("typing, three containers", "", working, sleep)

    def watch(self) -> Spent:
        time.sleep(self.settles)
        return Spent.over(self.seconds)

    def cost(self, nothing: Spent) -> Spent:
        """For each learner, beyond what the machine spends without them."""
        now = self.watch()
        # Never nothing: on a machine that does other things as well it may be less than that.
        memory = max(MIB / 10, (now.memory - nothing.memory) / self.learners)
        # A machine that does nothing is not measured to less than a tick.
        least = 1.0 / os.sysconf("SC_CLK_TCK") / self.seconds / self.learners
        processors = (now.processors - nothing.processors) / self.learners
        return Spent(int(memory), max(least, processors))

    def note_groups(self, seats: list[Seat]) -> None:
        """What the kernel charges the control group of each sandbox with."""
        beside = f"{SLEEPER}, its"
        groups = Comparison("memory, idle, its control group", beside, "", MEBIBYTES)
        own = [group_of(seat.container) / MIB for seat in seats]
        self.memory.setdefault("group", groups).add_many(own, self.sleepers)

    def note(self, state: str, goal: str, own: Spent, sleep: Spent) -> None:
        memory = Comparison(f"memory, {state}", SLEEPER, goal, MEBIBYTES)
        processors = Comparison(f"processors, {state}", SLEEPER, "", THOUSANDTHS)
        self.memory.setdefault(state, memory).add(own.memory / MIB, sleep.memory / MIB)
        thousandths = (spent.processors * 1000 for spent in (own, sleep))
        self.processors.setdefault(state, processors).add(*thousandths)


def group_of(container: str) -> int:
    return group_bytes(int(on_the_engine("inspect", "--format", "{{.State.Pid}}", container)))


@contextmanager
def sleeping(count: int) -> Iterator[list[str]]:
    image = os.environ["HAKONIWA_SANDBOX_IMAGE"]
    label = ("--label", f"hakoniwa.site={os.environ['HAKONIWA_SITE']}")
    found: list[str] = []
    try:
        for _number in range(count):
            found.append(on_the_engine("run", "-d", *label, *SLEEPS, image, "3600").strip())
        yield found
    finally:
        on_the_engine("rm", "--force", "--volumes", *found)


async def type_on(terminal: Terminal) -> None:
    while True:
        await terminal.type("x\x7f")
        await asyncio.sleep(KEYS_EVERY)


if __name__ == "__main__":
    main()

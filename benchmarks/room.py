"""How many learners a machine holds, until one of them would notice.

    ./classroom bench room [--step 20] [--most 400] [--json] [--quick] [--repetitions N]

Learners come by the dozen and stay: each has a lesson's page and a terminal open, types two keys a
second, and runs a container once a minute. When a dozen has come the class is watched. It goes on
until a key takes more than 100 ms to show for one in a hundred, whoever comes next waits more than
3 s for a prompt, less than 1 GiB of memory is left, or the most are there. What broke is printed.

Each row's ratios are to the first one of the same run.
"""

import asyncio
import json
import os
import random
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from itertools import chain

from benchmarks.arrival import to_a_prompt
from benchmarks.comparison import command_line, load
from benchmarks.echo import echoes_at
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.seats import AT_A_TIME, Seat, remove_sandboxes
from benchmarks.served_site import Guest, served_site
from benchmarks.step_pages import open_page
from benchmarks.terminals import Address, Terminal, opened
from benchmarks.whole_machine import MIB, busy_seconds, taken_bytes, total_bytes

LESSON, STEP = "docker-run", "fetch"
RUN = "docker run --rm hello-world\r"
RUN_EVERY = 60.0
KEYS_A_SECOND = 2.0
NEWCOMERS = 3
MOST_ECHO, MOST_WAIT, LEAST_FREE = 0.100, 3.0, 1024


@dataclass(frozen=True)
class Row:
    """What so many learners had: seconds, MiB in all, processors."""

    learners: int
    echo: float
    echo_p99: float
    newcomer: float
    memory: float
    processors: float

    def broken(self) -> str:
        """What a learner would notice, or the machine does."""
        reasons = {
            "echo p99": self.echo_p99 > MOST_ECHO,
            "a newcomer's prompt": self.newcomer > MOST_WAIT,
            "memory": total_bytes() / MIB - self.memory < LEAST_FREE,
        }
        return ", ".join(reason for reason, is_so in reasons.items() if is_so)

    def shown(self, first: "Row") -> str:
        cells = [
            str(self.learners),
            f"{self.echo * 1000:.1f} / {self.echo_p99 * 1000:.1f} ms",
            f"{self.echo / first.echo:.1f} / {self.echo_p99 / first.echo_p99:.1f}",
            f"{self.newcomer * 1000:.0f} ms",
            f"{self.newcomer / first.newcomer:.1f}",
            f"{self.memory / self.learners:.1f} MiB",
            f"{self.processors:.2f}",
        ]
        return f"| {' | '.join(cells)} |"


def main() -> None:
    line = command_line(__doc__ or "", "times five seconds of watching", usual=2)
    line.add_argument("--step", type=int)
    line.add_argument("--most", type=int)
    chosen = line.parse_args()
    quick = chosen.repetitions == 1 and not chosen.most
    step, most = chosen.step or (1 if quick else 20), chosen.most or (2 if quick else 400)
    use_the_engine_of_the_classroom()
    load_before = load()
    rows: list[Row] = []
    try:
        with served_site() as site:
            asyncio.run(fill(site, range(step, most + 1, step), chosen.repetitions, rows))
    finally:
        remove_sandboxes()
    if chosen.json:
        printed = [asdict(row) | {"broken": row.broken()} for row in rows]
        print(json.dumps({"load": load_before, "cores": os.cpu_count(), "rows": printed}, indent=2))
        return
    print(f"Load before: {load_before:.1f} on {os.cpu_count()} cores. Median / p99.\n")
    print("| Learners | Echo | Ratio | Next one's prompt | Ratio | Memory of each | Processors |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        print(row.shown(rows[0]))
    print(f"\nWhat broke: {rows[-1].broken() or 'nothing'}.")


async def fill(site: str, sizes: range, turns: int, rows: list[Row]) -> None:
    """Adds a row for each size, and ends with the one at which something broke."""
    taken = taken_bytes()
    async with AsyncExitStack() as stack:
        terminals: list[Terminal] = []
        for size in sizes:
            while len(terminals) < size:
                some = range(min(AT_A_TIME, size - len(terminals)))
                terminals += await asyncio.gather(*(come(site, stack) for _one in some))
            rows.append(await watch(site, terminals, turns, taken))
            if rows[-1].broken():
                return


async def come(site: str, stack: AsyncExitStack) -> Terminal:
    seat = await asyncio.to_thread(lambda: Seat.claimed_by(Guest(site)))
    await stack.enter_async_context(open_page(seat.guest, LESSON, STEP))
    terminal = await stack.enter_async_context(opened(seat.own()[0]))
    working = asyncio.create_task(run_now_and_then(seat.own()[1], stack))
    stack.callback(working.cancel)
    return terminal


async def run_now_and_then(address: Address, stack: AsyncExitStack) -> None:
    """In a second terminal, so that what is typed in the first one is seen alone."""
    terminal = await stack.enter_async_context(opened(address))
    while True:
        await asyncio.sleep(random.expovariate(1 / RUN_EVERY))
        await terminal.type(RUN)


async def watch(site: str, terminals: list[Terminal], turns: int, taken: int) -> Row:
    echoes: list[float] = []
    busy, began = busy_seconds(), time.perf_counter()
    for _turn in range(turns):
        typing = (echoes_at(terminal, KEYS_A_SECOND) for terminal in terminals)
        echoes += chain.from_iterable(await asyncio.gather(*typing))
    processors = (busy_seconds() - busy) / (time.perf_counter() - began)
    memory = (taken_bytes() - taken) / MIB
    waits = [await asyncio.to_thread(wait_of_a_newcomer, site) for _one in range(NEWCOMERS)]
    p99 = sorted(echoes)[int(0.99 * len(echoes))]
    middle = statistics.median
    return Row(len(terminals), middle(echoes), p99, middle(waits), memory, processors)


def wait_of_a_newcomer(site: str) -> float:
    """Seconds until somebody has a prompt who leaves again."""
    began = time.perf_counter()
    seat = to_a_prompt(site)
    seconds = time.perf_counter() - began
    on_the_engine("rm", "--force", "--volumes", seat.container)
    return seconds


if __name__ == "__main__":
    main()

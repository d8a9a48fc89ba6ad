"""How long a whole class waits for its prompts when it comes all at once.

    ./classroom bench arrival [--learners 60] [--seconds 10] [--pool 0]
                              [--json] [--quick] [--repetitions N]

Guests come at even intervals: each opens the home page, goes in, claims a sandbox, and opens its
terminal. Timed from the first request to the shell's prompt. Whoever is refused, or gets anything
but a prompt, ends the benchmark. With `--pool` so many sandboxes wait for them.

Beside it as many `docker run` of `true` in the same image on the same engine, at the same
intervals: what starts containers, and nothing else. The two take turns at being first.
"""

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from benchmarks.claim import refill
from benchmarks.comparison import Comparison, command_line, load, report, turns
from benchmarks.fresh_sandbox import run_true, use_the_engine_of_the_classroom
from benchmarks.seats import Seat, remove_sandboxes
from benchmarks.served_site import Guest, served_site
from benchmarks.terminals import opened


def main() -> None:
    line = command_line(__doc__ or "", "classes", usual=2)
    line.add_argument("--learners", type=int)
    line.add_argument("--seconds", type=float)
    line.add_argument("--pool", type=int, default=0)
    chosen = line.parse_args()
    quick = chosen.repetitions == 1 and not chosen.learners
    learners = chosen.learners or (3 if quick else 60)
    seconds = chosen.seconds or (1.0 if quick else 10.0)
    use_the_engine_of_the_classroom()
    os.environ["HAKONIWA_POOL"] = str(chosen.pool)
    load_before = load()
    arrival = Arrival(learners, seconds, chosen.pool)
    report(arrival.compare(chosen.repetitions), load_before, chosen.json)


@dataclass(frozen=True)
class Arrival:
    """So many learners in so many seconds; a pool of so many waits for them."""

    learners: int
    seconds: float
    pool: int

    def compare(self, repetitions: int) -> list[Comparison]:
        who = f"{self.learners} in {self.seconds:.0f} s, {self.pool} in the pool"
        true = "`docker run` of `true`, same image"
        each = Comparison(f"arrival → prompt, {who}", true, "")
        last = Comparison("the first arrives → the last has a prompt", true, "60: < 12 s")
        for order in turns(repetitions):
            seconds = {}
            for is_own in order:
                seconds[is_own] = self.at_the_site() if is_own else self.times_of(run_true)
            each.add_many(*([end - begin for begin, end in seconds[own]] for own in (True, False)))
            last.add(*(max(end for _begin, end in seconds[own]) for own in (True, False)))
        return [each, last]

    def at_the_site(self) -> list[tuple[float, float]]:
        try:
            with TemporaryDirectory() as state, served_site(state) as site:
                if self.pool:
                    refill(state)
                return self.times_of(lambda: to_a_prompt(site))
        finally:
            remove_sandboxes()

    def times_of(self, arrive: Callable[[], object]) -> list[tuple[float, float]]:
        """When each began and had ended, since the first began."""
        began = time.perf_counter()

        def one(number: int) -> tuple[float, float]:
            begin = number * self.seconds / self.learners
            time.sleep(max(0.0, began + begin - time.perf_counter()))
            arrive()
            return begin, time.perf_counter() - began

        with ThreadPoolExecutor(self.learners) as threads:
            return list(threads.map(one, range(self.learners)))


def to_a_prompt(site: str) -> Seat:
    guest = Guest(site)
    seat = Seat.claimed_by(guest)

    async def until_it_is_there() -> None:
        async with opened(seat.own()[0]):
            pass

    asyncio.run(until_it_is_there())
    return seat


if __name__ == "__main__":
    main()

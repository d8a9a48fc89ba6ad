"""How soon a whole class has its sandboxes where none has been started.

    ./classroom bench crowd [--sandboxes 60] [--json] [--quick] [--repetitions N]

Guests who have signed in before claim a sandbox each, all in one moment, at a site whose pool is
empty. Timed until the engine in the last one answers, of which the site makes sure. Beside it as
many containers of the same image that only run `true`, as many at a time as the site starts: what
the outer engine takes for them by itself.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.comparison import Comparison, command_line, load, report
from benchmarks.fresh_sandbox import run_true, use_the_engine_of_the_classroom
from benchmarks.seats import remove_sandboxes
from benchmarks.served_site import Guest, served_site

AT_A_TIME = 2 * (os.cpu_count() or 1)


def main() -> None:
    line = command_line(__doc__ or "", "crowds", usual=3)
    line.add_argument("--sandboxes", type=int)
    chosen = line.parse_args()
    count = chosen.sandboxes or (2 if chosen.repetitions == 1 else 60)
    use_the_engine_of_the_classroom()
    load_before = load()
    what = f"{count} claims at once → the last engine answers"
    baseline = f"{count} × `docker run` of `true`"
    crowd = Comparison(what, baseline, "< 10 s" if count == 60 else "")
    for _turn in range(chosen.repetitions):
        with served_site() as site:
            crowd.add(seconds_of_claims(site, count), seconds_of_true(count))
    report([crowd], load_before, chosen.json)


def seconds_of_claims(site: str, count: int) -> float:
    guests = [Guest(site) for _each in range(count)]
    try:
        with ThreadPoolExecutor(count) as threads:
            began = time.perf_counter()
            list(threads.map(Guest.claim_sandbox, guests))
            return time.perf_counter() - began
    finally:
        remove_sandboxes()


def seconds_of_true(count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        for done in [threads.submit(run_true) for _each in range(count)]:
            done.result()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

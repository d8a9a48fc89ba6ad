"""From nothing to an image: how soon a sandbox's engine answers, and how long a pull takes.

./classroom bench pull [--json] [--quick] [--repetitions N]
"""

import asyncio
import os

from benchmarks.comparison import Comparison, load, options, report
from benchmarks.fresh_sandbox import (
    FreshSandbox,
    fresh_sandbox,
    run_true,
    use_the_engine_of_the_classroom,
)

PULL = "docker pull --quiet ubuntu"
LOAD = "docker load --quiet --input /tmp/ubuntu.tar"


def main() -> None:
    chosen = options(__doc__ or "", "fresh sandboxes", usual=5)
    use_the_engine_of_the_classroom()
    load_before = load()
    comparisons = asyncio.run(compare(chosen.repetitions))
    report(comparisons, load_before, chosen.json)


async def compare(repetitions: int) -> list[Comparison]:
    start = Comparison(
        "container start → the engine in it answers",
        "`docker run` of `true`, same image",
        "< 0.5 s",
    )
    pull = Comparison("`docker pull ubuntu`", "`docker load` of the same image", "< 3 s")
    async with fresh_sandbox() as warm_up:
        # What the mirror serves, for the baseline; warms the machine's caches too.
        warm_up.shell(PULL)
        archive = warm_up.bytes_of("docker save ubuntu")
    for turn in range(repetitions):
        seconds_of_true = run_true()
        async with fresh_sandbox() as sandbox:
            start.add(sandbox.started_in, seconds_of_true)
            sandbox.bytes_of("cat > /tmp/ubuntu.tar", archive)
            pull.add(*pull_and_load(sandbox, load_first=turn % 2 == 1))
    return [start, pull]


def pull_and_load(sandbox: FreshSandbox, *, load_first: bool) -> tuple[float, float]:
    """Seconds of each. Which comes first changes, as the first leaves the disk busy."""
    seconds = {}
    for command in (LOAD, PULL) if load_first else (PULL, LOAD):
        # The archive, or what the other left behind, is not to be written at this one's expense.
        os.sync()
        seconds[command] = sandbox.seconds_of(command)
        sandbox.shell("docker rmi ubuntu")
    return seconds[PULL], seconds[LOAD]


if __name__ == "__main__":
    main()

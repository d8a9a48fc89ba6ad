"""How fast a program's output comes to the page, beside terminado in the same sandboxes.

    ./classroom bench throughput [--terminals 1 10 60 200] [--json] [--quick] [--repetitions N]

A text of 50 MB is written by `cat`: in one terminal all of it, in N at once an N-th of it each, but
at least 1 MB. Timed from Enter until the last has shown the line that follows; what counts is the
program's own output.

Through tmux, the site's way, and without it, by a shell that the exec starts itself (the launcher
in the sandbox is replaced for that). terminado runs the same two by `docker exec -it`. In a flood
tmux draws only some of the screens, so fewer bytes come to the page than the program writes. The
client parses no JSON of terminado's, draws nothing for either, and says at once that it has drawn.
"""

import asyncio
import itertools
import time

from benchmarks.comparison import MEGABYTES_A_SECOND, Comparison, command_line, load, report, turns
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.peers import terminado
from benchmarks.seats import Seat, seats, seats_for
from benchmarks.served_site import served_site
from benchmarks.terminals import MOST_SECONDS, Address, Terminal, all_opened

MEGABYTES = 50
LEAST_MEGABYTES = 1
TEXT = "/home/student/text"
WRITE_TEXT = (
    "seq --format 'line %08.0f of a text that is long enough to be read by nobody at all' 1 800000"
    f" | head --bytes={MEGABYTES}M > {TEXT}"
)
WITHOUT_TMUX = "printf '#!/bin/sh\\nexec bash --login\\n' > /usr/local/bin/hakoniwa-terminal"
TMUX, BARE = "through tmux", "without tmux"

numbers = itertools.count(1)


def main() -> None:
    line = command_line(__doc__ or "", "turns of each", usual=5)
    line.add_argument("--terminals", type=int, nargs="+")
    chosen = line.parse_args()
    counts = chosen.terminals or ([2] if chosen.repetitions == 1 else [1, 10, 60, 200])
    use_the_engine_of_the_classroom()
    load_before = load()
    with served_site() as site, terminado() as peer, seats(site, seats_for(max(counts))) as taken:
        for seat in taken:
            on_the_engine("exec", "--user", "student", seat.container, "sh", "-c", WRITE_TEXT)
        comparisons = []
        for way in (TMUX, BARE):
            if way == BARE:
                for seat in taken:
                    on_the_engine("exec", seat.container, "sh", "-c", WITHOUT_TMUX)
            comparisons += asyncio.run(compare(taken, peer, way, counts, chosen.repetitions))
    report(comparisons, load_before, chosen.json)


async def compare(
    taken: list[Seat], peer: str, way: str, counts: list[int], repetitions: int
) -> list[Comparison]:
    own = [address for seat in taken for address in seat.own()]
    peers = [a for seat in taken for a in seat.at_terminado(peer, in_tmux=way == TMUX)]
    return [await compared(own[:count], peers[:count], way, repetitions) for count in counts]


async def compared(
    own: list[Address], peers: list[Address], way: str, repetitions: int
) -> Comparison:
    count = len(own)
    goal = "1.8 × terminado" if count == 1 else ""
    what = f"throughput {way}, {count} terminals"
    output = Comparison(what, f"terminado {way}", goal, MEGABYTES_A_SECOND)
    async with all_opened(own) as our_terminals, all_opened(peers) as their_terminals:
        for order in turns(repetitions):
            speeds = {}
            for is_ours in order:
                speeds[is_ours] = await speed(our_terminals if is_ours else their_terminals)
            output.add(speeds[True], speeds[False])
    return output


async def speed(terminals: list[Terminal]) -> float:
    """Megabytes a second, of all together."""
    megabytes = max(LEAST_MEGABYTES, MEGABYTES // len(terminals))
    began = time.perf_counter()
    async with asyncio.timeout(MOST_SECONDS):
        ends = await asyncio.gather(*(end_of_text(terminal, megabytes) for terminal in terminals))
    return megabytes * len(terminals) * 1.048576 / (max(ends) - began)


async def end_of_text(terminal: Terminal, megabytes: int) -> float:
    number = next(numbers)
    end = terminal.seek(f"END-{number}".encode())
    # What is typed is echoed, and is not what is sought.
    await terminal.type(f"head --bytes={megabytes}M {TEXT} | cat; echo E''ND-{number}\r")
    return await end


if __name__ == "__main__":
    main()

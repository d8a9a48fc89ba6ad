"""How soon a key shows on the screen, beside terminado in the same sandboxes.

    ./classroom bench echo [--terminals 1 10 60 200] [--floods 0 1 4]
                           [--json] [--quick] [--repetitions N]

Learners type at a shell's prompt: each twice a second on average, at least twenty keys a second in
all. Timed from the key's frame to the first frame with its echo, at the websocket. Beside them
`yes` runs in none, one or several other terminals, each in a sandbox of its own.

Both serve six shells in each sandbox, so 200 terminals are 34 sandboxes. The site's are in tmux, as
always. terminado runs `docker exec -it … bash --login`, which a lost connection ends: its way is
the shorter one. The client parses no JSON of terminado's, and draws nothing for either.
"""

import asyncio
import random
import time
from itertools import chain, cycle

from benchmarks.comparison import SHORT_SECONDS, Comparison, command_line, load, report, turns
from benchmarks.flood import flooded
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.peers import terminado
from benchmarks.seats import Seat, seats, seats_for
from benchmarks.served_site import served_site
from benchmarks.terminals import MOST_SECONDS, Address, Terminal, all_opened

KEYS_A_SECOND = 2.0
KEYS_A_SECOND_IN_ALL = 20.0
TURN_SECONDS = 5.0
# In no word and no sequence that is shown between them.
LETTERS = "zxwvyq"
RUB_OUT = "\x15"
GOAL = {(60, 1): "p99 < 30 ms, half of terminado's"}


def main() -> None:
    line = command_line(__doc__ or "", "turns of each", usual=4)
    line.add_argument("--terminals", type=int, nargs="+")
    line.add_argument("--floods", type=int, nargs="+")
    chosen = line.parse_args()
    quick = chosen.repetitions == 1
    counts = chosen.terminals or ([3] if quick else [1, 10, 60, 200])
    floods = chosen.floods or ([1] if quick else [0, 1, 4])
    use_the_engine_of_the_classroom()
    load_before = load()
    most = max(floods)
    with (
        served_site() as site,
        terminado() as peer,
        seats(site, most + seats_for(max(counts))) as taken,
    ):
        echoes = Turns(peer, taken[:most], taken[most:], chosen.repetitions)
        comparisons = asyncio.run(echoes.compare(counts, floods))
    report(comparisons, load_before, chosen.json)


class Turns:
    """The site's and terminado's, one after the other."""

    def __init__(self, peer: str, noisy: list[Seat], quiet: list[Seat], repetitions: int) -> None:
        self.noisy = noisy
        self.own = [address for seat in quiet for address in seat.own()]
        self.peers = [address for seat in quiet for address in seat.at_terminado(peer)]
        self.own_floods = [seat.own()[0] for seat in noisy]
        self.peers_floods = [seat.at_terminado(peer)[0] for seat in noisy]
        self.repetitions = repetitions

    async def compare(self, counts: list[int], floods: list[int]) -> list[Comparison]:
        done = []
        for count in counts:
            async with (
                all_opened(self.own[:count]) as own,
                all_opened(self.peers[:count]) as peers,
            ):
                done += [await self.compared(own, peers, running) for running in floods]
        return done

    async def compared(self, own: list[Terminal], peers: list[Terminal], floods: int) -> Comparison:
        count = len(own)
        what = f"echo, {count} terminals, {floods} × `yes`"
        echo = Comparison(what, "terminado", GOAL.get((count, floods), ""), SHORT_SECONDS)
        for order in turns(self.repetitions):
            seconds = {}
            for is_own in order:
                noise = self.own_floods if is_own else self.peers_floods
                seconds[is_own] = await self.echoes(own if is_own else peers, noise[:floods])
            echo.add_many(seconds[True], seconds[False])
        return echo

    async def echoes(self, terminals: list[Terminal], noise: list[Address]) -> list[float]:
        """Seconds from each key to its echo, of one turn."""
        each = max(KEYS_A_SECOND, KEYS_A_SECOND_IN_ALL / len(terminals))
        async with flooded(noise):
            typing = (echoes_at(terminal, each) for terminal in terminals)
            seconds = list(chain.from_iterable(await asyncio.gather(*typing)))
        for seat in self.noisy:
            # terminado ends `docker exec`, which doesn't end what it started.
            on_the_engine("exec", seat.container, "sh", "-c", "pkill -x yes || true")
        return seconds


async def echoes_at(terminal: Terminal, keys_a_second: float) -> list[float]:
    end = time.perf_counter() + TURN_SECONDS
    seconds = []
    for letter in cycle(LETTERS):
        await asyncio.sleep(random.expovariate(keys_a_second))
        if time.perf_counter() > end:
            break
        shown = terminal.seek(letter.encode())
        began = time.perf_counter()
        await terminal.type(letter)
        async with asyncio.timeout(MOST_SECONDS):
            seconds.append(await shown - began)
    await terminal.type(RUB_OUT)
    return seconds


if __name__ == "__main__":
    main()

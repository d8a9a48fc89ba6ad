"""How soon somebody who claims a sandbox sees a prompt, beside JupyterHub.

    ./classroom bench claim [--json] [--quick] [--repetitions N]

Guests come in to a site with one sandbox in its pool. The first claims that one; for the second a
sandbox has yet to be started. Then somebody's server is started by a JupyterHub with dockerspawner:
the same image, with the same limits, on the same engine. Timed from the request until the bytes of
the shell's prompt are on the terminal's websocket; both have signed in before.

The site gives nobody a sandbox before the engine in it answers. The hub knows nothing of it, so
the last row is until `docker version`, typed again and again at the prompt, has an answer.

In the hub's favour: no proxy is between it and the browser, and no notebook server has to start,
since the image has none. A terminado that runs already answers in its place, by `docker exec -it`.
"""

import asyncio
import os
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from benchmarks.comparison import Comparison, load, options, report
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.peers import Hub, jupyterhub, terminado
from benchmarks.seats import Seat
from benchmarks.served_site import PROJECT, Guest, served_site
from benchmarks.terminals import Address, opened

ENGINE_ANSWERS = "until docker version > /dev/null 2>&1; do :; done; echo ans''wered\r"
HUB = "JupyterHub, the same image"


def main() -> None:
    chosen = options(__doc__ or "", "turns of each", usual=10)
    use_the_engine_of_the_classroom()
    os.environ["HAKONIWA_POOL"] = "1"
    load_before = load()
    from_pool = Comparison("claim → prompt, from the pool", HUB, "p95 < 150 ms")
    started = Comparison("claim → prompt, pool empty", HUB, "")
    answers = Comparison("claim → its engine answers, pool empty", HUB, "")
    with (
        TemporaryDirectory() as state,
        served_site(state) as site,
        terminado() as peer,
        jupyterhub(peer) as hub,
    ):
        at_the_hub(hub, peer)  # its first is slower
        for _turn in range(chosen.repetitions):
            refill(state)
            pooled, _answer = at_the_site(site)
            own, own_answer = at_the_site(site)
            hubs, hubs_answer = at_the_hub(hub, peer)
            from_pool.add(pooled, hubs)
            started.add(own, hubs)
            answers.add(own_answer, hubs_answer)
    report([from_pool, started, answers], load_before, chosen.json)


def refill(state: str) -> None:
    environment = os.environ | {"HAKONIWA_STATE_DIR": state}
    keeper = [sys.executable, "manage.py", "keep_sandboxes", "--once"]
    subprocess.run(keeper, cwd=PROJECT, env=environment, check=True, capture_output=True)


def at_the_site(site: str) -> tuple[float, float]:
    """Seconds to a prompt, and to an answer of the engine."""
    guest = Guest(site)
    began = time.perf_counter()
    seat = Seat.claimed_by(guest)
    return since(began, asyncio.run(prompt_and_answer(seat.own()[0], seat.container)))


def at_the_hub(hub: Hub, peer: str) -> tuple[float, float]:
    user = hub.add_user()
    began = time.perf_counter()
    container = hub.start_server(user)
    address = Address.at_terminado(peer, container)
    return since(began, asyncio.run(prompt_and_answer(address, container)))


async def prompt_and_answer(address: Address, container: str) -> tuple[float, float]:
    """When each was there; the container is removed then."""
    try:
        async with opened(address) as terminal:
            prompt = time.perf_counter()
            answered = terminal.seek(b"answered")
            await terminal.type(ENGINE_ANSWERS)
            return prompt, await answered
    finally:
        on_the_engine("rm", "--force", "--volumes", container)


def since(began: float, times: tuple[float, float]) -> tuple[float, float]:
    return times[0] - began, times[1] - began


if __name__ == "__main__":
    main()

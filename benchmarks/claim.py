"""How soon somebody who claims a sandbox sees a prompt.

    ./classroom bench claim [--json] [--quick] [--repetitions N]

Guests come in, two at a time, to a site with one sandbox in its pool. The first claims that one;
the second, whose sandbox has yet to be started, is the baseline. Timed from the request of the
claim to the bytes of the shell's prompt on the terminal's websocket, as a page does it.
"""

import asyncio
import os
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from websockets import Origin
from websockets.asyncio.client import connect

from benchmarks.comparison import Comparison, load, options, report
from benchmarks.fresh_sandbox import on_the_engine, use_the_engine_of_the_classroom
from benchmarks.served_site import PROJECT, Guest, served_site

PROMPT = b"student@hakoniwa"


def main() -> None:
    chosen = options(__doc__ or "", "pairs of guests", usual=10)
    use_the_engine_of_the_classroom()
    os.environ["HAKONIWA_POOL"] = "1"
    load_before = load()
    claim = Comparison("claim → prompt, from the pool", "the same, to be started", "p95 < 150 ms")
    with TemporaryDirectory() as state, served_site(state) as site:
        for _pair in range(chosen.repetitions):
            refill(state)
            claim.add(seconds_to_a_prompt(site), seconds_to_a_prompt(site))
    report([claim], load_before, chosen.json)


def refill(state: str) -> None:
    environment = os.environ | {"HAKONIWA_STATE_DIR": state}
    keeper = [sys.executable, "manage.py", "keep_sandboxes", "--once"]
    subprocess.run(keeper, cwd=PROJECT, env=environment, check=True, capture_output=True)


def seconds_to_a_prompt(site: str) -> float:
    guest = Guest(site)
    began = time.perf_counter()
    sandbox = guest.claim_sandbox()
    try:
        asyncio.run(until_the_prompt(guest, sandbox))
        return time.perf_counter() - began
    finally:
        containers = ["--all", "--quiet", "--filter", f"label=hakoniwa.sandbox={sandbox}"]
        if found := on_the_engine("ps", *containers).split():
            on_the_engine("rm", "--force", "--volumes", *found)


async def until_the_prompt(guest: Guest, sandbox: str) -> None:
    host = guest.site.removeprefix("http://")
    terminal = connect(
        f"ws://{host}/ws/en/sandboxes/{sandbox}/terminals/main/?cols=100&rows=30",
        origin=Origin(guest.site),
        additional_headers={"Cookie": guest.cookies()},
        proxy=None,
    )
    async with terminal as shell, asyncio.timeout(60):
        shown = b""
        while PROMPT not in shown:
            piece = await shell.recv()
            shown += piece if isinstance(piece, bytes) else b""


if __name__ == "__main__":
    main()

"""A sandbox that burns all processors: others go on, and the machine's own processes come first."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from docker import APIClient

from .conftest import Sandbox

pytestmark = pytest.mark.alone

BURN = {
    "busy loops": "for i in $(seq 64); do (while :; do :; done) & done; wait",
    "a fork bomb": "bomb() { bomb | bomb & }; bomb; sleep 600",
}


@pytest.fixture
def burning(new_sandbox: Callable[[], Sandbox]) -> Iterator[Callable[[str], Sandbox]]:
    started: list[subprocess.Popen[bytes]] = []

    def burn(how: str) -> Sandbox:
        sandbox = new_sandbox()
        sandbox.wait_for_engine()
        command = ["docker", "--host", sandbox.engine, "exec", sandbox.container]
        quiet = subprocess.DEVNULL
        started.append(
            subprocess.Popen([*command, "bash", "-c", BURN[how]], stdout=quiet, stderr=quiet)
        )
        time.sleep(1)
        return sandbox

    yield burn
    for process in started:
        process.kill()
        process.wait()


def seconds_used(engine: APIClient, sandbox: Sandbox) -> float:
    """Processor time of all that is in the sandbox."""
    statistics = engine.stats(sandbox.container, stream=False)
    return float(statistics["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9


@pytest.mark.parametrize("how", BURN)
def test_others_go_on(
    burning: Callable[[str], Sandbox], engine: APIClient, sandbox: Sandbox, how: str
) -> None:
    burner = burning(how)
    try:
        began = time.monotonic()
        assert sandbox.shell("docker run --rm ubuntu echo others run", seconds=30) == "others run"
        print(f"{how}: docker run beside it took {time.monotonic() - began:.1f} s")
    finally:
        engine.remove_container(burner.container, v=True, force=True)


def test_the_machines_own_processes_come_first(
    burning: Callable[[str], Sandbox], engine: APIClient
) -> None:
    """One process of the machine's, such as the site, against 64 in a sandbox."""
    burner = burning("busy loops")
    try:
        before = seconds_used(engine, burner)
        until = "import time; end = time.monotonic() + 3\nwhile time.monotonic() < end: pass"
        ours = subprocess.Popen(
            ["python3", "-S", "-c", f"{until}\nprint(time.process_time())"],
            stdout=subprocess.PIPE,
            text=True,
        )
        used = float(ours.communicate(timeout=60)[0])
        theirs = seconds_used(engine, burner) - before
    finally:
        engine.remove_container(burner.container, v=True, force=True)
    processors = len(os.sched_getaffinity(0))
    print(f"of 3 s on {processors} processors: ours {used:.1f} s, the sandbox {theirs:.1f} s")
    assert used > theirs / processors / 2

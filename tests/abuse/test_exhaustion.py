"""A sandbox that takes all it can get: it harms itself, others go on, and it can be ended."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker
import pytest
from docker import APIClient

from tests.engine.conftest import Sandbox

pytestmark = pytest.mark.alone

RUN = "docker run --rm busybox echo going on"


@pytest.fixture(scope="module")
def neighbour(new_sandbox: Callable[..., Sandbox]) -> Sandbox:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    sandbox.shell("docker pull -q busybox")
    return sandbox


@pytest.fixture(scope="module")
def attacker(new_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """For attempts that leave it usable."""
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    sandbox.shell("docker pull -q busybox")
    return sandbox


@pytest.fixture
def doomed(
    new_sandbox: Callable[..., Sandbox], neighbour: Sandbox, engine: APIClient
) -> Iterator[Sandbox]:
    """A sandbox that a test may ruin. Whatever it did, it ends within ten seconds."""
    sandbox = new_sandbox(Memory=256 * 2**20, MemorySwap=256 * 2**20, PidsLimit=256)
    sandbox.wait_for_engine()
    yield sandbox
    before = time.monotonic()
    engine.remove_container(sandbox.container, v=True, force=True)
    assert time.monotonic() - before < 10
    assert neighbour.shell(RUN, seconds=20) == "going on"


def start(sandbox: Sandbox, line: str, user: str = "root") -> None:
    sandbox.shell(f"setsid sh -c '{line}' > /dev/null 2>&1 < /dev/null & true", user)


def kernel_log() -> int:
    """How many lines the machine's kernel has kept."""
    return subprocess.run(["dmesg"], capture_output=True, check=True).stdout.count(b"\n")


def test_a_fork_bomb_takes_its_own_processes_only(doomed: Sandbox, neighbour: Sandbox) -> None:
    # A shell's own bomb burns out by itself: a shell that can't fork ends.
    start(doomed, 'perl -e "while (1) { fork; select undef, undef, undef, 0.05 }"', user="student")
    end = time.monotonic() + 20
    while doomed.run("sh", "-c", "sleep 1 | sleep 1 | sleep 1").returncode == 0:
        assert time.monotonic() < end, "the bomb never took all that it may"
    assert neighbour.shell(RUN, seconds=20) == "going on"
    assert int(Path("/proc/loadavg").read_text().split()[3].split("/")[1]) < 20_000


def test_zombies_are_cleared(doomed: Sandbox) -> None:
    start(doomed, 'perl -e "fork or exit for 1 .. 1000; sleep 1"')
    end = time.monotonic() + 10
    # No program can be started in it while all its numbers are taken.
    while doomed.run("sh", "-c", "set -- /proc/[0-9]*; [ $# -lt 60 ]").returncode != 0:
        assert time.monotonic() < end, "the dead stay"
        time.sleep(0.2)


def test_memory_ends_inside_and_the_engine_comes_back(doomed: Sandbox, neighbour: Sandbox) -> None:
    eaten = doomed.run("perl", "-e", '$x = "a" x 1e9; print "eaten"', user="root")
    assert eaten.returncode == 137, "killed by the limit of its own group"
    for _ in range(3):
        doomed.run("perl", "-e", 'push @x, "a" x 1e6 while 1', user="student")
    doomed.wait_for_engine(20)
    assert neighbour.shell(RUN, seconds=20) == "going on"


def test_files_in_memory_are_the_sandboxes_own(doomed: Sandbox, neighbour: Sandbox) -> None:
    free = available_memory()
    doomed.run("sh", "-c", "mount -t ramfs none /mnt; head -c 900M /dev/zero > /mnt/a", user="root")
    doomed.run("sh", "-c", "head -c 900M /dev/zero > /dev/shm/a", user="root")
    assert free - available_memory() < 700 * 2**20
    assert neighbour.shell(RUN, seconds=20) == "going on"


def available_memory() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no MemAvailable")


def test_the_log_of_a_container_is_cut(attacker: Sandbox) -> None:
    attacker.shell("docker run -d --name flood busybox yes 'a line of a log that never ends'")
    try:
        time.sleep(2)
        size = attacker.shell("cat /var/lib/docker/containers/*/*.log* | wc -c", "root")
        assert 1_000_000 < int(size) < 12_000_000
    finally:
        attacker.shell("docker rm -f flood")


def test_what_a_sandbox_prints_is_kept_nowhere(attacker: Sandbox, engine: APIClient) -> None:
    folder = Path(engine.info()["DockerRootDir"]) / "containers" / attacker.container
    attacker.run("timeout", "1", "sh", "-c", "yes > /proc/1/fd/1", user="root")
    kept = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert kept < 100_000


def test_the_kernels_log_is_not_flooded(attacker: Sandbox) -> None:
    before = kernel_log()
    attacker.run("sh", "-c", "for i in $(seq 300); do sh -c 'kill -SEGV $$'; done", user="root")
    attacker.run(
        "sh", "-c", "for i in $(seq 200); do mount -t ext4 /dev/vda /mnt; done", user="root"
    )
    assert kernel_log() - before < 100


def test_open_files_are_bounded(attacker: Sandbox, neighbour: Sandbox) -> None:
    count = 'my $n = 0; $n++ while open $f[$n], "<", "/dev/null"; print $n'
    assert int(attacker.run("perl", "-e", count, user="root").stdout) <= 65_536
    attacker.refused("ulimit -n 1000000")
    assert neighbour.shell(RUN, seconds=20) == "going on"


def test_many_programs_at_once_from_outside_leave_the_engine_working(
    attacker: Sandbox, neighbour: Sandbox
) -> None:
    """As many terminals and looks as nobody can open through the site."""
    with ThreadPoolExecutor(20) as pool:
        ended = list(pool.map(lambda _: attacker.run("true").returncode, range(40)))
    assert ended == [0] * 40
    assert neighbour.shell(RUN, seconds=20) == "going on"


def test_more_containers_than_there_is_room_for_are_refused(doomed: Sandbox) -> None:
    doomed.shell("docker pull -q busybox")
    line = "for i in $(seq 40); do docker run -d busybox sleep 600 || exit 9; done"
    done = doomed.run("bash", "-c", line, seconds=60)
    assert done.returncode == 9
    assert done.stderr.strip(), "the learner is told"


@pytest.mark.parametrize("name", ["dockerd", "containerd"])
def test_an_engine_that_is_killed_comes_back(attacker: Sandbox, name: str) -> None:
    attacker.shell(f"pkill -9 -x {name}", "root")
    end = time.monotonic() + 15
    while attacker.run("sh", "-c", RUN).returncode != 0:
        assert time.monotonic() < end, "it stays away"


def test_killing_everything_ends_the_sandbox_and_no_more(
    doomed: Sandbox, engine: APIClient
) -> None:
    doomed.run("sh", "-c", "kill -9 -1", user="root")
    end = time.monotonic() + 10
    while engine.inspect_container(doomed.container)["State"]["Running"]:
        assert time.monotonic() < end, "neither alive nor dead"
        time.sleep(0.1)


def test_a_sandbox_that_froze_itself_can_be_ended(doomed: Sandbox) -> None:
    """SIGKILL waits for the thaw on cgroup v1; see kill-frozen. The end is the fixture's."""
    group = "/sys/fs/cgroup/freezer/ice"
    move = f"for p in $(ls /proc); do [ $p = $$ ] || echo $p > {group}/cgroup.procs; done"
    freeze = (
        f"mkdir {group}; while :; do {move}; echo FROZEN > {group}/freezer.state; sleep 0.1; done"
    )
    v2 = "/sys/fs/cgroup/sandbox/cgroup.freeze"
    start(doomed, f"{freeze} & [ ! -f {v2} ] || echo 1 > {v2}")
    time.sleep(0.5)


def test_a_sandbox_whose_list_of_users_never_answers_can_be_ended(
    new_sandbox: Callable[..., Sandbox], engine: APIClient
) -> None:
    """runc reads it in the sandbox whenever the site starts a program there."""
    sandbox = new_sandbox()
    sandbox.shell("rm /etc/passwd; mkfifo /etc/passwd", "root")
    for _ in range(3):
        with pytest.raises(subprocess.TimeoutExpired):
            sandbox.run("true", seconds=1)
    end = time.monotonic() + 45
    while time.monotonic() < end:
        with contextlib.suppress(docker.errors.APIError):
            engine.remove_container(sandbox.container, v=True, force=True)
            break
    with pytest.raises(docker.errors.NotFound):
        engine.inspect_container(sandbox.container)

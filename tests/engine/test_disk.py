"""A sandbox's own disk: filled, it hurts nobody else; ended or killed, it leaves nothing."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from docker import APIClient

from .conftest import Sandbox

ROOT = Path(__file__).parents[2]
FULL = "No space left on device"
FILL = {
    "bytes": "fallocate -l 3900M full/most && dd if=/dev/zero of=full/rest bs=1M",
    "inodes": 'perl -e \'for (1 .. 1e6) { open my $f, ">", "full/$_" or die "$!\\n" }\'',
}


@pytest.fixture
def own(new_sandbox: Callable[[], Sandbox]) -> Sandbox:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    return sandbox


def loop_devices(sandbox: Sandbox) -> list[str]:
    """The devices of this machine that hold the sandbox's disk."""
    mounts = Path("/proc/mounts").read_text().splitlines()
    disk = f"/{sandbox.container}/disk"
    return [line.split()[0] for line in mounts if line.split()[1].endswith(disk)]


def is_in_use(device: str) -> bool:
    return Path("/sys/block", Path(device).name, "loop/backing_file").exists()


def wait_until(done: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("what", FILL)
def test_a_full_disk_hurts_only_its_owner(own: Sandbox, sandbox: Sandbox, what: str) -> None:
    own.shell("docker pull -q busybox && mkdir full")
    assert FULL in own.refused(f"export LC_ALL=C; {FILL[what]}", user="student")
    assert FULL in own.refused("export LC_ALL=C; head -c 1M /dev/zero > more", user="student")

    sandbox.shell("echo more > ~/more && docker run --rm ubuntu true && rm ~/more")

    own.shell("rm -rf full more")
    assert own.shell("docker run --rm busybox echo again") == "again"


def test_a_terminal_opens_on_a_full_disk(own: Sandbox) -> None:
    own.shell("mkdir full")
    own.refused(FILL["bytes"], user="student")
    terminal = "TERM=xterm-256color timeout --foreground 2 hakoniwa-terminal full"
    assert "student@hakoniwa" in own.run("script", "-qc", terminal, "/dev/null").stdout


def test_df_shows_the_sandboxs_own_disk(own: Sandbox) -> None:
    for path in ("/", "/var/lib/docker"):
        size, used = own.shell(f"df --output=size,used -m {path} | tail -1").split()
        assert 3500 < int(size) <= 4096, "HAKONIWA_SANDBOX_DISK is 4g by default"
        assert int(used) < 100, "of others' files nothing is seen"


def test_no_two_sandboxes_share_host_ids(own: Sandbox, sandbox: Sandbox) -> None:
    first, second = (
        int(each.shell("cat /proc/self/uid_map", user="root").split()[1]) for each in (own, sandbox)
    )
    assert abs(first - second) >= 65536


def test_the_end_of_a_sandbox_frees_its_disk(engine: APIClient, own: Sandbox) -> None:
    [device] = loop_devices(own)
    engine.remove_container(own.container, v=True, force=True)
    wait_until(lambda: not loop_devices(own) and not is_in_use(device))


def test_a_killed_shim_leaves_no_disk(engine: APIClient, own: Sandbox) -> None:
    [device] = loop_devices(own)
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if re.match(rb"[^\0]*containerd-shim", command) and own.container.encode() in command:
            os.kill(int(process.name), signal.SIGKILL)
    wait_until(lambda: not loop_devices(own) and not is_in_use(device))
    wait_until(lambda: not engine.inspect_container(own.container)["State"]["Running"])


# What a whole sandbox needs of a file system, and what it runs.
TREE = """
    mkdir -p tree/bin tree/proc tree/sys tree/dev tree/etc tree/var/lib/docker tree/tmp tree/run
    for file in /bin/sleep $(ldd /bin/sleep | grep -o '/[^ ]*'); do cp --parents -L $file tree; done
    engine_docker import --change 'VOLUME /var/lib/docker' <(tar -C tree -c .) sleeper > /dev/null
"""
RUN = "engine_docker run --detach --network none sleeper /bin/sleep 600 > /dev/null"


def test_an_engine_killed_and_started_again_leaves_nothing(tmp_path: Path) -> None:
    """An engine of this test's own, with a container that has what a sandbox has."""
    lines = f"""
        set -euo pipefail
        here={ROOT} state=/var/tmp/hakoniwa-$$ run=/run/hakoniwa-$$ owner_group=root
        for part in $here/.classroom/*.sh $here/sandbox/engine/engine.sh; do . $part; done
        cd {tmp_path} && mkdir -p $run $state
        trap 'engine_stop; rm -rf $run $state' EXIT
        engine_start
        {TREE}
        {RUN}
        device=$(awk -v run=$run/ 'index($2, run) && /ext4/ {{ print $1 }}' /proc/mounts)
        sleeper=$(cat $run/containerd/*/moby/*/init.pid)
        shim=$(ps -o ppid= -p $sleeper)
        for name in dockerd containerd; do
            read -r pid _ < $(process_file $name)
            kill -9 $pid
        done
        kill -9 $shim
        sleep 0.2
        engine_start
        left() {{ ls $run/sandboxes; losetup $device; ps -o args= -p $sleeper; }}
        nothing_left() {{ [ -z "$(left)" ]; }}
        wait_until 10 nothing_left
        {RUN}
        echo whole
    """
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, timeout=90)
    assert done.stdout.strip() == "whole", done.stderr

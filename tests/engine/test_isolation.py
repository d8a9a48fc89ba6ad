"""What the root of a sandbox must not be able to do to the machine and to others."""

from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from docker import APIClient

from .conftest import Sandbox


@pytest.mark.parametrize(
    "line",
    [
        "echo '|/tmp/x' > /proc/sys/kernel/core_pattern",
        "echo 3 > /proc/sys/vm/drop_caches",
        "echo b > /proc/sysrq-trigger",
        "mknod /tmp/disk b 254 0 && head -c 1 /tmp/disk",
        "date -s 2001-01-01",
        "cat /proc/1/root/etc/shadow > /dev/null && dmesg",
    ],
)
def test_machine_is_out_of_reach(sandbox: Sandbox, line: str) -> None:
    sandbox.refused(line)


def test_core_pattern_is_out_of_reach_from_a_container(sandbox: Sandbox) -> None:
    core_pattern = Path("/proc/sys/kernel/core_pattern")
    before = core_pattern.read_text()
    sandbox.refused(
        "docker run --rm -v /:/h ubuntu sh -c 'echo x > /h/proc/sys/kernel/core_pattern'", "student"
    )
    assert core_pattern.read_text() == before


def test_own_memory_limit_cannot_be_raised(sandbox: Sandbox) -> None:
    old = "/sys/fs/cgroup/memory/memory.limit_in_bytes"
    sandbox.refused(
        f"limit={old}; [ -f $limit ] || limit=/sys/fs/cgroup/memory.max; echo 8G > $limit"
    )


@pytest.mark.parametrize(
    ("number", "name", "errno"),
    [
        (250, "keyctl", 38),
        (321, "bpf", 1),
        (298, "perf_event_open", 1),
        (323, "userfaultfd", 1),
        (425, "io_uring_setup", 1),
        (304, "open_by_handle_at", 1),
        (246, "kexec_load", 1),
        (103, "syslog", 1),
        (179, "quotactl", 1),
        (300, "fanotify_init", 1),
        (312, "kcmp", 1),
    ],
)
def test_seccomp_refuses(sandbox: Sandbox, number: int, name: str, errno: int) -> None:
    """Perl is Debian's essential; `syscall` is its way to a bare system call (x86-64 numbers)."""
    script = f"syscall({number}, 0, 0, 0, 0, 0); print $!+0"
    assert sandbox.run("perl", "-e", script, user="root").stdout == str(errno), name


def test_no_setuid_program_is_left(sandbox: Sandbox) -> None:
    assert sandbox.shell("find / -xdev -perm /6000 -type f 2>/dev/null || true", "root") == ""


def test_container_without_user_namespace_is_refused(engine: APIClient, sandbox: Sandbox) -> None:
    image = engine.inspect_container(sandbox.container)["Config"]["Image"]
    created = engine.create_container(
        image, host_config=engine.create_host_config(userns_mode="host", network_mode="none")
    )
    try:
        with pytest.raises(docker.errors.APIError, match="user namespace"):
            engine.start(created["Id"])
    finally:
        engine.remove_container(created["Id"], v=True, force=True)


def test_many_containers_leave_everybody_working(new_sandbox: Callable[[], Sandbox]) -> None:
    """Session keys were shared: the seventh sandbox of thirty containers stopped everyone."""
    sandboxes = [new_sandbox() for _ in range(3)]
    for sandbox in sandboxes:
        sandbox.wait_for_engine()
        sandbox.shell("docker pull -q busybox")
        sandbox.shell("for i in $(seq 30); do docker run -d busybox sleep 600; done", seconds=180)
    for sandbox in sandboxes:
        assert sandbox.shell("docker ps -q | wc -l") == "30"
    keys = [line.split() for line in Path("/proc/key-users").read_text().splitlines()]
    of_sandboxes = [
        int(line[3].split("/")[0]) for line in keys if int(line[0].rstrip(":")) >= 100000
    ]
    assert sum(of_sandboxes) < 60

"""What the root of a sandbox must not be able to do to the machine and to others."""

import base64
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from docker import APIClient

from sandbox.isolation import IDENTITIES, PROBES, probe

from .conftest import PATIENCE, Sandbox

pytestmark = pytest.mark.alone

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("identity", IDENTITIES)
async def test_nothing_that_is_tried_before_the_site_opens_succeeds(
    sandbox: Sandbox, identity: str
) -> None:
    sandbox.shell("docker pull -q busybox")
    assert await probe(sandbox.container, identity) == []


def test_what_is_tried_succeeds_where_nothing_protects() -> None:
    """On the machine itself; opening writes nothing."""
    done = subprocess.run(["sh", PROBES, ""], capture_output=True, text=True, timeout=60 * PATIENCE)
    *succeeded, last = done.stdout.splitlines()
    kinds = {line.split()[0] for line in succeeded}
    assert {"kernel-settings", "devices", "machine-root", "mounts"} <= kinds
    assert last == "DONE"


@pytest.mark.parametrize(
    ("language", "words"), [("en", ["Cause: ", "Remedy: "]), ("ja", ["原因：", "対処："])]
)
def test_the_site_stays_closed_where_one_succeeds(language: str, words: list[str]) -> None:
    """Which this machine can't show; so a path that is open is tried as well."""
    prove = [sys.executable, "manage.py", "prove_isolation", "--language", language]
    done = subprocess.run(
        [*prove, "--also", "/var/log/dockerd.log"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90 * PATIENCE,
    )
    assert done.returncode == 1
    assert "root: also /var/log/dockerd.log" in done.stderr
    assert [word for word in words if word not in done.stderr] == []


@pytest.mark.parametrize(
    "line", ["date -s 2001-01-01", "cat /proc/1/root/etc/shadow > /dev/null && dmesg"]
)
def test_machine_is_out_of_reach(sandbox: Sandbox, line: str) -> None:
    sandbox.refused(line)


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


def test_a_sandbox_cannot_set_its_own_limits(sandbox: Sandbox) -> None:
    """Its root owns its control group and may divide it, but what the machine set stays.

    Writing what is there already does no harm where it succeeds. cgroup v2's names and v1's.
    """
    limits = "memory.max memory.high memory.swap.max pids.max cpu.max cgroup.max.descendants"
    limits += " memory/memory.limit_in_bytes pids/pids.max cpu/cpu.cfs_quota_us"
    tried = sandbox.shell(
        f"cd /sys/fs/cgroup; for file in {limits}; do [ -e $file ] || continue;"
        " chown root $file; chmod a+w $file; (cat $file > $file) && echo SET $file"
        " || echo kept ${file##*/}; done 2> /dev/null",
        "root",
    )
    assert "SET" not in tried
    assert "kept pids.max" in tried
    assert "kept memory." in tried


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


def test_sockets_cannot_be_opened_the_32_bit_way(sandbox: Sandbox) -> None:
    """`socketcall` by int 0x80 would walk round the filter on `socket`, which sees its arguments.

    A program of 64 bits and few bytes: socketcall(SYS_SOCKET, {AF_VSOCK, SOCK_STREAM, 0}), and its
    errno as the exit code. The filter lets no call of 32 bits in, whatever it is.
    """
    base = 0x400000
    head = 64 + 56  # the ELF header and one program header
    code = (
        (
            b"\xb8\x66\x00\x00\x00"  # mov eax, 102 (socketcall)
            b"\xbb\x01\x00\x00\x00"  # mov ebx, 1 (SYS_SOCKET)
            b"\xb9"
            + struct.pack("<I", base + head + 32)
            + b"\xcd\x80"  # mov ecx, arguments; int 0x80
            b"\xf7\xd8"  # neg eax
            b"\x89\xc7"  # mov edi, eax
            b"\xb8\x3c\x00\x00\x00\x0f\x05"  # exit(edi)
        ).ljust(32, b"\x90")
    )
    body = code + struct.pack("<III", 40, 1, 0)
    size = head + len(body)
    program = (
        struct.pack("<16sHHIQQQ", b"\x7fELF\x02\x01\x01", 2, 62, 1, base + head, 64, 0)
        + struct.pack("<IHHHHHH", 0, 64, 56, 1, 0, 0, 0)
        + struct.pack("<IIQQQQQQ", 1, 7, 0, base, base, size, size, 0x1000)
        + body
    )
    encoded = base64.b64encode(program).decode()
    done = sandbox.run(
        "bash", "-c", f"echo {encoded} | base64 -d > /tmp/s && chmod +x /tmp/s && /tmp/s"
    )
    assert done.returncode == 128 + signal.SIGSYS, "killed by the filter, for no other reason"

"""Ways out of a sandbox that are known from elsewhere; none leads to the machine."""

import hashlib
import re
import shlex
import shutil
import socket
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docker import APIClient

from tests.engine.conftest import Sandbox

EVERY_RIGHT = (
    "docker run --rm --cap-add ALL --security-opt seccomp=unconfined"
    " --security-opt systempaths=unconfined --security-opt apparmor=unconfined"
    " --pid host --network host --ipc host --uts host --volume /:/h ubuntu sh -c "
)
# Whoever a learner can become, and how they would type a line then.
IDENTITIES = {
    "student": "sh -c ",
    "root": "sh -c ",
    "root of a user namespace below": "unshare --user --map-root-user --mount --net --ipc --uts"
    " --cgroup --pid --fork sh -c ",
    "a container with every right": EVERY_RIGHT,
}
ROOTS = [name for name in IDENTITIES if name != "student"]


def typed_by(sandbox: Sandbox, identity: str, line: str) -> str:
    """What a line prints, errors included, and whatever its exit code."""
    user = "root" if identity == "root" else "student"
    whole = IDENTITIES[identity] + shlex.quote(line)
    done = sandbox.run("bash", "-c", f"{whole} 2>&1; true", user=user)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def marker() -> Iterator[Path]:
    """A file of the machine's that everybody may read, were it in reach."""
    path = Path(f"/var/tmp/hakoniwa-marker-{uuid.uuid4().hex}")  # noqa: S108
    path.write_text("the machine's own file")
    path.chmod(0o644)
    yield path
    path.unlink()


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_setting_of_the_kernel_opens_but_those_of_its_own_namespaces(
    sandbox: Sandbox, identity: str
) -> None:
    """Opened for writing, not written: all of /proc/sys and /proc, and /sys if it were writable."""
    own = r"/proc/sys/(net|user|fs/mqueue)/|/proc/sys/kernel/(msg|sem|shm|auto_msgmni"
    own += r"|ns_last_pid|pid_max|hostname|domainname)|/proc/(\d+|self|thread-self)/"
    # The kernel's account of stalls: writing asks to be told of them, no more.
    own += r"|/proc/pressure/|/sys/fs/cgroup/"
    script = r"find /proc /sys -type f ! -path '/proc/[0-9]*' 2>/dev/null"
    script += r""" | perl -MFcntl -lne 'print "OPEN $_" if sysopen F, $_, O_WRONLY'"""
    opened = re.findall(r"OPEN (.*)", typed_by(sandbox, identity, script))
    assert [path for path in opened if not re.match(own, path)] == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("kernel/shmmax", "4096"),
        ("kernel/msgmni", "7"),
        ("fs/mqueue/queues_max", "11"),
        ("user/max_user_namespaces", "13"),
        ("kernel/pid_max", "4000"),
        ("net/core/somaxconn", "17"),
    ],
)
def test_a_setting_that_can_be_written_is_not_the_machines(
    sandbox: Sandbox, setting: str, value: str
) -> None:
    path = Path("/proc/sys") / setting
    ours, theirs = path.read_text(), sandbox.shell(f"cat {path}", "root")
    try:
        sandbox.run("sh", "-c", f"echo {value} > {path}", user="root")
        assert path.read_text() == ours
    finally:
        sandbox.run("sh", "-c", f"echo {theirs} > {path}", user="root")


@pytest.mark.parametrize("identity", ROOTS)
@pytest.mark.parametrize(
    "device",
    ["b 254 0", "b 8 0", "b 7 0", "c 1 1", "c 1 2", "c 1 4", "c 1 11", "c 10 229", "c 10 237"],
    ids=["vda", "sda", "loop", "mem", "kmem", "port", "kmsg", "fuse", "loop-control"],
)
def test_a_device_cannot_be_made(sandbox: Sandbox, identity: str, device: str) -> None:
    line = f"mknod /tmp/device {device} && echo MADE"
    if identity == "a container with every right":
        line = f"mknod /h/tmp/device {device} && echo MADE; {line}"
    assert "MADE" not in typed_by(sandbox, identity, line)


def test_a_device_of_the_machine_cannot_be_lent_to_a_container(sandbox: Sandbox) -> None:
    for device in ("/dev/vda", "/dev/mem", "/dev/kmsg", "/dev/fuse", "/dev/net/tun", "/dev/kvm"):
        sandbox.refused(f"docker run --rm --device {device} ubuntu true", "student")


@pytest.mark.parametrize("identity", ROOTS)
def test_file_systems_of_the_machine_cannot_be_mounted(sandbox: Sandbox, identity: str) -> None:
    kinds = "sysfs devtmpfs debugfs tracefs securityfs pstore configfs efivarfs hugetlbfs"
    line = (
        f"mkdir -p /tmp/m; for kind in {kinds}; do"
        " mount -t $kind none /tmp/m && { echo MOUNTED $kind; umount /tmp/m; }; done;"
        " for kind in ext4 xfs btrfs vfat squashfs erofs iso9660; do"
        " mount -t $kind /dev/vda /tmp/m && echo MOUNTED $kind; done"
    )
    assert "MOUNTED" not in typed_by(sandbox, identity, line)


def test_sysfs_cannot_be_made_writable(sandbox: Sandbox) -> None:
    sandbox.refused("mount -o remount,rw /sys")
    sandbox.refused("mount -o remount,bind,rw /sys && : > /sys/kernel/uevent_helper")
    sandbox.refused("umount /sys && mount -t sysfs sysfs /sys")


@pytest.mark.parametrize("identity", ROOTS)
def test_no_program_of_the_sandbox_is_started_by_the_kernel_outside(
    sandbox: Sandbox, identity: str
) -> None:
    """The release agent of cgroup v1 (CVE-2022-0492), core_pattern, modprobe, uevent_helper."""
    witness = Path(f"/var/tmp/hakoniwa-witness-{uuid.uuid4().hex}")  # noqa: S108
    program = f"#!/bin/sh\ntouch {witness}\n"
    line = (
        f"printf {shlex.quote(program)} > /tmp/agent; chmod +x /tmp/agent; mkdir -p /tmp/cg;"
        # The program is somewhere on the machine's disk too; overlayfs says where.
        " up=$(sed -n 's/.*upperdir=\\([^,]*\\).*/\\1/p' /proc/mounts | head -n 1)/tmp/agent;"
        " for kind in memory pids freezer devices; do mount -t cgroup -o $kind none /tmp/cg"
        " && { mkdir -p /tmp/cg/x; echo 1 > /tmp/cg/x/notify_on_release;"
        " echo $up > /tmp/cg/release_agent && echo SET;"
        " sh -c 'echo $$ > /tmp/cg/x/cgroup.procs'; rmdir /tmp/cg/x; umount /tmp/cg; }; done;"
        " for file in /proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe"
        " /proc/sys/kernel/hotplug /sys/kernel/uevent_helper"
        " $(find /sys/fs/cgroup -name release_agent); do echo $up > $file && echo SET; done;"
        " sleep 9 & kill -SEGV $!; ip link add type no-such-kind"
    )
    assert "SET" not in typed_by(sandbox, identity, line)
    assert not witness.exists()


@pytest.mark.parametrize("identity", ROOTS)
def test_a_binary_format_is_registered_for_nobody_else(sandbox: Sandbox, identity: str) -> None:
    """Since Linux 6.7 a user namespace has formats of its own; before, the mount is refused."""
    line = (
        "mkdir -p /tmp/b; mount -t binfmt_misc none /tmp/b &&"
        " { echo ':hakoniwa:E::hakoniwa::/bin/true:F' > /tmp/b/register; umount /tmp/b; }"
    )
    typed_by(sandbox, identity, line)
    there = Path(f"/tmp/hakoniwa-binfmt-{uuid.uuid4().hex}")  # noqa: S108
    there.mkdir()
    mounted = subprocess.run(["mount", "-t", "binfmt_misc", "none", there], check=False)
    try:
        assert not (there / "hakoniwa").exists()
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", there], check=True)
        there.rmdir()


@pytest.mark.parametrize("identity", ROOTS)
def test_the_machines_files_are_found_by_no_way(
    sandbox: Sandbox, identity: str, marker: Path
) -> None:
    line = (
        f"for way in '' /h /proc/1/root /h/proc/1/root $(ls -d /proc/[0-9]*/root /proc/[0-9]*/cwd"
        f" /proc/self/fd/* /proc/1/fd/*); do for up in '' /.. /../../../../../..; do"
        f' cat "$way$up{marker}"; done; done 2>/dev/null'
    )
    assert "the machine's own" not in typed_by(sandbox, identity, line)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_machines_processes_are_out_of_sight(sandbox: Sandbox, identity: str) -> None:
    """Not seen, so not traced, signalled or entered: there is no number to name them by."""
    word = f"hakoniwa-{uuid.uuid4().hex}"
    with subprocess.Popen(["sleep", "600"], env={"WORD": word}) as process:
        try:
            everything = "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'"
            output = typed_by(sandbox, identity, f"{everything} | grep '[h]{word[1:]}'")
        finally:
            process.kill()
    assert word not in output


def test_privileged_containers_are_refused(sandbox: Sandbox) -> None:
    sandbox.refused("docker run --rm --privileged -v /:/h ubuntu ls /h", "student")


@pytest.mark.parametrize("identity", IDENTITIES)
def test_calls_that_reach_the_kernel_itself_are_refused(sandbox: Sandbox, identity: str) -> None:
    """x86-64 numbers, besides those of tests/engine/test_isolation.py."""
    refused = {
        "acct": 163, "swapon": 167, "swapoff": 168, "reboot": 169, "settimeofday": 164,
        "init_module": 175, "finit_module": 313, "delete_module": 176, "kexec_file_load": 320,
        "clock_settime": 227, "clock_adjtime": 305, "iopl": 172, "ioperm": 173, "modify_ldt": 154,
        "mbind": 237, "move_pages": 279, "migrate_pages": 256, "vhangup": 153,
        "io_uring_enter": 426, "memfd_secret": 447,
    }  # fmt: skip
    script = "for my $n (@ARGV) { $! = 0; my $r = syscall($n, -1, -1, -1, -1, -1);"
    script += ' print "$n=$r,", $!+0, "\\n" }'
    numbers = " ".join(str(number) for number in refused.values())
    output = typed_by(sandbox, identity, f"perl -e {shlex.quote(script)} {numbers}")
    for name, number in refused.items():
        assert f"{number}=-1,1\n" in output, f"{name}: {output}"


@pytest.mark.parametrize("identity", IDENTITIES)
def test_sockets_of_four_families_alone_can_be_opened(sandbox: Sandbox, identity: str) -> None:
    """No AF_VSOCK (the hypervisor), AF_ALG, AF_PACKET, AF_XDP, AF_TIPC, AF_CAN, AF_BLUETOOTH, …"""
    script = 'for my $f (0 .. 60) { for my $t (1 .. 5) { print "$f " if socket S, $f, $t, 0 } }'
    opened = set(typed_by(sandbox, identity, f"perl -e {shlex.quote(script)}").split())
    assert opened == {"1", "2", "10", "16"}, "AF_UNIX, AF_INET, AF_INET6, AF_NETLINK"


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_kernel_is_spoken_to_of_networks_only(sandbox: Sandbox, identity: str) -> None:
    """Netlink's other protocols, XFRM (IPsec), crypto, RDMA and so on, are more of the kernel."""
    script = 'for my $p (0 .. 40) { print "$p " if socket S, 16, 3, $p }'
    opened = set(typed_by(sandbox, identity, f"perl -e {shlex.quote(script)}").split())
    assert {"0", "12"} <= opened <= {"0", "4", "9", "12", "16"}


@pytest.mark.parametrize("identity", IDENTITIES)
def test_abstract_sockets_of_the_machine_are_out_of_reach(sandbox: Sandbox, identity: str) -> None:
    """containerd-shim listened at one (CVE-2020-15257). They belong to a network namespace."""
    name = f"hakoniwa-{uuid.uuid4().hex}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{name}")
        listener.listen()
        script = (
            "use Socket; socket S, AF_UNIX, SOCK_STREAM, 0;"
            f' print connect(S, pack_sockaddr_un("\\0{name}")) ? "CONNECTED" : "refused"'
        )
        output = typed_by(sandbox, identity, f"perl -e {shlex.quote(script)}")
    assert output == "refused"


def test_the_machines_name_is_its_own(sandbox: Sandbox) -> None:
    before = socket.gethostname()
    typed_by(sandbox, "root", "old=$(hostname); hostname taken; hostname $old")
    typed_by(sandbox, "a container with every right", "hostname taken; hostname hakoniwa")
    assert socket.gethostname() == before


def test_a_working_directory_leads_nowhere_else(
    new_sandbox: Callable[[], Sandbox], engine: APIClient, marker: Path
) -> None:
    """CVE-2024-21626: the folder in which the site's own programs start, made a link to a file
    descriptor that runc has left open."""
    sandbox = new_sandbox()
    for number in range(3, 16):
        line = f"rm -rf ~/work; ln -s /proc/self/fd/{number} ~/work"
        created = engine.exec_create(sandbox.container, ["bash", "-c", line], workdir="/")
        engine.exec_start(created["Id"])
        done = sandbox.run("sh", "-c", f"cat .{'/..' * 12}{marker}")
        assert "the machine's own" not in done.stdout


def test_the_runtime_of_the_machine_cannot_be_overwritten(
    new_sandbox: Callable[[], Sandbox],
) -> None:
    """CVE-2019-5736: a program that is runc itself, while another opens it for writing."""
    runc = shutil.which("runc")
    assert runc
    before = hashlib.sha256(Path(runc).read_bytes()).hexdigest()
    sandbox = new_sandbox()
    sandbox.run("tee", "/usr/local/bin/bait", user="root", typed="#!/proc/self/exe\n")
    # The last field of loadavg is the newest process.
    hunter = (
        'open O, ">>", "/tmp/hunt"; O->autoflush(1); my %seen; while (1) { open L, "/proc/loadavg";'
        " my $newest = (split ' ', <L>)[4]; for my $p ($newest - 5 .. $newest + 2) {"
        ' next unless (readlink "/proc/$p/exe" // "") =~ /runc/; open(my $f, "<", "/proc/$p/exe")'
        ' or next; my $w = open my $g, ">>", "/proc/$$/fd/" . fileno $f;'
        ' print O $w ? "WRITTEN\\n" : "caught\\n" unless $seen{"$p $w"}++ } }'
    )
    # Its own runc, which the engine inside asks for its version, may be overwritten.
    sandbox.shell("mv /usr/sbin/runc /usr/sbin/own; touch /tmp/hunt", "root")
    sandbox.shell("chmod +x /usr/local/bin/bait", "root")
    sandbox.shell(
        f"setsid perl -MIO::Handle -e {shlex.quote(hunter)} > /dev/null 2>&1 < /dev/null &", "root"
    )
    for _ in range(8):
        done = sandbox.run("/usr/local/bin/bait", user="root", seconds=20)
        assert "help topic" in done.stderr + done.stdout, "it is runc that runs here"
    hunted = sandbox.shell("pkill perl; cat /tmp/hunt", "root")
    assert "WRITTEN" not in hunted
    assert hashlib.sha256(Path(runc).read_bytes()).hexdigest() == before


def test_the_end_of_a_sandbox_follows_no_link_out_of_it(
    new_sandbox: Callable[[], Sandbox], engine: APIClient, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    kept.write_text("still here")
    tmp_path.chmod(0o777)
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    links = ("/var/lib/docker/volumes", "/var/lib/docker/out", "/home/student")
    line = "; ".join(f"rm -rf {link}; ln -s {tmp_path} {link}" for link in links)
    sandbox.shell(line, "root")
    engine.remove_container(sandbox.container, v=True, force=True)
    assert kept.read_text() == "still here"

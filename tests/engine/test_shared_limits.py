"""What a kernel counts for each user or for all: one sandbox takes all it can, others go on.

What a sandbox takes is held until the neighbour has tried; system calls by their x86-64 numbers.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from .conftest import Sandbox

pytestmark = pytest.mark.alone


@dataclass(frozen=True)
class Limit:
    """What takes all it can get, in Perl; what then must still succeed elsewhere."""

    take: str
    need: str
    at_least: int
    processes: int = 1


# A message of 253 descriptors on each of many sockets; none is ever received.
IN_FLIGHT = """
    use Socket; my $fd = fileno STDIN;
    OUT: while ($n < 80000) {
        socketpair my $a, my $b, AF_UNIX, SOCK_DGRAM, 0 or last; push @keep, $a, $b;
        for (1 .. 9) {
            my $byte = "x"; my $part = pack "PQ", $byte, 1;
            my $control = pack("QLL", 16 + 4 * 253, 1, 1) . pack("l*", ($fd) x 253) . "\\0" x 4;
            my $message = pack "QLLPQPQlL", 0, 0, 0, $part, 1, $control, length $control, 0, 0;
            syscall(46, fileno $a, $message, 0x40) < 0 and last OUT; $n += 253;
        }
    }
"""
PIPES = """
    while ($n < 40000) {
        pipe my $a, my $b or last; push @keep, $a, $b;
        fcntl($b, 1031, 1 << 20) or last; $n += 256;
    }
"""
# Pending signals are counted with those that wait; blocked first.
SIGNALS = """
    use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(50));
    my $info = pack("llll", 50, 0, -1, 0) . "\\0" x 112;
    my $me = $$ + 0; while (syscall(129, $me, 50, $info) == 0) { $n++ }
"""
QUEUES = """
    for my $i (1 .. 64) {
        my $name = "q$$-$i"; my $attributes = pack "q8", 0, 10, 8192, 0, 0, 0, 0, 0;
        syscall(240, $name, 0102, 0600, $attributes) < 0 and last; $n++;
    }
"""
UNLINK = 'for my $i (1 .. 64) { my $name = "q$$-$i"; syscall(241, $name) }'
AIO = """
    for (1 .. 64) {
        my $context = "\\0" x 8; syscall(206, 4096, $context) < 0 and last; $n += 4096;
    }
"""
# Of many users of its own, as its root may be any of them.
INOTIFY = """
    $) = "$i $i"; $> = $i; while (syscall(294, 0) >= 0) { $n++ }
"""
TERMINALS = """
    while ($n < 5000 && open my $file, "+<", "/dev/ptmx") { push @keep, $file; $n++ }
"""
LIMITS = {
    "descriptors in flight": Limit(IN_FLIGHT, "", 10_000),
    "pipe pages": Limit(PIPES, "pipe A, B; fcntl(B, 1031, 1 << 20) or exit 1", 16_000),
    "pending signals": Limit(SIGNALS, SIGNALS + "exit($n < 100)", 1_000),
    "message queues": Limit(QUEUES, QUEUES + UNLINK + "exit($n < 2)", 2),
    "asynchronous reads and writes": Limit(
        AIO, 'my $c = "\\0" x 8; syscall(206, 128, $c) and exit 1', 65_536
    ),
    "inotify instances": Limit(INOTIFY, "syscall(294, 0) < 0 and exit 1", 100, processes=80),
    "terminals": Limit(TERMINALS, "", 3_000),
}


@pytest.fixture(scope="module")
def greedy(new_sandbox: Callable[[], Sandbox]) -> Sandbox:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    return sandbox


@contextmanager
def taking(greedy: Sandbox, limit: Limit) -> Iterator[int]:
    """Holds all that the sandbox can get; how much that is."""
    script = f"""
        $| = 1; my ($n, @keep); my $i = 0;
        for (1 .. {limit.processes - 1}) {{ $i = $_; last if !fork; $i = 0 }}
        {limit.take}
        print $n + 0, "\\n"; sleep 30;
    """
    command = ["docker", "--host", greedy.engine, "exec", greedy.container, "timeout", "20", "perl"]
    holder = subprocess.Popen([*command, "-e", script], stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    try:
        yield sum(int(holder.stdout.readline()) for _ in range(limit.processes))
    finally:
        greedy.run("pkill", "-9", "perl", user="root")
        holder.wait(timeout=20)


@pytest.mark.parametrize("name", LIMITS)
def test_what_one_sandbox_uses_up_others_have(greedy: Sandbox, sandbox: Sandbox, name: str) -> None:
    limit = LIMITS[name]
    with taking(greedy, limit) as taken:
        assert taken >= limit.at_least, "too little to stop anybody"
        for user in ("student", "root"):
            assert sandbox.run("perl", "-e", limit.need, user=user).returncode == 0
        assert "others run" in with_a_terminal(sandbox, "docker run --rm -t ubuntu echo others run")
        machine = subprocess.run(["perl", "-e", limit.need], check=False)
        assert machine.returncode == 0, "the machine itself"


def with_a_terminal(sandbox: Sandbox, line: str) -> str:
    """What a line prints into a terminal that opens now."""
    command = ["docker", "--host", sandbox.engine, "exec", "--tty", sandbox.container]
    done = subprocess.run(
        [*command, "sh", "-c", line], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr

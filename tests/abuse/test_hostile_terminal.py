"""A learner's own program speaks the terminal's websocket: the site and the others go on."""

import contextlib
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from websockets.exceptions import ConnectionClosed

from tests.browser.conftest import Site

from .program import MemoryOf, Program, Somebody, put_in_the_launchers_place

pytestmark = pytest.mark.alone

# What one terminal may cost the site, whatever goes over it.
MOST_BYTES = 2 * 1024 * 1024
# A second is what nobody would call stuck, on a machine that runs other tests too.
PATIENCE = 1.0
FLOODS = {
    "yes": "yes",
    "100 MB of text": "yes $(seq 30 | tr '\\n' ' ') | head -c 100000000",
}


@pytest.fixture(scope="module")
def attacker(site: Site) -> Somebody:
    return Somebody(site.url)


@pytest.fixture(scope="module")
def neighbour(site: Site) -> Iterator[Program]:
    """Another learner, at work in a shell of theirs."""
    with Somebody(site.url).shell() as shell:
        shell.wait_for("student@hakoniwa")
        shell.echo("warm")
        yield shell


@pytest.fixture
def broken_launcher(site: Site) -> Somebody:
    """A sandbox of this test's own, whose launcher a test replaces."""
    return Somebody(site.url)


@contextmanager
def nothing_suffers(site: Site, neighbour: Program, most_bytes: int = MOST_BYTES) -> Iterator[None]:
    """The site needs little memory meanwhile, and the neighbour's echo goes on."""
    waits: list[float] = []
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.05):
            waits.append(neighbour.echo("mine"))

    working = threading.Thread(target=work)
    with MemoryOf(site.pid) as memory:
        working.start()
        try:
            yield
        finally:
            over.set()
            working.join()
            waits.append(neighbour.echo("after"))
    assert max(waits) < PATIENCE, "the neighbour waits"
    assert memory.grown < most_bytes, f"{memory.grown} bytes more"
    print(
        f"memory +{memory.grown // 1024} KiB, neighbour's echo at most {max(waits) * 1000:.0f} ms"
    )


def read_for(program: Program, seconds: float, pause: float, *, acknowledge: bool = True) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        program.read(0.1, acknowledge=acknowledge)
        time.sleep(pause)


def send_all(program: Program, count: int) -> None:
    for _piece in range(count // 50_000):
        program.socket.send(b"x" * 50_000)


@pytest.mark.parametrize("pause", [0.0, 0.05], ids=["read at once", "read slowly"])
@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_costs_the_site_nothing_and_can_be_stopped(
    site: Site, attacker: Somebody, neighbour: Program, flood: str, pause: float
) -> None:
    with attacker.shell() as shell:
        shell.wait_for("student@hakoniwa")
        with nothing_suffers(site, neighbour):
            shell.type(f"{FLOODS[flood]}\r")
            read_for(shell, 1.5, pause)
            shell.type("\x03")
            shell.echo("stopped")
        shell.type("clear\r")


def test_random_bytes_cost_the_site_nothing_and_can_be_stopped(
    site: Site, attacker: Somebody, neighbour: Program
) -> None:
    """They leave a terminal in whatever alphabet and place, so only their end is looked at."""
    with attacker.shell("6", fresh=1) as shell, attacker.shell() as witness:
        shell.wait_for("student@hakoniwa")
        with nothing_suffers(site, neighbour):
            shell.type("cat /dev/urandom\r")
            read_for(shell, 1.5, 0)
            shell.type("\x03")
        witness.type("clear; while pgrep -x cat; do sleep 0.1; done; echo it-$((1 + 1))nded\r")
        witness.wait_for("it-2nded")


@pytest.mark.parametrize("acknowledge", [True, False], ids=["acknowledged", "never acknowledged"])
def test_a_flood_past_tmux_costs_the_site_nothing(
    site: Site, broken_launcher: Somebody, neighbour: Program, acknowledge: bool
) -> None:
    put_in_the_launchers_place(site.engine, broken_launcher.sandbox, "exec cat /dev/urandom")
    with broken_launcher.shell() as shell, nothing_suffers(site, neighbour):
        read_for(shell, 2, 0, acknowledge=acknowledge)
    if not acknowledge:
        assert shell.received < 600_000, "more than a window"


@pytest.mark.parametrize("tmux", [True, False], ids=["a shell that sleeps", "nobody reads"])
def test_input_without_end_is_refused_and_costs_the_site_nothing(
    site: Site, broken_launcher: Somebody, neighbour: Program, tmux: bool
) -> None:
    if not tmux:
        put_in_the_launchers_place(site.engine, broken_launcher.sandbox, "sleep 1000")
    with broken_launcher.shell() as shell:
        if tmux:
            shell.wait_for("student@hakoniwa")
            shell.type("sleep 1000\r")
        # Two bounds of input and the frames under way; without them it was 120 MB.
        with nothing_suffers(site, neighbour, most_bytes=4 * MOST_BYTES):
            with pytest.raises(ConnectionClosed):
                send_all(shell, 200_000_000)
            assert shell.until_closed() in (4009, 1006)


def test_a_large_paste_of_a_page_that_waits_arrives_whole(attacker: Somebody) -> None:
    """The bound is no bound on what a person pastes: 3 MB, as fast as the shell takes them."""
    size = 3_000_000
    with attacker.shell() as shell:
        shell.wait_for("student@hakoniwa")
        shell.type(f"stty -echo raw; head -c {size} | wc -c; stty sane\r")
        time.sleep(0.5)
        sent = 0
        while sent < size:
            taken = [int(str(told["bytes"])) for told in shell.told if told["type"] == "taken"]
            if sent - max(taken, default=0) < 128 * 1024:
                shell.socket.send(b"y" * 10_000)
                sent += 10_000
            else:
                assert shell.read(10) is not None
        shell.wait_for(str(size))


def test_a_frame_of_a_hundred_megabytes_is_dropped_at_its_head(
    site: Site, attacker: Somebody, neighbour: Program
) -> None:
    with attacker.shell() as shell, nothing_suffers(site, neighbour):
        with contextlib.suppress(ConnectionClosed):
            shell.socket.send(b"x" * 100_000_000)
        assert shell.until_closed() in (1006, 1009)


def test_a_message_in_endless_fragments_is_dropped(
    site: Site, attacker: Somebody, neighbour: Program
) -> None:
    with attacker.shell() as shell, nothing_suffers(site, neighbour):
        with contextlib.suppress(ConnectionClosed):
            shell.socket.send(b"x" * 50_000 for _piece in range(4000))
        assert shell.until_closed() in (1006, 1009)


def test_ten_thousand_sizes_a_second_are_a_few_calls_and_the_last_one_holds(
    site: Site, broken_launcher: Somebody, neighbour: Program
) -> None:
    tells = r"""exec perl -e '$| = 1; $SIG{WINCH} = sub { print "resized ", `stty size` };
        sleep 1 while 1'"""
    put_in_the_launchers_place(site.engine, broken_launcher.sandbox, tells)
    with broken_launcher.shell() as shell:
        time.sleep(0.5)
        seen = b""
        with nothing_suffers(site, neighbour):
            began = time.monotonic()
            for thousand in range(10):
                for number in range(1000):
                    shell.tell(type="resize", cols=40 + number % 100, rows=10)
                # Faster than the site reads, it would close the terminal.
                shell.tell(type="ping", id=thousand)
                while {"type": "pong", "id": thousand} not in shell.told:
                    seen += shell.read(10) or b""
            shell.tell(type="resize", cols=123, rows=45)
            while b"45 123" not in seen:
                piece = shell.read(10)
                assert piece is not None, seen
                seen += piece
            took = time.monotonic() - began
    resized = seen.count(b"resized")
    print(f"{resized} new sizes reached the sandbox in {took:.1f} s")
    assert resized <= 2 + 6 * took


@pytest.mark.parametrize("size", [0, 1, -5, 100_000, 10**30])
def test_a_size_that_is_none_is_refused(attacker: Somebody, neighbour: Program, size: int) -> None:
    with attacker.shell(cols=size, rows=size) as shell:
        shell.wait_for("student@hakoniwa")
        shell.type("clear; stty size\r")
        shell.wait_for("24 80")
        shell.tell(type="resize", cols=size, rows=24)
        assert shell.until_closed() == 4008
    neighbour.echo("mine")


CONTROL = {
    "nothing": b"",
    "zeroes": b"\0" * 500,
    "not UTF-8": b'{"type":"ping","id":\xff\xfe}',
    "half a character": b"\xe3\x81",
    "a surrogate": b'{"type":"\\ud800"}',
    "random bytes": os.urandom(500),
    "deep lists": b"[" * 1000,
    "deep objects": b'{"a":' * 200,
    "a megabyte": b'{"type":"ping","id":1,"x":"' + b"x" * 1_000_000 + b'"}',
    "a number without end": b'{"type":"ack","mark":' + b"9" * 900 + b"}",
    "not a number": b'{"type":"ack","mark":NaN}',
    "another type": b'{"type":["resize"],"cols":80,"rows":24}',
    "twice": b'{"type":"ping","id":1}{"type":"ping","id":2}',
    "a channel message": b'{"type":"session.changed","to":"1"}',
}


@pytest.mark.parametrize("name", CONTROL)
def test_what_is_no_control_message_closes_that_terminal_only(
    attacker: Somebody, neighbour: Program, name: str
) -> None:
    with attacker.shell() as shell:
        shell.wait_for("student@hakoniwa")
        shell.socket.send(CONTROL[name], text=True)
        assert shell.until_closed() in (4008, 1006, 1007), shell.told
    neighbour.echo("mine")


def test_questions_whose_answers_nobody_reads_cost_nothing(
    site: Site, attacker: Somebody, neighbour: Program
) -> None:
    with attacker.shell() as shell:
        shell.wait_for("student@hakoniwa")
        with nothing_suffers(site, neighbour):
            ping = json.dumps({"type": "ping", "id": 7})
            for _number in range(3000):
                shell.socket.send(ping)
        while shell.read(0.3) is not None:
            pass
    answers = [told for told in shell.told if told["type"] == "pong"]
    assert 1 <= len(answers) < 100


def test_terminals_opened_and_dropped_leave_nothing_in_the_sandbox(
    site: Site, attacker: Somebody, neighbour: Program
) -> None:
    for _time in range(20):
        with attacker.shell():
            pass  # gone before the shell is there
    end = time.monotonic() + 10
    with attacker.shell() as shell:
        shell.wait_for("student@hakoniwa")
        while True:
            shell.type("clear; echo there-are-$(pgrep -c -f hakoniwa-termina[l])-\r")
            seen = b""
            while not (found := re.search(rb"there-are-(\d+)-", seen)):
                seen += shell.read(5) or b""
            if int(found[1]) <= 1:
                break
            assert time.monotonic() < end, f"{found[1].decode()} launchers are left"
            time.sleep(0.5)
    neighbour.echo("mine")

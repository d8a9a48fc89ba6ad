"""A learner puts a program of their own in the engine's place: a look fails, the site goes on."""

import asyncio
import resource
import time
from collections.abc import Callable, Iterator

import pytest

from sandbox.errors import EngineAnswerError
from sandbox.learner_engine import learner_engine
from sandbox.models import Sandbox as SandboxRow
from sandbox.observing import MOST_CONTAINERS
from sandbox.snapshot import Question
from sandbox.watching import look_at
from tests.engine.conftest import Sandbox

pytestmark = pytest.mark.alone

# What answers in the place of the `socat` that the site starts; $answer is what a test puts there.
PROGRAM = r"""#!/usr/bin/perl
$| = 1;
sub request { while (<STDIN>) { return 1 if /^\r?$/ } return 0 }
sub whole { my $body = shift;
  print "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ", length $body,
    "\r\n\r\n", $body }
sub chunks { print "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" }
while (request()) { %s }
"""
ANSWERS = {
    "an answer that never ends": 'chunks(); print "400\r\n", "x" x 1024, "\r\n" while 1;',
    "a gigabyte of JSON": (
        'print "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n[";'
        ' print "1," x 500000 for 1 .. 1000;'
    ),
    "a drop now and then": 'chunks(); while (1) { print "1\r\n \r\n"; sleep 1 }',
    "nothing at all": "sleep 600;",
    "an end in the middle": 'print "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n["; exit;',
    "not HTTP": 'print "\0" x 60000, "\r\n\r\n";',
    "endless headers": 'print "HTTP/1.1 200 OK\r\n"; print "A: b\r\n" while 1;',
    "bytes that are no text": 'whole("[{\\"Id\\": \\"\xff\xfe\\"}]");',
    "lists without end": 'whole("[" x 500000);',
    "another form": 'whole("{\\"Id\\": 1}");',
    "a number where a name is": 'whole("[{\\"Id\\": 7}]");',
    "names without end": 'whole("[{\\"Id\\": \\"" . "a" x 900000 . "\\"}]");',
    "an image of a hundred thousand names": (
        'whole("[{\\"Id\\": \\"x\\", \\"RepoTags\\": [" . join(",", ("\\"a\\"") x 100000) . "]}]");'
    ),
    "a redirect to the host": (
        'print "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n";'
    ),
}
EVERYTHING = Question(
    changes=True,
    files=frozenset({"/etc/passwd"}),
    contents=frozenset({"/etc/hostname"}),
    logs=frozenset({"web"}),
    images=True,
    networks=True,
)


@pytest.fixture
def replace_engine(sandbox: Sandbox) -> Iterator[Callable[[str], SandboxRow]]:
    def replace(answer: str) -> SandboxRow:
        sandbox.run("tee", "/usr/local/bin/socat", user="root", typed=PROGRAM % answer)
        sandbox.shell("chmod 755 /usr/local/bin/socat", user="root")
        return SandboxRow(container=sandbox.container)

    yield replace
    # A program that floods goes on when nobody listens any more.
    sandbox.shell("rm -f /usr/local/bin/socat; pkill -9 -f docker.soc[k] || true", user="root")
    sandbox.shell("pkill -9 -x 'yes|tr' || true", user="root")


async def longest_pause() -> float:
    """How long the event loop was held up at worst, until this is cancelled."""
    worst = 0.0
    try:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.005)
            worst = max(worst, time.monotonic() - before)
    except asyncio.CancelledError:
        return worst


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_look_fails_in_time_and_holds_nobody_up(
    replace_engine: Callable[[str], SandboxRow], name: str
) -> None:
    row = replace_engine(ANSWERS[name])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    heart = asyncio.create_task(longest_pause())
    with pytest.raises(EngineAnswerError) as refused:
        async with asyncio.timeout(15):
            await look_at(row, EVERYTHING)
    heart.cancel()
    assert await heart < 0.5, "others wait"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    assert grown < 64 * 1024, f"{grown} KiB more memory"
    assert len(str(refused.value)) <= 200, "a log line of the sandbox's choosing"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("exec yes", "Receive buffer too long|illegal status line"),
        ("exec yes >&2", "the connection ended before an answer"),
        ("exec tr '\\0' 'y' < /dev/zero", "Receive buffer too long"),
        ("exit 1", "the connection ended before an answer"),
    ],
    ids=["yes", "errors", "one line", "nothing"],
)
async def test_a_flood_in_the_place_of_an_engine_is_cut_off_with_its_reason(
    sandbox: Sandbox, replace_engine: Callable[[str], SandboxRow], program: str, reason: str
) -> None:
    row = replace_engine("")
    sandbox.run("tee", "/usr/local/bin/socat", user="root", typed=f"#!/bin/sh\n{program}\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    heart = asyncio.create_task(longest_pause())
    with pytest.raises(EngineAnswerError, match=reason):
        async with asyncio.timeout(10):
            await look_at(row, EVERYTHING)
    heart.cancel()
    assert await heart < 0.5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 16 * 1024


async def test_a_million_containers_are_too_many_to_be_read(
    replace_engine: Callable[[str], SandboxRow],
) -> None:
    row = replace_engine(
        'whole("[" . join(",", ("{\\"Id\\":\\"" . "a" x 64 . "\\"}") x 1e6) . "]");'
    )
    heart = asyncio.create_task(longest_pause())
    with pytest.raises(EngineAnswerError, match="more bytes"):
        await look_at(row, EVERYTHING)
    heart.cancel()
    assert await heart < 0.5


async def test_of_more_containers_than_a_lesson_makes_the_first_are_looked_at(
    sandbox: Sandbox,
) -> None:
    sandbox.shell(
        "docker pull -q busybox; for i in $(seq 45); do docker create -q busybox; done", seconds=120
    )
    snapshot = await look_at(SandboxRow(container=sandbox.container), Question())
    sandbox.shell("docker rm $(docker ps -aq)")
    assert len(snapshot.containers) == MOST_CONTAINERS
    assert snapshot.truncated


async def test_errors_instead_of_events_are_not_read_for_ever(
    replace_engine: Callable[[str], SandboxRow],
) -> None:
    row = replace_engine('chunks(); print STDERR "x" x 65536 while 1;')
    async with learner_engine(row.container) as flooding, asyncio.timeout(10):
        async for _event in flooding.events():
            pass


async def test_a_flood_of_events_is_worth_few_looks(
    replace_engine: Callable[[str], SandboxRow],
) -> None:
    row = replace_engine('chunks(); print "1\r\n{\r\n" while 1;')
    heart = asyncio.create_task(longest_pause())
    looks = 0
    async with learner_engine(row.container) as flooding:
        try:
            async with asyncio.timeout(2):
                async for _event in flooding.events():
                    looks += 1
        except TimeoutError:
            pass
    heart.cancel()
    assert looks < 150
    assert await heart < 0.3

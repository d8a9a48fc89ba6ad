"""Programs in a sandbox that lessons ask to look around: replaced, endless, or never done."""

import asyncio
import base64
import io
import json
import resource
import tarfile
import time
from collections.abc import Callable, Iterator

import pytest

from lessons.checks import KINDS, parse_check
from sandbox import looking_inside, looks
from sandbox.container_texts import _first_file, _is_small_file
from sandbox.looking_inside import run_all
from sandbox.models import Sandbox as SandboxRow
from sandbox.snapshot import Command, Question, Ran, Snapshot
from sandbox.watching import look_at
from tests.check_pages import example_on
from tests.engine.conftest import Sandbox

from .test_hostile_engine import longest_pause

pytestmark = pytest.mark.alone

PROGRAM = "/usr/local/bin/timeout"
ANSWERS = {
    "nothing at all": "sleep 600",
    "output that never ends": "cat /dev/zero",
    "errors that never end": "cat /dev/zero >&2",
    "an end with a child that goes on": "sleep 600 & exit 0",
}
COMMANDS = [Command((f"look-{number}",), seconds=1) for number in range(40)]
CHECKS = [parse_check(example_on(kind)) for kind in KINDS]


@pytest.fixture
def replaced(sandbox: Sandbox) -> Iterator[Callable[[str], SandboxRow]]:
    def replace(answer: str) -> SandboxRow:
        sandbox.run("tee", PROGRAM, user="root", typed=f"#!/bin/sh\n{answer}\n")
        sandbox.shell(f"chmod 755 {PROGRAM}", user="root")
        return SandboxRow(container=sandbox.container)

    yield replace
    sandbox.shell(f"rm -f {PROGRAM}; pkill -9 -x cat; pkill -9 -x sleep; true", user="root")


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_a_look_ends_in_time_and_holds_nobody_up(
    replaced: Callable[[str], SandboxRow], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(looking_inside, "MOST_SECONDS_A_LOOK", 6.0)
    row = replaced(answer)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    heart = asyncio.create_task(longest_pause())
    begun = time.monotonic()
    ran = await run_all(row, COMMANDS)
    heart.cancel()
    assert time.monotonic() - begun < 10
    assert await heart < 0.5, "others wait"
    assert len(ran) <= looking_inside.MOST_COMMANDS
    assert all(len(one.output) <= looking_inside.MOST_BYTES for one in ran.values())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 64 * 1024


async def test_a_script_that_never_ends_is_ended_and_does_not_pass(sandbox: Sandbox) -> None:
    script = looks.script_command("trap '' TERM; sleep 345 & sleep 345", 1)
    ran = await run_all(SandboxRow(container=sandbox.container), [script])
    await asyncio.sleep(1.5)
    left = sandbox.run("pgrep", "-f", "sleep 345").stdout
    assert ran.get(script, Ran(124)).exit_code != 0
    assert left == ""


@pytest.mark.parametrize(
    "output",
    [
        "",
        "\0\x1b[2J" * 10_000,
        "[" * 60_000,
        '{"auths": ' * 9_000,
        '{"tags": [["a"], 7, null], "auths": {"localhost:5000": [1]}, "Name": {"a": 1}}',
        '{"tags": {"1.0": 1}, "auths": [], "credHelpers": 7}',
        "HTTP/1.1 2\u00b20 OK\r\n\r\nnginx",
        "HTTP/9 999999999 OK\r\n\r\nnginx",
    ],
    ids=range(8),
)
def test_whatever_a_command_writes_a_check_gives_two_sentences(output: str) -> None:
    for check in CHECKS:
        question = check.question()
        ran = dict.fromkeys(question.commands, Ran(0, output))
        outcome = check.evaluate(Snapshot(ran=ran))
        assert outcome.seen
        assert outcome.expected
        assert len(outcome.seen) < 500


def test_an_archive_that_is_none_or_lies_is_no_file() -> None:
    honest = io.BytesIO()
    with tarfile.open(fileobj=honest, mode="w") as files:
        entry = tarfile.TarInfo("memo.txt")
        entry.size = 4
        files.addfile(entry, io.BytesIO(b"milk"))
    assert _first_file(honest.getvalue()) == b"milk"
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w") as files:
        entry = tarfile.TarInfo("memo.txt")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        files.addfile(entry)
    for archive in (b"", b"x" * 5000, honest.getvalue()[:300], link.getvalue()):
        assert _first_file(archive) is None
    # It says that it is larger than what came.
    entry = tarfile.TarInfo("memo.txt")
    entry.size = 2**33
    assert len(_first_file(entry.tobuf() + b"milk") or b"") <= 4


@pytest.mark.parametrize("header", ["", "%%", "e30=", "W10=", "WzFd" * 4000])
def test_a_file_of_which_the_engine_tells_nonsense_is_not_read(header: str) -> None:
    assert not _is_small_file(header)
    folder = base64.b64encode(json.dumps({"size": 4096, "mode": 2147484141}).encode()).decode()
    assert not _is_small_file(folder)


async def test_a_folder_a_large_file_and_a_noisy_log_are_looked_at_in_bounds(
    sandbox: Sandbox,
) -> None:
    sandbox.shell(
        "docker run --name noisy busybox sh -c"
        " 'seq 100000; mkdir /d; head -c 20000 /dev/zero > /large; echo milk > /small;"
        " ln -s /small /link'"
    )
    question = Question(
        contents=frozenset({"/d", "/large", "/small", "/link"}), logs=frozenset({"noisy"})
    )
    snapshot = await look_at(SandboxRow(container=sandbox.container), question)
    sandbox.shell("docker rm noisy")
    noisy = next(one for one in snapshot.containers if one.name == "noisy")
    assert dict(noisy.contents) == {"/small": "milk\n"}
    assert noisy.log is not None
    assert noisy.log.split() == [str(number) for number in range(99901, 100001)]

"""Files, names and programs made to harm the file panel; each test names the safe outcome."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
from asgiref.sync import async_to_sync
from pytest_django.fixtures import Settings

from sandbox import files, student_command, work
from sandbox.errors import SandboxSilent
from sandbox.file_errors import FileRefused
from sandbox.models import Sandbox as SandboxRow
from tests.engine.conftest import Sandbox

PROGRAM = "/usr/local/bin/hakoniwa-files"
ANSWERS = {
    "nothing at all": "sleep 600",
    "a line that never ends": "cat /dev/zero",
    "errors that never end": "cat /dev/zero >&2",
    "another word": "echo root:x:0:0",
    "a refusal of its own": "echo 'no <script>'",
    "an end before its beginning": "exit 0",
    "records of another form": "echo ok; printf 'f f 1\\0'",
    "a listing that never ends": "echo ok; yes",
    "a time that is none": "echo ok; printf 'f f 1 nan name\\0'",
    "a size without end": "echo ok; printf 'f f %05000d 1 name\\0' 1",
    "a name without end": "echo ok; printf 'f f 1 1 %0300d\\0' 1",
}


@pytest.fixture
def row(sandbox: Sandbox) -> Iterator[SandboxRow]:
    sandbox.shell("rm -rf ~/work/* ~/work/.[!.]*")
    yield SandboxRow(container=sandbox.container)
    sandbox.shell("rm -rf /home/student/work/* /home/student/work/.[!.]*", user="root")


@pytest.fixture
def replaced(sandbox: Sandbox, row: SandboxRow) -> Iterator[Callable[[str], SandboxRow]]:
    original = sandbox.shell(f"cat {PROGRAM}")

    def replace(answer: str) -> SandboxRow:
        sandbox.run("tee", PROGRAM, user="root", typed=f"#!/bin/sh\n{answer}\n")
        return row

    yield replace
    sandbox.run("tee", PROGRAM, user="root", typed=original + "\n")
    sandbox.shell("pkill -9 -x cat; pkill -9 -x yes; pkill -9 -x sleep; true", user="root")


def listing(row: SandboxRow) -> files.Listing:
    return async_to_sync(files.listing)(row, "")


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_replaced_program_is_refused_and_holds_nobody_up(
    replaced: Callable[[str], SandboxRow], monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Safe: an error with a sentence for its owner, in bounded time."""
    monkeypatch.setattr(files, "COMMAND_SECONDS", 2)
    row = replaced(answer)
    with pytest.raises((FileRefused, SandboxSilent)):
        async_to_sync(files.listing)(row, "")
    with pytest.raises((FileRefused, SandboxSilent)):
        async_to_sync(files.read_text)(row, "note")


def test_a_download_that_never_ends_is_cut_at_its_size(
    replaced: Callable[[str], SandboxRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Safe: no more bytes than announced, and no more than the limit can be announced."""
    row = replaced("echo ok 100000; cat /dev/zero")

    async def fetch() -> bytes:
        opened = await files.download(row, "note")
        return b"".join([piece async for piece in opened.pieces()])

    assert len(async_to_sync(fetch)()) == 100_000
    replaced("echo ok 99999999999999; cat /dev/zero")
    with pytest.raises(FileRefused):
        async_to_sync(fetch)()
    monkeypatch.setattr(student_command, "SENT_WITHIN_SECONDS", 2)
    replaced("echo ok 100000; sleep 600")
    assert async_to_sync(fetch)() == b""


def test_a_sandbox_that_hangs_gathers_few_requests(
    replaced: Callable[[str], SandboxRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Safe: the fifth request at once is refused at once; afterwards there is room again."""
    monkeypatch.setattr(files, "COMMAND_SECONDS", 2)
    row = replaced("sleep 600")

    async def many() -> list[object]:
        asked = (files.listing(row, "") for _number in range(20))
        return await asyncio.gather(*asked, return_exceptions=True)

    kinds = [type(answer) for answer in async_to_sync(many)()]
    assert kinds.count(SandboxSilent) == files.MOST_AT_ONCE
    assert kinds.count(FileRefused) == 20 - files.MOST_AT_ONCE
    assert not files._at_work


def test_a_hundred_thousand_files_are_a_thousand_rows(sandbox: Sandbox, row: SandboxRow) -> None:
    """Safe: a bounded list which says that there is more."""
    sandbox.shell("mkdir ~/work/many && cd ~/work/many && seq 100000 | xargs touch", seconds=120)
    listed = async_to_sync(files.listing)(row, "many")
    assert (len(listed.entries), listed.more) == (files.MOST_ENTRIES, True)


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "/proc/self/mem", "/dev/tty", "loop"])
def test_what_would_wait_or_never_end_is_refused(
    sandbox: Sandbox, row: SandboxRow, name: str
) -> None:
    """Safe: a reason at once, or an empty file; nothing waits for a pipe's other end."""
    sandbox.shell(f"cd ~/work && mkfifo pipe && ln -s loop loop && ln -sf {name} link")

    begun = time.monotonic()
    try:
        outcome = async_to_sync(files.read_text)(row, "link").text
    except FileRefused as refused:
        outcome = refused.code
    assert outcome in ("", "not-a-file", "missing", "denied")
    assert time.monotonic() - begun < files.COMMAND_SECONDS


def test_links_out_of_work_reach_what_the_learner_reaches(
    sandbox: Sandbox, row: SandboxRow
) -> None:
    """Safe: the sandbox's own files, with the rights of `student`; never the host's."""
    sandbox.shell(
        "cd ~/work && ln -s /etc/hostname name && ln -s /etc/shadow shadow && ln -s / all"
    )
    assert async_to_sync(files.read_text)(row, "name").text == "hakoniwa\n"
    for call, path in ((files.read_text, "shadow"), (files.read_text, "all/root/x")):
        with pytest.raises(FileRefused):
            async_to_sync(call)(row, path)
    with pytest.raises(FileRefused):
        async_to_sync(files.write)(row, "all/etc/evil", iter([b"x"]), 1, "new")


@pytest.mark.parametrize(
    "name", ["-rf", "--help", "a\nb", "\x1b]0;x\x07", "$(touch evil)", "`id`", "a'b\"c", "*", " "]
)
def test_a_name_is_a_name_and_nothing_else(sandbox: Sandbox, row: SandboxRow, name: str) -> None:
    """Safe: no shell, no option and no other file; it is there, comes back as it was, and goes."""
    sandbox.shell("echo other > ~/work/other")
    async_to_sync(files.write)(row, name, iter([b"mine"]), 4, "new")
    assert {entry.name for entry in listing(row).entries} == {name, "other"}
    assert async_to_sync(files.read_text)(row, name).text == "mine"
    async_to_sync(files.remove)(row, name)
    assert [entry.name for entry in listing(row).entries] == ["other"]


def test_a_name_that_is_no_text_is_shown_and_harms_nothing(
    sandbox: Sandbox, row: SandboxRow
) -> None:
    """Safe: the list still comes; that entry can't be opened."""
    sandbox.shell("cd ~/work && touch $'\\xff\\xfe' fine")
    kinds = {entry.name: entry.kind for entry in listing(row).entries}
    assert kinds == {"fine": "file", "\ufffd\ufffd": "other"}


def test_an_archive_that_never_ends_is_cut(
    sandbox: Sandbox, row: SandboxRow, settings: Settings
) -> None:
    """Safe: an export is refused before its first byte; no process goes on in the sandbox."""
    settings.WORK_MAX = 100_000
    sandbox.shell("head -c 3000000 /dev/urandom > ~/work/big")

    async def fetch() -> int:
        return sum([len(piece) async for piece in await work._export_from(row)])

    with pytest.raises(FileRefused, match="too-large"):
        async_to_sync(fetch)()
    sandbox.shell("for i in $(seq 50); do pgrep -x tar || exit 0; sleep .1; done; exit 1")

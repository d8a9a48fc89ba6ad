"""The files in a learner's ~/work, for the page's file panel.

`hakoniwa-files` in the image does the work, as the learner: links and names count in the sandbox
alone. The learner may have replaced it, so each answer is bounded and of a strict form.
"""

import hashlib
import math
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import NamedTuple

from .errors import EngineDown
from .file_errors import FileRefused
from .models import Sandbox
from .streams import ExecStream
from .student_command import Outgoing, outgoing_command, read_at_most, student_command

MOST_BYTES = 10 * 1024 * 1024  # an upload or a download
MOST_TEXT_BYTES = 512 * 1024  # in the editor
MOST_ENTRIES = 1000
# The kernel's own limits (PATH_MAX, NAME_MAX).
LONGEST_PATH = 4095
LONGEST_NAME = 255
# An entry is a name and four short fields.
LONGEST_ENTRY = LONGEST_NAME + 80
LONGEST_HEAD = 80
COMMAND_SECONDS = 15.0
TRANSFER_SECONDS = 120.0
# A sandbox in which commands hang must not gather them here.
MOST_AT_ONCE = 4
KINDS = {b"d": "folder", b"f": "file"}
_at_work: Counter[uuid.UUID] = Counter()


class Entry(NamedTuple):
    """A file or folder in a listing, as the sandbox tells it."""

    name: str
    kind: str  # folder, file or other (a pipe, a device, a link to nowhere)
    link: bool
    size: int
    changed_at: float  # seconds since 1970


class Listing(NamedTuple):
    entries: list[Entry]
    more: bool  # there are more than are listed


class TextFile(NamedTuple):
    text: str
    version: str  # the SHA-256 of its bytes


class Download(Outgoing):
    """A file on its way out."""

    def __init__(self, stream: ExecStream, first: bytes, size: int) -> None:
        super().__init__(stream, first, size)
        self.size = size


def path_in_work(typed: str) -> str:
    """The path as `hakoniwa-files` takes it, under ~/work. Raises FileRefused("bad-name")."""
    parts = [part for part in typed.split("/") if part]
    path = "/".join([".", *parts])
    try:
        short = len(path.encode()) <= LONGEST_PATH and all(
            len(part.encode()) <= LONGEST_NAME for part in parts
        )
    except UnicodeEncodeError:  # half a surrogate pair
        raise FileRefused("bad-name") from None
    if typed.startswith("/") or not short or "\0" in typed or {".", ".."} & set(parts):
        raise FileRefused("bad-name")
    return path


def name_in_work(typed: str) -> str:
    """The same, but not ~/work itself."""
    path = path_in_work(typed)
    if path == ".":
        raise FileRefused("bad-name")
    return path


async def listing(sandbox: Sandbox, folder: str) -> Listing:
    """Folders first, by name. Raises SandboxError (one of its kinds), as all functions here."""
    most = str(MOST_ENTRIES + 1)
    async with _command(sandbox, "list", path_in_work(folder), most) as (stream, _word, rest):
        answer = await read_at_most(stream, MOST_ENTRIES * LONGEST_ENTRY)
    if answer is None:
        raise FileRefused("odd")
    records = (rest + answer).split(b"\0")
    entries = [_entry(record) for record in records[:MOST_ENTRIES] if record]
    entries.sort(key=lambda entry: (entry.kind != "folder", entry.name))
    return Listing(entries, len(records) > MOST_ENTRIES + 1)


async def read_text(sandbox: Sandbox, path: str) -> TextFile:
    """A file for the editor."""
    command = ("read", name_in_work(path), str(MOST_TEXT_BYTES))
    async with _command(sandbox, *command) as (stream, _size, rest):
        answer = await read_at_most(stream, MOST_TEXT_BYTES)
    if answer is None:
        raise FileRefused("too-large")
    content = rest + answer
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FileRefused("no-text") from None
    if "\0" in text:
        raise FileRefused("no-text")
    return TextFile(text, hashlib.sha256(content).hexdigest())


async def download(sandbox: Sandbox, path: str) -> Download:
    """A file to be sent to the learner."""
    command = ("hakoniwa-files", "read", name_in_work(path), str(MOST_BYTES))
    with _one_of_few(sandbox.pk):
        async with outgoing_command(sandbox, *command, seconds=COMMAND_SECONDS) as stream:
            size, rest = await _head(stream)
            if not size.isdigit() or int(size) > MOST_BYTES:
                raise FileRefused("odd")
    return Download(stream, rest, int(size))


async def write(
    sandbox: Sandbox, path: str, content: Iterator[bytes], size: int, expected: str
) -> str:
    """Put a file there whole, or leave what was there; its version.

    `expected` says what may be replaced: `new` nothing, `any` whatever it is, else the version
    that was read.
    """
    if size > MOST_BYTES:
        raise FileRefused("too-large")
    command = ("write", name_in_work(path), str(size), expected)
    version = hashlib.sha256()
    async with student_files(sandbox, *command, seconds=TRANSFER_SECONDS) as stream:
        # It may say no before all is there; if it says nothing, that is told below.
        with suppress(EngineDown):
            for piece in content:
                version.update(piece)
                await stream.write(piece)
        await _head(stream)
    return version.hexdigest()


async def make_folder(sandbox: Sandbox, path: str) -> None:
    await _do(sandbox, "make", name_in_work(path))


async def move(sandbox: Sandbox, path: str, to: str) -> None:
    """Rename or move; never over something else."""
    await _do(sandbox, "move", name_in_work(path), name_in_work(to))


async def remove(sandbox: Sandbox, path: str) -> None:
    """A folder goes with all that is in it."""
    await _do(sandbox, "remove", name_in_work(path))


async def _do(sandbox: Sandbox, *command: str) -> None:
    async with _command(sandbox, *command):
        pass


@asynccontextmanager
async def student_files(
    sandbox: Sandbox, *command: str, seconds: float
) -> AsyncIterator[ExecStream]:
    with _one_of_few(sandbox.pk):
        async with student_command(sandbox, "hakoniwa-files", *command, seconds=seconds) as stream:
            yield stream


@asynccontextmanager
async def _command(sandbox: Sandbox, *command: str) -> AsyncIterator[tuple[ExecStream, str, bytes]]:
    """A command that has said `ok`: its stream, what stands behind `ok`, and what came with it."""
    async with student_files(sandbox, *command, seconds=COMMAND_SECONDS) as stream:
        detail, rest = await _head(stream)
        yield stream, detail, rest


async def _head(stream: ExecStream) -> tuple[str, bytes]:
    """What stands behind `ok`, and what came after that line. Raises FileRefused for a `no`."""
    came = b""
    while b"\n" not in came:
        piece = await stream.read()
        came += piece
        if not piece or (len(came) > LONGEST_HEAD and b"\n" not in came[:LONGEST_HEAD]):
            raise FileRefused("odd")
    head, _line_feed, rest = came.partition(b"\n")
    word, _space, detail = head.decode(errors="replace").partition(" ")
    if word != "ok":
        raise FileRefused(detail if word == "no" else "odd")
    return detail, rest


@contextmanager
def _one_of_few(sandbox: uuid.UUID) -> Iterator[None]:
    if _at_work[sandbox] >= MOST_AT_ONCE:
        raise FileRefused("busy")
    _at_work[sandbox] += 1
    try:
        yield
    finally:
        _at_work[sandbox] -= 1
        if not _at_work[sandbox]:
            del _at_work[sandbox]


def _entry(record: bytes) -> Entry:
    """Raises FileRefused for another form."""
    try:
        kind, behind, size, changed, name = record.split(b" ", 4)
        if not name or len(name) > LONGEST_NAME:
            raise ValueError
        time = float(changed)
        if not math.isfinite(time):
            raise ValueError
        shown = name.decode(errors="replace")
        # A name that is no UTF-8 can be shown but not asked for.
        letter = behind if kind == b"l" else kind if shown.encode() == name else b"?"
        return Entry(shown, KINDS.get(letter, "other"), kind == b"l", int(size), time)
    except ValueError:
        raise FileRefused("odd") from None

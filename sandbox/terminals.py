"""A terminal in a sandbox: a shell that goes on when the browser goes away.

`hakoniwa-terminal` in the image keeps the shell and its screen in a tmux of its own.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from hakoniwa import background

from .errors import SandboxError, ShellRefused
from .input_queue import InputQueue
from .models import Sandbox
from .newest import Newest
from .services import make_sure_it_runs, mark_active
from .streams import READ_SIZE, ExecStream, run_in_sandbox
from .window import Window

# `hakoniwa-terminal` takes this as "the browser has gone": tmux's user key 0 in tmux.conf.
DETACH = b"\x1b[9999~"
LOCALES = {"ja": "ja_JP.UTF-8", "en": "en_US.UTF-8"}
KILLED = 128 + 9
# A command typed has mostly done its work by then; what it changed may send no engine event.
LOOK_AFTER_TYPING_SECONDS = (0.12, 0.6)
# Somebody who writes a long text in an editor is there too, without an Enter.
LOOK_WHILE_TYPING_SECONDS = 60.0
# Output that comes as quickly as this is sent together: a third of a frame of the screen.
GATHER_SECONDS = 0.005
# Each new size is a call to the engine; a window that is being dragged sends dozens a second.
RESIZE_SECONDS = 0.2


class Terminal:
    """One browser's view of one shell."""

    def __init__(self, sandbox: Sandbox, stream: ExecStream) -> None:
        self._sandbox = sandbox
        self._stream = stream
        self._window = Window()
        self._input = InputQueue()
        self._size = Newest(self._resize, RESIZE_SECONDS)
        self._looks: asyncio.Task[None] | None = None
        self._looked_at = 0.0

    @classmethod
    async def open(
        cls,
        sandbox: Sandbox,
        name: str,
        browser: str,
        language: str,
        size: tuple[int, int],
        *,
        fresh: bool,
    ) -> "Terminal":
        """Attach to the shell of this name, which is started, in this language, if there is none.

        One that has ended gives its exit code again, unless a fresh one is asked for. `browser`
        is this attachment's own id. Raises SandboxError (one of its kinds).
        """
        environment = ["TERM=xterm-256color", "COLORTERM=truecolor"]
        environment += [f"LANG={LOCALES[language]}", f"HAKONIWA_LANGUAGE={language}"]
        environment += [f"HAKONIWA_BROWSER={browser}"]
        try:
            stream = await run_in_sandbox(
                sandbox.container,
                ["hakoniwa-terminal", name, *(["fresh"] if fresh else [])],
                user="student",
                tty=True,
                environment=environment,
                columns=size[0],
                rows=size[1],
            )
        except SandboxError as error:
            # The engine itself is there and refuses: no pids left, no such program any more.
            if type(error) is SandboxError:
                raise ShellRefused(str(error)) from error
            raise
        return cls(sandbox, stream)

    async def output(self) -> AsyncIterator[bytes | int]:
        """What the terminal shows, with marks between, as fast as the browser sends those back.

        Ends with the shell.
        """
        sent_at = 0.0
        while data := await self._stream.read():
            yield data
            if (mark := self._window.sent(len(data))) is not None:
                yield mark
            await self._window.room()
            # A key's echo goes at once. A flood comes in pieces of some KB, each of which would be
            # work for the site and for the page.
            if time.monotonic() - sent_at < GATHER_SECONDS and len(data) < READ_SIZE:
                await asyncio.sleep(GATHER_SECONDS)
            sent_at = time.monotonic()

    def type(self, data: bytes) -> None:
        """What the learner typed; `feed` hands it on. Raises TooMuchInput."""
        self._input.put(data)
        entered = b"\r" in data or b"\n" in data
        if entered or time.monotonic() - self._looked_at > LOOK_WHILE_TYPING_SECONDS:
            self._look_soon()

    async def feed(self) -> AsyncIterator[int]:
        """Hand what was typed to the shell; yields now and then how many bytes it has taken.

        Raises EngineDown where it takes nothing for ten seconds.
        """
        while True:
            piece = await self._input.next()
            await self._stream.write(piece)
            if (taken := self._input.taken(len(piece))) is not None:
                yield taken

    def resize(self, columns: int, rows: int) -> None:
        self._size.put((columns, rows))

    def acknowledge(self, mark: int) -> None:
        """The browser has drawn all that came before this mark."""
        self._window.drawn(mark)

    async def exit_code(self) -> int | None:
        """The shell's exit code, after `output` has ended; None while the shell goes on.

        Raises SandboxGone where the whole sandbox has ended, and the shell with it.
        """
        code = await self._stream.exit_code()
        if code == KILLED:  # with its sandbox, perhaps, of which the engine will know in a moment
            await asyncio.sleep(1)
        await make_sure_it_runs(self._sandbox)
        return code

    async def detach(self) -> None:
        """Leave the shell running and let go of it."""
        self._size.stop()
        if self._looks is not None:
            self._looks.cancel()
        try:
            with contextlib.suppress(SandboxError):
                await self._stream.write(DETACH)
        finally:
            await self._stream.close()

    async def _resize(self, size: tuple[int, int]) -> None:
        # A shell that has just ended can't be resized, and nobody minds.
        with contextlib.suppress(SandboxError):
            await self._stream.resize(*size)

    def _look_soon(self) -> None:
        self._looked_at = time.monotonic()
        if self._looks is not None:
            self._looks.cancel()
        self._looks = background.start(self._announce(), "looking after typing")

    async def _announce(self) -> None:
        for pause in LOOK_AFTER_TYPING_SECONDS:
            await asyncio.sleep(pause)
            await mark_active(self._sandbox)

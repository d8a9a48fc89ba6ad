"""`hakoniwa-terminal`: a shell that outlives the browser, with its screen and its exit code."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .conftest import Sandbox

DETACH = b"\x1b[9999~"


class Browser:
    """One attached terminal: a pty with `docker exec -it … hakoniwa-terminal` behind it."""

    def __init__(self, process: subprocess.Popen[bytes], pty_end: int) -> None:
        self.process = process
        self._pty = pty_end
        self.seen = b""

    def type(self, text: str | bytes) -> None:
        os.write(self._pty, text.encode() if isinstance(text, str) else text)

    def wait_for(self, text: str, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while text.encode() not in self.seen:
            assert time.monotonic() < end, f"{text!r} not in {self.seen!r}"
            if select.select([self._pty], [], [], 0.1)[0]:
                self.seen += os.read(self._pty, 65536)


@contextmanager
def browser(sandbox: Sandbox, name: str) -> Iterator[Browser]:
    ours, theirs = pty.openpty()
    command = ["docker", "--host", sandbox.engine, "exec", "-it", "-u", "student"]
    environment = ["-e", "TERM=xterm-256color", "-e", "COLORTERM=truecolor"]
    process = subprocess.Popen(
        [*command, *environment, sandbox.container, "hakoniwa-terminal", name],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Browser(process, ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_exit_code_is_the_shells_own(sandbox: Sandbox) -> None:
    with browser(sandbox, "code") as terminal:
        terminal.wait_for("student@hakoniwa")
        terminal.type("exit 42\r")
        assert terminal.process.wait(10) == 42


def test_welcome_is_in_the_learners_language(sandbox: Sandbox) -> None:
    with browser(sandbox, "welcome") as terminal:
        terminal.wait_for("箱庭へようこそ")
        terminal.wait_for("student@hakoniwa")
        terminal.type("exit\r")
        assert terminal.process.wait(10) == 0


def test_tab_completes_from_the_first_one_on(sandbox: Sandbox) -> None:
    """Completion is only read at the first Tab, so that no prompt waits for it."""
    with browser(sandbox, "tab") as terminal:
        terminal.wait_for("student@hakoniwa")
        terminal.type("docker contai\t")
        terminal.wait_for("docker container ")
        terminal.type("ins\t")
        terminal.wait_for("docker container inspect")
        terminal.type("\x15exit\r")  # Ctrl+U: nothing is typed any more
        assert terminal.process.wait(10) == 0


def test_shell_and_screen_outlive_the_browser(sandbox: Sandbox) -> None:
    with browser(sandbox, "kept") as terminal:
        terminal.wait_for("student@hakoniwa")
        terminal.type("secret=あいう; seq 1000 1200\r")
        terminal.wait_for("1200")
        terminal.type(DETACH)
        assert terminal.process.wait(10) == 0
    with browser(sandbox, "kept") as terminal:
        terminal.wait_for("student@hakoniwa")
        # 1000 had scrolled out of the screen: it comes from the history.
        terminal.wait_for("1000")
        terminal.wait_for("1200")
        terminal.type("echo =$secret=\r")
        terminal.wait_for("=あいう=")
        terminal.type("exit 7\r")
        assert terminal.process.wait(10) == 7


def test_no_tmux_key_is_left(sandbox: Sandbox) -> None:
    with browser(sandbox, "keys") as terminal:
        terminal.wait_for("student@hakoniwa")
        keys = sandbox.shell("tmux -L hakoniwa list-keys")
        bound = [line.split()[3:5] for line in keys.splitlines()]
        assert bound == [["User0", "detach-client"], ["User1", "detach-client"]]
        terminal.type("exit\r")
        assert terminal.process.wait(10) == 0

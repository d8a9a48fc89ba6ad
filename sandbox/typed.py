"""The commands typed in a sandbox's shells while its learner, an author, records an exercise.

The shells write them down (`shell.bash` in the image) from `listen` to `what_was_typed`. Their
learner could write anything there: it is bounded, and only ever shown to themselves.
"""

import re
from dataclasses import dataclass

from .models import Sandbox
from .student_command import read_at_most, student_command

FILE = ".local/state/hakoniwa/typed"
BEGIN = f"mkdir -p ~/.local/state/hakoniwa && : > ~/{FILE}"
END = f"head --bytes=$1 ~/{FILE}; rm -f ~/{FILE}"
MOST_BYTES = 256 * 1024
MOST_COMMANDS = 500
SECONDS = 5.0
# The exit code, the number in the history (with * where it was edited), the command.
ENTRY = re.compile(r"(?P<code>\d{1,3}) +\d+\*? (?P<text>.*)", re.DOTALL)


@dataclass(frozen=True)
class Typed:
    """A command and, where it is known, how it ended."""

    text: str
    exit_code: int | None = None


async def listen(sandbox: Sandbox) -> None:
    """From now on; what was written down before is gone. Raises SandboxError."""
    await _run(sandbox, BEGIN)


async def what_was_typed(sandbox: Sandbox) -> list[Typed]:
    """Since `listen`, in the order in which it ended; nothing more is written down.

    Raises SandboxError.
    """
    written = await _run(sandbox, END)
    entries = written.decode(errors="replace").split("\0")[:MOST_COMMANDS]
    found = (ENTRY.fullmatch(entry) for entry in entries)
    return [Typed(_plain(match["text"]), int(match["code"])) for match in found if match]


def _plain(text: str) -> str:
    """Without what nobody types, and an author would not see."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t").strip()


async def _run(sandbox: Sandbox, line: str) -> bytes:
    words = ("bash", "-c", line, "bash", str(MOST_BYTES))
    async with student_command(sandbox, *words, seconds=SECONDS) as stream:
        return await read_at_most(stream, MOST_BYTES) or b""

"""Files that were written in an editor: a script writes them in one go."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from .command_line import Simple

EDITORS = {"ed", "emacs", "nano", "pico", "vi", "vim", "vim.tiny"}
HOME = "/home/student"
WORK = f"{HOME}/work"
# Of a script, which itself has an end.
LONGEST = 4000
_PLAIN = re.compile(r"[\w./~+-]+")


class Place:
    """Where the shell is, as far as `cd` tells."""

    def __init__(self) -> None:
        self._now = self._before = WORK

    def after(self, commands: Iterable[Simple]) -> None:
        for command in commands:
            if command.program == "cd":
                to = command.words[1] if len(command.words) > 1 else "~"
                there = self._before if to == "-" else self.path(to)
                self._before, self._now = self._now, there

    def path(self, typed: str) -> str:
        """In full."""
        at_home = re.sub(r"^~(?=/|$)", HOME, typed)
        return posixpath.normpath(posixpath.join(self._now, at_home))


def files_edited(command: Simple) -> Iterator[str]:
    """As typed."""
    if command.program in EDITORS:
        yield from (word for word in command.words[1:] if not word.startswith(("-", "+")))


def in_work(path: str) -> str | None:
    """The path below ~/work, if it is there."""
    return path.removeprefix(f"{WORK}/") if path.startswith(f"{WORK}/") else None


def writing(typed: str, path: str, files: Mapping[str, str]) -> str | None:
    """A command that writes the file as it is now; None where that is not known or too long."""
    content = files.get(in_work(path) or "")
    if content is None or len(content) > LONGEST or not _PLAIN.fullmatch(typed):
        return None
    if not content.endswith("\n"):
        content += "\n"
    lines = content.splitlines()
    end = next(word for number in range(len(lines) + 1) if (word := _end(number)) not in lines)
    return f"cat > {typed} <<'{end}'\n{content}{end}"


def _end(number: int) -> str:
    return f"END{number or ''}"

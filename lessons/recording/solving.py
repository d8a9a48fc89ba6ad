"""From what was typed to a script that solves a task."""

import shlex
from collections.abc import Iterable, Mapping

from sandbox.typed import Typed

from .command_line import Simple, simple_commands
from .editing import Place, files_edited, in_work, writing
from .looking import only_looks

# More than an exercise has; the rest is not read.
MOST_COMMANDS = 200
LONGEST_COMMAND = 4000
# As a script of a lesson may be.
LONGEST_SCRIPT = 10_000
INTERRUPTED = 130
# Their exit code is that of the program in the container, from 125 on docker's own.
OF_THE_CONTAINER = {"run", "exec", "start", "attach", "wait"}
DOCKER_FAILED = 125
NO_SUCH_PROGRAM = (126, 127)
# Some of the things that they are asked for may be done although others fail.
FOR_SEVERAL = {"kill", "pause", "restart", "rm", "rmi", "stop", "unpause"}
# To do these again right away changes nothing.
TWICE_IS_ONCE = {"build", "pull", "push", "start", "stop", "tag", "pause", "unpause", "rm", "rmi"}
UNKNOWN = "# What was typed in it is not known here."
IN_A_TERMINAL = "timeout 20 script -qec {} /dev/null <<< exit"


def solve_from(
    commands: str | Iterable[str | Typed], files: Mapping[str, str] | None = None
) -> str:
    """Bash that does the same again: without what failed, only looked, or was done twice in a row.

    `files`: what those of `edited_files` contain now.
    """
    place = Place()
    lines: list[str] = []
    written: set[str] = set()
    for typed in _typed(commands):
        parts = simple_commands(typed.text)
        line = typed.text
        if parts is not None:
            if all(map(only_looks, parts)) or _has_failed(typed, parts):
                continue
            if [*files_edited(parts[0])]:
                line = _edited(typed.text, parts, place, written, files or {})
            elif len(parts) == 1:
                line = _without_a_terminal(typed, parts[0])
            place.after(parts)
        if line and not (lines and lines[-1] == line and _is_once(parts)):
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def edited_files(commands: str | Iterable[str | Typed]) -> list[str]:
    """Paths below ~/work of what was opened in an editor."""
    place = Place()
    found: dict[str, None] = {}
    for typed in _typed(commands):
        parts = simple_commands(typed.text) or []
        for part in parts[:1]:
            paths = (in_work(place.path(path)) for path in files_edited(part))
            found |= dict.fromkeys(path for path in paths if path)
        place.after(parts)
    return list(found)


def _typed(commands: str | Iterable[str | Typed]) -> list[Typed]:
    given = commands.splitlines() if isinstance(commands, str) else commands
    found = [one if isinstance(one, Typed) else Typed(one) for one in given]
    return [
        Typed(one.text.strip(), one.exit_code)
        for one in found[:MOST_COMMANDS]
        if one.text.strip() and len(one.text) <= LONGEST_COMMAND
    ]


def _has_failed(typed: Typed, parts: list[Simple]) -> bool:
    """And has changed nothing."""
    code = typed.exit_code
    if not code:
        return False
    if len(parts) > 1:
        return code == INTERRUPTED  # else some of them may have done what they should
    docker = parts[0].docker
    verb = "".join(docker[1:2] if docker[:1] == ("compose",) else docker[:1])
    if verb in OF_THE_CONTAINER:
        return code == DOCKER_FAILED or (code in NO_SUCH_PROGRAM and verb != "run")
    if verb in FOR_SEVERAL:
        return len([word for word in docker[1:] if not word.startswith("-")]) < 2
    return not (verb == "up" and code == INTERRUPTED)


def _edited(
    line: str, parts: list[Simple], place: Place, written: set[str], files: Mapping[str, str]
) -> str:
    """Only once: what the file became later is in it already."""
    lines = []
    for typed in files_edited(parts[0]):
        path = place.path(typed)
        if path not in written:
            written.add(path)
            lines.append(writing(typed, path, files) or f"# {' '.join(line.split())}")
    return "\n".join(dict.fromkeys(lines))


def _without_a_terminal(typed: Typed, command: Simple) -> str:
    """A script has none, nor anybody who presses Ctrl-C."""
    docker = command.docker
    verb = docker[:2] if docker[:1] == ("compose",) else docker[:1]
    if verb in (("run",), ("exec",)) and command.has_flag("t", "--tty"):
        if command.has_flag("d", "--detach"):
            return typed.text
        return f"{UNKNOWN}\n{IN_A_TERMINAL.format(shlex.quote(typed.text))}"
    if typed.exit_code == INTERRUPTED and verb:
        return f"timeout --signal=INT 10 {typed.text}"
    return typed.text


def _is_once(parts: list[Simple] | None) -> bool:
    return bool(parts) and all(
        part.program in ("cd", "mkdir") or set(part.docker[:2]) & (TWICE_IS_ONCE | {"compose"})
        for part in parts or ()
    )

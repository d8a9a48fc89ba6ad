"""The commands in the steps' texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from lessons.document import Task
from lessons.faults import Fault

from .reading import Reading
from .rules import warning
from .shell import CHANGING, DockerCommand
from .text import CONSOLE, MOST_COMMANDS, Fence

SHELLS = {"bash", "sh", "shell", "zsh", "shell-session", "shellsession", "terminal"}
PROMPT = re.compile(r"\s*(?:[$%>]|#(?=\s+(?:docker|apt|cat|ls)\b)|\S{1,60}@\S{1,60}[#$])\s+\S")
VERBS = "|".join(sorted(CHANGING, key=len, reverse=True))
MENTIONED = re.compile(rf"docker (?:container |image )?({VERBS})\b")
NAME = re.compile(r"[\w.-]+")


@warning("command-block")
def command_block(reading: Reading) -> Iterator[Fault]:
    """A block of `console` holds one command, without a prompt sign."""
    for path, text in reading.texts.items():
        for fence in text.fences():
            if said := _of_block(fence):
                yield Fault(path, fence.line, 1, *said)


@warning("uncovered-command")
def uncovered_command(reading: Reading) -> Iterator[Fault]:
    """What a learner is told to make or to change, a task looks at."""
    if reading.lesson is None:
        return
    tasks = [_Looked.at(task) for task in reading.lesson.tasks()]
    suggestion = _("Write a task for it, or leave the command out.")
    for path, text in reading.texts.items():
        in_blocks = ((command, line, 1) for command, line in text.commands)
        for command, line, column in (*in_blocks, *islice(text.mentioned(), MOST_COMMANDS)):
            covered = any(task.covers(command) for task in tasks)
            if not covered and not command.is_from_elsewhere:
                done = f"docker {command.verb} {command.object[:60]}".rstrip()
                yield Fault(path, line, column, _unseen(done), suggestion)
        for file, done, line in text.written_files:
            if not any(task.names_file(file) for task in tasks):
                yield Fault(path, line, 1, _unseen(done), suggestion)


def _unseen(command: str) -> str:
    return _("No task looks at what `%(command)s` does.") % {"command": command[:80]}


def _of_block(fence: Fence) -> tuple[str, str] | None:
    """What is wrong with it, and what to do; None where all is well."""
    if fence.words[:1] and fence.words[0].lower() in SHELLS:
        words = _("A block of `%(word)s` is shown as output, without buttons.")
        return words % {"word": fence.words[0]}, _("Write `console run` or `console` after it.")
    if fence.words[:1] != (CONSOLE,):
        return None
    if not fence.content.strip():
        return _("There is no command in this block."), ""
    if PROMPT.match(fence.content):
        return _("The prompt sign would be typed, too."), _("Write the command alone.")
    lines = fence.content.strip().replace("\\\n", " ").split("\n")
    if len(lines) > 1 and "<<" not in lines[0] and _is_closed(lines[0]):
        return _("There is more than one command in this block."), _("Give each its own.")
    return None


def _is_closed(line: str) -> bool:
    """Whether a command can end here: no quote, bracket or block is open."""
    balanced = all(line.count(quote) % 2 == 0 for quote in "'\"")
    return balanced and not re.search(r"(?:[|&({]|\b(?:do|then|else))$", line.rstrip())


@dataclass(frozen=True)
class _Looked:
    """What a task has to do with: the commands and names in its words, the names in its check."""

    verbs: frozenset[str]
    names: frozenset[str]
    asked: frozenset[str]

    @classmethod
    def at(cls, task: Task) -> "_Looked":
        said = [task.title, *(hint.text for hint in task.hints)]
        words = "\n".join([*(text for each in said for text in (each.ja, each.en)), task.solve])
        asked = " ".join(_texts_in(task.check.model_dump(mode="json", exclude_none=True)))
        found = (MENTIONED.findall(words), NAME.findall(words), NAME.findall(asked))
        return cls(*map(frozenset, found))

    def covers(self, command: DockerCommand) -> bool:
        names = {*NAME.findall(command.object)}
        if names and names <= self.asked:
            return True
        return command.verb in self.verbs and names <= self.names

    def names_file(self, path: str) -> bool:
        """The last part of the path is enough: where it is, depends on where one is."""
        return path.rstrip("/").rpartition("/")[2] in self.names | self.asked


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(each)
    elif isinstance(value, str):
        yield value

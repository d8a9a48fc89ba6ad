"""What there is to prove of a lesson, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from lessons.document import Lesson


class Kind(StrEnum):
    SETUP = "setup"
    START = "start"  # the task has not passed before anything is done
    SOLVE = "solve"  # it passes once solved, after those before it
    WRONG = "wrong"  # an attempt does not pass and gets its hint
    AFTERWARDS = "afterwards"  # `solve` works after wrong attempts too


class Verdict(StrEnum):
    PROVEN = "proven"
    FAILED = "failed"
    NOT_TRIED = "not-tried"  # something before it failed
    MISSING = "missing"  # nobody has written it


@dataclass(frozen=True)
class Case:
    """`number` counts a task's wrong attempts, from 1; it is 0 where none is written."""

    lesson: str
    kind: Kind
    task: str = ""
    number: int = 0

    def __str__(self) -> str:
        """What is claimed, in the active language."""
        return {
            Kind.SETUP: _("The sandbox is set up."),
            Kind.START: _("“%(task)s” has not passed at the start."),
            Kind.SOLVE: _("“%(task)s” passes once it is solved."),
            Kind.WRONG: _("Wrong attempt %(number)s at “%(task)s” gets its hint.")
            if self.number
            else _("A wrong attempt at “%(task)s” gets its hint."),
            Kind.AFTERWARDS: _("“%(task)s” can still be solved after wrong attempts."),
        }[self.kind] % {"task": self.task, "number": self.number}


@dataclass(frozen=True)
class Begun:
    """It is being tried."""

    case: Case


@dataclass(frozen=True)
class Result:
    """`words`: what is wrong, in the active language; `output`: the end of what was printed."""

    case: Case
    verdict: Verdict
    words: str = ""
    output: str = ""
    seconds: float = 0.0


Event = Begun | Result


@dataclass(frozen=True)
class Cases:
    """Those of a sandbox in which all is done right, those of one with the wrong attempts too, and
    those that nobody has written.
    """

    right: tuple[Case, ...]
    wrong: tuple[Case, ...]
    missing: tuple[Case, ...]

    def __len__(self) -> int:
        return len(self.right) + len(self.wrong) + len(self.missing)


def cases_of(lesson: Lesson) -> Cases:
    name, tasks = lesson.slug, [*lesson.tasks()]
    setup = [Case(name, Kind.SETUP)] if lesson.setup else []
    starts = [Case(name, Kind.START, task.id) for task in tasks]
    solves = [Case(name, Kind.SOLVE, task.id) for task in tasks]
    attempts: list[Case] = []
    until_the_last: list[Case] = []
    for task in tasks:
        attempts += [Case(name, Kind.WRONG, task.id, n + 1) for n in range(len(task.wrong))]
        attempts.append(Case(name, Kind.AFTERWARDS, task.id))
        if task.wrong:
            until_the_last = [*attempts]
    return Cases(
        right=(*setup, *starts, *solves),
        wrong=(*setup, *until_the_last) if until_the_last else (),
        missing=tuple(Case(name, Kind.WRONG, task.id) for task in tasks if not task.wrong),
    )

"""Tasks that can be done, proven and looked at."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.document import Task
from lessons.faults import Fault, meant
from lessons.progress import question_for
from sandbox.looking_inside import MOST_COMMANDS
from sandbox.snapshot import Command

from .reading import Reading
from .rules import error, warning


@error("unreachable-task")
def unreachable_task(reading: Reading) -> Iterator[Fault]:
    """What a task needs comes before it; so no two can wait for each other."""
    tasks = [*reading.tasks()]
    ids = [task["id"] for _way, task in tasks if isinstance(task.get("id"), str)]
    before: set[str] = set()
    for way, task in tasks:
        needs = task.get("needs")
        for index, need in enumerate(needs if isinstance(needs, list) else []):
            if not isinstance(need, str) or need in before:
                continue
            place = (*way, "needs", index)
            if need in ids:
                words = _("`%(name)s` comes later; a task can wait only for earlier ones.")
                suggestion = _("Put it before this task.")
            else:
                words, suggestion = _("There is no task `%(name)s`."), meant(need, ids)
            yield reading.fault(place, words % {"name": need[:60]}, suggestion)
        before |= {task["id"]} if isinstance(task.get("id"), str) else set()


@warning("no-solve")
def no_solve(reading: Reading) -> Iterator[Fault]:
    """A task can be proven only where it says how it is solved."""
    for way, task in reading.tasks():
        if not task.get("solve"):
            yield reading.fault(way, _("This task has no `solve`, so it can't be proven."))


@warning("no-wrong")
def no_wrong(reading: Reading) -> Iterator[Fault]:
    """Two or three wrong attempts show that the check is strict and the hints help."""
    for way, task in reading.tasks():
        if not task.get("wrong"):
            words = _("This task has no wrong attempts, so its hints are not proven.")
            yield reading.fault(way, words, _("Add `wrong` with what a learner might mistype."))


@error("too-many-commands")
def too_many_commands(reading: Reading) -> Iterator[Fault]:
    """No more commands are to be run in one look than are run.

    What a task needs has come before it; so going through the tasks in order shows each moment at
    which its learner may be.
    """
    if reading.lesson is None:
        return
    places = [way for way, _task in reading.tasks()]
    tasks = [*reading.lesson.tasks()]
    waiting: dict[str, list[Task]] = {task.id: [] for task in tasks}
    asked: Counter[Command] = Counter()
    for task in tasks:
        if task.needs:
            waiting[max(task.needs, key=[each.id for each in tasks].index)].append(task)
        else:
            asked.update(question_for([task]).commands)
    for way, task in zip(places, tasks, strict=True):
        number = len(+asked)
        if number > MOST_COMMANDS:
            words = _("%(number)d commands are to look around at once, but %(most)d are run.")
            words %= {"number": number, "most": MOST_COMMANDS}
            yield reading.fault(way, words, _("Let tasks wait for others with `needs`."))
            return
        asked.subtract(question_for([task]).commands)
        for each in waiting[task.id]:
            asked.update(question_for([each]).commands)

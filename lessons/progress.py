"""What a learner has passed, and what is to be looked at next."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import reduce
from operator import or_

from sandbox.snapshot import Question, Snapshot

from .document import Task
from .models import Enrolment, TaskPass


def passed_tasks(enrolment: Enrolment) -> set[str]:
    return set(enrolment.passes.values_list("task", flat=True))


def question_for(tasks: Iterable[Task], passed: Collection[str] | None = None) -> Question:
    """All that these tasks and their hints need to know of the engine.

    Where it is said what is passed, no command is run yet for a task that waits for another.
    """
    question = Question()
    for task in tasks:
        asked = [task.check, *(hint.when for hint in task.hints if hint.when is not None)]
        needed = reduce(or_, (check.question() for check in asked))
        if passed is not None and any(need not in passed for need in task.needs):
            needed = replace(needed, commands=frozenset())
        question |= needed
    return question


def passing(tasks: Collection[Task], passed: Collection[str], snapshot: Snapshot) -> set[str]:
    """What has passed once the snapshot is looked at: the tasks that had, and those it shows done.

    A task that another one was waiting for is enough for the other to be looked at at once, but
    for what commands have to look at: they are run in the next look.
    """
    now = {*passed}
    while newly := {task.id for task in tasks if _passes(task, now, snapshot)}:
        now |= newly
    return now


def record_passes(enrolment: Enrolment, snapshot: Snapshot) -> set[str]:
    """Tick what the snapshot shows to be done; returns all that is passed now."""
    before = passed_tasks(enrolment)
    passed = passing([*enrolment.version.content.tasks()], before, snapshot)
    TaskPass.objects.bulk_create(
        [TaskPass(enrolment=enrolment, task=task_id) for task_id in sorted(passed - before)],
        ignore_conflicts=True,
    )
    return passed


def _passes(task: Task, passed: Collection[str], snapshot: Snapshot) -> bool:
    """Not passed so far, nothing it needs is missing, and done."""
    return (
        task.id not in passed
        and all(need in passed for need in task.needs)
        and snapshot.has_run(task.check.question().commands)
        and task.check.evaluate(snapshot).passed
    )

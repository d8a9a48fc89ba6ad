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


def open_tasks(enrolment: Enrolment, passed: Collection[str]) -> list[Task]:
    """The tasks to be looked at now: not passed, and nothing they need is missing."""
    return [
        task
        for task in enrolment.version.content.tasks()
        if task.id not in passed and all(need in passed for need in task.needs)
    ]


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


def record_passes(enrolment: Enrolment, snapshot: Snapshot) -> set[str]:
    """Tick what the snapshot shows to be done; returns all that is passed now.

    A task that another one was waiting for is enough for the other to be looked at at once, but
    for what commands have to look at: they are run in the next look.
    """
    passed = passed_tasks(enrolment)
    while True:
        newly = [
            task.id
            for task in open_tasks(enrolment, passed)
            if snapshot.has_run(task.check.question().commands)
            and task.check.evaluate(snapshot).passed
        ]
        if not newly:
            return passed
        TaskPass.objects.bulk_create(
            [TaskPass(enrolment=enrolment, task=task_id) for task_id in newly],
            ignore_conflicts=True,
        )
        passed |= set(newly)

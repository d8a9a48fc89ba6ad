"""What a learner has passed, and what is to be looked at next."""

from collections.abc import Collection, Iterable

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


def question_for(tasks: Iterable[Task]) -> Question:
    """All that these tasks and their hints need to know of the engine."""
    question = Question()
    for task in tasks:
        question |= task.check.question()
        for hint in task.hints:
            if hint.when is not None:
                question |= hint.when.question()
    return question


def record_passes(enrolment: Enrolment, snapshot: Snapshot) -> set[str]:
    """Tick what the snapshot shows to be done; returns all that is passed now.

    A task that another one was waiting for is enough for the other to be looked at at once.
    """
    passed = passed_tasks(enrolment)
    while True:
        newly = [
            task.id
            for task in open_tasks(enrolment, passed)
            if task.check.evaluate(snapshot).passed
        ]
        if not newly:
            return passed
        TaskPass.objects.bulk_create(
            [TaskPass(enrolment=enrolment, task=task_id) for task_id in newly],
            ignore_conflicts=True,
        )
        passed |= set(newly)

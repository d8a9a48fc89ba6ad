"""Checks that need a command in the sandbox: run for open tasks alone, judged once it has run."""

from typing import Any

import pytest

from hakoniwa.accounts.models import User
from lessons.document import Lesson as LessonDocument
from lessons.models import Enrolment, Lesson, LessonVersion
from lessons.pages import task_views
from lessons.progress import question_for, record_passes
from sandbox.looks import Page, page_in
from sandbox.snapshot import Ran, Snapshot, Volume

BOTH = {"ja": "はい", "en": "Yes"}
SCRIPT: dict[str, Any] = {"script": {"run": "false", "expect": BOTH, "otherwise": BOTH}}
LESSON: dict[str, Any] = {
    "slug": "two",
    "position": 1,
    "title": BOTH,
    "summary": BOTH,
    "minutes": 5,
    "steps": [
        {
            "id": "one",
            "title": BOTH,
            "tasks": [
                {"id": "first", "title": BOTH, "check": {"volume": {"name": "notes"}}},
                {
                    "id": "second",
                    "title": BOTH,
                    "needs": ["first"],
                    "check": {"not": SCRIPT},
                    "hints": [{"text": BOTH, "when": {"work_file": {"path": "a"}}}],
                },
            ],
        }
    ],
}
TASKS = [*LessonDocument.model_validate(LESSON).tasks()]
COMMANDS = TASKS[1].check.question().commands
WITH_VOLUME = Snapshot(volumes=(Volume("notes"),))


def test_no_command_is_run_for_a_task_that_waits() -> None:
    assert question_for(TASKS, set()).commands == frozenset()
    assert len(question_for(TASKS, {"first"}).commands) == 2  # its check's and its hint's


@pytest.fixture
def enrolment(db: None, learner: User) -> Enrolment:
    lesson = Lesson.objects.create(slug="two", position=1)
    document = {"lesson": LESSON, "texts": {}}
    version = LessonVersion.objects.create(lesson=lesson, number=1, document=document, digest="two")
    return Enrolment.objects.create(learner=learner, version=version)


def test_a_task_that_has_just_opened_is_not_judged_before_its_command_has_run(
    enrolment: Enrolment,
) -> None:
    assert record_passes(enrolment, WITH_VOLUME) == {"first"}
    ran = Snapshot(ran=dict.fromkeys(COMMANDS, Ran(1)))
    assert record_passes(enrolment, ran) == {"first", "second"}


def test_nothing_is_said_of_what_has_not_been_looked_at(enrolment: Enrolment) -> None:
    second = task_views(TASKS, {"first"}, WITH_VOLUME)[1]
    assert (second.state, second.seen, second.hint_html) == ("open", "", "")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_page_is_read_however_a_program_ends_the_lines_of_its_head(end: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain{end}{end}"
    page = page_in(Ran(0, f"{head}visit 1"))
    assert page == Page(200, "visit 1")

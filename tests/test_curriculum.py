"""docs/curriculum.md: every fact of the notes leads to tasks that exist."""

import re
from collections.abc import Mapping
from functools import cache

import pytest
from django.conf import settings

from lessons.catalogue import CONTENT
from lessons.files import files_in
from lessons.loader import lesson_in

FACTS = 45
ROW = re.compile(r"^\| (\d+) \| .+ \| .+ \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)

TABLE = (settings.BASE_DIR / "docs" / "curriculum.md").read_text()
ROWS = [match.groups() for match in ROW.finditer(TABLE)]


@cache
def tasks_by_step(slug: str) -> Mapping[str, set[str]]:
    lesson = lesson_in(files_in(CONTENT / slug), slug)
    return {step.id: {task.id for task in step.tasks} for step in lesson.steps}


def test_every_fact_of_the_notes_has_a_row() -> None:
    assert {int(row[0]) for row in ROWS} == {*range(1, FACTS + 1)}


@pytest.mark.parametrize("row", ROWS, ids="-".join)
def test_a_row_leads_to_a_task_that_exists(row: tuple[str, str, str, str]) -> None:
    lesson, step, task = (cell.strip("`") for cell in row[1:])
    assert task in tasks_by_step(lesson).get(step, ())

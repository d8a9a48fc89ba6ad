"""What a proof consists of and how it is written down; proofs themselves are in tests/engine."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lessons.document import Lesson
from lessons.faults import LessonError
from lessons.loader import parse_lesson
from lessons.proving import Case, Kind, Result, Verdict, cases_of
from lessons.proving.junit import as_junit
from tests.written_lesson import written_lesson

HINT = {"id": "name-it", "text": {"ja": "名前", "en": "Name it"}}


def lesson(*tasks: dict[str, object], **fields: object) -> Lesson:
    return parse_lesson({"lesson": written_lesson(*tasks, **fields)})


def test_attempts_are_tried_before_their_task_is_solved_and_up_to_the_last_one() -> None:
    wrong = [{"do": "true", "hint": "name-it"}] * 2
    cases = cases_of(lesson({}, {"hints": [HINT], "wrong": wrong}, {}, setup="true"))
    assert [(case.kind, case.task) for case in cases.right] == [
        ("setup", ""),
        ("start", "t0"),
        ("start", "t1"),
        ("start", "t2"),
        ("solve", "t0"),
        ("solve", "t1"),
        ("solve", "t2"),
    ]
    assert [(case.kind, case.task, case.number) for case in cases.wrong] == [
        ("setup", "", 0),
        ("afterwards", "t0", 0),
        ("wrong", "t1", 1),
        ("wrong", "t1", 2),
        ("afterwards", "t1", 0),
    ]
    assert [case.task for case in cases.missing] == ["t0", "t2"]
    assert len(cases) == 14


def test_no_second_sandbox_where_no_attempt_is_written() -> None:
    assert cases_of(lesson({})).wrong == ()


@pytest.mark.parametrize(
    ("task", "named"),
    [
        ({"wrong": [{"do": "true", "hint": "name-it"}]}, "No hint of this task is called"),
        ({"hints": [HINT, HINT]}, "Two hints are called `name-it`"),
        ({"hints": [HINT], "wrong": [{"do": "", "hint": "name-it"}]}, "`do` is empty"),
    ],
)
def test_an_attempt_names_a_hint_of_its_own_task(task: dict[str, object], named: str) -> None:
    with pytest.raises(LessonError, match=named):
        lesson({"hints": [HINT]}, task)


def test_junit_counts_and_holds_whatever_a_program_printed() -> None:
    failed = Result(
        Case("b", Kind.WRONG, "t", 2), Verdict.FAILED, "It passes", "\x1b[1m<é>\n\0 end", 2.0
    )
    results = [
        failed,
        Result(Case("a", Kind.SETUP), Verdict.PROVEN, seconds=0.5),
        Result(Case("b", Kind.START, "t"), Verdict.NOT_TRIED, "Not tried"),
    ]
    first, second = ET.fromstring(as_junit(results))  # noqa: S314 (made here)
    assert (first.get("name"), first.get("failures"), first.get("time")) == ("a", "0", "0.500")
    counts = [second.get(name) for name in ("tests", "failures", "skipped")]
    assert counts == ["2", "1", "1"]
    case = second[0]
    assert (case.get("classname"), case.get("name")) == ("b", "t wrong 2")
    assert (case[0].get("message"), case[0].text) == ("It passes", "[1m<é>\n end")


def test_a_database_that_is_not_up_to_date_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "lessons", "prove", "docker-run"]
    environment = os.environ | {"HAKONIWA_STATE_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run `manage.py migrate` first" in done.stderr
    assert "Traceback" not in done.stderr

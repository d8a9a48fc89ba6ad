"""A recorded task put into `lesson.yml`: at the right place, and nothing else is touched."""

from typing import Any

import pytest
import yaml

from lessons.recording.adding import NoPlace, steps_in, with_task

TASK: dict[str, Any] = {
    "id": "recorded",
    "title": {"ja": "題名", "en": "Title"},
    "check": {"container": {"name": "web", "published": ["8080:22"], "env": {"A": "no"}}},
    "solve": "docker run -d --name web \\\n  nginx\n\ncat > a <<'END'\n  x\nEND\n",
}
LESSON = """\
# A lesson of ours
slug: short   # never changed
steps:
- id: one
  title: {ja: 言葉, en: Words}
  tasks:
  - id: first
    check: {volume: {name: a}}
    solve: |
      docker volume create a

  # about the next
  - id: second
    check:
      any:
        - volume: {name: b}   # or so
        - volume: {name: c}

# the second step
- id: two
  title: {ja: 言葉, en: "Words"}
- id: three
  tasks: []   # none yet
- id: four
  tasks:
  title: {ja: 言葉, en: Words}
quiz: []
"""


# Behind which line of the lesson the task comes, and from which column on.
PLACES = {
    "one": ("        - volume: {name: c}", 2),
    "two": ('  title: {ja: 言葉, en: "Words"}', 4),
    "three": ("  tasks: []   # none yet", 4),
    "four": ("  tasks:", 4),
}


@pytest.mark.parametrize("step", PLACES)
def test_a_task_becomes_the_last_of_its_step_and_all_else_stays(step: str) -> None:
    new = with_task(LESSON, step, TASK)
    found = {each["id"]: each.get("tasks") or [] for each in yaml.safe_load(new)["steps"]}
    assert found[step][-1] == TASK
    assert sum(map(len, found.values())) == 3
    before, after = LESSON.splitlines(), new.splitlines()
    line, column = PLACES[step]
    at = len(before) - 1 - before[::-1].index(line)  # the last one: `tasks:` stands there twice
    assert after[:at] == before[:at]
    assert after[-len(before[at + 1 :]) :] == before[at + 1 :]
    assert " " * column + "- id: recorded" in after
    assert after[at] in (line, "  tasks:")
    assert steps_in(new) == list(PLACES)


def test_what_else_is_wrong_in_the_file_does_not_matter() -> None:
    text = "steps:\n  - 1\n  - {id: [x], tasks: 3}\n  - id: one\n    tasks: []\n"
    assert with_task(text, "one", {"id": "b"}).endswith("    tasks:\n      - {id: b}\n")


def test_the_last_line_needs_no_end_and_blank_lines_stay_where_they_are() -> None:
    text = "steps:\n  - id: one\n    tasks:\n      - id: a\n        solve: |\n          true\n\n\n"
    assert with_task(text, "one", {"id": "b"}) == text.rstrip() + "\n      - {id: b}\n\n\n"
    assert with_task(text.rstrip(), "one", {"id": "b"}).endswith(
        "          true\n      - {id: b}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "steps: [",
        "steps: {}",
        "- steps",
        "steps:\n  - {id: one, tasks: [{id: a}]}\n",
        "steps:\n  - id: one\n    tasks: [{id: a}]\n",
        "steps:\n  - id: other\n",
        "a: &a [x]\nb: [*a, *a]\nsteps:\n  - id: one\n",
        "[" * 5000,
        'steps:\n  - id: one\n    "tasks": []\n',
        "steps:\n  - id: one\n    tasks: 3\n",
        "steps:\n  - id: [one]\n",
        "steps:\n  - id: one\n    tasks:\n      - id: a\n        solve: |+\n          true\n\n\n",
    ],
)
def test_where_there_is_no_sure_place_nothing_is_written(text: str) -> None:
    with pytest.raises(NoPlace):
        with_task(text, "one", TASK)

"""A task put into `lesson.yml` as text, so that all else stays as its author wrote it."""

import copy
from typing import Any

import yaml

from lessons.faults import LessonError
from lessons.written import end_of, nodes_of, read_yaml, value_of

from .yaml_text import as_yaml, indented


class NoPlace(Exception):
    """The text is not one into which a task can be put; the text says why, for the log."""


def steps_in(text: str) -> list[str]:
    """The ids of its steps, as far as they can be read."""
    try:
        return [step for step, _node in _steps(_read(text)[0])]
    except NoPlace:
        return []


def ids_in(text: str) -> set[str]:
    """The ids of its tasks, as far as they can be read."""
    try:
        steps = _steps(_read(text)[0])
    except NoPlace:
        return set()
    lists = (value_of(node, "tasks") for _step, node in steps)
    tasks = (task for each in lists if isinstance(each, yaml.SequenceNode) for task in each.value)
    return {str(name.value) for task in tasks if (name := value_of(task, "id")) is not None}


def with_task(text: str, step: str, task: dict[str, Any]) -> str:
    """The text with the task as the last one of its step. Raises NoPlace."""
    text = text if text.endswith("\n") else f"{text}\n"
    root, value = _read(text)
    place = dict(_steps(root)).get(step)
    if place is None:
        raise NoPlace("no such step")
    new = _put(text, place, task)
    # Whatever was misunderstood shows here.
    if _read(new)[1] != _appended(value, step, task):
        raise NoPlace("the text would say something else")
    return new


def _read(text: str) -> tuple[yaml.Node | None, Any]:
    """Its nodes with their places, and what they say. Raises NoPlace."""
    try:
        value = read_yaml(text.encode()).value  # refuses what would be too much for the next line
        return nodes_of(text), value
    except (LessonError, yaml.YAMLError) as error:
        raise NoPlace(str(error)) from None


def _steps(root: yaml.Node | None) -> list[tuple[str, yaml.MappingNode]]:
    steps = value_of(root, "steps")
    if not isinstance(steps, yaml.SequenceNode):
        raise NoPlace("no steps")
    found = []
    for node in steps.value:
        name = value_of(node, "id")
        if isinstance(name, yaml.ScalarNode):
            found.append((str(name.value), node))
    return found


def _put(text: str, step: yaml.MappingNode, task: dict[str, Any]) -> str:
    lines = text.splitlines(keepends=True)
    tasks = value_of(step, "tasks")
    if step.flow_style:
        raise NoPlace("the step is written in braces")
    if tasks is None:
        at, column = end_of(step, lines), step.start_mark.column
        return _inserted(lines, at, as_yaml({"tasks": [task]}), column)
    if isinstance(tasks, yaml.SequenceNode) and tasks.value and not tasks.flow_style:
        at, column = end_of(tasks, lines), tasks.start_mark.column
        return _inserted(lines, at, as_yaml([task]), column)
    if tasks.value:
        raise NoPlace("the tasks are written in brackets")
    # `tasks:` with nothing or with [] behind it.
    before, key, _nothing = lines[tasks.start_mark.line].partition("tasks:")
    if not key:
        raise NoPlace("the key of the tasks is not in their line")
    lines[tasks.start_mark.line] = f"{before}{key}\n"
    return _inserted(lines, tasks.start_mark.line + 1, as_yaml([task]), step.start_mark.column + 2)


def _inserted(lines: list[str], at: int, new: str, column: int) -> str:
    return "".join([*lines[:at], indented(new, column), *lines[at:]])


def _appended(lesson: Any, step: str, task: dict[str, Any]) -> Any:
    changed = copy.deepcopy(lesson)
    for each in changed["steps"]:
        if isinstance(each, dict) and each.get("id") == step:
            each["tasks"] = [*(each.get("tasks") or []), task]
            break
    return changed

"""Changes of `lesson.yml` that the studio makes in its text, so that all else stays as written."""

from typing import NamedTuple

import yaml
from django.utils.translation import gettext as _

from lessons import placeholders
from lessons.faults import LessonError
from lessons.loader import LESSON
from lessons.written import end_of, nodes_of, read_yaml, value_of

from .drafts import DraftRefused


class _Steps(NamedTuple):
    """Where the items of `steps` begin, by line from 0, and where the list ends."""

    names: list[str]
    begins: list[int]
    end: int
    indent: int


def with_step(content: bytes, step: str) -> bytes:
    """A step of this name at the end. Raises DraftRefused."""
    lines, steps = _read(content)
    if step in steps.names:
        raise DraftRefused(_("There is a step of this name already."))
    indent = " " * steps.indent
    titles = '{{ja: "{ja}", en: "{en}"}}'.format(**placeholders.STEP)
    added = [f"{indent}- id: {step}\n", f"{indent}  title: {titles}\n"]
    before = "".join(lines[: steps.end])
    line_end = "" if before.endswith("\n") else "\n"
    return (before + line_end + "".join(added + lines[steps.end :])).encode()


def without_step(content: bytes, step: str) -> bytes:
    """Without the step of this name. Raises DraftRefused, also for the only one."""
    lines, steps = _read(content)
    if step not in steps.names:
        return content
    if len(steps.names) == 1:
        raise DraftRefused(_("A lesson has at least one step."))
    at = steps.names.index(step)
    end = [*steps.begins, steps.end][at + 1]
    return "".join(lines[: steps.begins[at]] + lines[end:]).encode()


def _read(content: bytes) -> tuple[list[str], _Steps]:
    """Raises DraftRefused where `steps` is not written as a list below its key."""
    by_hand = DraftRefused(
        _("The list of steps in lesson.yml can't be read. Change it there by hand.")
    )
    try:
        read_yaml(content, LESSON)
    except LessonError:
        raise by_hand from None
    text = content.decode("utf-8-sig")
    lines = text.splitlines(keepends=True)
    written = value_of(nodes_of(text), "steps")
    if not isinstance(written, yaml.SequenceNode) or written.flow_style or not written.value:
        raise by_hand
    items = [node for node in written.value if isinstance(node, yaml.MappingNode)]
    if len(items) < len(written.value):
        raise by_hand
    names = [str(name.value) if (name := value_of(item, "id")) else "" for item in items]
    begins = [item.start_mark.line for item in items]
    return lines, _Steps(names, begins, end_of(written, lines), written.start_mark.column)

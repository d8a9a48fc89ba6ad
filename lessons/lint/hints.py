"""Hints that a learner can get."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from lessons.document import Hint
from lessons.faults import Fault, meant

from .implication import implies, impossible
from .reading import Reading
from .rules import error, warning


@warning("never-offered-hint")
def never_offered_hint(reading: Reading) -> Iterator[Fault]:
    """No hint stands behind one that always fits first, or fits only what is already done."""
    if reading.lesson is None:
        return
    for (way, _written), task in zip(reading.tasks(), reading.lesson.tasks(), strict=True):
        for index, hint in enumerate(task.hints):
            place = (*way, "hints", index)
            if any(_covers(earlier, hint) for earlier in task.hints[:index]):
                words = _("A hint before this one fits whenever this one does.")
                yield reading.fault(place, words, _("Put the more special one first."))
            elif hint.when is not None and implies(hint.when, task.check):
                yield reading.fault(place, _("Where this hint fits, the task has passed."))
            elif hint.when is not None and impossible(hint.when):
                yield reading.fault(place, _("Nothing can be as this hint's `when` says."))


@error("unknown-hint")
def unknown_hint(reading: Reading) -> Iterator[Fault]:
    """A wrong attempt names a hint of its own task."""
    for way, task in reading.tasks():
        ids = [name for name in _each(task, "hints", "id") if name is not None]
        for index, hint in enumerate(_each(task, "wrong", "hint")):
            if hint is not None and hint not in ids:
                words = _("No hint of this task is called `%(name)s`.") % {"name": hint[:60]}
                yield reading.fault((*way, "wrong", index, "hint"), words, meant(hint, ids))


def _covers(earlier: Hint, hint: Hint) -> bool:
    if earlier.when is None:
        return True
    return hint.when is not None and implies(hint.when, earlier.when)


def _each(task: dict[str, Any], key: str, field: str) -> list[str | None]:
    """What each of a task's hints or attempts has there, None where it is no text."""
    entries = task.get(key)
    values = [
        entry.get(field) if isinstance(entry, dict) else None
        for entry in (entries if isinstance(entries, list) else [])
    ]
    return [value if isinstance(value, str) else None for value in values]

"""What changed from one edition of a lesson's files to another, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from lessons.files import LessonFiles, is_picture

# Unchanged lines that are shown around a change.
AROUND = 3


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Line:
    """A line with its number in either edition, where it has one; `SKIPPED` stands for several."""

    kind: Kind
    before: int | None = None
    after: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Change:
    """A file that is not the same in both; of a picture no lines are shown."""

    path: str
    kind: Kind
    lines: list[Line]


def changes(before: LessonFiles, after: LessonFiles) -> list[Change]:
    """Of every file that is not the same in both, by path."""
    paths = sorted(before.keys() | after.keys())
    return [
        Change(path, _kind(path, before, after), [*_lines(path, before, after)])
        for path in paths
        if before.get(path) != after.get(path)
    ]


def _kind(path: str, before: LessonFiles, after: LessonFiles) -> Kind:
    if path not in before:
        return Kind.ADDED
    return Kind.SAME if path in after else Kind.REMOVED


def _lines(path: str, before: LessonFiles, after: LessonFiles) -> Iterator[Line]:
    if is_picture(path):
        return
    old, new = (
        each.get(path, b"").decode(errors="replace").splitlines() for each in (before, after)
    )
    groups = SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND)
    for number, group in enumerate(groups):
        if number or group[0][1]:
            yield Line(Kind.SKIPPED)
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                for at in range(old_to - old_from):
                    yield Line(Kind.SAME, old_from + at + 1, new_from + at + 1, old[old_from + at])
                continue
            for at in range(old_from, old_to):
                yield Line(Kind.REMOVED, before=at + 1, text=old[at])
            for at in range(new_from, new_to):
                yield Line(Kind.ADDED, after=at + 1, text=new[at])

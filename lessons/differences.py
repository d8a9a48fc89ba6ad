"""What is different between two states of a lesson's files."""

import difflib
from collections.abc import Iterator

from .files import LessonFiles


def difference(before: LessonFiles, after: LessonFiles, old: str, new: str) -> Iterator[str]:
    """The lines of a unified diff, file by file; `old` and `new` name the two states."""
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) == after.get(path):
            continue
        texts = [_lines(files.get(path)) for files in (before, after)]
        if None in texts:
            yield f"{old}/{path} and {new}/{path} differ"
            continue
        yield from difflib.unified_diff(
            texts[0] or [], texts[1] or [], f"{old}/{path}", f"{new}/{path}", lineterm=""
        )


def _lines(content: bytes | None) -> list[str] | None:
    """None for what is no text, as an image."""
    try:
        return (content or b"").decode().splitlines()
    except UnicodeDecodeError:
        return None

"""Reading a lesson from its folder.

Whatever an author got wrong ends in one LessonError that names file and place; the lessons that
are already loaded stay as they are.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from .document import Lesson

LANGUAGES = ("ja", "en")
# A lesson is text: a file over this is a mistake or an attack.
MAX_BYTES = 256 * 1024


class LessonError(Exception):
    """A lesson that can't be read; the text says where and why."""


class _PlainYaml(yaml.SafeLoader):
    """YAML without anchors: nobody needs them in a lesson, and they can be made to explode."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.get_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise yaml.YAMLError(f"anchors and aliases are not read (line {line})")
        return super().compose_node(parent, index)


def read_lesson(folder: Path) -> dict[str, Any]:
    """The whole lesson as one plain document: what `parse_lesson` takes and the database keeps.

    Raises LessonError.
    """
    written = _yaml(folder / "lesson.yml")
    document = {"lesson": written, "texts": {}}
    lesson = parse_lesson(document, folder / "lesson.yml")
    if lesson.slug != folder.name:
        raise LessonError(
            f"{folder / 'lesson.yml'}: slug is `{lesson.slug}`, but the folder is `{folder.name}`"
        )
    document["texts"] = {
        step.id: {
            language: _text(folder / "steps" / f"{step.id}.{language}.md") for language in LANGUAGES
        }
        for step in lesson.steps
    }
    return document


def parse_lesson(document: dict[str, Any], source: Path | str = "the database") -> Lesson:
    """The lesson in a document. Raises LessonError with one line for each mistake."""
    try:
        return Lesson.model_validate(document["lesson"])
    except ValidationError as error:
        lines = [
            f"{source}: {'.'.join(str(part) for part in fault['loc']) or 'lesson'}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise LessonError("\n".join(lines)) from None


def digest(document: dict[str, Any]) -> str:
    """A name for this very content: another digest is another version."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _yaml(path: Path) -> Any:
    try:
        return yaml.load(_text(path), Loader=_PlainYaml)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise LessonError(f"{path}: this is not readable as YAML: {error}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LessonError(f"{path}: larger than {MAX_BYTES // 1024} KiB")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LessonError(f"{path}: this file is missing") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(f"{path}: not readable as UTF-8 text: {error}") from None

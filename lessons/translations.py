"""What says the same in both languages, and when somebody last made sure of it.

`translations.yml` in a lesson's folder has a line for each pair of texts: a digest of the Japanese
and one of the English, from when they said the same. See docs/adr/0037-translations.md.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .faults import LessonError
from .files import LANGUAGES, TRANSLATIONS, LessonFiles, is_step_text
from .loader import LESSON
from .written import Way, Written, read_yaml

HEAD = "# Digests of texts that said the same, ja and en: `./classroom lessons translated`.\n"


@dataclass(frozen=True)
class Side:
    """One language's text and where it stands; `line` and `column` count from 1."""

    text: str
    file: str
    line: int = 1
    column: int = 1

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.strip().encode()).hexdigest()[:12]


# What the side says in each language.
Pair = Mapping[str, Side]


def pairs(files: LessonFiles) -> dict[str, Pair]:
    """Every text that is there in both languages, under a name that outlives edits around it.

    Empty where `lesson.yml` can't be read.
    """
    try:
        written = read_yaml(files.get(LESSON, b""), LESSON)
    except LessonError:
        written = Written()
    found = dict(_in_lesson(written.value, (), "", written))
    for path in sorted(files):
        twin = path.replace(".ja.md", ".en.md")
        if is_step_text(path) and twin != path and twin in files:
            sides = zip(LANGUAGES, (path, twin), strict=True)
            found[path.removesuffix(".ja.md")] = {
                language: Side(_decoded(files[each]), each) for language, each in sides
            }
    return found


def recorded(files: LessonFiles) -> dict[str, dict[str, str]]:
    """The digests in `translations.yml`, by language. Raises LessonError where it can't be read."""
    written = read_yaml(files.get(TRANSLATIONS, b""), TRANSLATIONS).value
    if not isinstance(written, dict):
        return {}
    lines = {name: str(digests).split() for name, digests in written.items()}
    return {
        name: dict(zip(LANGUAGES, digests, strict=True))
        for name, digests in lines.items()
        if len(digests) == len(LANGUAGES)
    }


def record(files: LessonFiles, names: Collection[str] | None = None) -> bytes:
    """`translations.yml` for a lesson whose texts all say the same in both languages.

    Where only these `names` do, all else stays as it is on record. Raises LessonError where that
    can't be read.
    """
    found = pairs(files)
    lines = {} if names is None else recorded(files)
    for name in found if names is None else names:
        lines[name] = {language: found[name][language].digest for language in LANGUAGES}
    written = (
        f"{name}: {' '.join(lines[name][language] for language in LANGUAGES)}\n"
        for name in found
        if name in lines
    )
    return (HEAD + "".join(written)).encode()


def _in_lesson(value: Any, way: Way, name: str, written: Written) -> Iterator[tuple[str, Pair]]:
    """The pairs in `lesson.yml`; things in a list go by their id, or else by their number."""
    if isinstance(value, dict) and all(isinstance(value.get(each), str) for each in LANGUAGES):
        yield (
            name,
            {
                language: Side(value[language], LESSON, *written.place((*way, language)))
                for language in LANGUAGES
            },
        )
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _in_lesson(inner, (*way, key), f"{name}/{key}" if name else key, written)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            own = inner.get("id") if isinstance(inner, dict) else None
            named = f"{name}/{own if isinstance(own, str) else index + 1}"
            yield from _in_lesson(inner, (*way, index), named, written)


def _decoded(content: bytes) -> str:
    return content.decode(errors="replace").replace("\r\n", "\n")

"""A lesson that is being written, as its learners would see it, both languages side by side."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from lessons.files import LANGUAGES, LessonFiles
from lessons.lint import Finding, Severity
from lessons.markdown import render_line
from lessons.models import Draft, FolderPreview

from .drafts import files_of
from .rendering import as_read, mappings, pictures_of, problems_in, rendered, steps_in


@dataclass(frozen=True)
class Edition:
    """Files as they are now; another stamp stands for other files. `fault`: why there are none."""

    slug: str
    stamp: str
    files: LessonFiles
    picture_route: str
    fault: str = ""


@dataclass(frozen=True)
class Side:
    """A step in one language."""

    language: str
    title: SafeString
    html: SafeString
    tasks: list[SafeString]


@dataclass(frozen=True)
class QuestionSide:
    """A question of the quiz in one language, each answer with whether it is right, and why."""

    language: str
    question: SafeString
    answers: list[tuple[SafeString, bool, SafeString]]


@dataclass(frozen=True)
class PreviewedStep:
    name: str
    sides: list[Side]
    quiz: list[list[QuestionSide]]


@dataclass(frozen=True)
class Problem:
    """A finding with the line that it is about."""

    finding: Finding
    source: str


@dataclass(frozen=True)
class Preview:
    titles: list[tuple[str, SafeString]]
    steps: list[PreviewedStep]
    quiz: list[list[QuestionSide]]
    problems: list[Problem]


def stamp_of(draft: Draft) -> str:
    """Without reading what the files say."""
    rows = draft.files.values_list("path", "revision")
    return hashlib.sha256(repr([*rows]).encode()).hexdigest()


def edition_of_draft(draft: Draft) -> Edition:
    return Edition(draft.slug, stamp_of(draft), files_of(draft), "draft-picture")


def edition_of_folder(kept: FolderPreview) -> Edition:
    files = {path: base64.b64decode(content) for path, content in kept.files.items()}
    return Edition(kept.slug, kept.stamp, files, "folder-picture", kept.fault)


def preview_of(edition: Edition) -> Preview:
    files, written = edition.files, as_read(edition.files)
    pictures = pictures_of(files, edition.picture_route, edition.slug)
    steps = []
    for step in steps_in(files, written):
        path = f"steps/{step['id']}"
        sides = [
            Side(
                language,
                _words(step.get("title"), language),
                rendered(files.get(f"{path}.{language}.md", b""), written, language, pictures),
                [_words(task.get("title"), language) for task in mappings(step.get("tasks"))],
            )
            for language in LANGUAGES
        ]
        steps.append(PreviewedStep(step["id"], sides, _quiz_of(step)))
    titles = [(language, _words(written.get("title"), language)) for language in LANGUAGES]
    return Preview(titles, steps, _quiz_of(written), _problems(edition))


def _quiz_of(written: dict[str, Any]) -> list[list[QuestionSide]]:
    """Of a step, or of the lesson."""
    return [_question(question) for question in mappings(written.get("quiz"))]


def _question(question: dict[str, Any]) -> list[QuestionSide]:
    answers = mappings(question.get("answers"))
    return [
        QuestionSide(
            language,
            _words(question.get("question"), language),
            [
                (
                    _words(answer.get("text"), language),
                    answer.get("right") is True,
                    _words(answer.get("why"), language),
                )
                for answer in answers
            ],
        )
        for language in LANGUAGES
    ]


def _problems(edition: Edition) -> list[Problem]:
    if edition.fault:
        place = Finding("lesson.yml", 1, 1, "schema", Severity.ERROR, edition.fault)
        return [Problem(place, "")]
    found = problems_in(edition.files, edition.slug)
    return [Problem(one, _line(edition.files, one)) for one in found]


def _line(files: LessonFiles, finding: Finding) -> str:
    lines = files.get(finding.file, b"").decode(errors="replace").splitlines()
    return lines[finding.line - 1][:200] if 0 < finding.line <= len(lines) else ""


def _words(value: Any, language: str) -> SafeString:
    words = value.get(language, "") if isinstance(value, dict) else ""
    return render_line(str(words))

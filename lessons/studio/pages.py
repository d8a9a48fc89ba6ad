"""What the studio's pages show of a draft."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from lessons.files import LANGUAGES, is_step_text
from lessons.lint import Finding, lint
from lessons.loader import LESSON
from lessons.models import Draft, DraftFile, Lesson
from lessons.pictures import Picture

from .pairs import Standing, paths_beside, standings, step_of
from .rendering import pictures_of, rendered, steps_in

FileRows = dict[str, DraftFile]


@dataclass(frozen=True)
class Unsaved:
    """What somebody typed that could not be saved, and why; `clash`: somebody else saved first."""

    path: str
    text: str
    why: str
    clash: bool = False


@dataclass(frozen=True)
class Sheet:
    """A file to be written in, beside the same step in the other language.

    `why`: its text could not be saved; `clash`: since somebody else saved `theirs` meanwhile.
    """

    path: str
    language: str
    revision: int
    text: str
    open: bool
    saved_at: datetime | None
    standing: str
    marks: str
    preview: SafeString | None = None
    why: str = ""
    clash: bool = False
    theirs: str | None = None

    @property
    def name(self) -> str:
        """For ids in the page."""
        return self.language or "lesson"


@dataclass(frozen=True)
class Drawer:
    """What can be opened: a file, or a step in both languages."""

    name: str
    path: str
    open: bool
    stale: bool


@dataclass(frozen=True)
class Desk:
    """A draft with one of its files, or a step's two, lying open."""

    drawers: list[Drawer]
    sheets: list[Sheet]
    problems: list[Finding]
    pictures: tuple[Picture, ...]
    unsaved: Unsaved | None

    @property
    def step(self) -> str:
        """The one whose texts lie open, or ""."""
        return next((_step(sheet.path) for sheet in self.sheets if sheet.language), "")


def desk_of(draft: Draft, path: str, unsaved: Unsaved | None = None) -> Desk:
    """Where a draft has no such file, `lesson.yml` lies open, or what could not be saved."""
    files = _rows(draft)
    problems = _problems(draft, files)
    opened = path if _fits(path) and (path in files or unsaved) else LESSON
    sheets = [
        _sheet(draft, each, files, problems, opened=each == opened) for each in paths_beside(opened)
    ]
    if unsaved and unsaved.path == opened:
        sheets = [_with_unsaved(sheet, unsaved) if sheet.open else sheet for sheet in sheets]
        unsaved = None
    pictures = pictures_of(_contents(files), "draft-picture", draft.slug)
    return Desk(_drawers(files, opened), sheets, problems, pictures, unsaved)


def news_of(draft: Draft, path: str) -> dict[str, Any]:
    """What a page shows differently once this file is saved."""
    files = _rows(draft)
    problems = _problems(draft, files)
    sheets = [_sheet(draft, each, files, problems) for each in paths_beside(path)]
    parts = {"studio-problems": render_to_string("studio/_problems.html", {"problems": problems})}
    for sheet in sheets:
        shown = render_to_string("studio/_standing.html", {"sheet": sheet, "draft": draft})
        parts[f"standing-{sheet.name}"] = shown
    saved = next(sheet for sheet in sheets if sheet.path == path)
    return {
        "revision": saved.revision,
        "preview": saved.preview or "",
        "problems": _marks(problems, path),
        "parts": parts,
    }


def _drawers(files: FileRows, opened: str) -> list[Drawer]:
    """`lesson.yml` and the steps in its order."""
    standing = standings(_contents(files))
    language = translation.get_language() or "en"
    stale = {path for path, each in standing.items() if each is not Standing.MATCHES}
    drawers = [Drawer(LESSON, LESSON, opened == LESSON, LESSON in stale)]
    for step in (written["id"] for written in steps_in(_contents(files))):
        paths = [f"steps/{step}.{each}.md" for each in LANGUAGES]
        path = f"steps/{step}.{language}.md"
        drawers.append(Drawer(step, path, opened in paths, not stale.isdisjoint(paths)))
    return drawers


def _step(path: str) -> str:
    return step_of(path).removeprefix("steps/")


def _problems(draft: Draft, files: FileRows) -> list[Finding]:
    known = {*Lesson.objects.values_list("slug", flat=True)}
    return lint(_contents(files), draft.slug, known)


def _marks(problems: list[Finding], path: str) -> list[dict[str, Any]]:
    """What the editor shows beside its lines."""
    return [
        {
            "line": one.line,
            "column": one.column,
            "severity": one.severity,
            "words": one.words,
        }
        for one in problems
        if one.file == path
    ]


def _rows(draft: Draft) -> FileRows:
    return {file.path: file for file in draft.files.all()}


def _contents(files: FileRows) -> dict[str, bytes]:
    return {path: bytes(file.content) for path, file in files.items()}


def _fits(path: str) -> bool:
    return path == LESSON or is_step_text(path)


def _sheet(
    draft: Draft, path: str, files: FileRows, problems: list[Finding], opened: bool = False
) -> Sheet:
    file = files.get(path)
    text = bytes(file.content).decode(errors="replace") if file else ""
    language = path.split(".")[-2] if is_step_text(path) else ""
    return Sheet(
        path=path,
        language=language,
        revision=file.revision if file else 0,
        text=text,
        open=opened,
        saved_at=file.saved_at if file else None,
        standing=standings(_contents(files)).get(path, ""),
        marks=json.dumps(_marks(problems, path)),
        preview=_preview(draft, files, path, language) if language else None,
    )


def _with_unsaved(sheet: Sheet, unsaved: Unsaved) -> Sheet:
    theirs = sheet.text if unsaved.clash and sheet.revision else None
    return replace(sheet, text=unsaved.text, why=unsaved.why, clash=unsaved.clash, theirs=theirs)


def _preview(draft: Draft, files: FileRows, path: str, language: str) -> SafeString:
    contents = _contents(files)
    pictures = pictures_of(contents, "draft-picture", draft.slug)
    return rendered(contents, path, language, pictures)

"""What the studio's pages show of a draft."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from lessons.files import LANGUAGES, is_step_text
from lessons.lint import Finding
from lessons.loader import LESSON
from lessons.models import Draft
from lessons.pictures import Picture

from .pairs import Standing, paths_beside, standings, step_of
from .rendering import as_read, pictures_of, problems_in, rendered, steps_in


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


class _AsItStands:
    """A draft's files, and what they say together: each is worked out once, when it is needed."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.rows = {file.path: file for file in draft.files.all()}
        self.contents = {path: bytes(file.content) for path, file in self.rows.items()}

    @cached_property
    def written(self) -> dict[str, Any]:
        return as_read(self.contents)

    @cached_property
    def problems(self) -> list[Finding]:
        return problems_in(self.contents, self.draft.slug)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return standings(self.contents)

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        return pictures_of(self.contents, "draft-picture", self.draft.slug)


def desk_of(draft: Draft, path: str, unsaved: Unsaved | None = None) -> Desk:
    """Where a draft has no such file, `lesson.yml` lies open, or what could not be saved."""
    now = _AsItStands(draft)
    opened = path if _fits(path) and (path in now.rows or unsaved) else LESSON
    sheets = [_sheet(now, each, opened=each == opened) for each in paths_beside(opened)]
    if unsaved and unsaved.path == opened:
        sheets = [_with_unsaved(sheet, unsaved) if sheet.open else sheet for sheet in sheets]
        unsaved = None
    return Desk(_drawers(now, opened), sheets, now.problems, now.pictures, unsaved)


def news_of(draft: Draft, path: str) -> dict[str, Any]:
    """What a page shows differently once this file is saved."""
    now = _AsItStands(draft)
    sheets = [_sheet(now, each) for each in paths_beside(path)]
    problems = render_to_string("studio/_problems.html", {"problems": now.problems})
    parts = {"studio-problems": problems}
    for sheet in sheets:
        shown = render_to_string("studio/_standing.html", {"sheet": sheet, "draft": draft})
        parts[f"standing-{sheet.name}"] = shown
    saved = next(sheet for sheet in sheets if sheet.path == path)
    return {
        "revision": saved.revision,
        "saved_at": saved.saved_at.isoformat() if saved.saved_at else "",
        "preview": saved.preview or "",
        "problems": _marks(now.problems, path),
        "parts": parts,
    }


def _drawers(now: _AsItStands, opened: str) -> list[Drawer]:
    """`lesson.yml` and the steps in its order."""
    language = translation.get_language() or "en"
    stale = {path for path, each in now.standings.items() if each is not Standing.MATCHES}
    drawers = [Drawer(LESSON, LESSON, opened == LESSON, LESSON in stale)]
    for step in (written["id"] for written in steps_in(now.contents, now.written)):
        paths = [f"steps/{step}.{each}.md" for each in LANGUAGES]
        path = f"steps/{step}.{language}.md"
        drawers.append(Drawer(step, path, opened in paths, not stale.isdisjoint(paths)))
    return drawers


def _step(path: str) -> str:
    return step_of(path).removeprefix("steps/")


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


def _fits(path: str) -> bool:
    return path == LESSON or is_step_text(path)


def _sheet(now: _AsItStands, path: str, *, opened: bool = False) -> Sheet:
    file, content = now.rows.get(path), now.contents.get(path, b"")
    language = path.split(".")[-2] if is_step_text(path) else ""
    return Sheet(
        path=path,
        language=language,
        revision=file.revision if file else 0,
        text=content.decode(errors="replace"),
        open=opened,
        saved_at=file.saved_at if file else None,
        standing=now.standings.get(path, ""),
        marks=json.dumps(_marks(now.problems, path)),
        preview=rendered(content, now.written, language, now.pictures) if language else None,
    )


def _with_unsaved(sheet: Sheet, unsaved: Unsaved) -> Sheet:
    theirs = sheet.text if unsaved.clash and sheet.revision else None
    return replace(sheet, text=unsaved.text, why=unsaved.why, clash=unsaved.clash, theirs=theirs)

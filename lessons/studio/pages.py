"""What the studio's pages show of a draft."""

from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.safestring import SafeString

from lessons.files import LANGUAGES
from lessons.markdown import render_step
from lessons.models import Draft, DraftFile


@dataclass(frozen=True)
class Sheet:
    """A file, to be written in or to be read beside that.

    `theirs` is what somebody else saved meanwhile.
    """

    path: str
    language: str
    revision: int
    text: str
    open: bool
    preview: SafeString | None = None
    theirs: str | None = None


def sheets_of(draft: Draft, path: str, mine: str | None = None) -> list[Sheet]:
    """The file of this path, and beside it the same step in the other language.

    `mine` is what could not be saved, since somebody else had saved that file meanwhile.
    """
    files = {file.path: file for file in draft.files.all()}
    opened = path if path in files else "lesson.yml"
    sheets = [_sheet(each, files.get(each), each == opened) for each in _beside(opened)]
    if mine is None:
        return sheets
    return [
        replace(sheet, text=mine, theirs=sheet.text) if sheet.open else sheet for sheet in sheets
    ]


def _beside(path: str) -> list[str]:
    if not path.startswith("steps/"):
        return [path]
    step = path.split(".")[0]
    return [f"{step}.{language}.md" for language in LANGUAGES]


def _sheet(path: str, file: DraftFile | None, opened: bool) -> Sheet:
    text = bytes(file.content).decode(errors="replace") if file else ""
    language = path.split(".")[-2] if path.startswith("steps/") else ""
    preview = None
    if language:
        with translation.override(language):
            preview = render_step(text, language)
    return Sheet(path, language, file.revision if file else 0, text, opened, preview)

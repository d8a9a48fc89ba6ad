"""What a lesson is made of: adding and removing its steps and images."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from django.db import transaction
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import User
from lessons import placeholders
from lessons.faults import LessonError
from lessons.files import LANGUAGES, LONGEST_PATH, is_picture
from lessons.loader import LESSON
from lessons.models import Draft
from lessons.pictures import size_of

from .drafts import DraftRefused, files_of, save
from .lesson_text import with_step, without_step
from .pairs import go_on_matching

BRACKETS = str.maketrans("[]\\", "()/")


@transaction.atomic
def add_step(draft: Draft, step: str, author: User) -> None:
    """At the end, with a text in each language. Raises DraftRefused."""
    before = files_of(draft)
    _change_lesson(draft, lambda content: with_step(content, step), author)
    for path, language in _texts_of(step).items():
        # What was left of a step whose lines were removed by hand is taken up again.
        if not draft.files.filter(path=path).exists():
            save(draft, path, placeholders.TEXT[language].encode(), 0, author)
    go_on_matching(draft, before, author)


@transaction.atomic
def remove_step(draft: Draft, step: str, author: User) -> None:
    """With its texts. Raises DraftRefused."""
    _change_lesson(draft, lambda content: without_step(content, step), author)
    draft.files.filter(path__in=_texts_of(step)).delete()


@transaction.atomic
def add_picture(
    draft: Draft, name: str, content: bytes, step: str, words: dict[str, str], author: User
) -> str:
    """Its path; it is shown at the end of this step, with these words in each language.

    Replaces an image of the same name. Raises DraftRefused.
    """
    path, before = path_of_picture(name), files_of(draft)
    file = draft.files.filter(path=path).first()
    try:
        size_of(path, content)
    except (LessonError, KeyError) as error:
        told = error.faults[0].words if isinstance(error, LessonError) else ""
        raise DraftRefused(told or _("An image is a PNG, WebP, JPEG or SVG file.")) from None
    save(draft, path, content, file.revision if file else 0, author)
    for text in draft.files.filter(path__in=_texts_of(step)):
        shown = f"\n![{_plain(words[_texts_of(step)[text.path]])}]({path})\n"
        save(draft, text.path, bytes(text.content) + shown.encode(), text.revision, author)
    go_on_matching(draft, before, author)
    return path


def remove_picture(draft: Draft, path: str) -> None:
    """Where texts still show it, the draft's problems say so."""
    if is_picture(path):
        draft.files.filter(path=path).delete()


def path_of_picture(name: str) -> str:
    """Under images/, whatever the file was called on somebody's disk."""
    file = PurePosixPath(name.replace("\\", "/"))
    ending = file.suffix.lower()
    stem = re.sub("[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "image"
    longest = LONGEST_PATH - len(f"images/{ending}")
    return f"images/{stem[:longest].strip('-')}{ending}"


def _change_lesson(draft: Draft, change: Callable[[bytes], bytes], author: User) -> None:
    file = draft.files.filter(path=LESSON).first()
    if file is None:
        raise DraftRefused(_("This draft has no lesson.yml."))
    save(draft, LESSON, change(bytes(file.content)), file.revision, author)


def _texts_of(step: str) -> dict[str, str]:
    """Its texts' paths, with their languages."""
    return {f"steps/{step}.{language}.md": language for language in LANGUAGES}


def _plain(words: str) -> str:
    """Nothing in it ends the words of an image in Markdown."""
    return " ".join(words.translate(BRACKETS).split())

"""Drafts: beginning one, and saving its files so that nobody overwrites another unseen."""

import re

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hakoniwa.accounts.models import User
from lessons.files import MOST_FILES, TRANSLATIONS, LessonFiles, fault_with
from lessons.models import Draft, DraftFile, LessonVersion
from lessons.names import LONGEST_SLUG, SLUG
from lessons.translations import record


class DraftRefused(Exception):
    """Something that a draft can't be or hold; the text says what, in the active language."""


class Conflict(Exception):
    """The file was saved by somebody else meanwhile; nothing of either was changed.

    `file` is what stands there now, or None where it is gone.
    """

    def __init__(self, file: DraftFile | None) -> None:
        super().__init__(str(file))
        self.file = file


@transaction.atomic
def begin(slug: str, files: LessonFiles, author: User) -> Draft:
    """A new draft with these files; what says nothing else counts as the same in both languages.

    Raises DraftRefused, also where the name is taken.
    """
    files = {TRANSLATIONS: record(files), **files}
    if len(slug) > LONGEST_SLUG or not re.fullmatch(SLUG, slug):
        raise DraftRefused(_("This is no name for a lesson."))
    if len(files) > MOST_FILES:
        raise DraftRefused(_too_many())
    for path, content in files.items():
        _check(path, content)
    try:
        with transaction.atomic():
            draft = Draft.objects.create(slug=slug, begun_by=author)
    except IntegrityError:
        raise DraftRefused(_("There is a draft of this name already.")) from None
    DraftFile.objects.bulk_create(
        DraftFile(draft=draft, path=path, content=content, saved_by=author)
        for path, content in files.items()
    )
    return draft


def duplicate(draft: Draft, slug: str, author: User) -> Draft:
    """The same files under another name, also in `lesson.yml`. Raises DraftRefused."""
    files = files_of(draft)
    written = files.get("lesson.yml", b"")
    renamed = re.sub(rb"(?m)^slug:.*$", b"slug: " + slug.encode(), written, count=1)
    return begin(slug, files | {"lesson.yml": renamed}, author)


def files_of(written: Draft | LessonVersion) -> dict[str, bytes]:
    """Of a version the files as they were when it was published, to go on from."""
    return {file.path: bytes(file.content) for file in written.files.all()}


@transaction.atomic
def save(draft: Draft, path: str, content: bytes, revision: int, author: User) -> int:
    """The file's new revision. `revision` is the one that the author had; 0 makes a new file.

    Raises Conflict where that is not the present one, DraftRefused for what no lesson has.
    """
    _check(path, content)
    if not revision:
        return _add(draft, path, content, author)
    changed = draft.files.filter(path=path, revision=revision).update(
        content=content, revision=F("revision") + 1, saved_by=author, saved_at=timezone.now()
    )
    if not changed:
        raise Conflict(draft.files.filter(path=path).first())
    return revision + 1


def _add(draft: Draft, path: str, content: bytes, author: User) -> int:
    if draft.files.count() >= MOST_FILES:
        raise DraftRefused(_too_many())
    file, created = draft.files.get_or_create(
        path=path, defaults={"content": content, "saved_by": author}
    )
    if not created:
        raise Conflict(file)
    return file.revision


def _check(path: str, content: bytes) -> None:
    if fault := fault_with(path, len(content)):
        raise DraftRefused(fault.words)


def _too_many() -> str:
    return _("A lesson has no more than %(number)d files.") % {"number": MOST_FILES}

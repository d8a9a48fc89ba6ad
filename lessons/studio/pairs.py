"""Whether a draft's two languages say the same, by its `translations.yml`."""

from enum import StrEnum

from django.db import transaction

from hakoniwa.accounts.models import User
from lessons.faults import LessonError
from lessons.files import LANGUAGES, TRANSLATIONS, LessonFiles, is_step_text
from lessons.models import Draft
from lessons.translations import pairs, record, recorded

from .drafts import files_of, save


class Standing(StrEnum):
    MATCHES = "matches"
    STALE = "stale"  # the other side has changed since they last said the same, and this has not
    UNKNOWN = "unknown"  # both have, or nobody ever said so


def paths_beside(path: str) -> list[str]:
    """The same step in each language, or this one path."""
    if not is_step_text(path):
        return [path]
    return [f"{step_of(path)}.{language}.md" for language in LANGUAGES]


def step_of(path: str) -> str:
    """What a step's two texts have in common, and how `translations.yml` calls them."""
    return path.split(".")[0]


def standings(files: LessonFiles) -> dict[str, Standing]:
    """Of every file with words in a language; `lesson.yml` is stale where any words in it are."""
    before = _recorded(files)
    found: dict[str, Standing] = {}
    for name, pair in pairs(files).items():
        digests = before.get(name, {})
        changed = {each for each, side in pair.items() if side.digest != digests.get(each)}
        for language, side in pair.items():
            standing = _standing(changed, language)
            if is_step_text(side.file):
                found[side.file] = standing
            elif changed or side.file not in found:
                found[side.file] = Standing.STALE if changed else Standing.MATCHES
    return found


def call_matching(draft: Draft, path: str, author: User) -> None:
    """Both languages of this step, or of all words in `lesson.yml`, say the same as they stand."""
    beside = paths_beside(path)
    found = pairs(files_of(draft)).items()
    names = {name for name, pair in found if any(side.file in beside for side in pair.values())}
    _record(draft, names, author)


def go_on_matching(draft: Draft, before: LessonFiles, author: User) -> None:
    """After a change that the studio made in both languages: what said the same still does."""
    then, recorded_then = pairs(before), _recorded(before)
    names = {
        name
        for name in pairs(files_of(draft))
        if name not in then
        or {each: side.digest for each, side in then[name].items()} == recorded_then.get(name)
    }
    _record(draft, names, author)


@transaction.atomic
def _record(draft: Draft, names: set[str], author: User) -> None:
    kept = draft.files.filter(path=TRANSLATIONS).first()
    content = record(files_of(draft), names)
    save(draft, TRANSLATIONS, content, kept.revision if kept else 0, author)


def _standing(changed: set[str], language: str) -> Standing:
    if not changed:
        return Standing.MATCHES
    if len(changed) > 1:
        return Standing.UNKNOWN
    return Standing.MATCHES if language in changed else Standing.STALE


def _recorded(files: LessonFiles) -> dict[str, dict[str, str]]:
    try:
        return recorded(files)
    except LessonError:
        return {}

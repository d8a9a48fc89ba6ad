"""Both languages say the same."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.faults import Fault, LessonError
from lessons.files import LANGUAGES, is_step_text
from lessons.loader import LESSON
from lessons.translations import pairs, recorded

from .reading import Reading
from .rules import error, warning

JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")


@error("missing-language")
def missing_language(reading: Reading) -> Iterator[Fault]:
    """What is there in one language is there in the other."""
    for path in reading.files:
        twin = path.replace(".ja.md", ".en.md") if ".ja." in path else path.replace(".en.", ".ja.")
        if is_step_text(path) and twin not in reading.files:
            yield Fault(twin, words=_only_in(path.split(".")[-2]))
    for way, value in reading.mappings():
        said = [language for language in LANGUAGES if str(value.get(language) or "").strip()]
        if len(said) == 1 and value.keys() <= {*LANGUAGES} and "variables" not in way:
            other = "en" if said == ["ja"] else "ja"
            yield reading.fault((*way, other), _only_in(said[0]))
    for path, text in reading.texts.items():
        if not _is_in(text.filled, text.language):
            other = "en" if text.language == "ja" else "ja"
            yield Fault(path, words=_only_in(other))


@warning("stale-translation")
def stale_translation(reading: Reading) -> Iterator[Fault]:
    """Whoever changes one language looks at the other."""
    before = _recorded(reading)
    for name, pair in pairs(reading.files).items():
        if name not in before:
            continue
        changed = [each for each in LANGUAGES if pair[each].digest != before[name][each]]
        if len(changed) != 1:
            continue
        side = pair["en" if changed == ["ja"] else "ja"]
        words = _("The Japanese has changed since the English was last compared with it.")
        if changed == ["en"]:
            words = _("The English has changed since the Japanese was last compared with it.")
        suggestion = _(
            "Make both say the same, then press “They say the same now” in the studio,"
            " or run `./classroom lessons translated`."
        )
        yield Fault(side.file, side.line, side.column, words, suggestion)


@warning("unrecorded-translation")
def unrecorded_translation(reading: Reading) -> Iterator[Fault]:
    """It is on record when both languages said the same."""
    before = _recorded(reading)
    unrecorded = [
        name
        for name, pair in pairs(reading.files).items()
        if name not in before or all(pair[each].digest != before[name][each] for each in LANGUAGES)
    ]
    if unrecorded:
        words = _("It is not on record whether both languages say the same: %(names)s.")
        names = ", ".join(unrecorded[:3]) + (" …" if len(unrecorded) > 3 else "")
        suggestion = _(
            "Compare them, then press “They say the same now” in the studio,"
            " or run `./classroom lessons translated`."
        )
        yield Fault(LESSON, 1, 1, words % {"names": names[:200]}, suggestion)


def _recorded(reading: Reading) -> dict[str, dict[str, str]]:
    try:
        return recorded(reading.files)
    except LessonError:
        return {}


def _only_in(language: str) -> str:
    return _("The English is missing.") if language == "ja" else _("The Japanese is missing.")


def _is_in(text: str, language: str) -> bool:
    """Whether a text can be in this language, code and names aside."""
    letters, japanese = len(LETTER.findall(text)), len(JAPANESE.findall(text))
    return not letters or (japanese > 0 if language == "ja" else japanese * 2 < letters)

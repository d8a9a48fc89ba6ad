"""Whatever is handed in as a lesson: it is read, or what is wrong is said with its place.

HAKONIWA_FUZZ_INPUTS=10000 tries as many, others at each run. The suite tries fewer, and always
the same.
"""

import copy
import io
import json
import os
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.faults import LessonError
from lessons.files import LessonFiles
from lessons.lint import lint
from lessons.loader import parse_lesson, read_lesson
from lessons.scaffolding import SCAFFOLD, new_lesson
from lessons.transfer import as_archive, read_archive

WANTED = os.environ.get("HAKONIWA_FUZZ_INPUTS")
WAYS = 6
fuzzed = settings(
    max_examples=int(WANTED or 2000) // WAYS,
    derandomize=WANTED is None,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

GOOD = new_lesson("fuzzed", 1)
DOCUMENT: dict[str, Any] = yaml.safe_load((SCAFFOLD / "lesson.yml").read_text()) | {
    "slug": "fuzzed"
}

# What YAML, Markdown, variables, Bash and terminals make something of.
PIECES = st.sampled_from(
    [
        *("- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!python/name:os.system ", "<<: ", "? "),
        *("| \n", "> \n", "\n", "\n  ", "\n---\n", "%YAML 9.9\n", "#", '"', "'", "\\", "~", "\t"),
        *(
            "${name}",
            "${",
            "$(",
            "docker run ",
            "-it ",
            "```",
            "```console run\n",
            "## ",
            "[a](",
            ")",
        ),
        *("![](images/a.svg)", "<script>", "<!--", "|", "javascript:", "http://[", "\u202e", "\0"),
        *(
            "\ud800",
            "\ufeff",
            "\x1b[2J",
            "日本語",
            "no",
            "1e999",
            ".nan",
            "0o7",
            "9" * 50,
            "id: ",
            "ja",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)


def is_told_or_read(files: LessonFiles) -> None:
    """It is read as something that can be kept, or each fault has a place and words."""
    try:
        document = read_lesson(files, "fuzzed")
    except LessonError as error:
        are_clean(error)
    else:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
        assert "\\u0000" not in json.dumps(document)
        parse_lesson(json.loads(json.dumps(document)))
    for finding in lint(files, "fuzzed", {"other"}):
        assert finding.line > 0 < finding.column
        assert finding.message.strip()
        str(finding).encode()


def are_clean(error: LessonError) -> None:
    assert 0 < len(error.faults) <= 50
    for fault in error.faults:
        assert fault.line > 0 < fault.column
        assert fault.words.strip()
        assert fault.file
    str(error).encode()


def encoded(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


@fuzzed
@given(st.binary(max_size=400))
def test_any_bytes(content: bytes) -> None:
    is_told_or_read({**GOOD, "lesson.yml": content})


@fuzzed
@given(TEXTS, st.integers(0, 2000), st.integers(0, 60))
def test_a_good_lesson_with_something_pasted_into_it(text: str, at: int, gone: int) -> None:
    written = GOOD["lesson.yml"].decode()
    is_told_or_read({**GOOD, "lesson.yml": encoded(written[:at] + text + written[at + gone :])})


@fuzzed
@given(st.data())
def test_a_good_lesson_with_another_value_somewhere(data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENT)
    inner: Any = document
    while isinstance(inner, dict | list) and inner:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inner[key], dict | list) or not inner[key] or data.draw(st.booleans()):
            break
        inner = inner[key]
    if data.draw(st.booleans()):
        inner[key] = data.draw(VALUES)
    elif isinstance(inner, dict):
        inner[data.draw(TEXTS)] = inner.pop(key)
    else:
        inner.append(inner[key])
    written = yaml.safe_dump(document, allow_unicode=data.draw(st.booleans()))
    is_told_or_read({**GOOD, "lesson.yml": encoded(written)})


@fuzzed
@given(TEXTS, TEXTS, st.binary(max_size=60))
def test_any_text_record_and_image(english: str, recorded: str, image: bytes) -> None:
    files = {
        **GOOD,
        "steps/begin.en.md": encoded(f"![A](images/a.svg) {english}"),
        "translations.yml": encoded(recorded),
        "images/a.svg": b"<svg viewBox='0 0 9 9'>" + image,
        "images/b.webp": b"RIFF\0\0\0\0WEBPVP8" + image,
        "images/c.jpg": b"\xff\xd8\xff" + image,
    }
    is_told_or_read(files)


@fuzzed
@given(st.dictionaries(TEXTS, st.binary(max_size=20), max_size=3))
def test_any_names_of_files(others: dict[str, bytes]) -> None:
    is_told_or_read({**GOOD, **others})


ARCHIVE = as_archive("fuzzed", GOOD)
PLACES = st.integers(0, len(ARCHIVE) - 1)


@fuzzed
@given(st.dictionaries(PLACES, st.integers(0, 255), max_size=3), PLACES)
def test_an_archive_with_other_bytes(changed: dict[int, int], cut: int) -> None:
    packed = bytearray(ARCHIVE)
    for place, byte in changed.items():
        packed[place] = byte
    # Most of them are whole.
    packed = packed[cut:] if cut < len(ARCHIVE) // 10 else packed
    try:
        lessons = read_archive(io.BytesIO(packed), "fuzzed.zip")
    except LessonError as error:
        are_clean(error)
    else:
        for files in lessons.values():
            is_told_or_read(files)

"""The JSON Schema that editors get takes the lessons that there are and no slips."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from lessons.catalogue import CONTENT
from lessons.checks import KINDS
from lessons.editor_schema import editor_schema
from lessons.scaffolding import OWN_SCHEMA, SCAFFOLD
from lessons.written import read_yaml

from .check_pages import example_on
from .json_schema import fits
from .lint_examples import CLEAN

SCHEMA = json.loads(editor_schema())
CHECK = 'check: {container: {name: "${name}"}}'


def takes(lesson: str) -> bool:
    return fits(read_yaml(lesson.encode()).value, SCHEMA, SCHEMA)


def test_the_committed_schema_is_that_of_the_format(tmp_path: Path) -> None:
    written = OWN_SCHEMA.read_text()
    assert written == editor_schema(), "run `manage.py lessons schema --output …`"
    out = StringIO()
    call_command("lessons", "schema", stdout=out)
    assert out.getvalue() == written


def test_it_takes_the_lessons_that_there_are() -> None:
    lessons = [SCAFFOLD / "lesson.yml", *CONTENT.glob("*/lesson.yml")]
    assert len(lessons) > 2
    for path in lessons:
        assert takes(path.read_text()), path
    assert takes(CLEAN)


@pytest.mark.parametrize("kind", [*KINDS, "all-any-not"])
def test_it_takes_every_kind_of_check(kind: str) -> None:
    assert takes(CLEAN.replace(CHECK, f"check: {json.dumps(example_on(kind))}"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("minutes: 5", "minuets: 5"),
        ("minutes: 5\n", ""),
        ("minutes: 5", "minutes: 601"),
        ("minutes: 5", "minutes: five"),
        ("slug: greeting", "slug: Greeting"),
        ("{ja: こんにちは, en: Hello}", "{ja: こんにちは}"),
        (CHECK, "check: {}"),
        (CHECK, "check: {container: {}, image: {reference: ubuntu}}"),
        (CHECK, "check: {containr: {}}"),
        (CHECK, "check: {container: {status: runing}}"),
        (CHECK, "check: {not: {all: []}}"),
        (CHECK, "check: {container: {restart: sometimes}}"),
        ("variables: {name: hi}", "variables: {NAME: hi}"),
    ],
)
def test_it_takes_no_slip(before: str, after: str) -> None:
    assert before in CLEAN
    assert not takes(CLEAN.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("minutes: 5", "minutes: ${long}"),
        (CHECK, "check: {container: {most_cpus: '0.2', exit_code: '1'}}"),
        (CHECK, 'check: {container: {status: "${status}", most_memory: 64m, published: [80]}}'),
        (CHECK, "check: {container: {env: {DEBUG: null, LEVEL: 3}}}"),
    ],
)
def test_it_takes_variables_and_what_the_loader_reads(before: str, after: str) -> None:
    assert takes(CLEAN.replace(before, after))

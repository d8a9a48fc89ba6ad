"""The example lessons and the template in docs/authoring are what authors should write."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class

from lessons.editor_schema import FILE
from lessons.files import files_in
from lessons.lint import lint_folder
from lessons.scaffolding import new_lesson
from lessons.written import read_yaml

from .json_schema import fits

AUTHORING = Path(__file__).parents[1] / "docs/authoring"
GALLERY = sorted(path.parent for path in AUTHORING.glob("gallery/*/lesson.yml"))
TEMPLATE = AUTHORING / "template"


@pytest.mark.parametrize("folder", GALLERY, ids=lambda folder: folder.name)
def test_an_example_is_clean_and_editors_have_nothing_against_it(folder: Path) -> None:
    assert [str(finding) for finding in lint_folder(folder)] == []
    schema = json.loads((AUTHORING / FILE).read_text())
    written = (folder / "lesson.yml").read_bytes()
    assert fits(read_yaml(written).value, schema, schema)
    line = written.decode().split("\n")[0]
    assert line == f"# yaml-language-server: $schema=../../{FILE}"


@pytest.mark.parametrize("index", ["gallery.md", "gallery.ja.md"])
def test_the_gallery_leads_to_every_example(index: str) -> None:
    text = (AUTHORING / index).read_text()
    assert len(GALLERY) >= 3
    for folder in GALLERY:
        assert f"(gallery/{folder.name}/lesson.yml)" in text


def test_the_template_begins_with_the_lesson_that_new_writes() -> None:
    lesson = TEMPLATE / "lessons/first-lesson"
    assert files_in(lesson) == new_lesson("first-lesson", 1, f"../../{FILE}")
    assert lint_folder(lesson) == []


@pytest.mark.parametrize("page", ["first-lesson.md", "first-lesson.ja.md"])
def test_the_walkthrough_quotes_the_lesson_and_commands_that_there_are(page: str) -> None:
    text, lesson = (AUTHORING / page).read_text(), AUTHORING / "gallery/healthchecks"
    written = "\n".join(path.read_text() for path in sorted(lesson.glob("**/*.*")))
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    quoted = [block for kind, block in blocks if kind in ("yaml", "markdown")]
    assert len(quoted) == 7
    for block in quoted:
        assert block in written
    commands = [block.split()[1:] for kind, block in blocks if "./classroom lessons" in block]
    wanted = ["new", "preview", "lint", "translated", "prove", "import"]
    assert [words[1] for words in commands] == wanted
    parser = load_command_class("lessons", "lessons").create_parser("manage.py", "lessons")
    for words in commands:
        parser.parse_args(words[1:])


# Lint runs as it is; of the proof, which needs an engine, only the command is looked at.
CLASSROOM = """\
#!/bin/bash
echo "$*" >> "$LOG"
case $2 in
lint) exec {python} {manage} "$@" ;;
prove) {python} {manage} "$@" --help > /dev/null ;;
esac
"""


def test_the_template_is_linted_and_proven_in_ci(tmp_path: Path) -> None:
    classroom, log = tmp_path / "classroom", tmp_path / "log"
    manage = Path(__file__).parents[1] / "manage.py"
    classroom.write_text(CLASSROOM.format(python=sys.executable, manage=manage))
    classroom.chmod(0o755)
    environment = {**os.environ, "HAKONIWA": str(tmp_path), "LOG": str(log)}
    done = subprocess.run(
        [TEMPLATE / "ci/check"], env=environment, capture_output=True, text=True, check=True
    )
    assert "1 lessons: 0 errors, 0 warnings" in done.stdout
    lessons = TEMPLATE / "lessons"
    assert log.read_text().splitlines() == [
        f"lessons lint {lessons} --format text",
        f"lessons prove --folder {lessons} --junit {TEMPLATE}/results.xml",
    ]


def test_the_template_without_a_place_for_hakoniwa_says_so() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HAKONIWA"}
    done = subprocess.run(
        [TEMPLATE / "ci/check"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "the folder of Hakoniwa, or the address of its repository" in done.stderr

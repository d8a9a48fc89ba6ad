"""`lessons new` writes a lesson that has nothing wrong with it."""

import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lessons.catalogue import load_files
from lessons.editor_schema import editor_schema
from lessons.files import files_in
from lessons.lint import lint_folder
from lessons.loader import read_lesson
from lessons.scaffolding import OWN_SCHEMA, new_lesson

from .lesson_files import LESSON, greeting

pytestmark = pytest.mark.django_db


def new(slug: str, folder: Path, out: StringIO | None = None) -> Path:
    call_command("lessons", "new", slug, "--folder", str(folder), stdout=out or StringIO())
    return folder / slug


def test_it_passes_lint_and_comes_after_the_others(tmp_path: Path) -> None:
    first, second = new("first", tmp_path), new("second-one", tmp_path)
    for folder, position in ((first, 1), (second, 2)):
        assert lint_folder(folder) == []
        lesson = read_lesson(files_in(folder), folder.name)["lesson"]
        assert (lesson["slug"], lesson["position"]) == (folder.name, position)


def test_it_comes_after_the_lessons_of_the_site_too(tmp_path: Path) -> None:
    load_files(greeting(LESSON.replace("position: 1", "position: 15")), "greeting")
    assert "\nposition: 16\n" in read(new("first", tmp_path))


def test_it_says_what_to_do_next(tmp_path: Path) -> None:
    out = StringIO()
    lesson = new("first", tmp_path / "my lessons", out)
    first, *others = out.getvalue().splitlines()
    assert first == str(lesson)
    said = [shlex.split(line, comments=True) for line in others if "./classroom" in line]
    assert said == [
        ["./classroom", "lessons", "preview", str(lesson)],
        ["./classroom", "lessons", "lint", str(lesson)],
        ["./classroom", "lessons", "prove", "--folder", str(lesson.parent), "first"],
        ["./classroom", "lessons", "import", str(lesson)],
    ]


def test_editors_find_the_schema(tmp_path: Path) -> None:
    lesson = new("first", tmp_path / "lessons")
    assert (tmp_path / "lessons/lesson.schema.json").read_text() == editor_schema()
    assert "# yaml-language-server: $schema=../lesson.schema.json\n" in read(lesson)
    (tmp_path / "course").mkdir()
    (tmp_path / "course/lesson.schema.json").write_text(editor_schema())
    lesson = new("first", tmp_path / "course/lessons")
    assert "# yaml-language-server: $schema=../../lesson.schema.json\n" in read(lesson)
    assert not (tmp_path / "course/lessons/lesson.schema.json").exists()
    own = new_lesson("first", 1, "../../../docs/authoring/lesson.schema.json")["lesson.yml"]
    assert OWN_SCHEMA.is_file()
    assert own.startswith(b"# yaml-language-server: $schema=../../../docs/")


def read(lesson: Path) -> str:
    return (lesson / "lesson.yml").read_text()


def test_nothing_is_written_over_and_only_names_are_taken(tmp_path: Path) -> None:
    lesson = new("first", tmp_path)
    (lesson / "lesson.yml").write_text("mine")
    with pytest.raises(CommandError, match="already"):
        new("first", tmp_path)
    assert read(lesson) == "mine"
    for slug in ("../up", "Upper", "a--b", "", "a" * 61):
        with pytest.raises(CommandError, match="small letters"):
            new(slug, tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["first"]
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="can't be written"):
        new("first", tmp_path / "file")

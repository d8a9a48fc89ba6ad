"""Reading lessons: good ones become versions, bad ones a clear error and nothing is lost."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from hakoniwa.accounts.models import User
from lessons.catalogue import enrol, load_lesson, load_lessons, version_for
from lessons.loader import LessonError, read_lesson
from lessons.models import Lesson

LESSON = """\
slug: greeting
position: 1
title: {ja: あいさつ, en: Greeting}
summary: {ja: 短いレッスンです。, en: A short lesson.}
minutes: 5
images: [ubuntu]
steps:
  - id: hello
    title: {ja: こんにちは, en: Hello}
    tasks:
      - id: pulled
        title: {ja: 取得する, en: Pull it}
        check: {image: {reference: ubuntu}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "greeting"
    (folder / "steps").mkdir(parents=True)
    (folder / "lesson.yml").write_text(LESSON)
    (folder / "steps/hello.ja.md").write_text("## こんにちは\n")
    (folder / "steps/hello.en.md").write_text("## Hello\n")
    return folder


@pytest.mark.django_db
def test_a_change_makes_a_new_version_and_no_change_makes_none(folder: Path) -> None:
    first = load_lesson(folder)
    assert first is not None
    assert first.number == 1
    assert load_lesson(folder) is None
    (folder / "steps/hello.en.md").write_text("## Hello again\n")
    second = load_lesson(folder)
    assert second is not None
    assert second.number == 2
    assert second.text("hello", "en") == "## Hello again\n"


@pytest.mark.django_db
def test_the_page_claims_with_what_is_preloaded(folder: Path, signed_in: Client) -> None:
    (folder / "lesson.yml").write_text(LESSON + "preload: [nginx, redis]\n")
    load_lesson(folder)
    page = signed_in.get("/en/lessons/greeting/hello/").content.decode()
    assert 'data-claim-url="/en/sandboxes/?image=nginx&amp;image=redis"' in page
    assert 'data-afresh-url="/en/sandboxes/afresh/?image=nginx&amp;image=redis"' in page


@pytest.mark.django_db
def test_a_learner_in_the_middle_of_a_version_stays_on_it(folder: Path, learner: User) -> None:
    first = load_lesson(folder)
    assert first is not None
    enrol(learner, first)
    (folder / "steps/hello.en.md").write_text("## Hello again\n")
    load_lesson(folder)
    lesson = Lesson.objects.get(slug="greeting")
    assert version_for(lesson, learner).number == 1
    assert version_for(lesson, None).number == 2


@pytest.mark.django_db
def test_a_broken_lesson_is_named_and_the_loaded_one_stays(folder: Path) -> None:
    load_lesson(folder)
    (folder / "lesson.yml").write_text(LESSON.replace("slug: greeting", "slug: [greeting"))
    loaded, errors = load_lessons(folder.parent)
    assert loaded == []
    assert "greeting/lesson.yml" in str(errors[0])
    assert "line" in str(errors[0])
    assert Lesson.objects.get(slug="greeting").versions.count() == 1
    with pytest.raises(CommandError, match="not readable as YAML"):
        call_command("load_lessons", str(folder.parent))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("minutes: 5", "minuets: 5", "minuets"),
        ("minutes: 5", "minutes: many", "minutes"),
        ("check: {image: {reference: ubuntu}}", "check: {imge: {}}", "no check called `imge`"),
        ("title: {ja: あいさつ, en: Greeting}", "title: {ja: あいさつ}", "title.en"),
        ("slug: greeting", "slug: ../../etc", "slug"),
        ("slug: greeting", "slug: other", "the folder is `greeting`"),
        ("minutes: 5", "minutes: 5\npreload: [ubuntu]", "task `pulled` would pass"),
        ("minutes: 5", "minutes: 5\npreload: [mysql]", "`mysql:latest` can't be preloaded"),
        ("minutes: 5", "minutes: &m 5\nimages: *m", "anchors"),
        ("minutes: 5", "minutes: !!python/object/apply:os.system [id]", "YAML"),
        ("id: hello", "id: absent", "absent.ja.md: this file is missing"),
        ("check: {image", "needs: [later]\n        check: {image", "no task before it"),
        ("slug: greeting", "- a\n- b", "YAML"),
    ],
)
def test_a_mistake_is_named_with_file_and_place(
    folder: Path, before: str, after: str, said: str
) -> None:
    (folder / "lesson.yml").write_text(LESSON.replace(before, after))
    with pytest.raises(LessonError) as caught:
        read_lesson(folder)
    assert said in str(caught.value)
    assert "greeting" in str(caught.value)


def test_files_that_are_no_lesson_are_refused(folder: Path) -> None:
    (folder / "lesson.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LessonError, match="UTF-8"):
        read_lesson(folder)
    (folder / "lesson.yml").write_text("a: " * 100_000)
    with pytest.raises(LessonError, match="larger than"):
        read_lesson(folder)
    (folder / "lesson.yml").write_text("[" * 50_000)
    with pytest.raises(LessonError, match="YAML"):
        read_lesson(folder)


def test_the_lessons_of_this_repository_are_readable() -> None:
    from lessons.catalogue import CONTENT

    slugs = {read_lesson(path.parent)["lesson"]["slug"] for path in CONTENT.glob("*/lesson.yml")}
    assert {"docker-run", "throwaway-containers"} <= slugs

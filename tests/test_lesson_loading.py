"""Reading lessons: good ones become versions, bad ones a clear error and nothing is lost."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from hakoniwa.accounts.models import User
from lessons.catalogue import CONTENT, enrol, load_lesson, load_lessons, version_for
from lessons.faults import LessonError
from lessons.files import MOST_FILES, files_in
from lessons.loader import parse_lesson, read_lesson
from lessons.models import Lesson
from tests.lesson_files import LESSON, QUIZ, greeting, written_to


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written_to(tmp_path / "greeting", greeting())


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
    assert Lesson.objects.get(slug="greeting").versions.count() == 1
    with pytest.raises(CommandError, match=r"lesson\.yml:2:9: This is not readable as YAML"):
        call_command("load_lessons", str(folder.parent))


CHECK = "check: {image: {reference: ubuntu}}"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("minutes: 5", "minuets: 5", ":5:1: `minuets` is no key that may stand here. Did you mean"),
        ("minutes: 5\n", "", ":1:1: `minutes` is missing."),
        ("minutes: 5", "minutes: many", ":5:10: `minutes` must be a whole number."),
        ("minutes: 5", "minutes: 5\nminutes: 6", ":6:1: `minutes` stands here twice."),
        (CHECK, "check: {imge: {}}", ":13:16: There is no check called `imge`"),
        (
            CHECK,
            "check: {all: [{not: {image: {referense: ubuntu}}}]}",
            ":13:38: `referense` is no key that may stand here. Did you mean `reference`?",
        ),
        (
            CHECK,
            "check: {container: {status: runing}}",
            ":13:37: `status` must be one of these: 'c",
        ),
        ("title: {ja: あいさつ, en: Greeting}", "title: {ja: あいさつ}", ":3:8: `en` is missing."),
        ("slug: greeting", "slug: ../../etc", ":1:7: `slug` is not written as a name must be"),
        ("slug: greeting", "slug: other", ":1:7: The slug is `other`, but the folder is"),
        ("slug: greeting", "slug: no", ":1:7: The slug is `no`"),
        ("minutes: 5", "minutes: 5\npreload: [ubuntu]", ":14:16: `pulled` would pass"),
        ("minutes: 5", "minutes: 5\npreload: [mysql]", ":6:11: `mysql:latest` can't be preloaded"),
        ("minutes: 5", "minutes: &m 5\nimages: *m", "Anchors and aliases of YAML are not read."),
        ("minutes: 5", "minutes: !!python/object/apply:os.system [id]", ":5:10: Tags of YAML"),
        ("minutes: 5", "minutes: !!binary aGk=", ":5:10: Tags of YAML"),
        ("id: hello", "id: absent", "greeting/steps/absent.ja.md:1:1: This file is missing."),
        ("check: {image", "needs: [later]\n        check: {image", ":13:17: `later` is no task"),
        ("slug: greeting", "- a\n- b", ":3:1: This is not readable as YAML: "),
        ("slug: greeting", 'slug: "a\\u0000"', ":1:7: There is a control character here."),
        ("minutes: 5", "minutes: 5\nprerequisites: [greeting]", ":6:17: A lesson can't be its own"),
        ("minutes: 5", "minutes: 5\nsize: {memory: 3}", ":6:16: `memory` must be text"),
        ("minutes: 5", "minutes: 5\nsize: {memory: 3t}", ":6:16: `memory` must be a size, such"),
        (
            "minutes: 5",
            "minutes: 5\nsize: {memory: 9g}",
            ":6:16: This site gives a sandbox no more",
        ),
        (
            "minutes: 5",
            "minutes: 5\nreading: [{title: {ja: a, en: b}, url: 'javascript:1'}]",
            ":6:40: `url` must be an address that begins with `https://`",
        ),
        ("minutes: 5", "minutes: 5\nvariables: {BIG: x}", ":6:13: `BIG` is not written"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_column(before: str, after: str, said: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(greeting(LESSON.replace(before, after)), "greeting")
    assert said in str(caught.value)
    assert str(caught.value).startswith("greeting/")


def test_every_mistake_is_named_at_once() -> None:
    wrong = LESSON.replace("minutes: 5", "minutes: 0").replace("en: Hello", "fr: Salut")
    with pytest.raises(LessonError) as caught:
        read_lesson(greeting(wrong), "greeting")
    places = [(fault.line, fault.column) for fault in caught.value.faults]
    assert places == [(5, 10), (9, 12), (9, 24)]


def test_an_author_is_told_in_their_language() -> None:
    with translation.override("ja"), pytest.raises(LessonError, match="がありません"):
        read_lesson({}, "greeting")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: " * 100_000, "larger than"),
        (b"[" * 50_000, "YAML"),
        (b"{a: " * 50_000, "YAML"),
        (b"- " * 100_000, "YAML"),
        (b"[" * 60 + b"]" * 60, "nested too deep"),
        (b"- 1\n" * 50_000, "too much"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "Anchors"),
        (b"<<: {a: 1}\n", "`<<` is no key"),
        (b"? [a, b]\n: c\n", "must be a word"),
        (b"a: 1\n---\nb: 2\n", "YAML"),
        (b"", "`lesson` must have keys"),
        (b"minutes: " + b"9" * 10_000, "`minutes`"),
        (b"steps: [" + b"{}," * 5_000 + b"]", "`slug` is missing"),
    ],
)
def test_files_that_are_no_lesson_are_refused(content: bytes, said: str) -> None:
    with pytest.raises(LessonError, match=said) as caught:
        read_lesson({"lesson.yml": content}, "greeting")
    assert len(caught.value.faults) <= 50


def test_a_folder_is_read_without_following_links(folder: Path) -> None:
    (folder / ".lesson.yml.swp").write_text("left by an editor")
    assert set(files_in(folder)) == {"lesson.yml", "steps/hello.en.md", "steps/hello.ja.md"}
    (folder / "steps/hello.en.md").unlink()
    (folder / "steps/hello.en.md").symlink_to("/etc/passwd")
    with pytest.raises(LessonError, match=r"hello\.en\.md:1:1: This is no ordinary file"):
        files_in(folder)
    (folder / "steps/hello.en.md").unlink()
    os.mkfifo(folder / "steps/hello.en.md")
    with pytest.raises(LessonError, match="This is no ordinary file"):
        files_in(folder)


def test_a_folder_holds_nothing_else_and_not_too_much(folder: Path) -> None:
    (folder / "run.sh").write_text("rm -rf /\n")
    with pytest.raises(LessonError, match=r"run\.sh:1:1: This file has no place in a lesson"):
        files_in(folder)
    for number in range(200):
        (folder / f"steps/more-{number}.en.md").write_text("")
    with pytest.raises(LessonError, match=f"no more than {MOST_FILES} files"):
        files_in(folder)
    with pytest.raises(LessonError, match=r"greeting/lesson\.yml:1:1: This can't be read"):
        files_in(folder / "absent" / "greeting")


def test_variables_are_filled_in_everywhere_but_only_the_declared_ones() -> None:
    lesson = LESSON.replace("minutes: 5", "minutes: ${long}").replace("ubuntu", '"${image}"')
    lesson += "variables: {image: debian, long: 7}\nsetup: echo ${image} ${HOME} ${other}\n"
    document = read_lesson(greeting(lesson, en="Pull `${image}`, not `${other}`."), "greeting")
    content = parse_lesson(document)
    assert document["texts"]["hello"]["en"] == "Pull `debian`, not `${other}`."
    assert content.minutes == 7
    assert content.images == ("debian",)
    assert content.setup == "echo debian ${HOME} ${other}"
    [task] = content.tasks()
    assert task.check.model_dump()["reference"] == "debian"


def test_a_variable_can_not_blow_a_text_up() -> None:
    lesson = LESSON + f"variables: {{a: {'x' * 200}}}\n"
    with pytest.raises(LessonError, match=r"hello\.en\.md:1:1: With its variables"):
        read_lesson(greeting(lesson, en="${a}" * 10_000), "greeting")


@pytest.mark.parametrize(
    ("before", "after"), [("right: true", "right: false"), ("not.}}", "not.}, right: true}")]
)
def test_a_question_has_one_right_answer(before: str, after: str) -> None:
    lesson = parse_lesson(read_lesson(greeting(LESSON + QUIZ), "greeting"))
    assert [answer.right for answer in lesson.quiz[0].answers] == [True, False]
    with pytest.raises(LessonError, match=":18:7: Exactly one answer must be right"):
        read_lesson(greeting(LESSON + QUIZ.replace(before, after)), "greeting")


def test_the_lessons_of_this_repository_are_readable() -> None:
    slugs = {path.parent.name for path in CONTENT.glob("*/lesson.yml")}
    assert {"docker-run", "throwaway-containers"} <= slugs
    for slug in slugs:
        assert read_lesson(files_in(CONTENT / slug), slug)["lesson"]["slug"] == slug

"""Drafts of lessons: two who write at once lose nothing, and what is published can be undone."""

from pathlib import Path

import pytest

from hakoniwa.accounts.models import User
from lessons import differences
from lessons.catalogue import CONTENT, enrol, load_lesson, version_for
from lessons.faults import LessonError
from lessons.files import MOST_FILES
from lessons.models import Draft, Lesson, LessonVersion
from lessons.studio.drafts import (
    Conflict,
    DraftRefused,
    begin,
    duplicate,
    files_of,
    save,
)
from lessons.studio.publishing import publish, roll_back
from tests.lesson_files import written_to

pytestmark = pytest.mark.django_db
STEP = "steps/fetch.en.md"


@pytest.fixture
def draft(instructor: User) -> Draft:
    folder = CONTENT / "docker-run"
    files = [path for path in folder.rglob("*") if path.is_file()]
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return begin("docker-run", written, instructor)


def test_the_second_of_two_tabs_is_told_what_the_first_saved(
    draft: Draft, instructor: User
) -> None:
    assert save(draft, STEP, b"mine", 1, instructor) == 2
    with pytest.raises(Conflict) as conflict:
        save(draft, STEP, b"theirs", 1, instructor)
    assert conflict.value.file is not None
    assert bytes(conflict.value.file.content) == b"mine"
    assert save(draft, STEP, b"theirs", conflict.value.file.revision, instructor) == 3


def test_two_who_make_the_same_file_do_not_overwrite_each_other(
    draft: Draft, instructor: User
) -> None:
    assert save(draft, "steps/new.en.md", b"mine", 0, instructor) == 1
    with pytest.raises(Conflict):
        save(draft, "steps/new.en.md", b"theirs", 0, instructor)
    assert files_of(draft)["steps/new.en.md"] == b"mine"


@pytest.mark.parametrize(
    "path",
    ["../lesson.yml", "/etc/passwd", "steps/a.fr.md", "steps/../x.en.md", "steps/a.en.md\n", ""],
)
def test_no_file_is_kept_that_a_lesson_does_not_have(
    draft: Draft, instructor: User, path: str
) -> None:
    with pytest.raises(DraftRefused):
        save(draft, path, b"", 0, instructor)


def test_files_are_bounded_in_size_and_number(draft: Draft, instructor: User) -> None:
    with pytest.raises(DraftRefused):
        save(draft, STEP, b"x" * (256 * 1024 + 1), 1, instructor)
    for number in range(MOST_FILES - draft.files.count()):
        save(draft, f"steps/more-{number}.en.md", b"", 0, instructor)
    with pytest.raises(DraftRefused):
        save(draft, "steps/one-too-many.en.md", b"", 0, instructor)


@pytest.mark.parametrize("slug", ["docker-run", "Docker", "a/b", "a" * 61, ""])
def test_a_draft_has_a_name_of_its_own(draft: Draft, instructor: User, slug: str) -> None:
    with pytest.raises(DraftRefused):
        begin(slug, {}, instructor)


def test_whoever_is_in_the_middle_stays_there_and_others_get_what_is_published(
    draft: Draft, instructor: User, learner: User
) -> None:
    first = publish(draft, instructor)
    enrol(learner, first)
    save(draft, STEP, b"Rewritten.\n", 1, instructor)
    second = publish(draft, instructor)
    assert (second.number, second.published_by) == (2, instructor)
    assert version_for(second.lesson, learner) == first
    assert version_for(second.lesson, None).text("fetch", "en") == "Rewritten.\n"
    assert "+Rewritten." in difference(first, second).splitlines()


def difference(before: LessonVersion, after: LessonVersion) -> str:
    return "\n".join(differences.difference(files_of(before), files_of(after), "1", "2"))


def test_rolling_back_is_a_new_version_with_the_old_content(draft: Draft, instructor: User) -> None:
    first = publish(draft, instructor)
    save(draft, STEP, b"A mistake.\n", 1, instructor)
    publish(draft, instructor)
    third = roll_back(first, instructor)
    assert third.number == 3
    assert third.document == first.document
    assert difference(first, third) == ""


def test_what_is_published_is_a_draft_again_as_it_was_written(
    draft: Draft, instructor: User
) -> None:
    lesson = files_of(draft)["lesson.yml"] + b"variables: {who: world}  # for now\n"
    save(draft, "lesson.yml", lesson, 1, instructor)
    save(draft, STEP, b"Hello, ${who}.\n", 1, instructor)
    version = roll_back(publish(draft, instructor), instructor)
    assert version.text("fetch", "en") == "Hello, world.\n"
    assert files_of(version) == files_of(draft)


def test_a_faulty_draft_is_not_published_and_the_fault_names_its_own_file(
    draft: Draft, instructor: User
) -> None:
    publish(draft, instructor)
    save(draft, "lesson.yml", b"slug: [", 1, instructor)
    with pytest.raises(LessonError) as caught:
        publish(draft, instructor)
    assert str(caught.value.faults[0]).startswith("lesson.yml:2:1: ")
    assert Lesson.objects.get(slug="docker-run").versions.count() == 1


def test_a_copy_is_published_as_a_lesson_of_its_own(draft: Draft, instructor: User) -> None:
    copy = publish(duplicate(draft, "my-own", instructor), instructor)
    assert copy.lesson.slug == "my-own"
    assert begin("again", files_of(copy), instructor).files.count() == draft.files.count()


def test_loading_the_files_again_does_not_undo_what_was_published(
    draft: Draft, instructor: User, tmp_path: Path
) -> None:
    folder = written_to(tmp_path / "docker-run", files_of(draft))
    load_lesson(folder)
    save(draft, STEP, b"Better.\n", 1, instructor)
    published = publish(draft, instructor)
    assert load_lesson(folder) is None
    assert version_for(published.lesson, None) == published
    (folder / STEP).write_text("Changed in the files.\n")
    loaded = load_lesson(folder)
    assert loaded is not None
    assert version_for(published.lesson, None) == loaded

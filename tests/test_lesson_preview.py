"""`manage.py lessons preview`, and the page that follows a folder or a draft."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from lessons.commands.preview import push
from lessons.models import FolderPreview
from lessons.scaffolding import new_lesson

pytestmark = pytest.mark.django_db
PAGE = "/en/studio/_folders/probe/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in new_lesson("probe", 1).items():
        file = tmp_path / "probe" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / "probe"


def test_the_page_has_both_languages_and_follows_a_save(folder: Path, author: Client) -> None:
    stamp = push(folder, "")
    page = author.get(PAGE).content.decode()
    assert f'data-stamp="{stamp}"' in page
    assert '<div lang="ja" class="prose">' in page
    assert '<div lang="en" class="prose">' in page
    assert "What becomes of a container whose command has ended?" in page
    assert author.get(f"{PAGE}news/?stamp={stamp}").status_code == 204
    assert push(folder, stamp) == stamp, "nothing is written where nothing changed"
    (folder / "steps/begin.en.md").write_text("Now **bold**.\n<img src=x onerror=alert(1)>\n")
    assert push(folder, stamp) != stamp
    news = author.get(f"{PAGE}news/?stamp={stamp}").content.decode()
    assert "<strong>bold</strong>" in news
    assert "<img" not in news


def test_a_problem_stands_beside_its_line(folder: Path, author: Client) -> None:
    lesson = folder / "lesson.yml"
    lesson.write_text(lesson.read_text().replace("minutes:", "minuets:"))
    push(folder, "")
    page = author.get(PAGE).content.decode()
    assert "lesson.yml:" in page
    assert ": minuets: 10</code>" in page


def test_the_questions_of_a_step_stand_below_it(folder: Path, author: Client) -> None:
    lesson = folder / "lesson.yml"
    question = "quiz: [{id: q, question: {ja: 何, en: Which?}, answers: []}]"
    lesson.write_text(lesson.read_text().replace("    tasks:\n", f"    {question}\n    tasks:\n"))
    push(folder, "")
    page = author.get(PAGE).content.decode()
    within = page.split('id="preview-begin"')[1].split('id="preview-quiz"')[0]
    assert "Which?" in within


def test_what_cannot_be_read_just_now_is_said_and_the_page_stays(
    folder: Path, author: Client
) -> None:
    stamp = push(folder, "")
    (folder / "steps/link.en.md").symlink_to("/etc/passwd")
    push(folder, stamp)
    news = author.get(f"{PAGE}news/?stamp={stamp}").content.decode()
    assert "links are not followed" in news
    assert 'id="preview-begin"' in news


def test_a_draft_is_previewed_in_the_same_way(author: Client) -> None:
    author.post("/en/studio/_new/", {"slug": "mine"})
    page = author.get("/en/studio/mine/preview/").content.decode()
    stamp = page.split('data-stamp="')[1].split('"')[0]
    assert author.get(f"/en/studio/mine/preview/news/?stamp={stamp}").status_code == 204
    sent = {"path": "steps/begin.en.md", "revision": 1, "text": "Rewritten."}
    author.post("/en/studio/mine/save/", sent)
    assert (
        "Rewritten." in author.get(f"/en/studio/mine/preview/news/?stamp={stamp}").content.decode()
    )


def test_whoever_has_no_sandbox_is_told_so(author: Client) -> None:
    author.post("/en/studio/_new/", {"slug": "mine"})
    answer = author.post("/en/studio/mine/preview/try/").content.decode()
    assert "There is no sandbox yet" in answer


def test_a_preview_that_has_ended_is_said_to_have(folder: Path, author: Client) -> None:
    push(folder, "")
    FolderPreview.objects.all().delete()
    assert "not watched any more" in author.get(f"{PAGE}news/?stamp=x").json()["message"]


@pytest.mark.parametrize("address", ["", "http://classroom:8000/"])
def test_the_command_says_which_page_to_open(
    folder: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lessons.commands.preview.follow", interrupted)
    out = StringIO()
    with override_settings(SITE_ADDRESS=address.rstrip("/")):
        call_command("lessons", "preview", str(folder), stdout=out)
    assert f"Open {address.rstrip('/')}{PAGE}" in out.getvalue()


@pytest.mark.parametrize("name", ["nowhere", "Not A Slug"])
def test_what_is_no_lessons_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "Not A Slug").mkdir()
    with pytest.raises(CommandError):
        call_command("lessons", "preview", str(tmp_path / name))


@pytest.mark.parametrize(
    "odd",
    [
        "preload: 5",
        "preload: {ubuntu: 1}",
        "title: 7",
        "title: {ja: [1], en: null}",
        "steps: 3",
        "steps: [1, {id: 5}, {id: a, title: 7, tasks: {}}, {id: b, tasks: [2, {title: x}]}]",
        "variables: [1]",
        "variables: {a: {b: c}}",
    ],
)
def test_a_half_written_lesson_is_shown_as_far_as_it_goes(
    folder: Path, author: Client, odd: str
) -> None:
    (folder / "lesson.yml").write_text(f"slug: probe\n{odd}\n")
    push(folder, "")
    page = author.get(PAGE)
    assert page.status_code == 200
    assert "lesson.yml:" in page.content.decode()

"""Whatever the reason why something can't be saved: what was typed is there again."""

import pytest
from django.test import Client

from lessons.models import Draft

pytestmark = pytest.mark.django_db
FILE = "steps/fetch.en.md"
OPEN = f"/en/studio/docker-run/?file={FILE}"
SAVE = "/en/studio/docker-run/save/"


@pytest.fixture
def author(author: Client, lessons: None) -> Client:
    author.post("/en/studio/begin/docker-run/")
    return author


def sent(text: str, revision: object = 1, path: str = FILE) -> dict[str, object]:
    return {"path": path, "revision": revision, "text": text}


@pytest.mark.parametrize(
    ("form", "status", "why"),
    [
        (sent("é" * 200_000), 400, "larger than 256 KiB"),
        (sent("mine \x00"), 400, "Null characters"),
        (sent("mine", "one"), 400, "whole number"),
        (sent("mine", path="../settings.py"), 400, "no place in a lesson"),
        (sent("mine", 7), 409, "Somebody saved this file"),
        (sent("mine", 1, "steps/gone.en.md"), 409, "Somebody removed this file"),
    ],
)
def test_a_refused_text_is_shown_again_with_the_reason(
    author: Client, form: dict[str, object], status: int, why: str
) -> None:
    answer = author.post(OPEN, form)
    page = answer.content.decode()
    assert answer.status_code == status
    assert why in page
    assert f"\n{str(form['text'])[:100]}" in page
    told = author.post(SAVE, form)
    assert told.status_code == status
    assert why in told.json()["message"]


def test_what_was_removed_meanwhile_can_be_made_anew(author: Client) -> None:
    Draft.objects.get(slug="docker-run").files.filter(path=FILE).delete()
    page = author.post(OPEN, sent("mine")).content.decode()
    assert 'name="revision" value="0"' in page
    assert author.post(OPEN, sent("mine", 0)).status_code == 302


def test_whoever_was_signed_out_meanwhile_loses_nothing(author: Client) -> None:
    author.logout()
    answer = author.post(OPEN, sent("a long text"))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "\na long text</textarea>" in page
    assert 'name="revision" value="1"' in page, "it can be sent again from there"
    assert author.post(SAVE, sent("a long text")).status_code == 401


def test_a_form_that_stood_open_too_long_gives_the_text_back(author: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = author.cookies
    answer = careful.post(OPEN, sent("a <b>long</b> text"))
    assert answer.status_code == 403
    assert "\na &lt;b&gt;long&lt;/b&gt; text</textarea>" in answer.content.decode()


def test_the_script_gets_the_preview_and_the_problems(author: Client) -> None:
    answer = author.post(SAVE, sent("Now **bold**.\n<script>alert(1)</script>")).json()
    assert answer["revision"] == 2
    assert "<strong>bold</strong>" in answer["preview"]
    assert "<script" not in answer["preview"]
    assert "would run in the browser" in answer["problems"][0]["words"]
    broken = author.post(SAVE, sent("slug: [\n", path="lesson.yml")).json()
    assert broken["problems"][0]["line"] == 2
    assert "lesson.yml:2:" in broken["parts"]["studio-problems"]


def test_the_editor_completes_by_the_schema_of_this_version(author: Client) -> None:
    schema = author.get("/en/studio/schema.json").json()
    assert "steps" in schema["properties"]


def test_saving_again_and_again_makes_no_more_rows(author: Client) -> None:
    before = Draft.objects.get(slug="docker-run").files.count()
    for revision in range(1, 6):
        assert author.post(SAVE, sent(f"text {revision}", revision)).status_code == 200
    assert Draft.objects.get(slug="docker-run").files.count() == before


def test_the_side_that_was_left_behind_is_marked_until_somebody_says_they_match(
    author: Client,
) -> None:
    author.post(SAVE, sent("Changed."))
    page = author.get(OPEN).content.decode()
    japanese, english = page.split('id="sheet-en"')
    assert "Stale: the other language was changed" in japanese
    assert "Stale: the other language was changed" not in english
    both = author.post(SAVE, sent("変えました。", path="steps/fetch.ja.md")).json()
    assert "Both languages were changed" in both["parts"]["standing-en"]
    author.post("/en/studio/docker-run/match/", {"path": FILE})
    assert "languages were changed" not in author.get(OPEN).content.decode()


def test_words_in_lesson_yml_are_marked_too(author: Client) -> None:
    file = Draft.objects.get(slug="docker-run").files.get(path="lesson.yml")
    changed = bytes(file.content).decode().replace("en: What", "en: Whatever", 1)
    answer = author.post(SAVE, sent(changed, path="lesson.yml")).json()
    assert "may be stale in one language" in answer["parts"]["standing-lesson"]
    assert "The English has changed since" in answer["problems"][0]["words"]
    author.post("/en/studio/docker-run/match/", {"path": "lesson.yml"})
    page = author.get("/en/studio/docker-run/").content.decode()
    assert "may be stale in one language" not in page


def test_a_change_that_is_taken_back_leaves_nothing_stale(author: Client) -> None:
    before = bytes(Draft.objects.get(slug="docker-run").files.get(path=FILE).content).decode()
    author.post(SAVE, sent("Changed."))
    author.post(SAVE, sent(before, 2))
    assert "was changed since" not in author.get(OPEN).content.decode()

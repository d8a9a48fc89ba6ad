"""The studio's pages: from a lesson to a draft, a change, and learners who see it."""

import pytest
from django.test import Client

from lessons.models import Draft

pytestmark = pytest.mark.django_db
DRAFT = "/en/studio/docker-run/"
FILE = "steps/fetch.en.md"
OPEN = f"{DRAFT}?file={FILE}"


@pytest.fixture
def author(author: Client, lessons: None) -> Client:
    author.post("/en/studio/begin/docker-run/")
    return author


def write(author: Client, text: str, revision: int, path: str = FILE) -> int:
    sent = {"path": path, "revision": revision, "text": text}
    return author.post(OPEN, sent).status_code


def test_learners_see_a_change_once_it_is_published(author: Client) -> None:
    assert write(author, "Rewritten <b>here</b>.\r\n", 1) == 302
    page = author.get(OPEN).content.decode()
    assert "<p>Rewritten &lt;b&gt;here&lt;/b&gt;.</p>" in page, "the preview"
    step = "/en/lessons/docker-run/fetch/"
    assert "Rewritten" not in Client().get(step).content.decode()
    author.post(f"{DRAFT}publish/")
    assert "Rewritten" in Client().get(step).content.decode()
    author.post(f"{DRAFT}versions/1/")
    assert "Rewritten" not in Client().get(step).content.decode()


def test_a_conflict_shows_both_texts_and_keeps_what_was_saved(author: Client) -> None:
    assert write(author, "From the first tab", 1) == 302
    answer = author.post(OPEN, {"path": FILE, "revision": 1, "text": "From the second tab"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the first tab</textarea>" in page
    assert "From the second tab</textarea>" in page
    assert 'name="revision" value="2"' in page, "saving again is done knowingly"
    saved = Draft.objects.get(slug="docker-run").files.get(path=FILE)
    assert bytes(saved.content) == b"From the first tab"


def test_what_is_wrong_in_a_draft_is_shown_and_nothing_is_published(author: Client) -> None:
    write(author, "slug: [", 1, "lesson.yml")
    answer = author.post(f"{DRAFT}publish/")
    assert answer.status_code == 400
    assert "<li>lesson.yml:2:1: This is not readable as YAML" in answer.content.decode()


def test_problems_are_named_in_words_and_names_in_them_are_code(author: Client) -> None:
    write(author, "# <b>`Title`</b>\n", 1)
    write(author, "**<b>** `${nothing}`\n", 1, "steps/fetch.ja.md")
    page = author.get(DRAFT).content.decode()
    assert "<strong>Error:</strong>" in page
    assert "Begin with <code>##</code>." in page
    assert '<strong class="warning">Warning:</strong>' in page
    assert "<b>" not in page


def test_a_name_that_is_taken_is_said_to_be(author: Client) -> None:
    answer = author.post(f"{DRAFT}duplicate/", {"slug": "docker-run"})
    assert answer.status_code == 400
    assert "There is a draft of this name already." in answer.content.decode()
    assert author.post(f"{DRAFT}duplicate/", {"slug": "mine"}).status_code == 302


def test_no_other_file_can_be_saved(author: Client) -> None:
    assert write(author, "x", 0, "../settings.py") == 400

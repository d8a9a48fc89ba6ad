"""What a draft is made of: a lesson from nothing, its steps and images, and what changed in it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from lessons.models import Draft, DraftFile
from lessons.studio.drafts import DraftRefused
from lessons.studio.lesson_text import with_step, without_step
from lessons.studio.parts import path_of_picture

pytestmark = pytest.mark.django_db
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><path d="M0 0h9"/></svg>'
HOSTILE = DRAWING.replace(b"<path", b'<script href="//evil"/><path')
LESSON = b"""\
slug: a
steps:
  - id: x
    title: {ja: a, en: b}

  - id: y
    title: {ja: a, en: b}
    tasks:
      - id: q
        solve: |
          docker run

# The quiz stands below.
quiz: []
"""


@pytest.fixture
def author(author: Client, lessons: None) -> Client:
    author.post("/en/studio/_new/", {"slug": "healthchecks"})
    return author


def files() -> dict[str, str]:
    rows = DraftFile.objects.filter(draft__slug="healthchecks")
    return {row.path: bytes(row.content).decode(errors="replace") for row in rows}


def upload(author: Client, name: str, content: bytes, step: str = "begin") -> HttpResponse:
    sent = {
        "step": step,
        "picture": SimpleUploadedFile(name, content),
        "ja": "箱の中の[箱]",
        "en": "A box in a box",
    }
    return author.post("/en/studio/healthchecks/images/new/", sent)  # type: ignore[return-value]


def test_a_lesson_from_nothing_can_be_published_at_once(author: Client) -> None:
    page = author.get("/en/studio/healthchecks/").content.decode()
    assert "Problems: 0" in page
    assert author.post("/en/studio/healthchecks/publish/").status_code == 302
    assert Client().get("/ja/lessons/healthchecks/", follow=True).status_code == 200


def test_a_name_that_is_taken_or_none_is_refused_with_the_reason(author: Client) -> None:
    again = author.post("/en/studio/_new/", {"slug": "healthchecks"})
    assert again.status_code == 400
    assert "There is a draft of this name already." in again.content.decode()
    assert author.post("/en/studio/_new/", {"slug": "Not a name"}).status_code == 400


@pytest.mark.parametrize("name", ["new", "begin", "folders", "schema"])
def test_no_draft_is_hidden_by_a_page_of_the_studio(author: Client, name: str) -> None:
    author.post("/en/studio/_new/", {"slug": name})
    assert author.get(f"/en/studio/{name}/").status_code == 200
    sent = {"path": "steps/begin.en.md", "revision": 1, "text": "Changed."}
    assert author.post(f"/en/studio/{name}/save/", sent).status_code == 200


def test_a_step_comes_with_its_texts_and_goes_with_them(author: Client) -> None:
    answer = author.post("/ja/studio/healthchecks/steps/new/", {"step": "probe"})
    assert answer.headers["Location"].endswith("?file=steps%2Fprobe.ja.md")
    assert "- id: probe" in files()["lesson.yml"]
    assert {"steps/probe.ja.md", "steps/probe.en.md"} <= files().keys()
    page = author.get("/en/studio/healthchecks/").content.decode()
    assert "Problems: 4" in page, "title and text in each language are still to be written"
    author.post("/en/studio/healthchecks/steps/remove/", {"step": "probe"})
    assert "probe" not in "".join(files())
    assert "probe" not in files()["lesson.yml"]


def test_a_step_of_a_name_that_is_taken_is_refused(author: Client) -> None:
    taken = author.post("/en/studio/healthchecks/steps/new/", {"step": "begin"})
    assert taken.status_code == 400
    assert "There is a step of this name already." in taken.content.decode()


def test_steps_are_changed_in_the_text_that_the_author_wrote() -> None:
    more = with_step(LESSON, "z")
    assert more.index(b"docker run") < more.index(b"- id: z") < more.index(b"# The quiz")
    assert without_step(LESSON, "y").endswith(b"en: b}\n\n\n# The quiz stands below.\nquiz: []\n")
    assert without_step(without_step(more, "z"), "z") == LESSON


@pytest.mark.parametrize(
    "content", [b"", b"steps: [", b"steps: [{id: x}]", b"steps: x", b"steps:\n  - x\n", b"\xff"]
)
def test_a_list_of_steps_that_cannot_be_read_is_left_alone(content: bytes) -> None:
    with pytest.raises(DraftRefused):
        with_step(content, "z")


def test_an_image_is_shown_at_the_end_of_the_step_with_its_words(author: Client) -> None:
    assert upload(author, "My Drawing.SVG", DRAWING).status_code == 302
    assert files()["steps/begin.en.md"].endswith("\n![A box in a box](images/my-drawing.svg)\n")
    page = author.get("/en/studio/healthchecks/?file=steps/begin.ja.md").content.decode()
    assert 'alt="箱の中の(箱)"' in page
    assert "languages were changed" not in page, "both were, in the same way"
    address = re.search(r'src="(/en/studio/healthchecks/images/my-drawing.svg\?\w+)"', page)
    assert address
    served = author.get(address[1])
    assert served.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in served.headers["Content-Security-Policy"]
    author.post("/en/studio/healthchecks/images/remove/", {"path": "images/my-drawing.svg"})
    assert author.get(address[1]).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("box.png", b"no picture", "no readable PNG image"),
        ("box.svg", HOSTILE, "picture"),
        ("box.gif", b"GIF89a", "An image is a PNG"),
        ("box", b"x", "An image is a PNG"),
        ("box.png", b"x" * (512 * 1024 + 1), "larger than 512 KiB"),
    ],
)
def test_what_is_no_sound_image_is_refused_with_the_reason(
    author: Client, name: str, content: bytes, why: str
) -> None:
    before = files()
    answer = upload(author, name, content)
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert files() == before


def test_no_text_is_saved_as_an_image(author: Client) -> None:
    sent = {"path": "images/box.svg", "revision": 0, "text": "<svg/>"}
    assert author.post("/en/studio/healthchecks/save/", sent).status_code == 400


def test_an_image_is_called_what_a_lesson_may_call_it() -> None:
    assert path_of_picture("../../etc/Pass wd.PNG") == "images/pass-wd.png"
    assert path_of_picture("図.png") == "images/image.png"
    assert len(path_of_picture("a" * 300 + ".png")) <= 80


def test_what_changed_is_shown_line_by_line(author: Client) -> None:
    author.post("/en/studio/healthchecks/publish/")
    text = files()["steps/begin.en.md"]
    sent = {"path": "steps/begin.en.md", "revision": 1, "text": f"{text}<b>New</b> line\n"}
    author.post("/en/studio/healthchecks/save/", sent)
    upload(author, "box.svg", DRAWING, step="")
    unpublished = author.get("/en/studio/healthchecks/compare/").content.decode()
    assert "<td>&lt;b&gt;New&lt;/b&gt; line</td>" in unpublished
    assert '<span class="visually-hidden">added</span>' in unpublished
    assert "images/box.svg" in unpublished
    author.post("/en/studio/healthchecks/publish/")
    assert (
        "Nothing is different." in author.get("/en/studio/healthchecks/compare/").content.decode()
    )
    between = author.get("/en/studio/healthchecks/compare/?before=2&after=1").content.decode()
    assert '<span class="visually-hidden">removed</span>' in between
    for wrong in ("before=9", "after=x", f"after={'9' * 99}", "before=-1"):
        assert author.get(f"/en/studio/healthchecks/compare/?{wrong}").status_code == 404


@pytest.mark.parametrize(
    "written",
    [
        "steps: 5",
        "steps: {a: b}",
        "steps: [1, {id: [x]}, {id: {a: b}}, {id: ../x}, {id: x, tasks: 3, title: x}]",
        "- a",
        "title: [x]\nquiz: 3\nvariables: 5\npreload: 7",
        "title: {ja: 3}\nquiz: [{question: 3, answers: 3}, {answers: [1, {text: x}]}]",
        "slug: &a [*a]",
        "",
    ],
)
def test_whatever_stands_in_lesson_yml_its_pages_are_there(author: Client, written: str) -> None:
    sent = {"path": "lesson.yml", "revision": 1, "text": written}
    assert author.post("/en/studio/healthchecks/save/", sent).status_code == 200
    pages = ("", "?file=steps/begin.ja.md", "preview/", "preview/news/?stamp=x", "compare/")
    for page in (*pages, "record/", "prove/"):
        assert author.get(f"/en/studio/healthchecks/{page}").status_code == 200
    for action in ("publish/", "steps/new/"):
        answer = author.post(f"/en/studio/healthchecks/{action}", {"step": "more"})
        assert answer.status_code == 400
    assert author.post("/en/studio/healthchecks/match/", {"path": "lesson.yml"}).status_code == 302


def test_a_draft_without_lesson_yml_says_so(author: Client) -> None:
    Draft.objects.get(slug="healthchecks").files.filter(path="lesson.yml").delete()
    answer = author.post("/en/studio/healthchecks/steps/new/", {"step": "more"})
    assert "This draft has no lesson.yml." in answer.content.decode()

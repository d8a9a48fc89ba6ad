"""What frames a lesson's steps: goals, prerequisites, the glossary, recap, quiz and reading."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from hakoniwa.accounts.models import User
from lessons.catalogue import enrol, load_lesson
from lessons.faults import LessonError
from lessons.glossary import TermLink
from lessons.loader import read_lesson
from lessons.markdown import render_step
from lessons.models import LessonVersion
from lessons.quiz_progress import has_solved_quiz
from tests.lesson_files import AROUND, LESSON, QUIZ, greeting, written_to

CLOSING = "/en/lessons/greeting/closing/"
ANSWER = "/en/lessons/greeting/quiz/what/"


@pytest.fixture
def version(lessons: None, tmp_path: Path) -> LessonVersion:
    files = greeting(LESSON + AROUND + QUIZ, en="A box is a box.")
    loaded = load_lesson(written_to(tmp_path / "greeting", files))
    assert loaded is not None
    return loaded


def test_a_lesson_says_what_is_learned_and_what_it_builds_on(
    client: Client, version: LessonVersion
) -> None:
    page = client.get("/en/lessons/greeting/hello/").content.decode()
    assert "<li>Use <code>run</code></li>" in page
    assert 'href="/en/lessons/throwaway-containers/"' in page
    assert "not-here" not in page
    catalogue = client.get("/en/lessons/").content.decode()
    card = catalogue.split('href="/en/lessons/greeting/"')[1].split("</li>")[0]
    assert 'href="/en/lessons/throwaway-containers/"' in card
    assert "Use <code>run" not in client.get(CLOSING).content.decode()


def test_a_page_explains_the_words_that_it_uses(client: Client, version: LessonVersion) -> None:
    page = client.get("/en/lessons/greeting/hello/").content.decode()
    assert page.count('href="#term-1"') == 1
    assert "A thing with a lid." in page
    assert "What shuts it." not in page
    assert "What shuts it." in client.get(CLOSING).content.decode()


@pytest.mark.parametrize(
    ("text", "language", "linked"),
    [
        ("A box. A box.", "en", ["box"]),
        ("Boxes and a lid", "en", ["Boxes", "lid"]),
        ("A boxer in `box` at a box-office, [the box](https://example.org)", "en", []),
        ("## The box\n\nthe lid", "en", ["lid"]),
        ("| box |\n|---|\n| lid |", "en", ["box", "lid"]),
        ("**box lids**", "en", ["box lids"]),
        ("Dockerのデーモンプロセスとデーモン", "ja", ["デーモン"]),
        ("Dockerデーモンは", "ja", ["デーモン"]),
        ("<i>box</i>", "en", ["box"]),
    ],
)
def test_a_term_is_linked_where_it_is_used_first_as_a_word_of_its_own(
    text: str, language: str, linked: list[str]
) -> None:
    words = ["box", "lid", "box lid", "デーモン"]
    terms = tuple(TermLink(word, number) for number, word in enumerate(words))
    html = render_step(text, language, (), terms)
    found = [part.split("</a>")[0].split(">")[1] for part in html.split('<a id="use-')[1:]]
    assert found == linked
    assert "<i>" not in html


def test_a_wrong_answer_is_explained_and_may_be_mended(
    signed_in: Client, learner: User, version: LessonVersion
) -> None:
    before = signed_in.get(CLOSING).content.decode()
    assert "It is a box." in before
    assert 'href="https://docs.docker.com/"' in before
    assert "It is not." not in before
    answered = signed_in.post(ANSWER, {"answer": 1}, headers={"hx-request": "true"})
    html = answered.content.decode()
    assert "<html" not in html
    assert "It is not." in html
    assert "It is." not in html, "the right answer is still to be found"
    assert not has_solved_quiz(enrol(learner, version))
    html = signed_in.post(ANSWER, {"answer": 0}, headers={"hx-request": "true"}).content.decode()
    assert "It is." in html
    assert "data-done" in html, "the page's entry among the steps is ticked too"
    signed_in.post(ANSWER, {"answer": 1})
    assert has_solved_quiz(enrol(learner, version)), "a right answer stays"
    assert 'data-state="solved"' in signed_in.get(CLOSING).content.decode()


def test_a_quiz_works_without_javascript(signed_in: Client, version: LessonVersion) -> None:
    answer = signed_in.post(ANSWER, {"answer": 1})
    assert (answer.status_code, answer["Location"]) == (302, f"{CLOSING}#question-what")
    assert "It is not." in signed_in.get(CLOSING).content.decode()


@pytest.mark.parametrize("sent", [{}, {"answer": 2}, {"answer": -1}, {"answer": "x"}])
def test_what_is_no_answer_is_not_kept(
    signed_in: Client, learner: User, version: LessonVersion, sent: dict[str, str]
) -> None:
    signed_in.post(ANSWER, sent)
    assert not enrol(learner, version).answers.exists()


def test_whoever_is_not_signed_in_reads_the_quiz_only(
    client: Client, version: LessonVersion
) -> None:
    assert "<fieldset disabled>" in client.get(CLOSING).content.decode()
    assert client.post(ANSWER, {"answer": 0}).status_code == 401


def test_a_lesson_without_all_that_has_no_closing_page(
    client: Client, db: None, tmp_path: Path
) -> None:
    load_lesson(written_to(tmp_path / "greeting", greeting()))
    assert client.get("/en/lessons/greeting/hello/").status_code == 200
    assert client.get(CLOSING).status_code == 404


def test_a_step_can_not_have_the_closing_page_s_name() -> None:
    lesson = LESSON.replace("id: hello", "id: closing") + QUIZ
    files = {path.replace("hello", "closing"): text for path, text in greeting(lesson).items()}
    with translation.override("en"), pytest.raises(LessonError, match="`closing` is the name"):
        read_lesson(files, "greeting")


def test_whoever_has_done_the_last_task_is_led_to_the_closing_page(
    signed_in: Client, learner: User, version: LessonVersion
) -> None:
    enrol(learner, version).passes.create(task="pulled")
    finished = 'id="lesson-finished"'
    step = signed_in.get("/en/lessons/greeting/hello/").content.decode().split(finished)[1]
    assert f'Next: <a href="{CLOSING}">Wrapping up</a>' in step.split("</section>")[0]
    closing = signed_in.get(CLOSING).content.decode().split(finished)[1].split("</section>")[0]
    assert f'href="{CLOSING}"' not in closing
    assert "/en/lessons/" in closing


def asking_in_the_step(name: str) -> str:
    """The lesson with its quiz, which is asked once more in the step, under this name."""
    inside = QUIZ.replace("id: what", f"id: {name}")
    return LESSON + "".join(f"    {line}\n" for line in inside.splitlines()) + QUIZ


def test_a_step_asks_questions_of_its_own(signed_in: Client, tmp_path: Path) -> None:
    load_lesson(written_to(tmp_path / "greeting", greeting(asking_in_the_step("box"))))
    step, address = "/en/lessons/greeting/hello/", "/en/lessons/greeting/quiz/box/"
    assert 'id="question-box"' in signed_in.get(step).content.decode()
    assert 'id="question-box"' not in signed_in.get(CLOSING).content.decode()
    answer = signed_in.post(address, {"answer": 1})
    assert answer["Location"] == f"{step}#question-box"
    assert "It is not." in signed_in.get(step).content.decode()
    html = signed_in.post(address, {"answer": 0}, headers={"hx-request": "true"}).content.decode()
    assert "data-done" not in html, "neither the step nor the quiz at the end is done by it"


def test_no_two_questions_have_the_same_name(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"lesson\.yml:15:13: `what` is the name of another"):
        load_lesson(written_to(tmp_path / "greeting", greeting(asking_in_the_step("what"))))

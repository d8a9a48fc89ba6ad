"""What is asked on a lesson's pages, and the page that closes it, in the active language."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from .document import Lesson, Reading, Step
from .markdown import render_line
from .quiz import Answer, QuizQuestion


@dataclass(frozen=True)
class AnswerView:
    """`why_html` is empty as long as it would give too much away."""

    number: int
    html: SafeString
    why_html: SafeString
    right: bool
    chosen: bool


@dataclass(frozen=True)
class QuestionView:
    id: str
    html: SafeString
    state: str  # open, wrong or solved
    answers: list[AnswerView]


@dataclass(frozen=True)
class ClosingView:
    recap: list[SafeString]
    reading: tuple[Reading, ...]


def closing_view(lesson: Lesson) -> ClosingView:
    return ClosingView([render_line(str(words)) for words in lesson.recap], lesson.reading)


def questions_on(lesson: Lesson, page: Step, answers: dict[str, int]) -> list[QuestionView]:
    """`answers` are what the learner answered last, by question."""
    return [question_view(each, answers.get(each.id)) for each in lesson.quiz_on(page)]


def question_view(question: QuizQuestion, chosen: int | None) -> QuestionView:
    """Whoever was wrong learns why that answer is; all is explained once the right one is found."""
    state = "open"
    if chosen is not None:
        state = "solved" if question.answers[chosen].right else "wrong"
    answers = [
        AnswerView(
            number=number,
            html=render_line(str(answer.text)),
            why_html=render_line(_why(answer, state, number == chosen)),
            right=answer.right,
            chosen=number == chosen,
        )
        for number, answer in enumerate(question.answers)
    ]
    return QuestionView(question.id, render_line(str(question.question)), state, answers)


def _why(answer: Answer, state: str, chosen: bool) -> str:
    return str(answer.why) if state == "solved" or (state == "wrong" and chosen) else ""

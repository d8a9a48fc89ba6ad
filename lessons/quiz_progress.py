"""What a learner has answered in a lesson's quiz."""

from .models import Enrolment, QuizAnswer
from .quiz import QuizQuestion


def answers_of(enrolment: Enrolment) -> dict[str, int]:
    """The last answer to each question, by its place from 0."""
    return dict(enrolment.answers.values_list("question", "answer"))


def record_answer(enrolment: Enrolment, question: QuizQuestion, answer: int) -> None:
    """Whoever was wrong may try again; a right answer stays."""
    kept, created = QuizAnswer.objects.get_or_create(
        enrolment=enrolment, question=question.id, defaults={"answer": answer}
    )
    if not created and not question.answers[kept.answer].right:
        kept.answer = answer
        kept.save()


def has_solved_quiz(enrolment: Enrolment) -> bool:
    """False where the lesson has none."""
    quiz = enrolment.version.content.quiz
    answers = answers_of(enrolment) if quiz else {}
    return bool(quiz) and all(
        question.id in answers and question.answers[answers[question.id]].right for question in quiz
    )

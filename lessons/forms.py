"""What learners fill in on a lesson's pages."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator

from .quiz import QuizQuestion


class AnswerForm(forms.Form):
    """The answer's place among those of the question, from 0."""

    answer = forms.IntegerField(min_value=0)

    def __init__(self, question: QuizQuestion, *args: Any) -> None:
        super().__init__(*args)
        self.fields["answer"].validators.append(MaxValueValidator(len(question.answers) - 1))

"""A lesson's quiz: questions at its end, each answer with the reason why it is right or not."""

from typing import Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from .bilingual import Bilingual, Part
from .faults import Misplaced
from .names import Slug


class Answer(Part):
    text: Bilingual
    why: Bilingual
    right: bool = False


class QuizQuestion(Part):
    id: Slug
    question: Bilingual
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=6)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if sum(answer.right for answer in self.answers) != 1:
            raise Misplaced(_("Exactly one answer must be right."), "answers")
        return self
